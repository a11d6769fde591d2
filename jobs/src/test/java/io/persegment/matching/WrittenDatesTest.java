package io.persegment.matching;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class WrittenDatesTest {
  @Property(tries = 3_000)
  void apartAsTheCalendarHasIt(
      @ForAll("dates") LocalDate date,
      @ForAll @IntRange(min = -5_000, max = 5_000) int days,
      @ForAll @IntRange(min = 1, max = 15) int most) {
    LocalDate other = date.plusDays(days);
    LocalDate later = days > 0 ? other : date;
    LocalDate earlier = days > 0 ? date : other;
    boolean fewYears =
        later.getYear() - earlier.getYear() < most
            || (later.getYear() - earlier.getYear() == most
                && later.getMonthValue() * 100 + later.getDayOfMonth()
                    <= earlier.getMonthValue() * 100 + earlier.getDayOfMonth());
    assertThat(WrittenDates.yearsApart(date.toString(), other.toString(), most))
        .isEqualTo(fewYears);
    assertThat(WrittenDates.daysApart(date.toString(), other.toString(), 30 * most))
        .isEqualTo(ChronoUnit.DAYS.between(earlier, later) <= 30L * most);
  }

  @Property(tries = 10_000)
  void oneDigitAsItIsDefined(@ForAll("digits") String left, @ForAll("digits") String right) {
    String one = left.replace("-", "");
    String other = right.replace("-", "");
    boolean expected = one.equals(other) && !one.isEmpty();
    for (int at = 0; at < one.length() && one.length() == other.length(); at++) {
      String changed = one.substring(0, at) + other.charAt(at) + one.substring(at + 1);
      expected |= changed.equals(other);
      if (at > 0) {
        String swapped =
            one.substring(0, at - 1) + one.charAt(at) + one.charAt(at - 1) + one.substring(at + 1);
        expected |= swapped.equals(other);
      }
    }
    assertThat(WrittenDates.oneDigit(left, right)).isEqualTo(expected);
  }

  @Provide
  Arbitrary<LocalDate> dates() {
    return Arbitraries.longs()
        .between(LocalDate.of(1850, 1, 1).toEpochDay(), LocalDate.of(2060, 1, 1).toEpochDay())
        .map(LocalDate::ofEpochDay);
  }

  @Provide
  Arbitrary<String> digits() {
    return Arbitraries.strings().withChars("01-").ofMaxLength(6);
  }
}
