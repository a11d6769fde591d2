package io.persegment.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.persegment.sql.SqlExpression;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Counts as a known model makes them; what is learnt must be that model again. */
class TrainingTest {
  private static final long RECORDS = 2_000;
  private static final double ALL = RECORDS * (RECORDS - 1.0) / 2;
  private static final List<Comparison> COMPARISONS =
      List.of(
          comparison("first_name", Kind.Scope.PERSON),
          comparison("last_name", Kind.Scope.HOUSEHOLD),
          comparison("birth_date", Kind.Scope.PERSON),
          comparison("street", Kind.Scope.HOUSEHOLD),
          comparison("town", Kind.Scope.PLACE),
          comparison("postcode", Kind.Scope.PLACE));
  private static final double[] BY_CHANCE = {0.02, 0.01, 0.001, 0.001, 0.005, 0.005};

  @Test
  void learnsHowManyPairsOfEachKindThereAreAndWhatTheyAgreeOn() {
    Training.Fit fit = fit(town());

    assertThat(fit.converged()).isTrue();
    assertThat(fit.model().onePerson() * ALL).isCloseTo(600, within(30.0));
    assertThat(fit.model().share(Kind.HOUSEHOLD) * ALL).isCloseTo(300, within(30.0));
    assertThat(fit.model().chance(Kind.ONE_PERSON, 0, 1)).isCloseTo(0.8, within(0.03));
    assertThat(fit.model().chance(Kind.HOUSEHOLD, 3, 1)).isCloseTo(0.9, within(0.05));
    assertThat(fit.model().oddities(COMPARISONS)).isEmpty();
  }

  @Test
  void whoMovedIsAKindOfTheirOwn() {
    Map<Kind, Double> shares = new EnumMap<>(Kind.class);
    Map<Kind, double[][]> chances = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      shares.put(kind, town().share(kind));
      chances.put(kind, chances(town(), kind));
    }
    shares.put(Kind.MOVED, 150 / ALL);
    chances.put(Kind.MOVED, agreeing(0.8, 0.95, 0.85, 0.02, 0.2, 0.1));
    Model learnt = fit(new Model(shares, chances)).model();

    assertThat(learnt.share(Kind.ONE_PERSON) * ALL).isCloseTo(600, within(30.0));
    assertThat(learnt.share(Kind.MOVED) * ALL).isCloseTo(150, within(30.0));
    assertThat(learnt.chance(Kind.MOVED, 0, 1)).isEqualTo(learnt.chance(Kind.ONE_PERSON, 0, 1));
    assertThat(learnt.chance(Kind.MOVED, 3, 1)).isCloseTo(0.02, within(0.05));
  }

  @Test
  void nobodyMovedWhereOnlyAFirstNameIsAPersonsOwn() {
    List<Training.Count> counts =
        List.of(
            new Training.Count(0x111011, 100),
            new Training.Count(0x222022, 900),
            new Training.Count(0x111111, 10)); // few have told their birth dates
    double[][] any = agreeing(BY_CHANCE);

    assertThat(
            new Training(COMPARISONS, counts, List.of(), List.of(), any, RECORDS)
                .best()
                .model()
                .share(Kind.MOVED))
        .isZero();
  }

  @Test
  void labelsGoBeforeWhatIsLearntWithout() {
    long allAgree = 0x111111;
    long firstNameUnknown = allAgree - 1;
    assertThat(Patterns.BITS).isEqualTo(4);
    Model model =
        fit(
                town(),
                List.of(
                    new Training.Count(allAgree, 300), new Training.Count(firstNameUnknown, 150)))
            .model();

    assertThat(model.chance(Kind.ONE_PERSON, 0, 1)).isCloseTo((300 + 0.8 * 50) / 350, within(0.01));
    assertThat(model.onePerson(3, 1)).isCloseTo((450 + 0.7 * 50) / 500, within(0.01));
  }

  @Test
  void saysWhereAModelCannotBeRight() {
    Map<Kind, Double> shares = new EnumMap<>(Kind.class);
    Map<Kind, double[][]> chances = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      shares.put(kind, 0.25);
      chances.put(kind, agreeing(BY_CHANCE));
    }
    chances.put(Kind.ONE_PERSON, agreeing(0.9, 0.9, 0.0001, 0.9, 0.9, 0.9));
    chances.put(Kind.MOVED, agreeing(0.9, 0.9, 0.0001, 0.9, 0.9, 0.9));
    assertThat(new Model(shares, chances).oddities(COMPARISONS))
        .singleElement()
        .asString()
        .startsWith("Nothing is linked by matching")
        .contains("agrees on birth_date less often than strangers do (0.0001, 0.0010)");

    chances.put(Kind.STRANGERS, agreeing(0.02, 0.01, 0.00001, 0.001, 0.95, 0.005));
    var mostHaveATown = new Model(shares, chances);
    assertThat(mostHaveATown.oddities(COMPARISONS)).isEmpty();
    assertThat(mostHaveATown.silenced(COMPARISONS).chances(Kind.ONE_PERSON))
        .as("what most have in common says nothing")
        .isEqualTo(
            List.of(
                List.of(0.9, 1 - 0.9),
                List.of(0.9, 1 - 0.9),
                List.of(0.0001, 1 - 0.0001),
                List.of(0.9, 1 - 0.9),
                List.of(0.95, 1 - 0.95),
                List.of(0.9, 1 - 0.9)));
  }

  /** 600 pairs of one person, 300 of a household. */
  private static Model town() {
    Map<Kind, Double> shares = new EnumMap<>(Kind.class);
    shares.put(Kind.ONE_PERSON, 600 / ALL);
    shares.put(Kind.HOUSEHOLD, 300 / ALL);
    shares.put(Kind.NEIGHBOURS, 0.01);
    shares.put(Kind.STRANGERS, 0.99 - 900 / ALL);
    return new Model(
        shares,
        Map.of(
            Kind.ONE_PERSON, agreeing(0.8, 0.9, 0.85, 0.7, 0.8, 0.8),
            Kind.HOUSEHOLD, agreeing(0.02, 0.95, 0.001, 0.9, 0.97, 0.97),
            Kind.NEIGHBOURS, agreeing(0.02, 0.01, 0.001, 0.001, 0.95, 0.95),
            Kind.STRANGERS, agreeing(BY_CHANCE)));
  }

  private static double[][] chances(Model model, Kind kind) {
    return model.chances(kind).stream()
        .map(each -> each.stream().mapToDouble(Double::doubleValue).toArray())
        .toArray(double[][]::new);
  }

  private static Training.Fit fit(Model truth) {
    return fit(truth, List.of());
  }

  private static Training.Fit fit(Model truth, List<Training.Count> known) {
    List<Training.Count> counts = new ArrayList<>();
    double[][] any = agreeing(new double[BY_CHANCE.length]);
    for (int pattern = 0; pattern < 1 << BY_CHANCE.length; pattern++) {
      long packed = 0;
      for (int place = 0; place < BY_CHANCE.length; place++) {
        packed |= (((pattern >> place) & 1) == 0 ? 2L : 1L) << (Patterns.BITS * place);
      }
      double share = 0;
      for (Kind kind : Kind.values()) {
        share += Math.exp(truth.log(kind, packed));
      }
      counts.add(new Training.Count(packed, Math.round(share * ALL)));
      for (int place = 0; place < BY_CHANCE.length; place++) {
        any[place][0] += ((pattern >> place) & 1) == 0 ? 0 : share;
      }
    }
    for (double[] outcomes : any) {
      outcomes[1] = 1 - outcomes[0];
    }
    return new Training(COMPARISONS, counts, List.of(), known, any, RECORDS).best();
  }

  private static double[][] agreeing(double... equal) {
    double[][] chances = new double[equal.length][];
    for (int place = 0; place < equal.length; place++) {
      chances[place] = new double[] {equal[place], 1 - equal[place]};
    }
    return chances;
  }

  private static Comparison comparison(String name, Kind.Scope sharedBy) {
    return new Comparison(
        name,
        SqlExpression.parse("null"),
        List.of(Level.parse("exact")),
        false,
        sharedBy,
        Optional.empty());
  }
}
