package io.persegment.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

class GardenPlanTest {
  private static final LocalDate UNTIL = LocalDate.of(2026, 6, 30);
  private static final Path EXPORTS = Path.of("exports");

  @Test
  void defaultsToFiveThousandCustomers() {
    assertThat(GardenPlan.defaults())
        .isEqualTo(new GardenPlan(5000, UNTIL, 1, Path.of("demo/exports")));
  }

  @Test
  void refusesToMakeNobody() {
    assertThatThrownBy(() -> new GardenPlan(0, UNTIL, 1, EXPORTS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("customers must be 1 to 10000000, but is 0");
  }

  @Test
  void refusesMorePeopleThanThereAreIdsFor() {
    assertThatThrownBy(() -> new GardenPlan(10_000_001, UNTIL, 1, EXPORTS))
        .hasMessage("customers must be 1 to 10000000, but is 10000001");
  }

  @Test
  void refusesYearsFarAway() {
    assertThatThrownBy(() -> new GardenPlan(1, LocalDate.of(1999, 12, 31), 1, EXPORTS))
        .hasMessage("until must be in the years 2000 to 2100, but is 1999-12-31");
  }
}
