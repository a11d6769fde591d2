package io.persegment.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.scores.ScoreModels;
import io.persegment.testing.LocalSpark;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalSpark.class)
class ModelsOfScoresTest {
  private static final String MODEL =
      "select '%s' as target, 2 as version, date'2026-05-31' as trained_as_of, 'xgboost' as"
          + " algorithm, true as champion, map(%s) as metrics, 'p' as path, 'd' as definition, %s";

  @Test
  void everyMeasureHasItsInterval(LocalSpark.Handle spark) {
    String line =
        words(
            spark,
            "buys",
            "'test.auc', .8D, 'test.auc.low', .78D, 'test.auc.high', .82D,"
                + " 'baseline.recency.auc', .7D, 'baseline.recency.auc.low', .68D,"
                + " 'baseline.recency.auc.high', .72D, 'baseline.base_rate.auc', .5D,"
                + " 'test.calibration_error', .01D",
            "array(named_struct('decile', 1, 'customers', 9L, 'events', 3L, 'said', .3D, 'low',"
                + " .1D, 'high', .5D, 'lift', 3.1D)) as deciles,"
                + " array(named_struct('low', 2.7D, 'high', 3.5D)) as lifts");

    assertThat(line)
        .isEqualTo(
            "buys                       2  xgboost               2026-05-31    0.800 (0.780 to"
                + " 0.820)  0.700 (0.680 to 0.720)  3.10 (2.70 to 3.50)     0.010       scores");
  }

  @Test
  void whatAnOlderVersionDidNotTellIsLeftOut(LocalSpark.Handle spark) {
    assertThat(words(spark, "spend", "'test.deviance', 3D, 'baseline.mean.deviance', 4D", "1 as x"))
        .containsSubsequence("deviance 3.000", " 4.000 ", " - ", " - ", "scores");
  }

  private static String words(LocalSpark.Handle spark, String target, String metrics, String more) {
    return ModelsOfScores.words(
        spark.rows(ScoreModels.TABLE, MODEL.formatted(target, metrics, more)).head());
  }
}
