package io.persegment.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.segments.Placement;
import io.persegment.segments.Placement.Change;
import io.persegment.segments.Placement.Clause;
import io.persegment.segments.Placement.Left;
import io.persegment.segments.Placement.Pull;
import io.persegment.segments.Placement.Rival;
import io.persegment.segments.Placement.Rule;
import io.persegment.segments.Placement.Stay;
import io.persegment.segments.Placement.Value;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlacementWordsTest {
  private static final LocalDate JUNE = LocalDate.parse("2026-06-01");

  @Test
  void saysWhyACustomerIsInASegment() {
    Value orders = new Value("orders_30d", Optional.of("1"));
    Value recency = new Value("recency", Optional.empty());
    var lapsed =
        new Placement(
            "lifecycle",
            "Lapsed",
            JUNE,
            1,
            "Where recency > 60 holds.",
            List.of(
                new Rule(
                    "Frequent",
                    false,
                    List.of(new Clause("(orders_30d > 3)", Optional.of(false), List.of(orders)))),
                new Rule(
                    "Lapsed",
                    true,
                    List.of(new Clause("(recency > 60)", Optional.empty(), List.of(recency))))),
            List.of(),
            Optional.empty(),
            List.of(new Stay("Frequent", JUNE.minusMonths(2), JUNE.minusDays(1))),
            List.of(
                new Change(
                    "(orders_30d > 3)",
                    Optional.of(false),
                    List.of(new Value("orders_30d", Optional.of("4"))),
                    List.of(orders))));
    var lounging =
        new Placement(
            "garden",
            "Lounging",
            JUNE,
            0.75,
            "Lounging 90 %.",
            List.of(),
            List.of(),
            Optional.of(
                new Rival(
                    "Growing",
                    0.5,
                    2,
                    List.of(
                        new Pull(
                            new Value("spend", Optional.of("0.8")),
                            Optional.of(1234.4),
                            Optional.empty())))),
            List.of(),
            List.of(
                new Change(
                    "spend",
                    Optional.empty(),
                    List.of(new Value("spend", Optional.empty())),
                    List.of(new Value("spend", Optional.of("0.8"))))));

    var left =
        new Left(
            "brand", new Stay("Premium", JUNE.minusMonths(2), JUNE.minusDays(1)), true, List.of());

    assertThat(PlacementWords.of(new Placement.All(List.of(lapsed, lounging), List.of(left), true)))
        .containsSubsequence(
            "  lifecycle: Lapsed, since 2026-06-01",
            "      Where recency > 60 holds.",
            "      does not hold: Frequent",
            "        false      (orders_30d > 3)   (orders_30d is 1)",
            "      holds: Lapsed",
            "        not known  (recency > 60)   (recency is not known)",
            "      came in as (orders_30d > 3) does not hold (orders_30d is 1, was 4)",
            "      before: Frequent, from 2026-04-01 to 2026-05-31",
            "  garden: Lounging, since 2026-06-01, 75.0 % clearly",
            "      distance 0.5, of the second nearest, Growing, 2; it is nearer by spend is 0.8 (on"
                + " average 1,234 here, not known there)",
            "      came in as spend is 0.8, was not known",
            "  may not be profiled: in no cluster, nor in what is made of clusters or scores",
            "  brand: none any more; Premium, from 2026-04-01 to 2026-05-31, and may not be profiled"
                + " now");
    assertThat(PlacementWords.of(new Placement.All(List.of(), List.of(), false)))
        .startsWith("In no segment");
  }
}
