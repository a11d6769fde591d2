package io.persegment.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import io.persegment.config.TextSection;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WaterfallTest {
  static final List<String> WORDS =
      List.of(
          "first_name: first_name [exact, jaro-winkler >= 0.92], person, by frequency, swaps with last_name",
          "last_name: last_name [exact], household, by frequency",
          "house: array(street, city)[0] [exact, damerau-levenshtein <= 1], household",
          "town: city [exact], place");
  static final List<Comparison> COMPARISONS = WORDS.stream().map(Comparison::read).toList();

  @Test
  void addsUpToTheWeightWhateverTheOutcomes() {
    var odds = new Odds(model(0.0005), COMPARISONS);
    List<Double> rarities = Arrays.asList(Math.log(0.001), Math.log(0.02), null, null);
    for (int outcomes = 0; outcomes < 4 * 3 * 4 * 3; outcomes++) {
      long pattern =
          (outcomes % 4L)
              | ((outcomes / 4 % 3L) << Patterns.BITS)
              | ((outcomes / 12 % 4L) << (2 * Patterns.BITS))
              | ((outcomes / 48L) << (3 * Patterns.BITS));
      Waterfall waterfall = Waterfall.of(1, 2, pattern, rarities, odds, COMPARISONS);
      double sum =
          waterfall.start() + waterfall.steps().stream().mapToDouble(Waterfall.Step::bits).sum();
      assertThat(sum).isCloseTo(odds.weight(pattern, rarities), offset(1e-9));
      assertThat(waterfall.weight()).isEqualTo(odds.weight(pattern, rarities));
    }
  }

  @Test
  void saysWhatIsKnownInWords() {
    var odds = new Odds(model(), COMPARISONS);
    List<Double> rarities = Arrays.asList(Math.log(0.001), Math.log(0.02), null, null);

    Waterfall alike = Waterfall.of(1, 2, 0x2311, rarities, odds, COMPARISONS);
    assertThat(alike.start()).as("one pair in a thousand").isCloseTo(-9.964, offset(0.001));
    assertThat(alike.steps())
        .extracting(Waterfall.Step::outcome)
        .containsExactly("exact", "exact", "differs", "differs");
    assertThat(alike.steps().get(0).share().orElseThrow()).isCloseTo(0.001, offset(1e-9));
    assertThat(alike.steps().get(2).share()).isEmpty();

    Waterfall swapped = Waterfall.of(1, 2, 0x0003, rarities, odds, COMPARISONS);
    assertThat(swapped.steps())
        .extracting(Waterfall.Step::outcome)
        .containsExactly(
            "swapped",
            "swapped, as counted at first_name",
            "not known of both",
            "not known of both");
    assertThat(swapped.steps().get(3).bits()).isZero();
  }

  @Test
  void aComparisonIsReadFromItsWords() {
    for (Comparison each :
        MatchingSettings.from(TextSection.of("").section("identity")).comparisons()) {
      assertThat(Comparison.read(each.inWords()).inWords()).isEqualTo(each.inWords());
    }
    assertThat(COMPARISONS).extracting(Comparison::inWords).isEqualTo(WORDS);
    assertThatThrownBy(() -> Comparison.read("first_name")).hasMessageContaining("no comparison");
  }

  @Test
  void aModelSaysWhatEachLevelIsWorthAndWhatIsSilent() {
    var learnt =
        new LearntModel(
            1001,
            WORDS,
            List.of(),
            model(),
            new Frequencies(List.of(900L, 900L, 0L, 900L), List.of(.02, .01, .5, .999), List.of()),
            Map.of());
    assertThat(learnt.expectedPairs()).isCloseTo(500.5, offset(1e-6));
    assertThat(learnt.silent())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "house", "no two records have a value",
                "town", "99.9 % of all pairs have the same value"));
    assertThat(learnt.weights())
        .hasSize(4 + 2 + 2)
        .contains(
            new LevelWeight("first_name", "exact", 0.8, 0.02, 0.02, 0.02, true, false),
            new LevelWeight(
                "town", "differs", 1 - 0.8, 1 - 0.97, 1 - 0.95, 1 - 0.005, false, false))
        .noneMatch(each -> each.comparison().equals("house"));
    assertThat(learnt.weights().get(0).bits()).isCloseTo(5.322, offset(0.001));

    double[] same = {0.8, 0.1, 0.05, 0.05};
    double[] chance = {0.02, 0.01, 0.01, 0.96};
    Model unlike =
        new Model(
            Map.of(Kind.ONE_PERSON, 0.1, Kind.STRANGERS, 0.9),
            Map.of(
                Kind.ONE_PERSON, chances(same, 0.6, new double[] {0.7, 0.1, 0.2}, 0.9),
                Kind.STRANGERS, chances(chance, 0.7, new double[] {0.1, 0.1, 0.8}, 0.005)));
    var odd =
        new LearntModel(
            1001,
            WORDS,
            List.of(),
            unlike,
            new Frequencies(List.of(9L, 9L, 9L, 9L), List.of(.02, .7, .1, .005), List.of()),
            Map.of());
    assertThat(odd.silent())
        .containsOnly(
            Map.entry(
                "last_name", "pairs of one person have it in common no more often than strangers"));
  }

  static Model model() {
    return model(0);
  }

  /** Of pairs, the share {@code moved} is of persons who moved. */
  static Model model(double moved) {
    Map<Kind, Double> shares = new EnumMap<>(Kind.class);
    shares.put(Kind.MOVED, moved);
    shares.put(Kind.ONE_PERSON, 0.001);
    shares.put(Kind.HOUSEHOLD, 0.002);
    shares.put(Kind.NEIGHBOURS, 0.01);
    shares.put(Kind.STRANGERS, 0.987 - moved);
    double[] chance = {0.02, 0.01, 0.01, 0.96};
    return new Model(
        shares,
        Map.of(
            Kind.ONE_PERSON,
            chances(new double[] {0.8, 0.1, 0.05, 0.05}, 0.9, new double[] {0.7, 0.1, 0.2}, 0.8),
            Kind.MOVED,
            chances(new double[] {0.8, 0.1, 0.05, 0.05}, 0.8, new double[] {0.01, 0.01, 0.98}, 0.3),
            Kind.HOUSEHOLD,
            chances(chance, 0.95, new double[] {0.9, 0.05, 0.05}, 0.97),
            Kind.NEIGHBOURS,
            chances(chance, 0.01, new double[] {0.001, 0.001, 0.998}, 0.95),
            Kind.STRANGERS,
            chances(chance, 0.01, new double[] {0.001, 0.001, 0.998}, 0.005)));
  }

  private static double[][] chances(double[] first, double last, double[] house, double town) {
    return new double[][] {first, {last, 1 - last}, house, {town, 1 - town}};
  }
}
