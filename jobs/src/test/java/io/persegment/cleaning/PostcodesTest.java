package io.persegment.cleaning;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.testing.LocalSpark;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Of a German shop. */
@ExtendWith(LocalSpark.class)
class PostcodesTest {
  @Test
  void inTheUsualFormOfTheirCountry(LocalSpark.Handle spark) {
    Map<String, String> expected =
        Spellings.pairs(
            "10115", "10115",
            "1067", "01067",
            "1067.0|DE", "01067",
            "D-10115|DE", "10115",
            "sw1a1aa|GB", "SW1A 1AA",
            "M1 1AE|GB", "M1 1AE",
            "1234ab|NL", "1234 AB",
            "2134|US", "02134",
            "501|US", "00501",
            "123456789|US", "12345-6789",
            "12345-6789|US", "12345-6789",
            "DK-2100|DK", "2100",
            "11455|SE", "114 55",
            "00950|PL", "00-950",
            "k1a0b1|CA", "K1A 0B1",
            "d02x285|IE", "D02 X285",
            "1010|LV", "LV-1010",
            "12|DE", "12",
            "Berlin|DE", "Berlin",
            "whatever 7|Atlantis", "whatever 7",
            "NULL|DE", "-");

    assertThat(
            Spellings.made(
                spark,
                code -> Postcodes.normalised(code, col("more"), Optional.of("DE")),
                Spellings.texts(expected)))
        .isEqualTo(expected);
  }
}
