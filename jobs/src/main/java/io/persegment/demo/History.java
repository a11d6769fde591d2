package io.persegment.demo;

import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * The days that are simulated, counted from 0, UTC: the 24 months of exports and, only for the
 * truth, the 30 days after them. Moments are epoch seconds.
 */
final class History {
  /** Days after {@code until} that are lived but not exported. */
  static final int HORIZON_DAYS = 30;

  private static final int MONTHS = 24;
  private static final long DAY_SECONDS = 86_400;

  private final LocalDate start;
  private final int days;
  private final String[] dates;
  private final int[] months;
  private final List<YearMonth> yearMonths = new ArrayList<>();

  History(LocalDate until) {
    this.start = until.plusDays(1).minusMonths(MONTHS);
    this.days = (int) (until.toEpochDay() - start.toEpochDay()) + 1;
    this.dates = new String[days];
    this.months = new int[days];
    for (int day = 0; day < days; day++) {
      LocalDate date = start.plusDays(day);
      if (!yearMonths.contains(YearMonth.from(date))) {
        yearMonths.add(YearMonth.from(date));
      }
      dates[day] = date.toString();
      months[day] = yearMonths.size() - 1;
    }
  }

  /** Days that are exported; the last is day {@code days() - 1}. */
  int days() {
    return days;
  }

  /** Days that are lived: those exported and the horizon. */
  int livedDays() {
    return days + HORIZON_DAYS;
  }

  int lastDay() {
    return days - 1;
  }

  /** The calendar months that are exported, first to last. */
  List<YearMonth> months() {
    return List.copyOf(yearMonths);
  }

  /** Returns the place of an exported moment's month in {@link #months}. */
  int monthOf(long moment) {
    return months[day(moment)];
  }

  /** Returns a date, also of days before the history (below 0) and after it. */
  LocalDate date(int day) {
    return start.plusDays(day);
  }

  long moment(int day, int second) {
    return (start.toEpochDay() + day) * DAY_SECONDS + second;
  }

  int day(long moment) {
    return (int) (Math.floorDiv(moment, DAY_SECONDS) - start.toEpochDay());
  }

  /** Returns when Fivetran is said to have copied every row: the morning after the last day. */
  String synced() {
    return timestamp(date(days).atTime(6, 0).toEpochSecond(ZoneOffset.UTC));
  }

  /** Returns the moment as Fivetran writes it: {@code yyyy-MM-dd HH:mm:ss}. */
  String timestamp(long moment) {
    int second = (int) Math.floorMod(moment, DAY_SECONDS);
    char[] text = " 00:00:00".toCharArray();
    twoDigits(text, 1, second / 3600);
    twoDigits(text, 4, second / 60 % 60);
    twoDigits(text, 7, second % 60);
    return dateText(day(moment)) + new String(text);
  }

  /** Returns the day as {@code yyyy-MM-dd}. */
  String dateText(int day) {
    return day >= 0 && day < days ? dates[day] : date(day).toString();
  }

  private static void twoDigits(char[] text, int at, int number) {
    text[at] = (char) ('0' + number / 10);
    text[at + 1] = (char) ('0' + number % 10);
  }
}
