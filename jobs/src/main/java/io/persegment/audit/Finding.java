package io.persegment.audit;

import java.sql.Date;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.LocalDate;
import java.util.Locale;
import java.util.OptionalDouble;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * One row of {@link Audits}: what a check found in a table.
 *
 * @param check never made from a value of a customer's row
 * @param limit what is allowed; none where the check only informs
 * @param bound on which side of the limit a value is good
 * @param cause what to look at, for a person; empty where the check says it
 */
record Finding(
    String check,
    String table,
    double value,
    OptionalDouble limit,
    Bound bound,
    Severity severity,
    String cause) {
  /** On which side of its limit a value is good; the limit itself is good. */
  enum Bound {
    AT_MOST,
    AT_LEAST
  }

  static Finding atMost(String check, String table, double value, double limit, Severity severity) {
    return new Finding(check, table, value, OptionalDouble.of(limit), Bound.AT_MOST, severity, "");
  }

  static Finding atLeast(
      String check, String table, double value, double limit, Severity severity) {
    return new Finding(check, table, value, OptionalDouble.of(limit), Bound.AT_LEAST, severity, "");
  }

  static Finding info(String check, String table, double value) {
    return new Finding(
        check, table, value, OptionalDouble.empty(), Bound.AT_MOST, Severity.INFO, "");
  }

  /**
   * Returns this finding with its cause.
   *
   * @param words a sentence without its full stop; never made from a value of a customer's row
   */
  Finding because(String words) {
    return new Finding(check, table, value, limit, bound, severity, words);
  }

  boolean passed() {
    return limit.isEmpty()
        || (bound == Bound.AT_MOST ? value <= limit.getAsDouble() : value >= limit.getAsDouble());
  }

  /** Returns the verdict for a person. */
  String sentence() {
    String found = "%s: %s is %s".formatted(table, check, number(value));
    if (limit.isEmpty()) {
      return found;
    }
    String allowed =
        "%s %s".formatted(bound == Bound.AT_MOST ? "most" : "least", number(limit.getAsDouble()));
    return passed()
        ? "%s, at %s as it should be".formatted(found, allowed)
        : "%s, but should be at %s%s"
            .formatted(found, allowed, cause.isEmpty() ? "" : ": " + cause);
  }

  static String percent(double share) {
    return number(100 * share, "0.#") + " %";
  }

  static String amount(double value) {
    return number(value, "0.##");
  }

  private static String number(double value) {
    return number(value, "0.####");
  }

  private static String number(double value, String format) {
    return new DecimalFormat(format, DecimalFormatSymbols.getInstance(Locale.ROOT)).format(value);
  }

  Row row(LocalDate asOf) {
    Double allowed = limit.isPresent() ? limit.getAsDouble() : null;
    return RowFactory.create(
        Date.valueOf(asOf), check, table, value, allowed, severity.text(), passed(), sentence());
  }
}
