package io.persegment.cleaning;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.current_date;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.try_to_timestamp;
import static org.apache.spark.sql.functions.when;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataType;

/** Times and dates as they are written, and which of them can be true. */
public final class Times {
  private static final Instant EARLIEST = Instant.parse("1900-01-01T00:00:00Z");
  private static final Instant AFTER = Instant.parse("2101-01-01T00:00:00Z");

  /** Moments by which two formats are told apart: days up to 12, mornings and afternoons. */
  private static final List<LocalDateTime> MOMENTS =
      List.of(
          LocalDateTime.of(2011, 10, 9, 8, 7, 6),
          LocalDateTime.of(2012, 1, 2, 3, 4, 5),
          LocalDateTime.of(2010, 11, 12, 20, 9, 8),
          LocalDateTime.of(1999, 12, 11, 0, 0, 0));

  private Times() {}

  /**
   * Returns the time or date, or null where the text is none. Text without a zone is of the
   * session's.
   *
   * @param formats Spark's patterns, of which one must fit; ISO 8601 where there are none
   */
  public static Column parsed(Column text, DataType type, List<String> formats) {
    if (formats.isEmpty()) {
      return text.cast(type);
    }
    Column tidy = trim(text);
    return coalesce(
            formats.stream()
                .map(format -> try_to_timestamp(tidy, lit(format)))
                .toArray(Column[]::new))
        .cast(type);
  }

  /** Returns {@code time}; null where nobody can have bought anything then. */
  public static Column plausible(Column time) {
    return when(time.geq(lit(EARLIEST)).and(time.lt(lit(AFTER))), time);
  }

  /** Returns {@code date}; null where nobody can be born then who buys today. */
  public static Column plausibleBirth(Column date) {
    return when(date.geq(lit(LocalDate.of(1900, 1, 1))).and(date.leq(current_date())), date);
  }

  /**
   * Returns what is wrong with {@code formats}: that one is none, or that two can both fit one text
   * and mean different times.
   */
  public static Optional<String> mistake(List<String> formats) {
    for (String format : formats) {
      if (parser(format).flatMap(parser -> read(parser, written(parser, 0))).isEmpty()) {
        return Optional.of(
            "has %s, which is no pattern of a day; write one such as dd.MM.yyyy HH:mm"
                .formatted(format));
      }
    }
    return formats.stream()
        .flatMap(one -> formats.stream().map(other -> bothFit(one, other)))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<String> bothFit(String one, String other) {
    DateTimeFormatter parser = parser(one).orElseThrow();
    for (int moment = 0; moment < MOMENTS.size(); moment++) {
      String text = written(parser, moment);
      Optional<LocalDateTime> meant = read(parser, text);
      Optional<LocalDateTime> taken = read(parser(other).orElseThrow(), text);
      if (taken.isPresent() && !taken.equals(meant)) {
        return Optional.of(
            "has %s and %s; %s fits both and means two days: say the one that the source writes"
                .formatted(one, other, text));
      }
    }
    return Optional.empty();
  }

  private static String written(DateTimeFormatter parser, int moment) {
    try {
      return parser.format(MOMENTS.get(moment).atOffset(ZoneOffset.UTC));
    } catch (DateTimeException e) {
      return ""; // a part that a time has not got
    }
  }

  private static Optional<LocalDateTime> read(DateTimeFormatter parser, String text) {
    try {
      TemporalAccessor parsed = parser.parse(text);
      LocalTime time = parsed.query(TemporalQueries.localTime());
      return Optional.ofNullable(parsed.query(TemporalQueries.localDate()))
          .map(date -> date.atTime(time == null ? LocalTime.MIDNIGHT : time));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** Returns the parser that Spark makes of a pattern; empty where it makes none. */
  private static Optional<DateTimeFormatter> parser(String format) {
    String unquoted = format.replaceAll("'[^']*'", "");
    if (unquoted.matches(".*[ABceEFjlnNpqQuwWY].*")) {
      return Optional.empty();
    }
    try {
      // Without an era, Java's year of era is no date where it is strict; Spark does this as well.
      String proleptic = format.replaceAll("y(?=[^']*(?:'[^']*'[^']*)*$)", "u");
      return Optional.of(
          new DateTimeFormatterBuilder()
              .parseCaseInsensitive()
              .appendPattern(proleptic)
              .toFormatter(Locale.US)
              .withResolverStyle(ResolverStyle.STRICT));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
