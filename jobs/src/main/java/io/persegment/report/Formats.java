package io.persegment.report;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** How numbers, spans and times are written for people. */
public final class Formats {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final double TINY = 0.0001;

  private Formats() {}

  /** Returns {@code 12,345}. */
  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** Returns a share of 0 to 1 as {@code 38.2 %}; what is not nothing never looks like nothing. */
  static String percent(double share) {
    if (share != 0 && Math.abs(share) < TINY) {
      return "< 0.01 %";
    }
    double percent = 100 * share;
    int digits = percent != 0 && Math.abs(percent) < 1 ? 2 : 1;
    String written = String.format(Locale.ROOT, "%." + digits + "f %%", percent);
    return written.startsWith("100.0") && percent < 100
        ? "> 99.9 %"
        : written.replace(".0 %", " %");
  }

  /** Returns {@code part} of {@code all} as a share; of nothing it is none. */
  static String percent(long part, long all) {
    return all == 0 ? "–" : percent((double) part / all);
  }

  /** Returns a number with about three digits that count. */
  public static String number(double number) {
    double size = Math.abs(number);
    if (number == Math.rint(number) && size < 1e15) {
      return count((long) number);
    }
    int digits = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : size >= 0.01 ? 3 : 5;
    return String.format(Locale.ROOT, "%,." + digits + "f", number)
        .replaceFirst("(\\.\\d*?)0+$", "$1")
        .replaceFirst("\\.$", "");
  }

  /** Returns a measure between 0 and 1 as {@code 0.812}. */
  static String measure(double number) {
    return String.format(Locale.ROOT, "%.3f", number);
  }

  /** Returns a probability as a measure, an amount as a number. */
  static String score(double number) {
    return Math.abs(number) <= 1 ? measure(number) : number(number);
  }

  /** Returns {@code 12.3 s} or {@code 2 min 05 s}. */
  static String duration(Duration time) {
    return time.toMinutes() == 0
        ? String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0)
        : String.format(Locale.ROOT, "%d min %02d s", time.toMinutes(), time.toSecondsPart());
  }

  static String time(Instant instant) {
    return TIME.format(instant);
  }
}
