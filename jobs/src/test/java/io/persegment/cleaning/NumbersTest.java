package io.persegment.cleaning;

import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.testing.LocalSpark;
import java.util.Map;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalSpark.class)
class NumbersTest {
  private static final DataType MONEY = DataTypes.createDecimalType(18, 2);

  @Test
  void amountsWithADecimalPoint(LocalSpark.Handle spark) {
    Map<String, String> expected =
        Spellings.pairs(
            "12.5",
            "12.50",
            " 1e3 ",
            "1000.00",
            "$90,000 ",
            "90000.00",
            "US$ 1,234.50",
            "1234.50",
            "EUR 12",
            "12.00",
            "12 €",
            "12.00",
            "£1,234,567.89",
            "1234567.89",
            "1,00,000",
            "100000.00",
            "1'234.50",
            "1234.50",
            "1\u00A0234.50",
            "1234.50",
            "(12.50)",
            "-12.50",
            "($12.50)",
            "-12.50",
            "12.50-",
            "-12.50",
            "-$5",
            "-5.00",
            "$-5",
            "-5.00",
            "\u22125",
            "-5.00",
            "+5",
            "5.00",
            ".5",
            "0.50",
            "1e-999999999", // with which Spark alone would reckon for ever
            "-",
            "12,50",
            "-",
            "1,23,4",
            "-",
            "12%",
            "-",
            "1.2.3",
            "-",
            "ten",
            "-",
            "abc12",
            "-",
            "5-5",
            "-",
            "Infinity",
            "-",
            "9".repeat(30),
            "-",
            "1,".repeat(50_000),
            "-");

    assertThat(
            Spellings.made(
                spark, text -> Numbers.parsed(text, MONEY, false), Spellings.texts(expected)))
        .isEqualTo(expected);
  }

  @Test
  void amountsWithADecimalComma(LocalSpark.Handle spark) {
    Map<String, String> expected =
        Spellings.pairs(
            "12,5", "12.50",
            "1.234", "1234.00",
            "1.234,50 kr.", "1234.50",
            "kr 1.234,50", "1234.50",
            "1 234,50 €", "1234.50",
            "90,-", "90.00",
            "-12,50", "-12.50",
            "12", "12.00",
            "12.50", "-",
            "1,234.50", "-");

    assertThat(
            Spellings.made(
                spark, text -> Numbers.parsed(text, MONEY, true), Spellings.texts(expected)))
        .isEqualTo(expected);
  }

  @Test
  void yesAndNo(LocalSpark.Handle spark) {
    Map<String, String> expected =
        Spellings.pairs(
            "Yes", "true",
            "TRUE", "true",
            "1", "true",
            "1.0", "true",
            "Ja", "true",
            "on", "true",
            "X", "true",
            "n", "false",
            "nein", "false",
            "off", "false",
            "0", "false",
            "maybe", "-");

    assertThat(
            Spellings.made(
                spark, text -> Numbers.yesOrNo(text, BooleanType), Spellings.texts(expected)))
        .isEqualTo(expected);
  }

  @Test
  void nothing(LocalSpark.Handle spark) {
    String[] spellings = {
      "", " ", "null", "NULL", "N/A", "n/a", "none", "nan", "NaN", "-", "\\N", "0000-00-00"
    };

    assertThat(Spellings.made(spark, Nothing::isGiven, spellings).values()).containsOnly("false");
    assertThat(Spellings.made(spark, Nothing::isGiven, "0", "no").values()).containsOnly("true");
    assertThat(Spellings.made(spark, Nothing::orText, "", "NULL", "\\N", "N/A", "NaN").values())
        .containsOnly("-");
    assertThat(Spellings.made(spark, Nothing::orText, " none", "Nan", "na").values())
        .containsExactly("none", "Nan", "na");
  }
}
