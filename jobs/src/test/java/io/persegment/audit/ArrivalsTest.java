package io.persegment.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.time.LocalDate;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
  private static final LocalDate FIRST = LocalDate.parse("2026-06-01");

  @Test
  void countsInRobustDeviationsFromTheMedian() {
    assertThat(Arrivals.z(200, 80, 90, 100, 110, 10_000)).isCloseTo(100 / 14.826, within(1e-9));
  }

  @Test
  void aHistoryThatNeverVariedAllowsTheRootOfItsCount() {
    assertThat(Arrivals.z(80, 100, 100, 100, 100)).isEqualTo(-2);
    assertThat(Arrivals.z(3, 0, 0, 0)).isEqualTo(3);
  }

  @Test
  void tellsOfTheWorstSourceOfATable() {
    List<Finding> findings =
        Arrivals.findings(
            List.of(
                loads("shop", 100, 100, 100, 100, 100, 100, 100, 100, 101),
                loads("till", 100, 100, 100, 100, 100, 100, 100, 100, 10)),
            6);
    assertThat(findings)
        .extracting(Finding::sentence)
        .containsExactly(
            "orders: arrivals is 9, but should be at most 6: till brought 10 rows as of 2026-06-09,"
                + " and usually brings 100 (the median of 8 loads). Look whether its export is"
                + " whole");
  }

  @Test
  void fewLoadsAreNoHistoryAndASourceThatDidNotRunIsNotToldOf() {
    assertThat(
            Arrivals.findings(
                List.of(
                    loads("till", 100, 100, 100, 100, 100, 100, 100, 10),
                    loads("shop", 100, 100, 100, 100, 100, 100, 100, 100, 10),
                    loads("crm", 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)),
                6))
        .extracting(Finding::check, Finding::value)
        .containsExactly(tuple("arrivals", 0.0));
  }

  private static Arrivals loads(String source, long... rows) {
    var loads = new TreeMap<LocalDate, Long>();
    for (int i = 0; i < rows.length; i++) {
      loads.put(FIRST.plusDays(i), rows[i]);
    }
    return new Arrivals(source, "orders", loads);
  }
}
