package io.persegment.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LevelTest {
  @ParameterizedTest(name = "{0}: {1} ~ {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "exact                    | ada            | ada",
        "jaro-winkler >= 0.92     | martha         | marhta",
        "damerau-levenshtein <= 1 | jhon           | john",
        "damerau-levenshtein <= 1 | jon            | john",
        "damerau-levenshtein <= 1 | john           | john",
        "damerau-levenshtein <= 2 | jhn            | johan",
        "damerau-levenshtein <= 3 | kitten         | sitting",
        "token-overlap >= 0.5     | 1 high street  | high street",
        "token-overlap >= 0.5     | a b b b        | b c a a",
        "token-overlap >= 1       | berg jon       | jon berg",
        "initial                  | j              | john",
        "initial                  | j              | j",
        "nickname                 | bob            | robert",
        "nickname                 | bob            | rob",
        "nickname                 | zaphod         | zaphod",
        "contains                 | anna           | anna maria",
        "contains                 | maria          | anna maria",
        "contains                 | anna           | anna",
        "one-digit                | 1980-03-05     | 1980/03/06",
        "one-digit                | 1980-03-05     | 1980-30-05",
        "one-digit                | 1980-03-05     | 19800305",
        "one-digit                | 555 123        | 555-132",
        "day-month                | 1980-03-05     | 1980-05-03",
        "day-month                | 1980-25-12     | 1980-12-25",
        "day-month                | 1980-03-05     | 19800305",
        "same-day-month           | 1980-03-05     | 1890-03-05",
        "same-year                | 1980-03-05     | 1980-12-31",
        "years-apart <= 10        | 1980-03-05     | 1990-03-05",
        "years-apart <= 10        | 2000-02-29     | 2010-02-28",
        "days-apart <= 3          | 1999-12-30     | 2000-01-02",
        "days-apart <= 2          | 2000-02-28     | 2000-03-01",
        "two-parts                | 1980-03-05     | 1980-03-17",
        "two-parts                | 1980-03-05     | 1980-04-05",
        "one-part                 | 1980-03-05     | 1981-03-06",
        "same-user                | ada@a.example  | ada@b.example",
        "similar-user >= 0.9      | ada.lovelace@a.example | ada.lovelac@b.example",
        "difference <= 5          | 10             | 15.0",
        "difference <= 0.2        | 10.3           | 10.1",
        "difference <= 0          | 1e3            | 1000",
        "difference <= 5          | -2             | +3",
        "kilometres <= 0          | 52.5,13.4      | 52.50, 13.40",
        "kilometres <= 344        | 48.8566,2.3522 | 51.5074,-0.1278", // Paris and London: 343.6
        "kilometres <= 23         | 0,179.9        | 0,-179.9",
      })
  void holds(String written, String left, String right) {
    assertThat(Level.parse(written).holds(left, right)).isTrue();
    assertThat(Level.parse(written).holds(right, left)).isTrue();
  }

  @ParameterizedTest(name = "{0}: {1} and {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "exact                    | ada            | Ada",
        "jaro-winkler >= 0.97     | martha         | marhta",
        "damerau-levenshtein <= 1 | john           | joan b",
        "damerau-levenshtein <= 1 | ab             | ca",
        "damerau-levenshtein <= 2 | ca             | abc", // 2 only if a stretch is edited twice
        "damerau-levenshtein <= 2 | kitten         | sitting",
        "token-overlap >= 0.5     | a b b          | b c",
        "token-overlap >= 0.1     | street         | streets",
        "initial                  | jo             | john",
        "initial                  | john           | john",
        "initial                  | k              | john",
        "nickname                 | bob            | ruth",
        "nickname                 | zaphod         | zap",
        "contains                 | ann            | anna maria",
        "contains                 | a              | anna maria",
        "contains                 | maria          | anna maria berg",
        "one-digit                | 1980-03-05     | 1980-13-15",
        "one-digit                | 1980-03-05     | 1980-30-15",
        "one-digit                | 1980-03-05     | 1980-03-50-0",
        "one-digit                | 1234           | 2143",
        "one-digit                | x              | x",
        "day-month                | 1980-03-05     | 1981-05-03",
        "day-month                | 5              | 5",
        "same-day-month           | 1980-03-05     | 1980-03-06",
        "same-year                | 1980-03-05     | 1981-03-05",
        "same-year                | 1980           | 1980",
        "years-apart <= 10        | 1980-03-05     | 1990-03-06",
        "days-apart <= 3          | 1999-12-30     | 2000-01-03",
        "days-apart <= 3          | 1999-02-31     | 1999-02-28",
        "two-parts                | 1980-03-05     | 1981-04-05",
        "one-part                 | 1980-03-05     | 1981-04-06",
        "one-part                 | 00000000       | 00000000",
        "same-user                | me@a.example   | me@b.example",
        "same-user                | ada            | ada",
        "same-user                | ada@a.example  | adam@a.example",
        "similar-user >= 0.9      | ada.lovelace@a.example | grace.hopper@a.example",
        "difference <= 5          | 10             | 15.01",
        "difference <= 5          | ten            | ten",
        "difference <= 5          | 1.2.3          | 1.2.3",
        "difference <= 5          | .              | .",
        "difference <= 5          | 1e999          | 1e999",
        "difference <= 5          | 1f             | 1",
        "kilometres <= 343        | 48.8566,2.3522 | 51.5074,-0.1278",
        "kilometres <= 10         | 52.5           | 52.5",
        "kilometres <= 10         | 91,0           | 91,0",
        "kilometres <= 10         | 52.5;13.4      | 52.5;13.4",
      })
  void doesNotHold(String written, String left, String right) {
    assertThat(Level.parse(written).holds(left, right)).isFalse();
    assertThat(Level.parse(written).holds(right, left)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "exact, exact",
    "' Exact ', exact",
    "jaro-winkler>=.920, jaro-winkler >= 0.92",
    "jaro-winkler  >=  1, jaro-winkler >= 1",
    "damerau-levenshtein <= 2.0, damerau-levenshtein <= 2",
    "kilometres <= 0100, kilometres <= 100",
    "difference <= 0, difference <= 0"
  })
  void isWrittenInOneWay(String written, String canonical) {
    assertThat(Level.parse(written).written()).isEqualTo(canonical);
  }

  @ParameterizedTest
  @EnumSource(LevelForm.class)
  void isReadAsItIsWrittenAndSentToExecutors(LevelForm form) throws Exception {
    Level level = Level.parse(form.example());
    assertThat(level.form()).isEqualTo(form);
    assertThat(level.written()).isEqualTo(form.example());
    assertThat(sent(level)).isEqualTo(level);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "jaro-winkler > 0.9   | \"jaro-winkler > 0.9\" is no level; did you mean jaro-winkler >= 0.9?",
        "jaro-winkler 0.9     | \"jaro-winkler 0.9\" is no level; did you mean jaro-winkler >= 0.9?",
        "jaro_winkler >= 0.9  | \"jaro_winkler >= 0.9\" is no level; did you mean jaro-winkler >= 0.9?",
        "jaro-winkler         | \"jaro-winkler\" is no level; did you mean jaro-winkler >= 0.92?",
        "jaro >= 0.8          | \"jaro >= 0.8\" is no level; did you mean jaro-winkler >= 0.8?",
        "jaro-winkler >= 0,9  | \"jaro-winkler >= 0,9\" is no level; did you mean jaro-winkler >= 0.92?",
        "levenshtein <= 2     | \"levenshtein <= 2\" is no level; did you mean damerau-levenshtein <= 2?",
        "nicknames            | \"nicknames\" is no level; did you mean nickname?",
        "kilometers <= 3      | \"kilometers <= 3\" is no level; did you mean kilometres <= 3?",
        "difference <= -5     | \"difference <= -5\" is no level; did you mean difference <= 5?",
        "exact 5              | \"exact 5\" is no level; did you mean exact?",
        "jaro-winkler >= 92   | \"jaro-winkler >= 92\" is no level: jaro-winkler asks for a number above 0"
            + " and up to 1, as in jaro-winkler >= 0.92",
        "damerau-levenshtein <= 0 | \"damerau-levenshtein <= 0\" is no level: damerau-levenshtein asks for"
            + " a whole number from 1, as in damerau-levenshtein <= 1",
        "days-apart <= 1.5    | \"days-apart <= 1.5\" is no level: days-apart asks for a whole number from 1,"
            + " as in days-apart <= 3",
      })
  void whatIsNoneIsRefusedWithTheNearest(String written, String message) {
    assertThatThrownBy(() -> Level.parse(written))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soundex", "cosine >= 0.8", "ex"})
  void whereNoneIsNearAllAreListed(String written) {
    assertThatThrownBy(() -> Level.parse(written))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "\"%s\" is no level; there are: exact, jaro-winkler >= 0.92, damerau", written)
        .hasMessageEndingWith("difference <= 5, kilometres <= 10");
  }

  @Property(tries = 4_000, edgeCases = EdgeCasesMode.NONE)
  void theOrderOfTheValuesDoesNotMatter(
      @ForAll LevelForm form, @ForAll("values") String left, @ForAll("values") String right) {
    Level level = Level.parse(form.example());
    assertThat(level.holds(left, right)).isEqualTo(level.holds(right, left));
  }

  @ParameterizedTest
  @EnumSource(value = LevelForm.class, mode = EnumSource.Mode.EXCLUDE, names = "INITIAL")
  void equalValuesThatCanBeReadHold(LevelForm form) {
    String value =
        switch (form) {
          case SAME_USER, SIMILAR_USER -> "ada@example.com";
          case KILOMETRES -> "52.5,13.4";
          default -> "19800305";
        };
    assertThat(Level.parse(form.example()).holds(value, value)).isTrue();
  }

  @Provide
  Arbitrary<String> values() {
    Arbitrary<String> names = Arbitraries.strings().withChars("ab j").ofMaxLength(8);
    Arbitrary<String> dates =
        Arbitraries.strings().withChars("012-").ofMinLength(7).ofMaxLength(11);
    Arbitrary<String> mails =
        Arbitraries.strings().withChars("ab.").ofMaxLength(5).map(user -> user + "@example.com");
    Arbitrary<String> numbers = Arbitraries.strings().withChars("012.,-e ").ofMaxLength(7);
    return Arbitraries.oneOf(names, dates, mails, numbers, Arbitraries.strings().ofMaxLength(6));
  }

  private static Level sent(Level level) throws IOException, ClassNotFoundException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(level);
    }
    try (var in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (Level) in.readObject();
    }
  }
}
