package io.persegment.identity;

import java.time.LocalDate;
import java.time.Month;
import java.time.Year;

/**
 * Dates as text, of which only the digits count: eight are year, month and day. Of the day and the
 * month either may be above 12, as somebody may have swapped them.
 */
final class WrittenDates {
  private static final int DIGITS = 8;
  private static final int YEAR = 10_000;
  private static final int MONTH = 100;
  private static final int MONTHS = 12;
  private static final int NONE = -1;

  private WrittenDates() {}

  /** Returns whether at most one digit differs, or two neighbours are swapped; of any digits. */
  static boolean oneDigit(String left, String right) {
    int at = digit(left, 0);
    int other = digit(right, 0);
    boolean any = at < left.length();
    boolean before = false; // whether the digits before these differ
    int wrong = 0;
    char leftBefore = 0;
    char rightBefore = 0;
    while (at < left.length() && other < right.length()) {
      char leftDigit = left.charAt(at);
      char rightDigit = right.charAt(other);
      boolean differ = leftDigit != rightDigit;
      boolean swapped = before && leftDigit == rightBefore && rightDigit == leftBefore;
      wrong += differ ? 1 : 0;
      if (wrong > 2 || (differ && wrong == 2 && !swapped)) {
        return false;
      }
      before = differ;
      leftBefore = leftDigit;
      rightBefore = rightDigit;
      at = digit(left, at + 1);
      other = digit(right, other + 1);
    }
    return any && at == left.length() && other == right.length();
  }

  static boolean dayMonth(String left, String right) {
    int one = date(left);
    int other = date(right);
    return one != NONE
        && other != NONE
        && one / YEAR == other / YEAR
        && (one == other || (day(one) == month(other) && month(one) == day(other)));
  }

  static boolean sameDayMonth(String left, String right) {
    int one = date(left);
    int other = date(right);
    return one != NONE && other != NONE && one % YEAR == other % YEAR;
  }

  static boolean sameYear(String left, String right) {
    int one = date(left);
    int other = date(right);
    return one != NONE && other != NONE && one / YEAR == other / YEAR;
  }

  /** Returns whether so many of year, month and day are equal. */
  static boolean sameParts(String left, String right, int least) {
    int one = date(left);
    int other = date(right);
    if (one == NONE || other == NONE) {
      return false;
    }
    int same = one / YEAR == other / YEAR ? 1 : 0;
    same += month(one) == month(other) ? 1 : 0;
    same += day(one) == day(other) ? 1 : 0;
    return same >= least;
  }

  /** Returns whether the later is at most on the same day so many years after the earlier. */
  static boolean yearsApart(String left, String right, int most) {
    int one = date(left);
    int other = date(right);
    return one != NONE && other != NONE && Math.abs(one - other) <= (long) most * YEAR;
  }

  /** Needs dates that there are: not 31 February. */
  static boolean daysApart(String left, String right, int most) {
    int one = date(left);
    int other = date(right);
    return isReal(one) && isReal(other) && Math.abs(epochDay(one) - epochDay(other)) <= most;
  }

  private static int month(int date) {
    return date / MONTH % MONTH;
  }

  private static int day(int date) {
    return date % MONTH;
  }

  private static boolean isReal(int date) {
    return date != NONE
        && month(date) <= MONTHS
        && day(date) <= Month.of(month(date)).length(Year.isLeap(date / YEAR));
  }

  private static long epochDay(int date) {
    return LocalDate.of(date / YEAR, month(date), day(date)).toEpochDay();
  }

  /** Returns the date as a number such as 19801231, or {@link #NONE}. */
  private static int date(String text) {
    int date = 0;
    int digits = 0;
    for (int at = digit(text, 0); at < text.length(); at = digit(text, at + 1)) {
      if (++digits > DIGITS) {
        return NONE;
      }
      date = date * 10 + (text.charAt(at) - '0');
    }
    return digits == DIGITS && isPart(month(date)) && isPart(day(date)) ? date : NONE;
  }

  private static boolean isPart(int part) {
    return part >= 1 && part <= 31;
  }

  /** Returns where the next digit stands, or the length of the text. */
  private static int digit(String text, int from) {
    int at = from;
    while (at < text.length() && (text.charAt(at) < '0' || text.charAt(at) > '9')) {
      at++;
    }
    return at;
  }
}
