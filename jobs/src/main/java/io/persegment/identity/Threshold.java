package io.persegment.identity;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.DoubleType;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Pairs that a threshold would keep.
 *
 * @param at from which probability on
 * @param pairs as likely as that or likelier
 * @param total of something over these
 */
record Threshold(double at, long pairs, double total) {
  private static final List<Double> ALL = List.of(0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99);

  /**
   * Returns what each of some thresholds would keep. An action: one pass.
   *
   * @param pairs with {@link IdentityLinks#MATCH_PROBABILITY}
   * @param value of a pair, a number or whether it counts
   */
  static List<Threshold> all(Dataset<Row> pairs, Column value) {
    List<Column> sums = new ArrayList<>();
    for (double each : ALL) {
      Column isOver = IdentityLinks.MATCH_PROBABILITY.col().geq(each);
      sums.add(count_if(isOver));
      sums.add(coalesce(sum(when(isOver, value.cast(DoubleType))), lit(0.0)));
    }
    Row row = pairs.agg(sums.get(0), sums.subList(1, sums.size()).toArray(new Column[0])).head();
    List<Threshold> all = new ArrayList<>();
    for (int i = 0; i < ALL.size(); i++) {
      all.add(new Threshold(ALL.get(i), row.getLong(2 * i), row.getDouble(2 * i + 1)));
    }
    return all;
  }
}
