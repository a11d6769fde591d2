package io.persegment.matching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NicknamesTest {
  @ParameterizedTest
  @CsvSource({
    "bob, robert",
    "bob, rob",
    "peggy, margaret",
    "steven, stephen",
    "alex, alexandra",
    "alex, alexander",
    "uli, ulrike",
    "sepp, josef",
    "kees, cornelis",
    "lasse, lars",
    "bjorn, bjoern",
    "manu, emmanuelle",
    "pepe, jose",
    "gigi, luigi",
    "gosia, malgorzata",
    "kuba, jakub"
  })
  void namesOfOneLineAgree(String left, String right) {
    assertThat(Nicknames.shared().agree(left, right)).isTrue();
    assertThat(Nicknames.shared().agree(right, left)).isTrue();
  }

  @Test
  void linesAreNotChained() {
    var nicknames = new Nicknames(List.of("alexander, alex", "alexandra, alex", "robert, bob"));
    assertThat(nicknames.agree("alexander", "alex")).isTrue();
    assertThat(nicknames.agree("alexander", "alexandra")).isFalse();
    assertThat(nicknames.agree("alexandra", "bob")).isFalse();
    assertThat(nicknames.agree("zaphod", "bob")).isFalse();
    assertThat(nicknames.agree("zaphod", "zaphod")).isTrue();
  }

  @Test
  void eachLineHasSeveralNamesInTheFormTheyAreComparedIn() {
    assertThat(Nicknames.groups())
        .doesNotHaveDuplicates()
        .allSatisfy(
            group -> {
              List<String> names = List.of(group.split(", ", -1));
              assertThat(names).hasSizeGreaterThan(1).doesNotHaveDuplicates();
              assertThat(names).allSatisfy(name -> assertThat(PlainText.of(name)).isEqualTo(name));
              assertThat(names).allMatch(name -> name.matches("[a-z ]+"));
            });
    assertThat(new HashSet<>(Nicknames.groups())).hasSizeGreaterThan(250);
  }
}
