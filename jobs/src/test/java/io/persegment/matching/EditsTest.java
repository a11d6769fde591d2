package io.persegment.matching;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class EditsTest {
  @Property(tries = 20_000)
  void agreesWithTheDefinition(
      @ForAll("texts") String left,
      @ForAll("texts") String right,
      @ForAll @IntRange(min = 1, max = 6) int most) {
    int needed = edits(left, right);
    assertThat(Edits.within(left, right, most)).isEqualTo(needed <= most);
  }

  @Property(tries = 5_000)
  void agreesWithTheDefinitionNearTheBound(
      @ForAll("texts") String text,
      @ForAll @IntRange(min = 0, max = 9) int at,
      @ForAll @IntRange(min = 0, max = 9) int other,
      @ForAll @IntRange(min = 1, max = 3) int most) {
    String edited = swapped(without(text, at), other);
    assertThat(Edits.within(text, edited, most)).isEqualTo(edits(text, edited) <= most);
    assertThat(Edits.within(edited, text, most)).isEqualTo(edits(text, edited) <= most);
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.strings().withChars("ab").ofMaxLength(8),
        Arbitraries.strings().withChars("abcd").ofMaxLength(10));
  }

  private static String without(String text, int at) {
    return at < text.length() ? text.substring(0, at) + text.substring(at + 1) : text;
  }

  private static String swapped(String text, int at) {
    return at + 1 < text.length()
        ? text.substring(0, at) + text.charAt(at + 1) + text.charAt(at) + text.substring(at + 2)
        : text;
  }

  /** Optimal string alignment as it is defined, with the whole table. */
  private static int edits(String left, String right) {
    int[][] edits = new int[left.length() + 1][right.length() + 1];
    for (int i = 0; i <= left.length(); i++) {
      for (int j = 0; j <= right.length(); j++) {
        if (i == 0 || j == 0) {
          edits[i][j] = i + j;
          continue;
        }
        int change = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
        edits[i][j] =
            Math.min(edits[i - 1][j - 1] + change, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
        if (i > 1
            && j > 1
            && left.charAt(i - 1) == right.charAt(j - 2)
            && left.charAt(i - 2) == right.charAt(j - 1)) {
          edits[i][j] = Math.min(edits[i][j], 1 + edits[i - 2][j - 2]);
        }
      }
    }
    return edits[left.length()][right.length()];
  }
}
