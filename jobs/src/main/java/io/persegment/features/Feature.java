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
import java.util.function.Function;
import java.util.stream.Stream;
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
 * @param unit what a value is counted in; empty where its meaning says enough
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
    String meaning,
    Optional<String> unit) {

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
    VALUE;

    /** Returns the unit of what does not say its own. */
    Optional<String> unit() {
      return switch (this) {
        case RECENCY, TENURE -> Optional.of("days");
        case SHARE -> Optional.of("parts of 1");
        default -> Optional.empty();
      };
    }
  }

  /**
   * What one column is of.
   *
   * @param value of a share, the value it is the share of
   */
  private record Part(Window window, Optional<String> value) {}

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
    String in = unit.map("; in %s"::formatted).orElse("");
    return parts().stream()
        .map(part -> Field.optional(column(part), type, meaning(part) + in))
        .toList();
  }

  /** Returns what each of its columns says, without its unit. */
  Map<String, String> meanings() {
    return byColumn(this::meaning);
  }

  /** Returns how each of its columns is spoken of. */
  Map<String, Wording> wordings() {
    return byColumn(part -> Wording.of(this, part.window(), part.value()));
  }

  /** Returns this feature without what only people read: the same values, otherwise spoken of. */
  Feature withoutWords() {
    return new Feature(
        name, from, how, sql, by, values, where, windows, type, missing, "", Optional.empty());
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
    return byColumn(part -> aggregate(part).cast(type));
  }

  /** Returns the value of a feature that is made from one row. */
  Column value() {
    return filled(sql.column().cast(type));
  }

  /** Returns {@code value}, or what stands where nothing is known. */
  Column filled(Column value) {
    return missing.map(filler -> coalesce(value, lit(filler).cast(type))).orElse(value);
  }

  private Column aggregate(Part part) {
    String condition = condition(part.window(), Optional.empty());
    return switch (how) {
      case COUNT -> over("count(1)", condition);
      case RECENCY -> daysSince(over("max(%s)".formatted(TIME), condition));
      case TENURE -> daysSince(over("min(%s)".formatted(TIME), condition));
      case SHARE -> share(part, condition);
      case FAVOURITE -> favourite(part.window());
      default -> sql.filtered(SqlExpression.parse(condition)).column();
    };
  }

  private static Column daysSince(Column time) {
    Column cut = SqlExpression.parse(CUT).column();
    return floor(cut.cast("long").minus(time.cast("long")).divide(SECONDS_A_DAY));
  }

  /** Nothing bought is no share at all, and so is a sum of zero. */
  private Column share(Part part, String condition) {
    Column all = nullif(sum(condition), lit(0));
    Column sum = coalesce(sum(condition(part.window(), part.value())), lit(0));
    return when(all.isNotNull(), sum.cast("double").divide(all));
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

  private List<Part> parts() {
    return windows.stream()
        .flatMap(
            window ->
                how == How.SHARE
                    ? values.stream().map(value -> new Part(window, Optional.of(value)))
                    : Stream.of(new Part(window, Optional.empty())))
        .toList();
  }

  private <T> Map<String, T> byColumn(Function<Part, T> value) {
    var all = new LinkedHashMap<String, T>();
    parts().forEach(part -> all.put(column(part), value.apply(part)));
    return all;
  }

  /** A feature with one window is called as it is declared; one with several says which. */
  private String column(Part part) {
    String over = windows.size() == 1 ? name : name + "_" + part.window().suffix();
    return part.value()
        .map(value -> value.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", "_"))
        .map(plain -> over + "_" + plain)
        .orElse(over);
  }

  private String meaning(Part part) {
    String over = from.isEvents() ? meaning + ", " + part.window().inWords() : meaning;
    return part.value().map(value -> over + ": " + value).orElse(over);
  }
}
