package io.persegment.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.scores.Foretold;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScoreWordsTest {
  private static final LocalDate AS_OF = LocalDate.parse("2026-06-30");

  @Test
  void tellsWhatEachReasonMakesOfTheOdds() {
    var purchase =
        new Foretold(
            "purchase_30d",
            AS_OF,
            .4,
            2,
            3,
            false,
            List.of("Visits: 9 (raises)"),
            List.of(Math.log(4), Math.log(.5), Math.log(1 / 3.0)));
    var worth =
        new Foretold("clv_365d", AS_OF, 1234.5, 1, 1, true, List.of("bought once"), List.of());
    var spend =
        new Foretold(
            "spend_30d",
            AS_OF,
            30,
            1,
            1,
            true,
            List.of("Visits: 9 (raises)"),
            List.of(Math.log(4), Math.log(.5), Math.log(15)));

    assertThat(ScoreWords.of(List.of(worth, purchase, spend)))
        .isEqualTo(
            """
            Scores as of 2026-06-30
              clv_365d: 1,234.50, tenth 1 of 10, by model 1
                  bought once
              purchase_30d: 40.0 %, tenth 2 of 10, by model 3
                  the average customer 25.0 %, and of the odds
                  x   4.00  Visits: 9 (raises)
                  x   0.50  all else that is known
              spend_30d: 30.00, tenth 1 of 10, by model 1
                  the average customer 15.00, and of that
                  x   4.00  Visits: 9 (raises)
                  x   0.50  all else that is known
            """);
    assertThat(ScoreWords.of(List.of())).isEqualTo("No scores\n");
  }
}
