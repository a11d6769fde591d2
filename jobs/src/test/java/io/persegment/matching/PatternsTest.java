package io.persegment.matching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatternsTest {
  private static final List<Comparison> COMPARISONS =
      Stream.of(
              "first_name: first_name [exact, jaro-winkler >= 0.92], person, swaps with last_name",
              "last_name: last_name [exact, jaro-winkler >= 0.92], household",
              "email: email [exact, same-user, damerau-levenshtein <= 1], household")
          .map(Comparison::read)
          .toList();
  private static final Patterns PATTERNS = new Patterns(MatchingSettings.comparing(COMPARISONS));

  @ParameterizedTest
  @CsvSource({
    "ada, lovelace, ada, lovelace, exact",
    "ada, lovelace, lovelace, ada, swapped",
    "ada, lovelace, lovelaec, ada, swapped",
    "adelaide, lovelace, lovelace, adelaid, swapped",
    "ada, lovelace, lovelace, grace, differs",
    "anna, berg, berg, hanna, swapped",
    "james, james, james, smith, exact",
    "james, smith, smith, smith, differs",
  })
  void namesMayStandInEachOthersPlaceOneWithASlip(
      String first, String last, String otherFirst, String otherLast, String outcome) {
    assertThat(outcome(0, new String[] {first, last, null}, otherFirst, otherLast, null))
        .isEqualTo(outcome);
  }

  @ParameterizedTest
  @CsvSource({
    "ada.lovelace@a.example, ada.lovelace@a.example, exact",
    "ada.lovelace@a.example, ada.lovelace@bb.example, differs",
    "ada.lovelace@a.example, ada.lovelace@b.example, damerau-levenshtein <= 1",
    "ada.lovelace@a.example, ada.lovelace@aa.example, damerau-levenshtein <= 1",
    "ada.lovelace1815@a.example, ada.lovelace1815@b.example, same-user",
    "countess@a.example, countess@b.example, same-user",
  })
  void aUserMadeOfNamesTellsNobody(String one, String other, String outcome) {
    assertThat(outcome(2, new String[] {"ada", "lovelace", one}, "ada", "lovelace", other))
        .isEqualTo(outcome);
    assertThat(outcome(2, new String[] {"ada", "lovelace", one}, null, null, other))
        .as("it is enough that one has names")
        .isEqualTo(outcome);
  }

  private static String outcome(int place, String[] left, String first, String last, String email) {
    String[] right = {first, last, email};
    long pattern = PATTERNS.of(left, right);
    assertThat(PATTERNS.of(right, left)).isEqualTo(pattern);
    return COMPARISONS.get(place).inWords(Patterns.outcome(pattern, place));
  }
}
