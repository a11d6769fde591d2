package io.persegment.scores;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.types.DataTypes.DoubleType;

import io.persegment.features.CustomerFeatures;
import io.persegment.table.Field;
import java.sql.Date;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What models learn from and are tested on: one row a customer and cut. */
final class Examples {
  static final Field LABEL =
      Field.required("label", DoubleType, "1 where the event happened in the horizon, else 0");

  /** Up to two partitions add up to the very same sum whichever is done first. */
  private static final int ROWS_A_PARTITION = 200_000;

  private Examples() {}

  /** How many customers a cut has, and how many of them had the event. */
  record Size(long customers, long events) {
    static final Size NONE = new Size(0, 0);

    Size plus(Size other) {
      return new Size(customers + other.customers, events + other.events);
    }

    boolean hasBoth(int least) {
      return events >= least && customers - events >= least;
    }

    double rate() {
      return (double) events / customers;
    }
  }

  /**
   * Adds {@link #LABEL}. Keeps every row of {@code features}.
   *
   * @param happened rows of {@link Purchases#after}
   */
  static Dataset<Row> of(Dataset<Row> features, Dataset<Row> happened) {
    String[] same = {CustomerFeatures.AS_OF.name(), CustomerFeatures.CUSTOMER_ID.name()};
    return features
        .join(happened.withColumn(LABEL.name(), lit(1.0)), same, "left")
        .withColumn(LABEL.name(), coalesce(LABEL.col(), lit(0.0)));
  }

  /** Returns the size of each cut that has any rows. An action. */
  static Map<LocalDate, Size> sizes(Dataset<Row> examples) {
    Map<LocalDate, Size> sizes = new HashMap<>();
    examples
        .groupBy(CustomerFeatures.AS_OF.col())
        .agg(count(lit(1)), sum(LABEL.col()))
        .collectAsList() // one row a cut
        .forEach(
            row ->
                sizes.put(
                    row.getDate(0).toLocalDate(),
                    new Size(row.getLong(1), Math.round(row.getDouble(2)))));
    return sizes;
  }

  /**
   * Returns the same rows in an order and in partitions that depend on nothing but themselves, so
   * that sums over them, and a model, come out the same everywhere.
   *
   * @param size about how many rows there are
   */
  static Dataset<Row> settled(Dataset<Row> examples, long size) {
    int partitions = Math.toIntExact(1 + size / ROWS_A_PARTITION);
    return examples
        .repartition(partitions, CustomerFeatures.CUSTOMER_ID.col())
        .sortWithinPartitions(CustomerFeatures.CUSTOMER_ID.col(), CustomerFeatures.AS_OF.col());
  }

  static Dataset<Row> at(List<LocalDate> cuts, Dataset<Row> examples) {
    Column in = CustomerFeatures.AS_OF.col().isin(cuts.stream().map(Date::valueOf).toArray());
    return examples.where(in);
  }
}
