package io.persegment.cleaning;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.testing.LocalSpark;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Of a Danish shop. */
@ExtendWith(LocalSpark.class)
class PhonesTest {
  @Test
  void oneFormForOneNumberByItsRowsCountryOrElseTheShops(LocalSpark.Handle spark) {
    Map<String, String> expected =
        Spellings.pairs(
            "20 12 34 56",
            "+4520123456",
            "+45 20123456",
            "+4520123456",
            "0045 20123456|US",
            "+4520123456",
            "20123456.0",
            "+4520123456",
            "030 1234567|DE",
            "+49301234567",
            "030 1234567|Germany",
            "+49301234567",
            "030 1234567|deutschland",
            "+49301234567",
            "030 1234567|DEU",
            "+49301234567",
            "20123456|Atlantis",
            "+4520123456",
            "(212) 555-0100|usa",
            "+12125550100",
            "4,52012E+09",
            "-",
            "123",
            "-",
            "none",
            "-",
            "1".repeat(1000),
            "-");

    assertThat(
            Spellings.made(
                spark,
                number ->
                    Phones.normalised(number, Countries.normalised(col("more")), Optional.of("DK")),
                Spellings.texts(expected)))
        .isEqualTo(expected);
  }

  @Test
  void countriesByTheirTwoLetters(LocalSpark.Handle spark) {
    Map<String, String> expected =
        Spellings.pairs(
            "DK", "DK",
            "dk", "DK",
            "Danmark", "DK",
            "DNK", "DK",
            "Denmark", "DK",
            "UK", "GB",
            "U.S.A.", "US",
            "United States", "US",
            "Österreich", "AT",
            "OSTERREICH", "AT",
            "The Netherlands", "NL",
            "España", "ES",
            "Ελλάδα", "GR",
            "Atlantis", "Atlantis",
            "XX", "XX",
            "NULL", "-");

    assertThat(Spellings.made(spark, Countries::normalised, Spellings.texts(expected)))
        .isEqualTo(expected);
  }
}
