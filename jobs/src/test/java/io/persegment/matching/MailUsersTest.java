package io.persegment.matching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MailUsersTest {
  @ParameterizedTest
  @CsvSource({
    "ada.lovelace@a.example, ada, lovelace, true",
    "lovelace_ada1@a.example, ada, lovelace, true",
    "alovelace@a.example, ada, lovelace, true",
    "lovelace@a.example, ada, lovelace, true",
    "johnson@a.example, john, johnson, true",
    "jjohnson@a.example, john, johnson, true",
    "jansen.jan@a.example, jan, jansen, true",
    "anna.berg@a.example, anna maria, berg, true",
    "annalee@a.example, anna lee, , true",
    "ada.lovelace15@a.example, ada, lovelace, false",
    "countess@a.example, ada, lovelace, false",
    "ada.lovelace@a.example, , , false",
  })
  void namesakesHaveAUserThatIsMadeOfTheirNames(
      String address, String firstName, String lastName, boolean isMade) {
    assertThat(MailUsers.isMadeOf(address, Arrays.asList(firstName, lastName))).isEqualTo(isMade);
  }
}
