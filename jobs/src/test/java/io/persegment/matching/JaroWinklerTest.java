package io.persegment.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JaroWinklerTest {
  /** From Winkler, Overview of Record Linkage and Current Research Directions, 2006. */
  @ParameterizedTest(name = "{0} and {1}: {2}")
  @CsvSource({
    "shackleford, shackelford, 0.982",
    "dunningham, cunnigham, 0.896",
    "nichleson, nichulson, 0.956",
    "jones, johnson, 0.832",
    "massey, massie, 0.933",
    "abroms, abrams, 0.922",
    "hardin, martinez, 0.722",
    "itman, smith, 0.467",
    "jeraldine, geraldine, 0.926",
    "marhta, martha, 0.961",
    "michelle, michael, 0.921",
    "julies, julius, 0.933",
    "tanya, tonya, 0.880",
    "dwayne, duane, 0.840",
    "sean, susan, 0.805",
    "jon, john, 0.933"
  })
  void valuesOfWinkler(String left, String right, double expected) {
    assertThat(JaroWinkler.of(left, right)).isCloseTo(expected, within(0.0006));
  }

  /** The examples that are mostly given of Winkler 1990. */
  @ParameterizedTest
  @CsvSource({
    "MARTHA, MARHTA, 0.9611",
    "DIXON, DICKSONX, 0.8133",
    "DWAYNE, DUANE, 0.8400",
    "'', '', 1",
    "'', A, 0",
    "A, B, 0",
    "A, A, 1"
  })
  void knownValues(String left, String right, double expected) {
    assertThat(JaroWinkler.of(left, right)).isCloseTo(expected, within(0.00005));
  }

  @Property(tries = 2_000)
  void isAShareThatDoesNotDependOnTheOrder(
      @ForAll("texts") String left, @ForAll("texts") String right) {
    double score = JaroWinkler.of(left, right);
    assertThat(score).isBetween(0.0, 1.0).isEqualTo(JaroWinkler.of(right, left));
    assertThat(score == 1).isEqualTo(left.equals(right));
    assertThat(JaroWinkler.of(left, left)).isEqualTo(1);
  }

  @Property(tries = 2_000)
  void longTextsAreScoredAlike(@ForAll("texts") String left, @ForAll("texts") String right) {
    int prefix = 0;
    while (prefix < Math.min(4, Math.min(left.length(), right.length()))
        && left.charAt(prefix) == right.charAt(prefix)) {
      prefix++;
    }
    assertThat(JaroWinkler.ofLong(left, left.length(), right, right.length(), prefix))
        .isEqualTo(JaroWinkler.of(left, right));
    String address = "1 high street upper floor left door ".repeat(2);
    assertThat(JaroWinkler.of(address + left, address + right))
        .isEqualTo(JaroWinkler.of(address + right, address + left))
        .isBetween(0.8, 1.0);
  }

  @Property(tries = 4_000)
  void isAtLeastWhatItIs(
      @ForAll("texts") String left, @ForAll("texts") String right, @ForAll("bounds") double bound) {
    double score = JaroWinkler.of(left, right);
    assertThat(JaroWinkler.atLeast(left, right, score)).isTrue();
    if (Math.abs(score - bound) > 1e-8) {
      assertThat(JaroWinkler.atLeast(left, right, bound)).isEqualTo(score >= bound);
    }
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.strings().withChars("abcd").ofMaxLength(12),
        Arbitraries.strings().withChars("abcdefghij").ofMaxLength(12),
        Arbitraries.strings().withChars('a', '!', 'b', '\u0161').ofMaxLength(6));
  }

  @Provide
  Arbitrary<Double> bounds() {
    return Arbitraries.doubles().between(0.3, 1);
  }
}
