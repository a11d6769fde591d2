package io.persegment.matching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PersonNamesTest {
  @Test
  void namesThatAgreeAreOnePersons() {
    assertThat(persons("maria holm", "anna holm", "greta holm", "mary holm"))
        .containsExactly(0, 1, 2, 0);
    assertThat(persons("anna maria holm", "anna holm", "holm anna")).containsExactly(0, 0, 0);
    assertThat(persons("peter holm", "peter berg")).containsExactly(0, 0); // married
  }

  @Test
  void anInitialTiesNobody() {
    assertThat(persons("john berg", "jane berg", "j berg")).containsExactly(0, 1, 0);
    assertThat(persons("j berg", "jane berg", "john berg")).containsExactly(0, 0, 1);
  }

  @Test
  void withoutAFirstNameTheLastDecides() {
    assertThat(persons("peter holm", "- holm", "- sand")).containsExactly(0, 0, 1);
  }

  /** A first name of several words is all but the last; "-" is none. */
  private static int[] persons(String... written) {
    List<PersonNames> names = new ArrayList<>();
    for (String each : written) {
      int blank = each.lastIndexOf(' ');
      String first = blank < 0 ? each : each.substring(0, blank);
      names.add(
          new PersonNames(
              first.equals("-") ? "" : first, blank < 0 ? "" : each.substring(blank + 1)));
    }
    return PersonNames.persons(names);
  }
}
