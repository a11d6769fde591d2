package io.persegment.scores;

import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.persegment.testing.LocalSpark;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalSpark.class)
class EvaluationTest {
  private static final Offset<Double> ROUNDING = within(1e-12);

  /**
   * The expected figures are those of scikit-learn 1.x on the same twelve rows, which have ties.
   */
  @Test
  void agreesWithScikitLearn(LocalSpark.Handle spark) {
    Dataset<Row> judged =
        judged(
            spark,
            "(.9D, 1), (.8D, 1), (.8D, 0), (.8D, 1), (.5D, 0), (.5D, 1), (.30001D, 0),"
                + " (.30002D, 0), (.3D, 1), (.1D, 0), (0D, 0), (1D, 0)");

    Evaluation evaluation = Evaluation.of(judged.repartition(4));

    assertThat(evaluation.customers()).isEqualTo(12);
    assertThat(evaluation.events()).isEqualTo(5);
    assertThat(evaluation.auc()).isEqualTo(0.6714285714285715, ROUNDING);
    assertThat(evaluation.averagePrecision()).isEqualTo(0.5542857142857143, ROUNDING);
    assertThat(evaluation.brier()).isEqualTo(0.24250150004166668, ROUNDING);
    assertThat(evaluation.logLoss()).isEqualTo(3.342473495807951, ROUNDING);
  }

  @Test
  void oneScoreForEverybodyTellsNobodyApart(LocalSpark.Handle spark) {
    Dataset<Row> judged = judged(spark, "(.25D, 1), (.25D, 0), (.25D, 0)");
    Evaluation same = Evaluation.of(judged);

    assertThat(same.auc()).isEqualTo(.5);
    assertThat(same.averagePrecision()).isEqualTo(1 / 3.0, ROUNDING);
    assertThat(same.brier()).isEqualTo((.75 * .75 + 2 * .25 * .25) / 3, ROUNDING);
    assertThat(same.logLoss()).isEqualTo(-(Math.log(.25) + 2 * Math.log(.75)) / 3, ROUNDING);
  }

  @Test
  void theLiftOfATenthHasTheIntervalOfItsRate(LocalSpark.Handle spark) {
    Dataset<Row> judged =
        spark
            .session()
            .sql(
                "select 'c' || id as customer_id, 1 - id / 2000D as score,"
                    + " if(id < 100 and id % 2 = 0, 1D, 0D) as _label from range(1000)");

    List<Evaluation.Decile> deciles = Evaluation.deciles(judged);

    // 50 of 100, where all have 5 %: by Wilson from .4038 to .5962.
    assertThat(deciles.get(0).lift()).isEqualTo(10, ROUNDING);
    assertThat(deciles.get(0).liftInterval().orElseThrow().low()).isEqualTo(8.0766, within(1e-3));
    assertThat(deciles.get(0).liftInterval().orElseThrow().high()).isEqualTo(11.9234, within(1e-3));
    assertThat(deciles.get(9).liftInterval().orElseThrow().low()).isEqualTo(0, ROUNDING);
    assertThat(deciles.get(9).liftInterval().orElseThrow().high()).isBetween(.7, .8);
    List<Evaluation.Decile> nothing = Evaluation.deciles(judged.withColumn("_label", lit(0.0)));
    assertThat(nothing.get(0).lift()).isEqualTo(1);
    assertThat(nothing.get(0).liftInterval()).isEmpty();
    assertThat(Models.lifts(nothing)).hasSize(10).containsOnlyNulls();
  }

  @Test
  void saysByHowMuchScoresAreTooBold(LocalSpark.Handle spark) {
    Dataset<Row> judged =
        spark
            .session()
            .sql(
                """
                select score, if(id < 1000 / (1 + exp(-0.2 - 0.5 * ln(score / (1 - score)))), 1D, 0D) as _label
                from range(1000), (select explode(array(.1D, .3D, .5D, .7D, .9D)) as score)""");

    Map<String, Uncertainty.Measured> found = Uncertainty.of(judged);

    Uncertainty.Measured slope = found.get(Uncertainty.SLOPE);
    assertThat(slope.value()).isCloseTo(.5, within(.005));
    assertThat(slope.interval().low()).isBetween(.44, .48);
    assertThat(slope.interval().high()).isBetween(.52, .56);
    assertThat(found.get(Uncertainty.INTERCEPT).value()).isCloseTo(.2, within(.005));
    assertThat(found.get("auc").value()).isCloseTo(Evaluation.of(judged).auc(), within(1e-6));
    double bold = Evaluation.of(judged).logLoss();
    double calibrated =
        Evaluation.of(
                judged.selectExpr(
                    "1 / (1 + exp(-0.2 - 0.5 * ln(score / (1 - score)))) as score", "_label"))
            .logLoss();
    assertThat(Uncertainty.calibratedLogLoss(judged))
        .isCloseTo(calibrated, within(1e-4))
        .isLessThan(bold - .01);
    Dataset<Row> flat = judged.withColumn("score", lit(.3));
    assertThat(Uncertainty.of(flat).get(Uncertainty.SLOPE).value()).isZero();
  }

  private static Dataset<Row> judged(LocalSpark.Handle spark, String rows) {
    return spark
        .session()
        .sql(
            "select score, cast(label as double) as _label from values %s as t(score, label)"
                .formatted(rows));
  }
}
