package io.persegment.features;

import io.persegment.config.Nearest;
import io.persegment.config.Section;
import io.persegment.sql.SqlExpression;
import io.persegment.sql.TypedExpression;
import io.persegment.table.Field;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.NullType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * Notes where SQL of one feature does not fit the columns that it is over, or gives no value of the
 * kind that is wanted: Spark would make a null of it and say nothing.
 *
 * @param columns those that it may name
 */
record FeatureSql(Section section, List<Field> columns) {
  private static final Set<String> MIXED = Set.of("MISSING_GROUP_BY", "MISSING_AGGREGATION");
  private static final String MIXES =
      "mixes an aggregate with a plain column; put every column into an aggregate, such as sum(net)";

  /** Checks what must be true or false of one row. */
  void condition(String key, SqlExpression sql) {
    ofRow(key, sql)
        .filter(type -> !(type instanceof BooleanType))
        .ifPresent(
            type ->
                section.problem(
                    key,
                    "gives %s; write a condition that is true or false, such as %s is not null"
                        .formatted(type.sql(), columns.get(0).name())));
  }

  /** Checks what is added up: a number of each row. */
  void number(String key, SqlExpression sql) {
    ofRow(key, sql)
        .filter(type -> !(type instanceof NumericType))
        .ifPresent(
            type ->
                section.problem(
                    key, "gives %s; write an expression that is a number".formatted(type.sql())));
  }

  /** Checks what rows are told apart by. */
  void text(String key, SqlExpression sql) {
    ofRow(key, sql)
        .filter(type -> !isText(type))
        .ifPresent(
            type ->
                section.problem(
                    key, "gives %s; write an expression that is a text".formatted(type.sql())));
  }

  /** Checks the value of a feature of that type, of one row. */
  void value(String key, SqlExpression sql, DataType type) {
    ofRow(key, sql).ifPresent(given -> fit(key, given, type));
  }

  /**
   * Checks the value of a feature of that type, of many rows.
   *
   * @param time column that says when a row happened
   */
  void aggregate(String key, SqlExpression sql, DataType type, Field time) {
    Optional<String> steadier = sql.steadier(time.name());
    steadier.ifPresent(what -> section.problem(key, what));
    if (steadier.isEmpty()) {
      typed(key, sql).ifPresent(given -> fit(key, given, type));
    }
  }

  private Optional<DataType> ofRow(String key, SqlExpression sql) {
    if (sql.aggregates()) {
      section.problem(key, "looks at many rows; write an expression over one");
      return Optional.empty();
    }
    return typed(key, sql);
  }

  /** Returns the type that it has, where it has one; null, which fits everywhere, is none. */
  private Optional<DataType> typed(String key, SqlExpression sql) {
    List<String> names = columns.stream().map(Field::name).toList();
    List<String> unknown = sql.references().stream().filter(name -> !names.contains(name)).toList();
    for (String name : unknown) {
      section.problem(key, "names no column: %s; %s".formatted(name, Nearest.hint(name, names)));
    }
    if (!unknown.isEmpty()) {
      return Optional.empty();
    }
    var schema = new StructType();
    for (Field column : columns) {
      schema = schema.add(column.name(), column.type());
    }
    try {
      return Optional.of(TypedExpression.type(sql, schema))
          .filter(type -> !(type instanceof NullType));
    } catch (IllegalArgumentException e) {
      section.problem(key, isMixed(e) ? MIXES : "cannot be evaluated: " + e.getMessage());
      return Optional.empty();
    }
  }

  private static boolean isMixed(IllegalArgumentException e) {
    return e.getCause() instanceof SparkThrowable spark && MIXED.contains(spark.getCondition());
  }

  private void fit(String key, DataType given, DataType wanted) {
    if (fits(given, wanted)) {
      return;
    }
    String own = name(given);
    section.problem(
        key,
        "gives %s, but the feature is a %s; write %s"
            .formatted(
                given.sql(),
                name(wanted),
                own.isEmpty()
                    ? "an expression that gives one"
                    : "type = %s, or an expression that gives a %s".formatted(own, name(wanted))));
  }

  /** A flag is as good as 0 or 1, and everything that is one value can be told in a text. */
  private static boolean fits(DataType given, DataType wanted) {
    return switch (name(wanted)) {
      case "number" -> given instanceof NumericType || given instanceof BooleanType;
      case "text" -> isText(given);
      default -> name(given).equals(name(wanted));
    };
  }

  private static boolean isText(DataType type) {
    return !(type instanceof ArrayType
        || type instanceof MapType
        || type instanceof StructType
        || type instanceof BinaryType);
  }

  /** Returns what the settings call such a type; nothing of one that features have not. */
  private static String name(DataType type) {
    if (type instanceof NumericType) {
      return "number";
    }
    if (type instanceof StringType) {
      return "text";
    }
    if (type instanceof BooleanType) {
      return "flag";
    }
    return type instanceof DateType
            || type instanceof TimestampType
            || type instanceof TimestampNTZType
        ? "date"
        : "";
  }
}
