package io.persegment.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LiftTest {
  private static final double EXACT = 1e-9;

  private static final double[] Y = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3};
  private static final double[] X = {1, 0, 2, 1, 2, 4, 1, 3, 2, 1};
  private static final double[] OTHER_Y = {2, 7, 1, 8, 2, 8, 1, 8};
  private static final double[] OTHER_X = {1, 3, 0, 4, 1, 3, 0, 4};

  /** Values of scipy 1.16: ttest_ind(equal_var=False) and its confidence_interval. */
  @Test
  void meansAreComparedAsWelchDoes() {
    Lift lift = Lift.of(sums(Y, X), sums(OTHER_Y, OTHER_X), 0, 0);

    assertThat(lift.lift()).isCloseTo(-0.725, within(EXACT));
    assertThat(lift.freedom()).isCloseTo(12.490773065039555, within(EXACT));
    assertThat(lift.p()).isCloseTo(0.6202657702412036, within(EXACT));
    assertThat(lift.lift() - lift.halfWidth()).isCloseTo(-3.8206787395046073, within(EXACT));
    assertThat(lift.lift() + lift.halfWidth()).isCloseTo(2.370678739504607, within(EXACT));
  }

  /** The same of what numpy leaves of the metric less theta times the covariate. */
  @Test
  void aCovariateTakesAwayWhatItExplains() {
    Sums all = sums(Y, X).plus(sums(OTHER_Y, OTHER_X));
    Lift lift = Lift.of(sums(Y, X), sums(OTHER_Y, OTHER_X), all.theta(), all.covariate());

    assertThat(all.theta()).isCloseTo(1.9897435897435893, within(EXACT));
    assertThat(all.explained()).isCloseTo(0.9384366039147237, within(EXACT));
    assertThat(lift.lift()).isCloseTo(-0.12807692307692253, within(EXACT));
    assertThat(lift.lift() - lift.halfWidth()).isCloseTo(-0.8642020126432977, within(EXACT));
  }

  @Test
  void theVarianceOfARatioIsThatOfTheDeltaMethod() {
    double[] per = {2, 1, 3, 1, 2, 3, 1, 2, 2, 1};
    Sums ratio = ratio(Y, per);

    assertThat(ratio.mean()).isCloseTo(2.1666666666666665, within(EXACT));
    assertThat(ratio.varianceOfMean(0)).isCloseTo(0.07335009907026364, within(EXACT));
  }

  @Test
  void armsOfOtherSizesThanTheirSharesAreFound() {
    assertThat(Lift.sampleRatio(List.of(480L, 520L), List.of(0.5, 0.5)))
        .isCloseTo(0.20590321073206466, within(EXACT));
    assertThat(Lift.sampleRatio(List.of(4800L, 5200L), List.of(0.5, 0.5))).isLessThan(0.001);
  }

  @Test
  void severalAtOnceAreAdjustedAsHolmDoes() {
    assertThat(Lift.holm(List.of(0.01, 0.04, 0.03, 0.005)))
        .usingElementComparator((a, b) -> Math.abs(a - b) < EXACT ? 0 : Double.compare(a, b))
        .containsExactly(0.03, 0.06, 0.06, 0.02);
    assertThat(Lift.holm(List.of())).isEmpty();
  }

  /**
   * One hundred thousand tests of nothing, of amounts that are skewed: five of a hundred are found.
   */
  @Test
  void whereNothingDiffersFiveOfAHundredAreFound() {
    var random = new Random(11);
    int tests = 100_000;
    int found = 0;
    for (int i = 0; i < tests; i++) {
      Lift lift = Lift.of(nothing(random, 200), nothing(random, 200), 0, 0);
      found += lift.isKnown() && lift.p() < 0.05 ? 1 : 0;
    }
    assertThat((double) found / tests).isCloseTo(0.05, within(3 * Math.sqrt(0.05 * 0.95 / tests)));
  }

  /** What is looked at every day for thirty days may be found on one of them. */
  @Test
  void lookingEveryDayFindsNoMoreThanFiveOfAHundred() {
    var random = new Random(12);
    int tests = 2_000;
    int always = 0;
    int naive = 0;
    for (int i = 0; i < tests; i++) {
      Sums arm = Sums.NOTHING;
      Sums control = Sums.NOTHING;
      boolean isAlways = false;
      boolean isNaive = false;
      for (int day = 0; day < 30; day++) {
        arm = arm.plus(nothing(random, 30));
        control = control.plus(nothing(random, 30));
        Lift lift = Lift.of(arm, control, 0, 0);
        isAlways |= Math.abs(lift.lift()) > lift.alwaysHalfWidth(1_000);
        isNaive |= lift.p() < 0.05;
      }
      always += isAlways ? 1 : 0;
      naive += isNaive ? 1 : 0;
    }
    assertThat((double) always / tests).isLessThan(0.05);
    assertThat((double) naive / tests).as("without it").isGreaterThan(0.15);
  }

  /** Returns sums of customers of whom a third buys, for amounts of all sizes. */
  private static Sums nothing(Random random, int customers) {
    double[] values = new double[customers];
    for (int i = 0; i < customers; i++) {
      values[i] = random.nextInt(3) == 0 ? -Math.log(1 - random.nextDouble()) : 0;
    }
    return sums(values, new double[customers]);
  }

  private static Sums sums(double[] y, double[] x) {
    Sums sums = Sums.NOTHING;
    for (int i = 0; i < y.length; i++) {
      sums = sums.plus(of(y[i], 1, x[i]));
    }
    return sums;
  }

  private static Sums ratio(double[] y, double[] d) {
    Sums sums = Sums.NOTHING;
    for (int i = 0; i < y.length; i++) {
      sums = sums.plus(of(y[i], d[i], 0));
    }
    return sums;
  }

  private static Sums of(double y, double d, double x) {
    return new Sums(1, y, y * y, d, d * d, y * d, x, x * x, x * y);
  }
}
