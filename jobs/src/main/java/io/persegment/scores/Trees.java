package io.persegment.scores;

import static org.apache.spark.sql.functions.col;

import java.util.Optional;
import ml.dmlc.xgboost4j.java.XGBoostError;
import ml.dmlc.xgboost4j.scala.Booster;
import ml.dmlc.xgboost4j.scala.spark.XGBoostClassificationModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Option;

/** Boosted trees as a stage of a model, and what each number adds to what they say. */
final class Trees {
  private static final int CLASSES = 2;

  private Trees() {}

  /** Returns the stage that scores {@link Preparation#VECTOR} by {@code booster}. */
  static XGBoostClassificationModel model(Booster booster) {
    XGBoostClassificationModel model = bare(booster);
    model.setProbabilityCol(Propensity.PROBABILITY);
    model.setRawPredictionCol(Propensity.RAW);
    model.setPredictionCol(Propensity.CLASS);
    return model;
  }

  /**
   * Adds {@link Propensity#CONTRIBUTIONS} to rows with {@link Preparation#VECTOR}: for each of so
   * many numbers what it adds to the logit. Keeps every row.
   */
  static Dataset<Row> withContributions(Dataset<Row> rows, Booster booster, int numbers) {
    return shapley(booster, numbers)
        .map(
            shapley ->
                rows.withColumn(
                    Propensity.CONTRIBUTIONS,
                    shapley
                        .function(rows.sparkSession().sparkContext())
                        .apply(col(Preparation.VECTOR))))
        .orElseGet(() -> withTheirContributions(rows, booster));
  }

  /**
   * Adds the same by XGBoost's own hand, to which it adds the logit of the average row as a last
   * number.
   */
  static Dataset<Row> withTheirContributions(Dataset<Row> rows, Booster booster) {
    XGBoostClassificationModel model = bare(booster);
    model.setProbabilityCol("");
    model.setRawPredictionCol("");
    model.setPredictionCol("");
    model.setContribPredictionCol(Propensity.CONTRIBUTIONS);
    Dataset<Row> added = model.transform(rows);
    return added.withColumn(Propensity.CONTRIBUTIONS, Propensity.numbers(Propensity.CONTRIBUTIONS));
  }

  private static Optional<Shapley> shapley(Booster booster, int numbers) {
    try {
      return Shapley.of(booster.getModelDump((String) null, true, "json"), numbers);
    } catch (XGBoostError e) {
      throw new IllegalStateException("A fitted model can be written", e);
    }
  }

  private static XGBoostClassificationModel bare(Booster booster) {
    var model = new XGBoostClassificationModel("trees", CLASSES, booster, Option.empty());
    model.setFeaturesCol(Preparation.VECTOR);
    return model;
  }
}
