package io.persegment.content;

import static org.apache.spark.sql.functions.call_function;
import static org.apache.spark.sql.functions.date_format;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.nullif;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import io.persegment.config.Section;
import io.persegment.segments.CustomerValue;
import io.persegment.segments.Vocabulary;
import io.persegment.sql.SqlExpression;
import io.persegment.sql.SqlExpression.Call;
import io.persegment.sql.TypedExpression;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.FractionalType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;

/**
 * One word or number, or a list of them, that templates and tools put into what a customer reads.
 *
 * @param format how a date or a number is written: a pattern such as {@code d MMMM yyyy} or {@code
 *     #,##0.00}; empty where it is a text
 * @param fallback what is written where the value is not known
 * @param mostMissing part of the audience, 0 to 1, of whom it may be unknown; more holds the
 *     publish
 */
public record Token(
    String name,
    CustomerValue value,
    Optional<String> format,
    String fallback,
    double mostMissing) {
  private static final String DATE = "d MMMM yyyy";
  private static final String FRACTION = "0.##";

  /** What a token may be declared to be, by what its value is. */
  private enum Type {
    TEXT,
    NUMBER,
    DATE,
    FLAG,
    LIST;

    static Optional<Type> of(DataType type) {
      if (type instanceof StringType) {
        return Optional.of(TEXT);
      }
      if (type instanceof NumericType) {
        return Optional.of(NUMBER);
      }
      if (type instanceof DateType || type instanceof TimestampType) {
        return Optional.of(DATE);
      }
      if (type instanceof ArrayType list
          && (list.elementType() instanceof StringType
              || list.elementType() instanceof StructType)) {
        return Optional.of(LIST);
      }
      return type instanceof BooleanType ? Optional.of(FLAG) : Optional.empty();
    }
  }

  /** Reads a section of {@code content.tokens}; null where something in it is wrong. */
  static Token from(String name, Section section, Vocabulary vocabulary) {
    Optional<CustomerValue> value = vocabulary.value(section, "value", section.text("value"));
    if (!section.has("fallback")) {
      section.problem(
          "fallback", "is missing; write what is read where the value is not known, or \"\"");
    }
    String fallback = section.optionalText("fallback").orElse("");
    double mostMissing = section.has("most-missing") ? section.decimal("most-missing", 0, 1) : 1;
    Optional<Type> declared =
        section.has("type") ? Optional.of(section.choice("type", Type.class)) : Optional.empty();
    Optional<String> format = section.optionalText("format");
    if (value.isEmpty()) {
      return null;
    }
    Optional<Type> type = Type.of(value.get().type());
    if (type.isEmpty() || (declared.isPresent() && !declared.equals(type))) {
      section.problem(
          "value",
          "gives %s; write what gives %s"
              .formatted(
                  value.get().type().sql(),
                  declared
                      .map(each -> "a " + each.name().toLowerCase(Locale.ROOT))
                      .orElse("a text, a number, a date, true and false, or a list")));
      return null;
    }
    if (type.get() == Type.LIST && !fallback.isEmpty()) {
      section.problem("fallback", "of a list is nothing; write \"\" and say the rest in {{else}}");
    }
    format.ifPresent(pattern -> check(section, type.get(), pattern));
    return new Token(
        name, value.get(), format.or(() -> usual(value.get().type())), fallback, mostMissing);
  }

  private static void check(Section section, Type type, String pattern) {
    if (type != Type.DATE && type != Type.NUMBER) {
      section.problem("format", "is for dates and numbers; take it out");
      return;
    }
    try {
      if (tried(type, pattern).isBlank()) {
        section.problem("format", "writes nothing");
      }
    } catch (RuntimeException e) { // of whichever formatter
      section.problem(
          "format",
          "is no pattern of %s: %s"
              .formatted(
                  type == Type.DATE ? "dates, such as d MMMM yyyy" : "numbers, such as #,##0.00",
                  e.getMessage()));
    }
  }

  /** Writes something as runs will. */
  private static String tried(Type type, String pattern) {
    String written =
        type == Type.DATE
            ? "date_format(timestamp'2026-06-30 10:00:00', '%s')"
            : "format_number(1.5D, '%s')";
    SqlExpression sql =
        SqlExpression.parse(written.formatted(pattern.replace("\\", "\\\\").replace("'", "\\'")));
    return TypedExpression.of(sql, new StructType()).of(List.of()).map(String::valueOf).orElse("");
  }

  private static Optional<String> usual(DataType type) {
    if (type instanceof DateType || type instanceof TimestampType) {
      return Optional.of(DATE);
    }
    return type instanceof FractionalType ? Optional.of(FRACTION) : Optional.empty();
  }

  /** Returns whether templates go through it by {@code {{#each}}}. */
  boolean isList() {
    return value.type() instanceof ArrayType;
  }

  /** Returns the names of what each of a list has; none where each is a text. */
  List<String> ofEach() {
    return value.type() instanceof ArrayType list && list.elementType() instanceof StructType each
        ? List.of(each.fieldNames())
        : List.of();
  }

  /**
   * Returns what is written, null where the value is not known, of which the fallback is not yet
   * made. A text of blanks alone is not known, nor is a list of nothing; others are JSON.
   */
  Column written(Function<Call, Column> call) {
    Column known = value.column(call);
    if (value.type() instanceof StringType) {
      return nullif(trim(known), lit(""));
    }
    if (isList()) {
      return when(size(known).gt(0), to_json(known));
    }
    if (format.isEmpty()) {
      return known.cast("string");
    }
    return value.type() instanceof NumericType
        ? call_function("format_number", known, lit(format.get()))
        : date_format(known, format.get());
  }
}
