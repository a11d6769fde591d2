package io.persegment.scores;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.percentile;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;
import static org.apache.spark.sql.types.DataTypes.DoubleType;

import io.persegment.features.CustomerFeatures;
import io.persegment.features.Outcome;
import io.persegment.scores.TargetSettings.Goal;
import io.persegment.table.Field;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.NumericType;

/** What models learn from and are tested on: one row a customer and cut, or a labelled customer. */
final class Examples {
  static final Field LABEL =
      Field.required("_label", DoubleType, "1 where it happened, else 0; or the amount");

  /** Up to two partitions add up to the very same sum whichever is done first. */
  private static final int ROWS_A_PARTITION = 200_000;

  /** So much of labelled examples, counted from the latest, is of each slice or of a later one. */
  private static final double TEST = 0.2;

  private static final double CALIBRATION = 0.4;
  private static final double JUDGE = 0.55;
  private static final long SEED = 1;
  private static final int HASHES = 10_000;
  private static final String TIME = "_time";

  private Examples() {}

  /** How many customers there are, and how many of them had the event. */
  record Size(long customers, long events) {
    static final Size NONE = new Size(0, 0);

    Size plus(Size other) {
      return new Size(customers + other.customers, events + other.events);
    }

    boolean hasBoth(int least) {
      return events >= least && customers - events >= least;
    }

    /** Returns the share to sample so that so many are left, or so many with the event, about. */
    double share(double most, double mostEvents) {
      double share = Math.max(most / customers, mostEvents / Math.max(1, events));
      return Math.min(1, share);
    }

    double rate() {
      return (double) events / customers;
    }
  }

  /** Sizes by what the examples are for. */
  record Sizes(Map<Slice, Size> bySlice) {
    Size of(List<Slice> slices) {
      return slices.stream()
          .map(slice -> bySlice.getOrDefault(slice, Size.NONE))
          .reduce(Size.NONE, Size::plus);
    }

    Size all() {
      return of(List.of(Slice.values()));
    }
  }

  /**
   * Adds {@link #LABEL}. Keeps every row of {@code features} of whom it can be known.
   *
   * @param outcomes rows of {@link Outcome#after}
   */
  static Dataset<Row> of(Dataset<Row> features, Dataset<Row> outcomes, Goal.Later goal) {
    String[] same = {CustomerFeatures.AS_OF.name(), CustomerFeatures.CUSTOMER_ID.name()};
    return features
        .join(outcomes, same, "left")
        .withColumn(LABEL.name(), goal.label(Outcome.VALUE.col()))
        .where(LABEL.col().isNotNull())
        .drop(Outcome.VALUE.name());
  }

  /**
   * Returns those of {@code features} whose label is known, with {@link #LABEL} and {@link
   * Slice#COLUMN}. Some actions where a column divides them.
   *
   * @throws Refusal where of nobody that column is known
   */
  static Dataset<Row> labelled(TargetSettings target, Dataset<Row> features, Goal.Labelled labelled)
      throws Refusal {
    Dataset<Row> known =
        features
            .withColumn(LABEL.name(), labelled.label().column().cast("boolean").cast(DoubleType))
            .where(LABEL.col().isNotNull());
    Column slice =
        labelled.by().isPresent() ? later(target, known, labelled.by().get()) : byChance();
    return known.select(
        Stream.concat(
                knownOf(target).stream().map(name -> col("`" + name + "`")),
                Stream.of(LABEL.col(), slice.as(Slice.COLUMN.name())))
            .toArray(Column[]::new));
  }

  /** The customer's id decides, so that an example is for the same whenever it is looked at. */
  private static Column byChance() {
    Column hash = xxhash64(CustomerFeatures.CUSTOMER_ID.col(), lit(SEED));
    Column place = pmod(hash, lit(HASHES)).divide(HASHES);
    return slice(place.lt(TEST), place.lt(CALIBRATION), place.lt(JUDGE));
  }

  private static Column later(TargetSettings target, Dataset<Row> known, String by) throws Refusal {
    Column time = col(by).cast("timestamp").cast(DoubleType);
    if (known.schema().apply(by).dataType() instanceof NumericType) {
      time = col(by).cast(DoubleType);
    }
    Dataset<Row> times = known.select(time.as(TIME)).persist();
    try {
      if (times.where(col(TIME).isNotNull()).isEmpty()) {
        throw new Refusal(
            "Cannot foretell %s: of nobody whose label is known there is a %s, by which split-by tells who is later."
                .formatted(target.name(), by));
      }
      double test = first(times, TEST, Double.POSITIVE_INFINITY);
      double calibration = first(times, (CALIBRATION - TEST) / (1 - TEST), test);
      double judge = first(times, (JUDGE - CALIBRATION) / (1 - CALIBRATION), calibration);
      return slice(time.geq(test), time.geq(calibration), time.geq(judge));
    } finally {
      times.unpersist();
    }
  }

  /**
   * Returns the time from which on a slice lies, so that it has about such a part of those before
   * the slice that comes next. Where many share a time they are all in it, or none is; where there
   * is no time left, it is empty. Two actions.
   *
   * @param next from when on the later slice lies
   */
  private static double first(Dataset<Row> times, double part, double next) {
    Dataset<Row> before = times.where(col(TIME).lt(next));
    Row at = before.agg(percentile(col(TIME), lit(1 - part)), max(TIME)).head();
    if (at.isNullAt(0)) {
      return next;
    }
    Row after = before.agg(min(when(col(TIME).gt(at.getDouble(0)), col(TIME)))).head();
    return after.isNullAt(0) ? at.getDouble(1) : after.getDouble(0);
  }

  private static Column slice(Column test, Column calibration, Column judge) {
    return when(test, Slice.TEST.name())
        .when(calibration, Slice.CALIBRATION.name())
        .when(judge, Slice.JUDGE.name())
        .otherwise(Slice.EARLIER.name());
  }

  /** Returns the size of each part that has any rows. An action. */
  static <T> Map<T, Size> sizes(Dataset<Row> examples, Field part, Function<Object, T> name) {
    Map<T, Size> sizes = new HashMap<>();
    examples
        .groupBy(part.col())
        .agg(count(lit(1)), count_if(LABEL.col().gt(0)))
        .collectAsList() // one row a cut, or slice
        .forEach(
            row -> sizes.put(name.apply(row.get(0)), new Size(row.getLong(1), row.getLong(2))));
    return sizes;
  }

  static Sizes sizes(Dataset<Row> examples) {
    var sizes = new EnumMap<Slice, Size>(Slice.class);
    sizes.putAll(sizes(examples, Slice.COLUMN, name -> Slice.valueOf((String) name)));
    return new Sizes(sizes);
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

  /** Returns of rows of customer_features what models of {@code target} may know, and no more. */
  static Dataset<Row> known(Dataset<Row> features, TargetSettings target) {
    return features.select(
        knownOf(target).stream().map(name -> col("`" + name + "`")).toArray(Column[]::new));
  }

  private static Collection<String> knownOf(TargetSettings target) {
    var columns = new LinkedHashSet<String>();
    columns.add(CustomerFeatures.AS_OF.name());
    columns.add(CustomerFeatures.CUSTOMER_ID.name());
    columns.addAll(target.features());
    columns.addAll(target.baselines());
    return columns;
  }
}
