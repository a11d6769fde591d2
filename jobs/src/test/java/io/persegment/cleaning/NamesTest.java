package io.persegment.cleaning;

import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.testing.LocalSpark;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalSpark.class)
class NamesTest {
  @Test
  void lastNames(LocalSpark.Handle spark) {
    Map<String, String> expected =
        Spellings.pairs(
            "Prøve", "Prøve",
            "PRØVE", "Prøve",
            "mcdonald", "McDonald",
            "MCDONALD", "McDonald",
            "McDonald", "McDonald",
            "macleod", "MacLeod",
            "MACHADO", "Machado",
            "MACK", "Mack",
            "van der Berg", "van der Berg",
            "VAN DER BERG", "van der Berg",
            "Van Der Berg", "Van Der Berg",
            "von trapp", "von Trapp",
            "de la cruz", "de la Cruz",
            "VAN", "Van",
            "O'NEIL", "O'Neil",
            "o’neil", "O'Neil",
            "smith-jones", "Smith-Jones",
            "MCDONALD-O'NEIL", "McDonald-O'Neil",
            "  Smith   Jones ", "Smith Jones",
            "DeVito", "DeVito",
            "Herr Müller", "Müller",
            "Herr", "Herr",
            "李", "李",
            "Test Test", "-",
            "N/A", "-",
            "none", "-",
            "asdf", "-",
            "123", "-",
            "-", "-");

    assertThat(Spellings.made(spark, Names::last, Spellings.texts(expected))).isEqualTo(expected);
  }

  @Test
  void firstNames(LocalSpark.Handle spark) {
    Map<String, String> expected =
        Spellings.pairs(
            "ada", "Ada",
            "ADA MARIA", "Ada Maria",
            "anne-marie", "Anne-Marie",
            "MARIA DE LA LUZ", "Maria de la Luz",
            "DI", "Di",
            "LE ANN", "Le Ann",
            "JP", "JP",
            "BO", "Bo",
            "j.p.", "J.P.",
            "Mrs Ada", "Ada",
            "Prof. Dr. ADA", "Ada",
            "Frau", "-",
            "Zoe\u0308", "Zoë",
            "JOHN III", "John III",
            "test", "-",
            "Test", "-");

    assertThat(Spellings.made(spark, Names::first, Spellings.texts(expected))).isEqualTo(expected);
  }
}
