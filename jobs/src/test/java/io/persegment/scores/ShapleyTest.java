package io.persegment.scores;

import static org.apache.spark.ml.functions.array_to_vector;
import static org.apache.spark.ml.functions.vector_to_array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.testing.LocalSpark;
import ml.dmlc.xgboost4j.scala.Booster;
import ml.dmlc.xgboost4j.scala.spark.XGBoostClassifier;
import org.apache.spark.ml.classification.RandomForestClassificationModel;
import org.apache.spark.ml.classification.RandomForestClassifier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds what numbers add against XGBoost's own account of it. */
@ExtendWith(LocalSpark.class)
class ShapleyTest {
  private static final int NUMBERS = 6;

  /** 4,000 rows of numbers of which one comes in whole ones, one is nearly always 0. */
  private static Dataset<Row> rows;

  @BeforeAll
  static void makeRows(LocalSpark.Handle spark) {
    String u = "(pmod(xxhash64(id, %d), 1000003) / 1000003)";
    String numbers =
        "array(%s, round(9 * %s), if(%s < 0.97, 0, 1), 3 * %s - 1, %s, %s)"
            .formatted(at(u, 1), at(u, 2), at(u, 3), at(u, 4), at(u, 5), at(u, 6));
    rows =
        spark
            .session()
            .range(0, 4000, 1, 1)
            .withColumn("n", expr("cast(%s as array<double>)".formatted(numbers)))
            .withColumn(
                Examples.LABEL.name(),
                expr(
                    "if(%s < 1 / (1 + exp(2 - 3 * n[0] * n[3] - n[1] / 5 - 2 * n[2])), 1D, 0D)"
                        .formatted(at(u, 7))))
            .withColumn(Preparation.VECTOR, array_to_vector(col("n")))
            .localCheckpoint();
  }

  private static String at(String u, int seed) {
    return u.formatted(seed);
  }

  @ParameterizedTest
  @CsvSource({"1, 20", "3, 60", "6, 60", "8, 10"}) // the last by their own hand
  void isWhatTheySay(int depth, int trees) {
    Booster booster = fit(depth, trees);

    Dataset<Row> ours = Trees.withContributions(rows, booster, NUMBERS);
    Dataset<Row> theirs =
        Trees.withTheirContributions(rows, booster)
            .withColumnRenamed(Propensity.CONTRIBUTIONS, "theirs");
    Row apart =
        ours.join(theirs.select("id", "theirs"), "id")
            .withColumn("ours", col(Propensity.CONTRIBUTIONS))
            .withColumn(
                "apart",
                expr("zip_with(slice(ours, 1, 6), slice(theirs, 1, 6), (a, b) -> abs(a - b))"))
            .selectExpr("count(*)", "max(array_max(apart))", "stddev(theirs[0])", "max(size(ours))")
            .head();

    assertThat(apart.getLong(0)).isEqualTo(4000);
    assertThat(apart.getDouble(1)).isLessThan(1e-4);
    assertThat(apart.getDouble(2)).isGreaterThan(.1);
    assertThat(apart.getInt(3)).isEqualTo(depth > Shapley.DEEPEST ? NUMBERS + 1 : NUMBERS);
  }

  @Test
  void ofAForestAddsUpToTheSumOfItsTrees() {
    RandomForestClassificationModel forest =
        new RandomForestClassifier()
            .setFeaturesCol(Preparation.VECTOR)
            .setLabelCol(Examples.LABEL.name())
            .setNumTrees(12)
            .setMaxDepth(6)
            .setSeed(1)
            .fit(rows);

    Row apart =
        Trees.withContributions(forest.transform(rows), forest, NUMBERS)
            .withColumn("raw", vector_to_array(col("rawPrediction"), "float64").getItem(1))
            .withColumn("adds", expr("aggregate(_contributions, 0D, (sum, each) -> sum + each)"))
            .selectExpr(
                "max(abs(raw - adds - %s))".formatted(Trees.average(forest)),
                "stddev(raw)",
                "max(abs(_contributions[4]))",
                "max(abs(_contributions[1]))")
            .head();

    assertThat(apart.getDouble(0)).isLessThan(1e-5);
    assertThat(apart.getDouble(1)).isGreaterThan(.5);
    assertThat(apart.getDouble(2)).as("of noise").isLessThan(apart.getDouble(3) / 2);
  }

  private static Booster fit(int depth, int trees) {
    var classifier = new XGBoostClassifier();
    classifier.setFeaturesCol(Preparation.VECTOR);
    classifier.setLabelCol(Examples.LABEL.name());
    classifier.setObjective("binary:logistic");
    classifier.setNumRound(trees);
    classifier.setMaxDepth(depth);
    classifier.setSeed(1);
    return classifier.fit(rows).nativeBooster();
  }
}
