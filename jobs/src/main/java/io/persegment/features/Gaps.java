package io.persegment.features;

import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pow;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.slice;
import static org.apache.spark.sql.functions.sqrt;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.zip_with;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/** Days between a customer's events, each and the next, made of aggregates over their times. */
final class Gaps {
  private static final double MICROS_A_DAY = 86_400e6;

  private Gaps() {}

  /**
   * Returns the mean; null of fewer than two events.
   *
   * @param first time of the first event, in microseconds
   * @param last time of the last event, in microseconds
   */
  static Column mean(Column first, Column last, Column events) {
    Column all = last.minus(first).divide(MICROS_A_DAY);
    return when(events.geq(2), all.divide(events.minus(1)));
  }

  /**
   * Returns the standard deviation, as that of a sample; null of fewer than three events.
   *
   * @param times of all events, in microseconds and in any order
   */
  static Column spread(Column times, Column mean) {
    Column sorted = array_sort(times);
    Column gaps = greatest(size(times).minus(1), lit(0));
    Column squares =
        zip_with(
            slice(sorted, lit(2), gaps),
            slice(sorted, lit(1), gaps),
            (later, earlier) -> pow(later.minus(earlier).divide(MICROS_A_DAY).minus(mean), lit(2)));
    Column sum = functions.aggregate(squares, lit(0.0), Column::plus);
    return when(gaps.geq(2), sqrt(sum.divide(gaps.minus(1))));
  }
}
