package io.persegment.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormatsTest {

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource({
    "0, 0 %",
    "1, 100 %",
    "0.5, 50 %",
    "0.3824, 38.2 %",
    "0.00456, 0.46 %",
    "0.00001, < 0.01 %",
    "0.99999, > 99.9 %"
  })
  void aShareHasTheDigitsThatCount(double share, String written) {
    assertThat(Formats.percent(share)).isEqualTo(written);
  }

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource({
    "3, 3",
    "1234567, '1,234,567'",
    "1234.5678, '1,235'",
    "123.456, 123.5",
    "12.3456, 12.35",
    "0.12345, 0.123",
    "-2.5, -2.5",
    "0.00037, 0.00037"
  })
  void aNumberHasAboutThreeDigits(double number, String written) {
    assertThat(Formats.number(number)).isEqualTo(written);
  }

  @Test
  void aPartOfNothingIsNone() {
    assertThat(Formats.percent(0, 0)).isEqualTo("–");
    assertThat(Formats.percent(1, 3)).isEqualTo("33.3 %");
  }

  @Test
  void aTimeIsToldInSecondsOrMinutes() {
    assertThat(Formats.duration(Duration.ofMillis(1250))).isEqualTo("1.3 s");
    assertThat(Formats.duration(Duration.ofSeconds(125))).isEqualTo("2 min 05 s");
  }
}
