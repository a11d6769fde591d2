package io.persegment.scores;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.round;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.createStructField;
import static org.apache.spark.sql.types.DataTypes.createStructType;

import io.persegment.scores.Examples.Size;
import io.persegment.scores.Uncertainty.Interval;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.feature.VectorSlicer;
import org.apache.spark.ml.regression.IsotonicRegression;
import org.apache.spark.ml.regression.IsotonicRegressionModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Makes probabilities that come true out of a model's own, from examples that it did not learn
 * from: from {@link #FOR_ISOTONIC} events up by isotonic regression, else by Platt's two numbers
 * (Platt 1999, Advances in Large Margin Classifiers), as so few events would bend any curve.
 */
final class Calibration {
  /** Below, isotonic regression learns the noise (Niculescu-Mizil and Caruana 2005, ICML 22). */
  static final int FOR_ISOTONIC = 1_000;

  private static final String LOGIT = "_logit";
  private static final String X = "x";
  private static final String RATE = "rate";
  private static final String WEIGHT = "weight";

  /** Scores this close together are one point of the curve, in logits. */
  private static final double WIDTH = 0.01;

  private static final StructType POINT =
      createStructType(
          List.of(
              createStructField(X, DoubleType, false),
              createStructField(RATE, DoubleType, false),
              createStructField(WEIGHT, DoubleType, false)));

  private Calibration() {}

  /**
   * Returns stages, fitted or not, that follow a model and give {@link Propensity#CALIBRATED}.
   * Actions.
   *
   * @param scored examples with what the model says of them
   */
  static List<PipelineStage> of(Dataset<Row> scored, Size size) {
    return size.hasBoth(FOR_ISOTONIC) ? List.of(used(isotonic(scored))) : platt();
  }

  /** Platt's: the logit of the probability is a straight line over the model's own. */
  private static List<PipelineStage> platt() {
    return List.of(
        new VectorSlicer()
            .setInputCol(Propensity.RAW)
            .setIndices(new int[] {1})
            .setOutputCol(LOGIT),
        new LogisticRegression()
            .setFeaturesCol(LOGIT)
            .setLabelCol(Examples.LABEL.name())
            .setProbabilityCol(Propensity.CALIBRATED)
            .setRawPredictionCol(Propensity.CALIBRATED + "_raw")
            .setPredictionCol(Propensity.CALIBRATED + "_class"));
  }

  /**
   * The curve goes through the middle of each step of isotonic regression and straight on between
   * them, so that who is scored higher stays so (centred isotonic regression; Oron and Flournoy
   * 2017, Stat. Biopharm. Res. 9). A step is drawn to the rate of all by one customer, so that no
   * probability is 0 or 1. Beyond the middle of the first and the last step, where the curve would
   * be flat, it goes on as it came to the least and greatest score, but no further than the 95 %
   * interval of the step.
   */
  private static IsotonicRegressionModel isotonic(Dataset<Row> scored) {
    Dataset<Row> points =
        Propensity.withRaw(scored)
            .groupBy(round(Evaluation.logit().divide(WIDTH)).as(LOGIT))
            .agg(
                avg(CustomerScores.SCORE.col()).as(X),
                avg(Examples.LABEL.col()).as(RATE),
                count(lit(1)).cast(DoubleType).as(WEIGHT))
            .select(X, RATE, WEIGHT)
            .orderBy(X);
    List<Row> all = points.collectAsList(); // some 2,800 at most
    SparkSession spark = scored.sparkSession();
    IsotonicRegressionModel steps = regression().fit(spark.createDataFrame(all, POINT));
    double rate = mean(all);
    return regression().fit(spark.createDataFrame(centred(all, steps, rate), POINT));
  }

  private static List<Row> centred(List<Row> points, IsotonicRegressionModel steps, double rate) {
    var centres = new ArrayList<Row>();
    double level = Double.NaN;
    double x = 0;
    double events = 0;
    double weight = 0;
    for (Row point : points) {
      double here = steps.predict(point.getDouble(0));
      if (here != level && weight > 0) {
        centres.add(RowFactory.create(x / weight, (events + rate) / (weight + 1), weight));
        x = 0;
        events = 0;
        weight = 0;
      }
      level = here;
      x += point.getDouble(0) * point.getDouble(2);
      events += point.getDouble(1) * point.getDouble(2);
      weight += point.getDouble(2);
    }
    centres.add(RowFactory.create(x / weight, (events + rate) / (weight + 1), weight));
    return withEnds(
        centres, points.get(0).getDouble(0), points.get(points.size() - 1).getDouble(0));
  }

  private static List<Row> withEnds(List<Row> centres, double least, double most) {
    int last = centres.size() - 1;
    if (last == 0) {
      return centres;
    }
    var all = new ArrayList<Row>(centres);
    double bottom = beyond(centres.get(1), centres.get(0), least);
    double top = beyond(centres.get(last - 1), centres.get(last), most);
    all.add(0, RowFactory.create(least, Math.max(bottom, interval(centres.get(0)).low()), 1.0));
    all.add(RowFactory.create(most, Math.min(top, interval(centres.get(last)).high()), 1.0));
    return all;
  }

  private static Interval interval(Row step) {
    double weight = step.getDouble(2);
    return Evaluation.rate(Math.round(weight), Math.round(step.getDouble(1) * weight));
  }

  /**
   * Returns the rate at x on the line from one point through another; that of the latter at its x.
   */
  private static double beyond(Row from, Row to, double x) {
    double width = to.getDouble(0) - from.getDouble(0);
    double slope = width == 0 ? 0 : (to.getDouble(1) - from.getDouble(1)) / width;
    return to.getDouble(1) + slope * (x - to.getDouble(0));
  }

  private static double mean(List<Row> points) {
    double events = 0;
    double weight = 0;
    for (Row point : points) {
      events += point.getDouble(1) * point.getDouble(2);
      weight += point.getDouble(2);
    }
    return events / weight;
  }

  private static IsotonicRegression regression() {
    return new IsotonicRegression()
        .setFeaturesCol(X)
        .setLabelCol(RATE)
        .setWeightCol(WEIGHT)
        .setPredictionCol(Propensity.CALIBRATED);
  }

  /** Returns the stage as it is used: over the model's probability. */
  private static IsotonicRegressionModel used(IsotonicRegressionModel curve) {
    return curve.setFeaturesCol(Propensity.PROBABILITY).setFeatureIndex(1);
  }
}
