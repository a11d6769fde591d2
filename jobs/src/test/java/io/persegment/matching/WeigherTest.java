package io.persegment.matching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.catalyst.expressions.XXH64;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeigherTest {
  /** As those of the model, with an e-mail in the house's place. */
  private static final List<String> WORDS =
      WaterfallTest.WORDS.stream()
          .map(
              words ->
                  words.startsWith("house:") ? "email: email [exact, same-user], household" : words)
          .toList();

  private static final MatchingSettings SETTINGS =
      MatchingSettings.comparing(WORDS.stream().map(Comparison::read).toList());
  private static final double LEAST = -3;

  @ParameterizedTest(name = "of pairs, {0} are of persons who moved")
  @ValueSource(doubles = {0, 0.0005})
  void leavesOffOnlyWhatIsTooUnlike(double moved) {
    var frequencies =
        new Frequencies(
            List.of(900L, 800L, 700L, 900L),
            List.of(.02, .01, .5, .9),
            List.of(
                new Frequencies.Share(0, hash("anna"), 0.04),
                new Frequencies.Share(1, hash("berg"), 0.07)));
    var learnt =
        new LearntModel(1001, WORDS, List.of(), WaterfallTest.model(moved), frequencies, Map.of());
    var all = new Weigher(learnt, SETTINGS, Weigher.EVERY);
    var screened = new Weigher(learnt, SETTINGS, LEAST);
    var random = new Random(7);
    int told = 0;
    int tooUnlike = 0;
    for (int i = 0; i < 20_000; i++) {
      String[] left = record(random);
      String[] right = record(random);
      double weight = all.weight(left, right, unasked());
      double shown = screened.weight(left, right, unasked());
      assertThat(weight).isNotNaN();
      if (weight >= LEAST) {
        assertThat(shown).isEqualTo(weight);
        told++;
      } else {
        assertThat(shown).isNaN();
        tooUnlike++;
      }
    }
    assertThat(told).isGreaterThan(1_000);
    assertThat(tooUnlike).isGreaterThan(1_000);
  }

  private static String[] record(Random random) {
    String[] names = {"anna", "berg", "hanna", "bergh", null, "zoe"};
    String[] emails = {"anna.berg@a.example", "anna.berg@bb.example", "countess@a.example", null};
    String[] towns = {"york", "bath", null};
    return new String[] {
      names[random.nextInt(6)],
      names[random.nextInt(6)],
      emails[random.nextInt(4)],
      towns[random.nextInt(3)]
    };
  }

  private static double[] unasked() {
    double[] rarity = new double[4];
    Arrays.fill(rarity, Double.NaN);
    return rarity;
  }

  private static long hash(String value) {
    return XXH64.hashUTF8String(UTF8String.fromString(value), 42);
  }
}
