package io.persegment.scores;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.corr;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sqrt;
import static org.apache.spark.sql.functions.stddev_samp;
import static org.apache.spark.sql.functions.sum;

import io.persegment.scores.Evaluation.Decile;
import io.persegment.scores.Uncertainty.Interval;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How well amounts were foretold.
 *
 * @param buyers customers who spent anything
 * @param deviance mean of {@code 4 (sqrt y - sqrt m)^2 / sqrt m}, of Tweedie's family with power
 *     1.5, for an amount y of which m was said; 0 is perfect
 * @param mae mean absolute error, {@code maeError} its standard error
 * @param correlation of what was said with what was spent; NaN where the same was said of all
 * @param said total of what was said, {@code spent} of what was spent
 * @param spentError standard error of the mean of what was spent
 */
record Spending(
    long customers,
    long buyers,
    double deviance,
    double mae,
    double maeError,
    double rmse,
    double correlation,
    double said,
    double spent,
    double spentError) {
  /** Standard errors within which a mean lies in 95 of 100 cases. */
  private static final double SIDE = 1.96;

  /** An action: one pass over {@link CustomerScores#SCORE} and {@link Examples#LABEL}. */
  static Spending of(Dataset<Row> judged) {
    Column said = CustomerScores.SCORE.col();
    Column spent = Examples.LABEL.col();
    Column error = abs(said.minus(spent));
    Row sums =
        judged
            .agg(
                count(lit(1)),
                count_if(spent.gt(0)),
                avg(deviance(said)),
                avg(error),
                stddev_samp(error),
                sqrt(avg(error.multiply(error))),
                corr(said, spent),
                sum(said),
                sum(spent),
                stddev_samp(spent))
            .head();
    double customers = sums.getLong(0);
    return new Spending(
        sums.getLong(0),
        sums.getLong(1),
        sums.getDouble(2),
        sums.getDouble(3),
        deviation(sums, 4) / Math.sqrt(customers),
        sums.getDouble(5),
        sums.isNullAt(6) ? Double.NaN : sums.getDouble(6),
        sums.getDouble(7),
        sums.getDouble(8),
        deviation(sums, 9) / Math.sqrt(customers));
  }

  /** Of one customer there is no deviation. */
  private static double deviation(Row sums, int place) {
    return sums.isNullAt(place) ? 0 : sums.getDouble(place);
  }

  /** Returns where the mean of what was spent lies in 95 of 100 cases. */
  Interval mean() {
    double mean = spent / customers;
    return new Interval(Math.max(0, mean - SIDE * spentError), mean + SIDE * spentError);
  }

  /**
   * By how much deviances are less than those of one amount for everybody.
   *
   * @param error standard error of the {@code mean}
   */
  record Gain(double mean, double error) {}

  /** Returns what is gained over saying {@code same} of everybody. An action. */
  static Gain gain(Dataset<Row> judged, double same) {
    Column gain = deviance(lit(same)).minus(deviance(CustomerScores.SCORE.col()));
    Row found = judged.agg(avg(gain), stddev_samp(gain), count(lit(1))).head();
    return new Gain(found.getDouble(0), found.getDouble(1) / Math.sqrt((double) found.getLong(2)));
  }

  private static Column deviance(Column said) {
    Column root = sqrt(Examples.LABEL.col()).minus(sqrt(said));
    return root.multiply(root).multiply(4).divide(sqrt(said));
  }

  /** Returns the measures by name, each after {@code prefix}. */
  Map<String, Double> metrics(String prefix) {
    var metrics =
        new TreeMap<>(
            Map.of(
                prefix + ".deviance", deviance,
                prefix + ".mae", mae,
                prefix + ".mae.low", Math.max(0, mae - SIDE * maeError),
                prefix + ".mae.high", mae + SIDE * maeError,
                prefix + ".rmse", rmse,
                prefix + ".expected_value", said,
                prefix + ".actual_value", spent));
    if (!Double.isNaN(correlation)) {
      metrics.put(prefix + ".correlation", correlation);
    }
    return metrics;
  }

  /**
   * Returns the tenths, the best first: of each how many spent anything, the mean of what was said,
   * the interval of the mean of what was spent, and that mean over that of all. An action.
   */
  static List<Decile> deciles(Dataset<Row> judged) {
    Column spent = Examples.LABEL.col();
    List<Row> tenths =
        Ranking.ofAmounts(judged)
            .groupBy(CustomerScores.DECILE.col())
            .agg(
                count(lit(1)),
                count_if(spent.gt(0)),
                avg(CustomerScores.SCORE.col()),
                avg(spent),
                stddev_samp(spent),
                sum(spent))
            .orderBy(CustomerScores.DECILE.col())
            .collectAsList();
    double all = tenths.stream().mapToDouble(row -> row.getLong(1)).sum();
    double total = tenths.stream().mapToDouble(row -> row.getDouble(6)).sum();
    return tenths.stream()
        .map(
            row -> {
              double mean = row.getDouble(4);
              double side = SIDE * deviation(row, 5) / Math.sqrt((double) row.getLong(1));
              return new Decile(
                  row.getInt(0),
                  row.getLong(1),
                  row.getLong(2),
                  row.getDouble(3),
                  mean,
                  Math.max(0, mean - side),
                  mean + side,
                  total / all);
            })
        .toList();
  }
}
