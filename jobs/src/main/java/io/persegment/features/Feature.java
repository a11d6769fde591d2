package io.persegment.features;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_max;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.nullif;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.persegment.sql.Cases.Domain;
import io.persegment.sql.SqlExpression;
import io.persegment.table.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataType;

/**
 * One declared feature, which makes a column for each of its windows, or for each window and value.
 *
 * @param how what is made of the rows
 * @param sql of {@link How#SQL} an aggregate; of a share or favourite what is added up; of {@link
 *     How#VALUE} the value itself
 * @param by of a share or favourite what divides the rows
 * @param values of {@code by}, those that are told apart
 * @param where which rows count
 * @param windows over which time; of features of no events one, the lifetime
 * @param missing what stands where nothing is known; null stays where it is empty
 */
record Feature(
    String name,
    Origin from,
    How how,
    SqlExpression sql,
    Optional<SqlExpression> by,
    List<String> values,
    Optional<SqlExpression> where,
    List<Window> windows,
    DataType type,
    Optional<Double> missing,
    String meaning) {

  /** What is made of the rows of a customer and window. */
  enum How {
    /** How many rows. */
    COUNT,
    /** Whole days from the last row to the end of the as-of date. */
    RECENCY,
    /** Whole days from the first row to the end of the as-of date. */
    TENURE,
    /** Each value's part of the sum, 0 to 1. */
    SHARE,
    /** The value with the largest sum; of equal ones the one declared first. */
    FAVOURITE,
    /** Any SQL aggregate. */
    SQL,
    /** An expression over one row: of customers, or of features. */
    VALUE
  }

  /** The end of the as-of date, a column of the rows that are aggregated. */
  static final String CUT = "_cut";

  /** When the row happened. */
  static final String TIME = "_time";

  private static final int SECONDS_A_DAY = 86_400;

  Feature {
    values = List.copyOf(values);
    windows = List.copyOf(windows);
  }

  /** Returns the columns that it makes. */
  List<Field> columns() {
    var columns = new ArrayList<Field>();
    for (Window window : windows) {
      String over = from.isEvents() ? meaning + ", " + window.inWords() : meaning;
      if (how == How.SHARE) {
        for (String value : values) {
          columns.add(Field.optional(column(window, value), type, over + ": " + value));
        }
      } else {
        columns.add(Field.optional(column(window), type, over));
      }
    }
    return columns;
  }

  /** Returns how each of its columns is spoken of. */
  Map<String, Wording> wordings() {
    var wordings = new LinkedHashMap<String, Wording>();
    for (Window window : windows) {
      if (how == How.SHARE) {
        values.forEach(
            value ->
                wordings.put(column(window, value), Wording.of(this, window, Optional.of(value))));
      } else {
        wordings.put(column(window), Wording.of(this, window, Optional.empty()));
      }
    }
    return wordings;
  }

  /** Returns which values each of its columns can have. */
  Domain domain() {
    boolean counts = how == How.COUNT || how == How.RECENCY || how == How.TENURE;
    double least =
        counts ? missing.map(filler -> Math.min(0, filler)).orElse(0.0) : Double.NEGATIVE_INFINITY;
    return new Domain(type, least, Double.POSITIVE_INFINITY, missing.isEmpty());
  }

  /** Returns an aggregate over {@link #CUT} and {@link #TIME} for each of its columns. */
  Map<String, Column> aggregates() {
    var aggregates = new LinkedHashMap<String, Column>();
    for (Window window : windows) {
      if (how == How.SHARE) {
        // Nothing bought is no share at all, and so is a sum of zero.
        Column all = nullif(sum(condition(window, Optional.empty())), lit(0));
        for (String value : values) {
          Column part = coalesce(sum(condition(window, Optional.of(value))), lit(0));
          aggregates.put(
              column(window, value), when(all.isNotNull(), part.cast("double").divide(all)));
        }
      } else {
        aggregates.put(column(window), aggregate(window));
      }
    }
    aggregates.replaceAll((column, value) -> value.cast(type));
    return aggregates;
  }

  /** Returns the value of a feature that is made from one row. */
  Column value() {
    return filled(sql.column().cast(type));
  }

  /** Returns {@code value}, or what stands where nothing is known. */
  Column filled(Column value) {
    return missing.map(filler -> coalesce(value, lit(filler).cast(type))).orElse(value);
  }

  private Column aggregate(Window window) {
    String condition = condition(window, Optional.empty());
    return switch (how) {
      case COUNT -> over("count(1)", condition);
      case RECENCY -> daysSince(over("max(%s)".formatted(TIME), condition));
      case TENURE -> daysSince(over("min(%s)".formatted(TIME), condition));
      case FAVOURITE -> favourite(window);
      default -> sql.filtered(SqlExpression.parse(condition)).column();
    };
  }

  private static Column daysSince(Column time) {
    Column cut = SqlExpression.parse(CUT).column();
    return floor(cut.cast("long").minus(time.cast("long")).divide(SECONDS_A_DAY));
  }

  private Column favourite(Window window) {
    var sums = new ArrayList<Column>();
    for (int i = 0; i < values.size(); i++) {
      Column sum = sum(condition(window, Optional.of(values.get(i))));
      sums.add(
          when(
              sum.gt(0),
              struct(sum.as("sum"), lit(-i).as("place"), lit(values.get(i)).as("value"))));
    }
    return array_max(array(sums.toArray(new Column[0]))).getField("value");
  }

  private Column sum(String condition) {
    return over("sum(%s)".formatted(sql.text()), condition);
  }

  private static Column over(String aggregate, String condition) {
    return SqlExpression.parse(aggregate).filtered(SqlExpression.parse(condition)).column();
  }

  /** Returns which rows count, as SQL. */
  private String condition(Window window, Optional<String> value) {
    var parts = new ArrayList<String>();
    parts.add("true");
    where.ifPresent(sql -> parts.add("(" + sql.text() + ")"));
    window
        .days()
        .ifPresent(days -> parts.add("%s >= %s - interval '%d' day".formatted(TIME, CUT, days)));
    value.ifPresent(
        text ->
            parts.add(
                "(%s) = '%s'"
                    .formatted(
                        by.orElseThrow().text(), text.replace("\\", "\\\\").replace("'", "\\'"))));
    return String.join(" and ", parts);
  }

  /** A feature with one window is called as it is declared; one with several says which. */
  private String column(Window window) {
    return windows.size() == 1 ? name : name + "_" + window.suffix();
  }

  private String column(Window window, String value) {
    String plain = value.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", "_");
    return column(window) + "_" + plain;
  }
}
