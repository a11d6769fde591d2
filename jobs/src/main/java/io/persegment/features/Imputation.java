package io.persegment.features;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.nanvl;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.percentile_approx;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.pow;
import static org.apache.spark.sql.functions.round;
import static org.apache.spark.sql.functions.sqrt;
import static org.apache.spark.sql.functions.stddev_pop;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;
import static org.apache.spark.sql.types.DataTypes.BooleanType;

import io.persegment.features.Missing.Kind;
import io.persegment.run.StageReport;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.regression.LinearRegression;
import org.apache.spark.ml.regression.LinearRegressionModel;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;

/**
 * Fills in what is not known of a customer, as the features declare it, and says where. Each as-of
 * date is filled from its own rows alone and in an order of its own, so that a date written late
 * comes to the same. Where all is filled by constants, nothing is looked at. Who refused profiling
 * is not guessed about, and no guess is learnt from them: they have the median.
 */
final class Imputation {
  static final Field MAY_PROFILE =
      Field.required("_may_profile", BooleanType, "Whether the customer may be guessed about");

  /** Customers of whom a guess is learnt, at most: they fit into one task, which has one order. */
  private static final int SAMPLE = 50_000;

  private static final int LEAST = 100;

  /** One of so many is held out, to see how good a guess is. */
  private static final int FOLDS = 5;

  /** Too little to be seen, but columns that say the same are no trouble. */
  private static final double RIDGE = 1e-6;

  private static final int DRAWN = 1;
  private static final int HELD_OUT = 2;

  private static final Column ID = CustomerFeatures.CUSTOMER_ID.col();
  private static final Column AS_OF = CustomerFeatures.AS_OF.col();
  private static final String DRAW = "_draw";
  private static final String VALUE = "_value";
  private static final String VECTOR = "_vector";

  private final Lake lake;
  private final StageReport report;
  private final LocalDate today;

  /**
   * @param today the as-of date, whose measures are reported without a date
   */
  Imputation(Lake lake, StageReport report, LocalDate today) {
    this.lake = lake;
    this.report = report;
    this.today = today;
  }

  /** One column that is to be filled. */
  private record Gap(String column, DataType type, Missing missing) {

    /** Returns {@code number} as a value of the column. */
    Column typed(Column number) {
      boolean whole = type instanceof IntegerType || type instanceof LongType;
      return (whole ? round(number) : number).cast(type);
    }
  }

  /**
   * What is known of a column on a date.
   *
   * @param customers who have a value
   * @param median over them; of an even number the lower of both
   * @param teachers those of them whom a guess may be learnt from
   * @param least value of these
   * @param most of the same
   */
  private record Known(long customers, double median, long teachers, double least, double most) {}

  /** A median is off by so many customers at most: one in this; of fewer it is exact. */
  private static final int ACCURACY = 100_000;

  /**
   * Returns {@code rows} with the columns of {@code features} filled, and a flag beside each that
   * says whether it was missing. Actions where any is filled by a median or a guess.
   *
   * @param name of its own in a run
   * @param rows with {@link CustomerFeatures#AS_OF}, the customer, {@link #MAY_PROFILE}, and every
   *     value as far as it is known
   */
  Dataset<Row> filled(String name, Dataset<Row> rows, List<Feature> features) {
    List<Gap> gaps =
        features.stream()
            .flatMap(
                feature ->
                    feature.missing().stream()
                        .flatMap(
                            missing ->
                                feature.measured().stream()
                                    .map(column -> new Gap(column, feature.type(), missing))))
            .toList();
    List<Gap> learnt = gaps.stream().filter(gap -> gap.missing().kind() != Kind.CONSTANT).toList();
    if (learnt.isEmpty()) {
      return withFlags(rows, gaps, gap -> lit(gap.missing().constant()));
    }
    Dataset<Row> stored = lake.scratch("features/" + name, rows);
    Map<LocalDate, Map<String, Known>> known = known(stored, learnt);
    Dataset<Row> simple =
        withFlags(
            stored,
            gaps,
            gap ->
                switch (gap.missing().kind()) {
                  case CONSTANT -> lit(gap.missing().constant());
                  case MEDIAN -> byDate(known, (date, of) -> medianOf(gap, date, of));
                  case GUESS -> lit(null).cast("double");
                });
    var guesses = new LinkedHashMap<String, Column>();
    for (Gap gap : learnt) {
      if (gap.missing().kind() == Kind.GUESS) {
        Column guess = byDate(known, (date, of) -> guessOf(gap, date, of, simple));
        guesses.put(gap.column(), coalesce(col(gap.column()), gap.typed(guess)));
      }
    }
    return simple.withColumns(guesses);
  }

  private interface Filler {
    Column of(Gap gap);
  }

  private interface OfDate {
    Column of(LocalDate date, Map<String, Known> known);
  }

  private static Dataset<Row> withFlags(Dataset<Row> rows, List<Gap> gaps, Filler filler) {
    var columns = new LinkedHashMap<String, Column>();
    for (Gap gap : gaps) {
      Column value = col(gap.column());
      columns.put(gap.column(), coalesce(value, gap.typed(filler.of(gap))));
      columns.put(Feature.flag(gap.column()), value.isNull());
    }
    return columns.isEmpty() ? rows : rows.withColumns(columns);
  }

  /** Returns what is known of each column on each date, in one aggregation. An action. */
  private static Map<LocalDate, Map<String, Known>> known(Dataset<Row> rows, List<Gap> gaps) {
    var aggregates = new ArrayList<Column>();
    for (Gap gap : gaps) {
      Column number = nanvl(col(gap.column()).cast("double"), lit(null).cast("double"));
      Column taught = when(MAY_PROFILE.col(), number);
      Column median = percentile_approx(number, lit(0.5), lit(ACCURACY));
      aggregates.addAll(List.of(count(number), median, count(taught), min(taught), max(taught)));
    }
    Column[] more = aggregates.subList(1, aggregates.size()).toArray(new Column[0]);
    var known = new TreeMap<LocalDate, Map<String, Known>>();
    for (Row row : rows.groupBy(AS_OF).agg(aggregates.get(0), more).collectAsList()) { // a date
      var ofDate = new LinkedHashMap<String, Known>();
      for (int i = 0; i < gaps.size(); i++) {
        int at = 1 + 5 * i;
        ofDate.put(
            gaps.get(i).column(),
            new Known(
                row.getLong(at),
                row.isNullAt(at + 1) ? 0 : row.getDouble(at + 1),
                row.getLong(at + 2),
                row.isNullAt(at + 3) ? 0 : row.getDouble(at + 3),
                row.isNullAt(at + 4) ? 0 : row.getDouble(at + 4)));
      }
      known.put(row.getDate(0).toLocalDate(), ofDate);
    }
    return known;
  }

  private static Column byDate(Map<LocalDate, Map<String, Known>> known, OfDate value) {
    Column all = lit(null).cast("double");
    for (var each : known.entrySet()) {
      all = when(isOf(each.getKey()), value.of(each.getKey(), each.getValue())).otherwise(all);
    }
    return all;
  }

  private static Column isOf(LocalDate date) {
    return AS_OF.equalTo(lit(Date.valueOf(date)));
  }

  private Column medianOf(Gap gap, LocalDate date, Map<String, Known> known) {
    Known of = known.get(gap.column());
    if (of.customers() == 0) {
      warn("nobody has it; 0 was taken", gap, date);
    }
    return lit(of.median());
  }

  /**
   * Returns the guess, or the median where the guess is no better, which is then told. It must be
   * better than the mean, too, which no other value for all is nearer to by its RMSE: where values
   * are skewed, a guess that knows nothing beats the median. Actions.
   */
  private Column guessOf(Gap gap, LocalDate date, Map<String, Known> ofDate, Dataset<Row> rows) {
    Known known = ofDate.get(gap.column());
    Column median = medianOf(gap, date, ofDate);
    String by = String.join(", ", gap.missing().by());
    if (known.customers() == 0) {
      return median;
    }
    if (known.teachers() < LEAST) {
      warn(tooFew(known.teachers(), by), gap, date);
      return median;
    }
    Dataset<Row> sample =
        lake.scratch(
            "features/sample/%s/%s".formatted(gap.column(), date), sample(gap, date, rows));
    long learnt = sample.count();
    if (learnt < LEAST) { // where what it is guessed by is no number
      warn(tooFew(learnt, by), gap, date);
      return median;
    }
    Column heldOut = pmod(xxhash64(ID, lit(HELD_OUT)), lit(FOLDS)).equalTo(0);
    Column guess = line(gap, fit(gap, sample.where(not(heldOut))), known);
    Row errors =
        sample
            .where(heldOut)
            .agg(error(gap.typed(guess)), error(gap.typed(median)), stddev_pop(col(VALUE)))
            .head();
    double error = errors.getDouble(0);
    double leastOfOneValue = errors.getDouble(2);
    String suffix = date.equals(today) ? "" : "." + date;
    report.metric(gap.column() + ".rmse" + suffix, error);
    report.metric(gap.column() + ".median_rmse" + suffix, errors.getDouble(1));
    if (error < leastOfOneValue) {
      return when(MAY_PROFILE.col(), guess).otherwise(median);
    }
    String off = String.format(Locale.ROOT, "%.4g off against %.4g", error, leastOfOneValue);
    warn(
        "a guess by %s is no better than one value for all, %s (RMSE, held out); the median was taken"
            .formatted(by, off),
        gap,
        date);
    return median;
  }

  private static String tooFew(long customers, String by) {
    return "%d customers have it that may be learnt from, too few to guess it by %s; the median was taken"
        .formatted(customers, by);
  }

  /** Returns customers who have the value, the same for the same rows and in the same order. */
  private static Dataset<Row> sample(Gap gap, LocalDate date, Dataset<Row> rows) {
    List<Column> inputs = inputs(gap);
    Column value = col(gap.column()).cast("double");
    Column usable =
        inputs.stream()
            .map(input -> not(isnan(input)))
            .reduce(value.isNotNull().and(not(isnan(value))), Column::and);
    var columns = new ArrayList<Column>(List.of(xxhash64(ID, lit(DRAWN)).as(DRAW), ID));
    columns.add(value.as(VALUE));
    gap.missing().by().forEach(name -> columns.add(col(name)));
    return rows.where(isOf(date))
        .where(MAY_PROFILE.col())
        .where(usable)
        .select(columns.toArray(new Column[0]))
        .orderBy(col(DRAW), ID)
        .limit(SAMPLE)
        .repartition(1)
        .sortWithinPartitions(col(DRAW), ID);
  }

  private static LinearRegressionModel fit(Gap gap, Dataset<Row> learnt) {
    Dataset<Row> assembled =
        new VectorAssembler()
            .setInputCols(gap.missing().by().toArray(new String[0]))
            .setOutputCol(VECTOR)
            .transform(learnt);
    return new LinearRegression()
        .setFeaturesCol(VECTOR)
        .setLabelCol(VALUE)
        .setSolver("normal")
        .setRegParam(RIDGE)
        .fit(assembled);
  }

  /** A guess goes no further than what is known: a straight line would, and below zero. */
  private static Column line(Gap gap, LinearRegressionModel model, Known known) {
    List<Column> inputs = inputs(gap);
    double[] weights = model.coefficients().toArray();
    Column line = lit(model.intercept());
    for (int i = 0; i < weights.length; i++) {
      line = line.plus(inputs.get(i).multiply(lit(weights[i])));
    }
    Column within = greatest(lit(known.least()), least(lit(known.most()), line));
    return when(isnan(line), lit(known.median())).otherwise(within);
  }

  private static List<Column> inputs(Gap gap) {
    return gap.missing().by().stream().map(name -> col(name).cast("double")).toList();
  }

  private static Column error(Column guess) {
    return sqrt(avg(pow(col(VALUE).minus(guess.cast("double")), lit(2))));
  }

  private void warn(String what, Gap gap, LocalDate date) {
    report.warn("%s as of %s: %s".formatted(gap.column(), date, what));
  }
}
