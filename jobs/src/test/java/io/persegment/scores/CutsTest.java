package io.persegment.scores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.persegment.scores.Examples.Size;
import io.persegment.scores.Examples.Sizes;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CutsTest {
  private static final TargetSettings TARGET = PlantedShop.targets("").get(0);
  private static final LocalDate AS_OF = LocalDate.parse("2026-06-30");
  private static final Set<LocalDate> ALL = Set.copyOf(TARGET.cuts(AS_OF));
  private static final LocalDate TEST = LocalDate.parse("2026-05-28");
  private static final LocalDate CALIBRATION = LocalDate.parse("2026-04-28");
  private static final LocalDate LATEST = LocalDate.parse("2026-03-29");

  @Test
  void eachCutIsForSomething() throws Refusal {
    assertThat(usable(ALL, "2025-01-01").slices())
        .containsExactly(
            entry(TEST, Slice.TEST),
            entry(CALIBRATION, Slice.CALIBRATION),
            entry(LATEST, Slice.JUDGE),
            entry(LocalDate.parse("2026-03-01"), Slice.BETWEEN),
            entry(LocalDate.parse("2026-02-01"), Slice.EARLIER));
  }

  @Test
  void cutsWithoutCustomersAreDropped() throws Refusal {
    var filled = new HashSet<>(ALL);
    filled.remove(LocalDate.parse("2026-03-01"));

    assertThat(usable(filled, "2025-01-01").slices().keySet())
        .containsExactly(TEST, CALIBRATION, LATEST, LocalDate.parse("2026-02-01"));
  }

  @Test
  void cutsLessThanAHorizonAfterTheFirstEventAreDropped() throws Refusal {
    assertThat(usable(ALL, "2026-01-30").slices().keySet())
        .containsExactly(TEST, CALIBRATION, LATEST, LocalDate.parse("2026-03-01"));
    assertThat(usable(ALL, "2026-02-27").slices().keySet())
        .containsExactly(TEST, CALIBRATION, LATEST);
  }

  @Test
  void aHistoryWithoutThreeCutsIsRefused() {
    assertThatThrownBy(() -> usable(ALL, "2026-02-28"))
        .isInstanceOf(Refusal.class)
        .hasMessage(
            "Cannot foretell purchase_30d as of 2026-06-30: its history is too short. It takes"
                + " events in some 120 days before, and customer_features of at least three of its"
                + " cuts ([2026-05-28, 2026-04-28, 2026-03-29, 2026-03-01, 2026-02-01]); the first"
                + " event was on 2026-02-28, and 2 of the cuts can be used.");
    assertThatThrownBy(() -> Cuts.usable(TARGET, AS_OF, ALL, Optional.empty()))
        .hasMessageEndingWith("the first event was never, and none of the cuts can be used.");
  }

  @Test
  void aHistoryWithoutTheTestCutIsRefused() {
    var filled = new HashSet<>(ALL);
    filled.remove(TEST);
    assertThatThrownBy(() -> usable(filled, "2025-01-01"))
        .hasMessageEndingWith("and 4 of the cuts can be used.");
  }

  @Test
  void tooFewEventsAreRefusedBeforeAnyWork() {
    var training = set(19);
    assertThatThrownBy(training::requireEvents)
        .isInstanceOf(Refusal.class)
        .hasMessage(
            "Cannot foretell purchase_30d: there were 500 events in 1000 examples in training, 500 in"
                + " 1000 in calibration and 19 in 1000 in the test of the cut 2026-05-28; an example"
                + " is a customer at a cut. least-events asks for 100 with the event and as many"
                + " without in training, and 20 in each of the others.");
    var nearlyAll = set(981);
    assertThatThrownBy(nearlyAll::requireEvents)
        .hasMessageContaining("and 981 in 1000 in the test");
  }

  private static TrainingSet set(long eventsInTest) {
    var sizes =
        new Sizes(
            Map.of(
                Slice.TEST,
                new Size(1000, eventsInTest),
                Slice.CALIBRATION,
                new Size(1000, 500),
                Slice.JUDGE,
                new Size(1000, 500)));
    return new TrainingSet(TARGET, "of the cut 2026-05-28", sizes, null);
  }

  private static Cuts usable(Set<LocalDate> filled, String first) throws Refusal {
    return Cuts.usable(TARGET, AS_OF, filled, Optional.of(LocalDate.parse(first)));
  }
}
