package io.persegment.lifetime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.commons.math3.distribution.BetaDistribution;
import org.apache.commons.math3.distribution.GammaDistribution;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BuyingFitTest {

  @ParameterizedTest
  @EnumSource(Dropout.class)
  void findsTheParametersThatCustomersWereMadeBy(Dropout dropout) throws CannotFit {
    var truth = new Buying(dropout, .6, 5, .8, 2.5);

    BuyingFit fit = BuyingFit.of(dropout, simulated(truth, 20_000, 104));

    List<Double> made = List.of(truth.r(), truth.alpha(), truth.a(), truth.b());
    for (int i = 0; i < made.size(); i++) {
      Estimate found = fit.estimates().get(i);
      assertThat(found.value())
          .as(found.toString())
          .isCloseTo(made.get(i), within(3 * found.standardError()));
      assertThat(found.standardError()).isBetween(.005 * made.get(i), .2 * made.get(i));
      assertThat(made.get(i)).isBetween(found.low() * .9, found.high() * 1.1);
    }
  }

  @ParameterizedTest
  @EnumSource(Dropout.class)
  void slopesAreThoseOfTheLikelihood(Dropout dropout) {
    List<History> histories =
        List.of(new History(0, 0, 9, 5), new History(1, 3, 8, 2), new History(40, 6.5, 7, 1));
    var likelihood = new BuyingLikelihood(dropout, histories, 10);
    double[] at = {.7, 1.3, .4, 2.1};
    var slope = new double[4];
    likelihood.at(at, slope);
    for (int i = 0; i < at.length; i++) {
      double span = 1e-5;
      double[] above = at.clone();
      double[] below = at.clone();
      above[i] *= Math.exp(span);
      below[i] *= Math.exp(-span);
      var unused = new double[4];
      double measured = (likelihood.at(above, unused) - likelihood.at(below, unused)) / (2 * span);
      assertThat(slope[i]).isCloseTo(measured, within(1e-8));
    }
  }

  @Test
  void countsAreAsGoodAsCustomersAndTheUnitOfTimeDoesNotMatter() throws CannotFit {
    List<History> weeks = simulated(new Buying(Dropout.BG_NBD, .6, 5, .8, 2.5), 2_000, 52);
    var days = new ArrayList<History>();
    for (History each : weeks) {
      for (int i = 0; i < 3; i++) {
        days.add(new History(each.frequency(), each.recency() * 7, each.age() * 7, 2));
      }
    }
    BuyingFit once = BuyingFit.of(Dropout.BG_NBD, weeks);
    BuyingFit sixTimes = BuyingFit.of(Dropout.BG_NBD, days);

    assertThat(sixTimes.model().r()).isCloseTo(once.model().r(), within(1e-6));
    assertThat(sixTimes.model().alpha()).isCloseTo(once.model().alpha() * 7, within(1e-5));
    assertThat(sixTimes.estimates().get(0).standardError())
        .isCloseTo(once.estimates().get(0).standardError() / Math.sqrt(6), within(1e-5));
  }

  @Test
  void customersWhoDoNotDifferAreFittedAsWell() throws CannotFit {
    var random = new Random(7);
    var histories = new ArrayList<History>();
    for (int i = 0; i < 500; i++) {
      int frequency = 0;
      double last = 0;
      for (double time = gap(random); time < 50; time += gap(random)) {
        frequency++;
        last = time;
      }
      histories.add(new History(frequency, last, 50, 1));
    }
    for (Dropout dropout : Dropout.values()) {
      Buying found = BuyingFit.of(dropout, histories).model();
      assertThat(found.r() / found.alpha()).isCloseTo(.2, within(.02));
      assertThat(found.orders(10, 49, 50, 50)).isCloseTo(10, within(1.0));
    }
  }

  private static double gap(Random random) {
    return -Math.log(1 - random.nextDouble()) * 5;
  }

  @Test
  void veryFrequentBuyersOfManyYearsOverflowNothing() throws CannotFit {
    List<History> histories =
        new ArrayList<>(simulated(new Buying(Dropout.BG_NBD, .6, 5, .8, 2.5), 2_000, 1_400));
    histories.add(new History(5_000, 10_000 / 7.0, 10_000 / 7.0, 3));
    histories.add(new History(5_000, 700, 10_000 / 7.0, 2));
    for (Dropout dropout : Dropout.values()) {
      BuyingFit fit = BuyingFit.of(dropout, histories);
      assertThat(fit.logLikelihood()).isFinite();
      assertThat(fit.estimates()).allMatch(each -> each.standardError() > 0);
    }
  }

  @Test
  void nobodyWhoCameBackIsNoModel() {
    assertThatThrownBy(() -> BuyingFit.of(Dropout.BG_NBD, List.of(new History(0, 0, 9, 50))))
        .isInstanceOf(CannotFit.class)
        .hasMessage("nobody bought again");
  }

  /** Returns customers who came at any time of the first half of {@code weeks}. */
  private static List<History> simulated(Buying truth, int customers, double weeks) {
    RandomGenerator random = new Well19937c(11);
    var rates = new GammaDistribution(random, truth.r(), 1 / truth.alpha());
    var stops = new BetaDistribution(random, truth.a(), truth.b());
    var histories = new ArrayList<History>();
    for (int i = 0; i < customers; i++) {
      double age = weeks * (1 - random.nextDouble() / 2);
      double rate = rates.sample();
      double stop = stops.sample();
      boolean alive = truth.dropout() == Dropout.BG_NBD || random.nextDouble() >= stop;
      int frequency = 0;
      double last = 0;
      double time = 0;
      while (alive) {
        time -= Math.log(1 - random.nextDouble()) / rate;
        if (!(time < age)) {
          break;
        }
        frequency++;
        last = time;
        alive = random.nextDouble() >= stop;
      }
      histories.add(new History(frequency, last, age, 1));
    }
    return histories;
  }
}
