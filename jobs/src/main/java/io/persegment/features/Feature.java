package io.persegment.features;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_max;
import static org.apache.spark.sql.functions.coalesce;
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
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

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
 * @param missing what stands where nothing is known, of which a column of flags then tells; null
 *     stays where it is empty
 * @param unit what a value is counted in; empty where its meaning says enough
 * @param isLasting whether it was on any past date what it is now: false of what customers are now
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
    Optional<Missing> missing,
    String meaning,
    Optional<String> unit,
    boolean isLasting) {

  /** What is made of the rows of a customer and window. */
  enum How {
    /** How many rows. */
    COUNT,
    /** Whole days from the last row to the end of the as-of date. */
    RECENCY,
    /** Whole days from the first row to the end of the as-of date. */
    TENURE,
    /** Mean days between a row and the next; null of fewer than two. */
    GAP,
    /** Standard deviation of these days; null of fewer than three rows. */
    GAP_SPREAD,
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
        case RECENCY, TENURE, GAP, GAP_SPREAD -> Optional.of("days");
        case SHARE -> Optional.of("parts of 1");
        default -> Optional.empty();
      };
    }

    /** Returns whether it is made of rows and times alone, so that no value is below 0. */
    boolean counts() {
      return this == COUNT
          || this == RECENCY
          || this == TENURE
          || this == GAP
          || this == GAP_SPREAD;
    }
  }

  /**
   * What one column is of.
   *
   * @param value of a share, the value it is the share of
   * @param isFlag whether it says that the value was missing
   */
  private record Part(Window window, Optional<String> value, boolean isFlag) {}

  /** The end of the as-of date, a column of the rows that are aggregated. */
  static final String CUT = "_cut";

  /** When the row happened. */
  static final String TIME = "_time";

  /** Microseconds from then to the end of the as-of date. */
  static final String AGO = "_ago";

  private static final String MICROS = "unix_micros(%s)".formatted(TIME);

  /** Whole days from the second in which the row happened. */
  private static final String DAYS_AGO = "(%s + 999999) div 86400000000".formatted(AGO);

  Feature {
    values = List.copyOf(values);
    windows = List.copyOf(windows);
  }

  /** Returns the columns that it makes. */
  List<Field> columns() {
    return parts().stream().map(this::field).toList();
  }

  /** Returns the names of those of its columns that hold values and not flags. */
  List<String> measured() {
    return valued().stream().map(this::column).toList();
  }

  private List<Part> valued() {
    return parts().stream().filter(part -> !part.isFlag()).toList();
  }

  /** Returns the name of the column that says whether the value of {@code column} was missing. */
  static String flag(String column) {
    return column + "_missing";
  }

  /** Returns the columns of other features that its own are made of. */
  Set<String> madeOf() {
    var names = new TreeSet<String>();
    if (from == Origin.FEATURES) {
      names.addAll(sql.references());
    }
    missing.ifPresent(each -> names.addAll(each.by()));
    return names;
  }

  /** Returns what each of its columns says, without its unit. */
  Map<String, String> meanings() {
    return byColumn(this::meaning);
  }

  /** Returns how each of its columns is spoken of. */
  Map<String, Wording> wordings() {
    return byColumn(
        part -> {
          Wording wording = Wording.of(this, part.window(), part.value());
          return part.isFlag() ? wording.ofMissing() : wording;
        });
  }

  /** Returns this feature without what only people read: the same values, otherwise spoken of. */
  Feature withoutWords() {
    return new Feature(
        name,
        from,
        how,
        sql,
        by,
        values,
        where,
        windows,
        type,
        missing,
        "",
        Optional.empty(),
        true);
  }

  /** Returns which values each of its columns can have. */
  Map<String, Domain> domains() {
    return byColumn(this::domain);
  }

  private Domain domain(Part part) {
    if (part.isFlag()) {
      return new Domain(
          DataTypes.BooleanType, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, false);
    }
    double least =
        how.counts()
            ? Math.min(0, missing.map(Missing::constant).orElse(0.0))
            : Double.NEGATIVE_INFINITY;
    return new Domain(type, least, Double.POSITIVE_INFINITY, isNullable());
  }

  /** Returns whether its columns can be null. */
  boolean isNullable() {
    return how != How.COUNT && missing.isEmpty();
  }

  /** Returns an aggregate over {@link #TIME} and {@link #AGO} for each of its columns. */
  Map<String, Column> aggregates() {
    var aggregates = new LinkedHashMap<String, Column>();
    valued().forEach(part -> aggregates.put(column(part), finite(aggregate(part).cast(type))));
    return aggregates;
  }

  /**
   * Returns what it counts the different values of, in windows that all end with the as-of date;
   * empty where it does not. Spark would group by these values first, and merge all that is added
   * up of the same rows once for each of them.
   *
   * <p>Visits, of which each has many events, are few beside these, and left to Spark.
   */
  Optional<Column> differentValues() {
    boolean isSimple =
        how == How.SQL
            && from != Origin.WEB_EVENTS
            && windows.stream().allMatch(window -> window.first() == 1);
    Optional<Column> counted = isSimple ? sql.distinctlyCounted() : Optional.empty();
    return where.isEmpty()
        ? counted
        : counted.map(value -> when(where.get().column(), value)); // null of rows that do not count
  }

  /** Returns the column that says whether a row is the last one of its different value. */
  String lastOfValue() {
    return "_last_of_" + name;
  }

  /** Returns the value of a feature that is made from one row. */
  Column value() {
    return finite(sql.column().cast(type));
  }

  /**
   * Returns a value that is null where it is no number, as a text "NaN" becomes one that in Spark
   * is above all others, or infinite: neither says how much.
   */
  private Column finite(Column value) {
    return type.equals(DataTypes.DoubleType)
        ? when(abs(value).lt(Double.POSITIVE_INFINITY), value)
        : value;
  }

  /** Returns {@code aggregate}, of a customer who may have no rows: then a count is 0. */
  Column known(Column aggregate) {
    return how == How.COUNT ? coalesce(aggregate, lit(0)).cast(type) : aggregate;
  }

  private Column aggregate(Part part) {
    String condition = condition(part.window(), Optional.empty());
    return switch (how) {
      case COUNT -> over("count(1)", condition);
      case RECENCY -> over("min(%s)".formatted(DAYS_AGO), condition);
      case TENURE -> over("max(%s)".formatted(DAYS_AGO), condition);
      case GAP -> gap(condition);
      case GAP_SPREAD ->
          Gaps.spread(over("collect_list(%s)".formatted(MICROS), condition), gap(condition));
      case SHARE -> share(part, condition);
      case FAVOURITE -> favourite(part.window());
      default ->
          differentValues().isPresent()
              ? over("count(1)", condition + " and " + lastOfValue())
              : sql.filtered(SqlExpression.parse(condition)).column();
    };
  }

  private static Column gap(String condition) {
    return Gaps.mean(
        over("min(%s)".formatted(MICROS), condition),
        over("max(%s)".formatted(MICROS), condition),
        over("count(1)", condition));
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
    parts.add(window.condition(AGO));
    where.ifPresent(sql -> parts.add("(" + sql.text() + ")"));
    value.ifPresent(
        text ->
            parts.add(
                "(%s) = '%s'"
                    .formatted(
                        by.orElseThrow().text(), text.replace("\\", "\\\\").replace("'", "\\'"))));
    return String.join(" and ", parts);
  }

  private List<Part> parts() {
    var parts = new ArrayList<Part>();
    for (Window window : windows) {
      for (Optional<String> value : divisions()) {
        parts.add(new Part(window, value, false));
        if (missing.isPresent()) {
          parts.add(new Part(window, value, true));
        }
      }
    }
    return parts;
  }

  private List<Optional<String>> divisions() {
    return how == How.SHARE
        ? values.stream().map(Optional::of).toList()
        : List.of(Optional.empty());
  }

  private <T> Map<String, T> byColumn(Function<Part, T> value) {
    var all = new LinkedHashMap<String, T>();
    parts().forEach(part -> all.put(column(part), value.apply(part)));
    return all;
  }

  private Field field(Part part) {
    if (part.isFlag()) {
      return Field.optional(column(part), DataTypes.BooleanType, meaning(part));
    }
    String in = unit.map("; in %s"::formatted).orElse("");
    return Field.optional(column(part), type, meaning(part) + in);
  }

  private String column(Part part) {
    return part.isFlag() ? flag(measured(part)) : measured(part);
  }

  /** A feature with one window is called as it is declared; one with several says which. */
  private String measured(Part part) {
    String over = windows.size() == 1 ? name : name + "_" + part.window().suffix();
    return part.value()
        .map(value -> value.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", "_"))
        .map(plain -> over + "_" + plain)
        .orElse(over);
  }

  private String meaning(Part part) {
    if (part.isFlag()) {
      return "Whether %s was missing, and is %s"
          .formatted(measured(part), missing.orElseThrow().inWords());
    }
    String over = from.isEvents() ? meaning + ", " + part.window().inWords() : meaning;
    return part.value().map(value -> over + ": " + value).orElse(over);
  }
}
