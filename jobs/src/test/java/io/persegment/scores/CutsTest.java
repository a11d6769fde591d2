package io.persegment.scores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.persegment.scores.Examples.Size;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CutsTest {
  private static final TargetSettings TARGET = PlantedShop.targets("").get(0);
  private static final LocalDate AS_OF = LocalDate.parse("2026-06-30");
  private static final Set<LocalDate> ALL = Set.copyOf(TARGET.cuts(AS_OF));
  private static final LocalDate TEST = LocalDate.parse("2026-05-28");
  private static final LocalDate LATEST = LocalDate.parse("2026-04-28");

  @Test
  void cutsWithoutCustomersAreDropped() throws Refusal {
    var filled = new HashSet<>(ALL);
    filled.remove(LocalDate.parse("2026-03-31"));

    assertThat(usable(filled, "2025-01-01"))
        .isEqualTo(new Cuts(TEST, List.of(LATEST, LocalDate.parse("2026-03-03"))));
  }

  @Test
  void cutsLessThanAHorizonAfterTheFirstPurchaseAreDropped() throws Refusal {
    assertThat(usable(ALL, "2026-03-01").training())
        .containsExactly(LATEST, LocalDate.parse("2026-03-31"));
    assertThat(usable(ALL, "2026-03-29").training()).containsExactly(LATEST);
  }

  @Test
  void aHistoryWithoutTwoCutsIsRefused() {
    assertThatThrownBy(() -> usable(ALL, "2026-03-30"))
        .isInstanceOf(Refusal.class)
        .hasMessage(
            "Cannot foretell purchase_30d as of 2026-06-30: its history is too short. It takes"
                + " purchases in some 90 days before, and customer_features of at least two of its"
                + " cuts ([2026-05-28, 2026-04-28, 2026-03-31, 2026-03-03]); the first purchase was"
                + " on 2026-03-30, and 1 of the cuts can be used.");
    assertThatThrownBy(() -> Cuts.usable(TARGET, AS_OF, ALL, Optional.empty()))
        .hasMessageEndingWith("the first purchase was never, and none of the cuts can be used.");
  }

  @Test
  void aHistoryWithoutTheTestCutIsRefused() {
    var filled = new HashSet<>(ALL);
    filled.remove(TEST);
    assertThatThrownBy(() -> usable(filled, "2025-01-01"))
        .hasMessageEndingWith("and 3 of the cuts can be used.");
  }

  @Test
  void tooFewEventsAreRefusedBeforeAnyWork() {
    var training = new Training(TARGET, new Cuts(TEST, List.of(LATEST)), sizes(99), null);
    assertThatThrownBy(training::run)
        .isInstanceOf(Refusal.class)
        .hasMessage(
            "Cannot foretell purchase_30d: there were 500 events among 1000 customers in training"
                + " and 99 among 1000 in the test of 2026-05-28; least-events asks for 100 customers"
                + " with the event and as many without in each.");
    var nearlyAll = new Training(TARGET, new Cuts(TEST, List.of(LATEST)), sizes(901), null);
    assertThatThrownBy(nearlyAll::run).hasMessageContaining("and 901 among 1000 in the test");
  }

  private static Map<LocalDate, Size> sizes(long eventsInTest) {
    return Map.of(TEST, new Size(1000, eventsInTest), LATEST, new Size(1000, 500));
  }

  private static Cuts usable(Set<LocalDate> filled, String firstPurchase) throws Refusal {
    return Cuts.usable(TARGET, AS_OF, filled, Optional.of(LocalDate.parse(firstPurchase)));
  }
}
