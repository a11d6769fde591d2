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

import io.persegment.scores.Uncertainty.Interval;
import io.persegment.table.Field;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.math3.stat.interval.ConfidenceInterval;
import org.apache.commons.math3.stat.interval.WilsonScoreInterval;
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

  /**
   * Returns the standard error that the AUC of a model without any use would have (Hanley and
   * McNeil 1982, with AUC 0.5).
   */
  double aucError() {
    double others = customers - events;
    return Math.sqrt((customers + 1.0) / (12 * events * others));
  }

  /**
   * One tenth of the tested customers, by what was said of them.
   *
   * @param events of customers, how many had the event; of amounts, how many had any
   * @param happened rate of events, or mean amount; from {@code low} to {@code high} in 95 of 100
   *     cases
   * @param ofAll the same of all customers
   */
  record Decile(
      int decile,
      long customers,
      long events,
      double said,
      double happened,
      double low,
      double high,
      double ofAll) {

    double lift() {
      return ofAll == 0 ? 1 : happened / ofAll;
    }

    /**
     * Returns where the lift lies in 95 of 100 cases, what holds of all taken as known; empty where
     * nothing happened.
     */
    Optional<Interval> liftInterval() {
      return ofAll == 0 ? Optional.empty() : Optional.of(new Interval(low / ofAll, high / ofAll));
    }
  }

  /** Returns where the rate lies in 95 of 100 cases (Wilson 1927, J. Am. Stat. Assoc. 22). */
  static Interval rate(long customers, long events) {
    ConfidenceInterval interval =
        new WilsonScoreInterval()
            .createInterval(Math.toIntExact(customers), Math.toIntExact(events), .95);
    return new Interval(interval.getLowerBound(), interval.getUpperBound());
  }

  /** Returns the logit of the score, which is taken for neither 0 nor 1. */
  static Column logit() {
    Column possible = least(greatest(CustomerScores.SCORE.col(), lit(1e-6)), lit(1 - 1e-6));
    return log(possible.divide(lit(1).minus(possible)));
  }

  /** Returns the tenths, the best first, with the interval of the rate. An action. */
  static List<Decile> deciles(Dataset<Row> judged) {
    List<Row> tenths =
        Ranking.withDeciles(judged)
            .groupBy(CustomerScores.DECILE.col())
            .agg(count(lit(1)), sum(Examples.LABEL.col()), avg(CustomerScores.SCORE.col()))
            .orderBy(CustomerScores.DECILE.col())
            .collectAsList();
    double events = tenths.stream().mapToDouble(row -> row.getDouble(2)).sum();
    double all = tenths.stream().mapToDouble(row -> row.getLong(1)).sum();
    return tenths.stream()
        .map(
            row -> {
              long n = row.getLong(1);
              long had = Math.round(row.getDouble(2));
              Interval interval = rate(n, had);
              return new Decile(
                  row.getInt(0),
                  n,
                  had,
                  row.getDouble(3),
                  (double) had / n,
                  interval.low(),
                  interval.high(),
                  events / all);
            })
        .toList();
  }

  /**
   * Returns the expected calibration error: by how much what was said of a tenth and what happened
   * differ, on average (Naeini and others 2015, AAAI 29, with tenths of equal size).
   */
  static double calibrationError(List<Decile> deciles) {
    double all = deciles.stream().mapToLong(Decile::customers).sum();
    return deciles.stream()
        .mapToDouble(each -> each.customers() / all * Math.abs(each.said() - each.happened()))
        .sum();
  }

  /**
   * Returns the parts that the Brier score of tenths is made of (Murphy 1973, J. Appl. Meteorol.
   * 12): reliability, which calibration makes small, less resolution, which knowing something of
   * customers makes large, plus the uncertainty of the base rate.
   */
  static Map<String, Double> decomposition(List<Decile> deciles) {
    double all = deciles.stream().mapToLong(Decile::customers).sum();
    double rate = deciles.stream().mapToLong(Decile::events).sum() / all;
    double reliability = 0;
    double resolution = 0;
    for (Decile each : deciles) {
      double share = each.customers() / all;
      reliability += share * Math.pow(each.said() - each.happened(), 2);
      resolution += share * Math.pow(each.happened() - rate, 2);
    }
    return Map.of(
        "reliability", reliability, "resolution", resolution, "uncertainty", rate * (1 - rate));
  }

  private static Column surprise(Column events, Column others) {
    Column possible = least(greatest(CustomerScores.SCORE.col(), lit(LEAST)), lit(1 - LEAST));
    return negate(
        events.multiply(log(possible)).plus(others.multiply(log(lit(1).minus(possible)))));
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
