package io.persegment.scores;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log;
import static org.apache.spark.sql.functions.negate;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.types.DataTypes.LongType;

import io.persegment.table.Field;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How well scores foretold what happened. All are exact: equal scores are one threshold, and none
 * are binned.
 *
 * @param auc chance that who had the event was scored above who had not, equal scores counting half
 *     (Hanley and McNeil 1982, Radiology 143)
 * @param averagePrecision sum over thresholds n of (R_n - R_(n-1)) P_n, as scikit-learn defines
 *     average_precision_score
 * @param brier mean square of score less outcome (Brier 1950, Monthly Weather Review 78)
 * @param logLoss mean of -ln of the probability given to what happened, scores cut off at 1e-15
 */
record Evaluation(
    long customers,
    long events,
    double auc,
    double averagePrecision,
    double brier,
    double logLoss) {
  private static final double LEAST = 1e-15;
  private static final Field CUSTOMERS =
      Field.required("_customers", LongType, "Customers of one score");
  private static final Field EVENTS =
      Field.required("_events", LongType, "Of them, those who had the event");

  /**
   * Returns how well {@link CustomerScores#SCORE} foretold {@link Examples#LABEL}. An action.
   *
   * @param judged at least one row with the event and one without
   */
  static Evaluation of(Dataset<Row> judged) {
    Column score = CustomerScores.SCORE.col();
    Column events = EVENTS.col();
    Column others = CUSTOMERS.col().minus(events);
    Column eventsSoFar = Ranking.running(EVENTS).col();
    Column precision = eventsSoFar.divide(Ranking.running(CUSTOMERS).col());
    Column rest = lit(1).minus(score);
    Row sums =
        Ranking.withSums(perScore(judged), List.of(CUSTOMERS, EVENTS))
            .agg(
                sum(CUSTOMERS.col()),
                sum(events),
                sum(others.multiply(eventsSoFar.minus(events.divide(2)))),
                sum(events.multiply(precision)),
                sum(
                    others
                        .multiply(score.multiply(score))
                        .plus(events.multiply(rest.multiply(rest)))),
                sum(surprise(events, others)))
            .head();
    double all = sums.getLong(0);
    double happened = sums.getLong(1);
    return new Evaluation(
        sums.getLong(0),
        sums.getLong(1),
        sums.getDouble(2) / (happened * (all - happened)),
        sums.getDouble(3) / happened,
        sums.getDouble(4) / all,
        sums.getDouble(5) / all);
  }

  /** Returns the {@link #logLoss} alone. An action: one pass. */
  static double logLoss(Dataset<Row> judged) {
    Column label = Examples.LABEL.col();
    return judged.agg(avg(surprise(label, lit(1).minus(label)))).head().getDouble(0);
  }

  private static Column surprise(Column events, Column others) {
    Column possible = least(greatest(CustomerScores.SCORE.col(), lit(LEAST)), lit(1 - LEAST));
    return negate(
        events.multiply(log(possible)).plus(others.multiply(log(lit(1).minus(possible)))));
  }

  /** Returns how well one score for everybody does. */
  static Evaluation ofConstant(double score, long customers, long events) {
    double rate = (double) events / customers;
    return new Evaluation(
        customers,
        events,
        0.5,
        rate,
        rate * (1 - score) * (1 - score) + (1 - rate) * score * score,
        -rate * Math.log(score) - (1 - rate) * Math.log(1 - score));
  }

  /** Returns the measures by name, each after {@code prefix}. */
  Map<String, Double> metrics(String prefix) {
    return new TreeMap<>(
        Map.of(
            prefix + ".auc", auc,
            prefix + ".average_precision", averagePrecision,
            prefix + ".brier", brier,
            prefix + ".log_loss", logLoss));
  }

  private static Dataset<Row> perScore(Dataset<Row> judged) {
    return judged
        .groupBy(CustomerScores.SCORE.col())
        .agg(
            count(lit(1)).as(CUSTOMERS.name()),
            sum(Examples.LABEL.col()).cast(LongType).as(EVENTS.name()));
  }
}
