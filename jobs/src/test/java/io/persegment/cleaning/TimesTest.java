package io.persegment.cleaning;

import static org.apache.spark.sql.types.DataTypes.DateType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;
import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.testing.LocalSpark;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(LocalSpark.class)
class TimesTest {
  @Test
  void inTheFormatsThatAreDeclaredAndNoOther(LocalSpark.Handle spark) {
    Map<String, String> expected =
        Spellings.pairs(
            "03.02.2026 14:05", "2026-02-03 14:05:00",
            " 03.02.2026 ", "2026-02-03 00:00:00",
            "2026-02-03", "-",
            "31.02.2026", "-",
            "soon", "-");

    assertThat(
            Spellings.made(
                spark,
                text ->
                    Times.parsed(text, TimestampType, List.of("dd.MM.yyyy HH:mm", "dd.MM.yyyy")),
                Spellings.texts(expected)))
        .isEqualTo(expected);
  }

  @Test
  void yearsInWhichNobodyBoughtOrWasBorn(LocalSpark.Handle spark) {
    Map<String, String> times =
        Spellings.pairs(
            "0001-01-01", "-",
            "1899-12-31 23:59:59", "-",
            "1900-01-01", "1900-01-01 00:00:00",
            "2100-12-31", "2100-12-31 00:00:00",
            "9999-12-31", "-");
    Map<String, String> births =
        Spellings.pairs("1899-12-30", "-", "1990-02-03", "1990-02-03", "2999-01-01", "-");

    assertThat(
            Spellings.made(
                spark,
                text -> Times.plausible(Times.parsed(text, TimestampType, List.of())),
                Spellings.texts(times)))
        .isEqualTo(times);
    assertThat(
            Spellings.made(
                spark,
                text -> Times.plausibleBirth(Times.parsed(text, DateType, List.of())),
                Spellings.texts(births)))
        .isEqualTo(births);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dd/MM/yyyy|MM/dd/yyyy|fits both and means two days",
        "M/d/yyyy|d/M/yyyy|fits both and means two days",
        "yyyy-MM-dd|yyyy-dd-MM|fits both and means two days",
        "dd.MM.yyyy|DD.MM.YYYY|is no pattern of a day",
        "HH:mm|yyyy|is no pattern of a day"
      })
  void twoFormatsThatCanBothFitAreAMistake(String one, String other, String mistake) {
    assertThat(Times.mistake(List.of(one, other))).get().asString().contains(mistake);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dd.MM.yyyy HH:mm|yyyy-MM-dd",
        "dd/MM/yyyy|d/M/yyyy",
        "M/d/yyyy h:mm:ss a|M/d/yyyy",
        "yyyy-MM-dd'T'HH:mm:ssXXX|yyyyMMdd",
        "dd/MM/yyyy|dd/MM/yy"
      })
  void formatsThatCannotBeMistakenForEachOtherAreNone(String one, String other) {
    assertThat(Times.mistake(List.of(one, other))).isEmpty();
  }
}
