package io.persegment.scores;

import static io.persegment.scores.Lifetime.DAYS_A_WEEK;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log;
import static org.apache.spark.sql.functions.round;
import static org.apache.spark.sql.types.DataTypes.IntegerType;

import io.persegment.lifetime.History;
import io.persegment.lifetime.Spending;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How many customers have the same history: all that models of lifetime are fitted on. Where there
 * are more than {@link #MOST} different ones, times are told in weeks, or in longer spans. They are
 * sorted, so that the same customers make the very same model wherever their rows lie.
 */
final class LifetimeCounts {
  /** So many are fitted in some seconds, and take some tens of megabytes. */
  private static final int MOST = 200_000;

  private static final int[] DAYS_A_UNIT = {1, 7, 28, 91, 364};

  /**
   * Logarithms by which mean values are told apart: a hundredth of a percent, or what leaves fewer.
   */
  private static final double[] VALUE_STEPS = {1e-4, 1e-3, 0.01, 0.1};

  private LifetimeCounts() {}

  /**
   * Histories in weeks.
   *
   * @param daysAUnit to which times are rounded
   */
  record Histories(List<History> all, int daysAUnit) {
    Histories {
      all = List.copyOf(all);
    }
  }

  private record Counts(int way, List<Row> rows) {}

  /** Counts the histories of one side of {@link Buyers}. A job, rarely more. */
  static Histories histories(Dataset<Row> buyers, String side) {
    Counts counts =
        finest(
            DAYS_A_UNIT.length,
            way ->
                counted(
                    buyers.where(col(side).isNotNull()),
                    Buyers.FREQUENCY.of(side),
                    rounded(Buyers.RECENCY.of(side), DAYS_A_UNIT[way]),
                    rounded(Buyers.AGE.of(side), DAYS_A_UNIT[way])));
    int unit = DAYS_A_UNIT[counts.way()];
    double weeks = unit / DAYS_A_WEEK;
    return new Histories(
        counts.rows().stream()
            .map(
                row ->
                    new History(
                        row.getInt(0),
                        row.getInt(1) * weeks,
                        row.getInt(2) * weeks,
                        row.getLong(3)))
            .sorted(
                Comparator.comparingInt(History::frequency)
                    .thenComparingDouble(History::recency)
                    .thenComparingDouble(History::age))
            .toList(),
        unit);
  }

  /**
   * Counts how often customers bought again for how much a time; those who did for nothing, or
   * less, are left out. A job, rarely more.
   */
  static List<Spending> spendings(Dataset<Row> buyers, String side) {
    Column value = Buyers.REPEAT_VALUE.of(side);
    Counts counts =
        finest(
            VALUE_STEPS.length,
            way ->
                counted(
                    buyers.where(value.gt(0)),
                    Buyers.FREQUENCY.of(side),
                    round(log(value).divide(VALUE_STEPS[way])).cast(IntegerType)));
    double step = VALUE_STEPS[counts.way()];
    return counts.rows().stream()
        .map(row -> new Spending(row.getInt(0), Math.exp(row.getInt(1) * step), row.getLong(2)))
        .sorted(
            Comparator.comparingInt(Spending::frequency).thenComparingDouble(Spending::meanValue))
        .toList();
  }

  private static Column rounded(Column days, int unit) {
    return unit == 1 ? days : round(days.divide(unit)).cast(IntegerType);
  }

  private static Dataset<Row> counted(Dataset<Row> buyers, Column... by) {
    return buyers.groupBy(by).agg(count(lit(1)));
  }

  /** Returns the counts of the first way that makes no more than {@link #MOST}, or of the last. */
  private static Counts finest(int ways, IntFunction<Dataset<Row>> counted) {
    for (int way = 0; way < ways - 1; way++) {
      List<Row> rows = counted.apply(way).limit(MOST + 1).collectAsList();
      if (rows.size() <= MOST) {
        return new Counts(way, rows);
      }
    }
    return new Counts(ways - 1, counted.apply(ways - 1).collectAsList());
  }
}
