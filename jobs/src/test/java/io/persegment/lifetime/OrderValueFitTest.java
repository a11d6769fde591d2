package io.persegment.lifetime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.distribution.GammaDistribution;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;
import org.junit.jupiter.api.Test;

class OrderValueFitTest {

  @Test
  void findsTheParametersThatOrdersWereMadeBy() throws CannotFit {
    var truth = new OrderValue(6, 4, 15);

    OrderValueFit fit = OrderValueFit.of(simulated(truth, 20_000));

    List<Double> made = List.of(truth.p(), truth.q(), truth.v());
    for (int i = 0; i < made.size(); i++) {
      Estimate found = fit.estimates().get(i);
      assertThat(found.value())
          .as(found.toString())
          .isCloseTo(made.get(i), within(3 * found.standardError()));
      assertThat(found.standardError()).isLessThan(.1 * made.get(i));
    }
  }

  @Test
  void aCustomerLiesBetweenTheirOwnOrdersAndThoseOfAll() {
    var model = new OrderValue(6.25, 3.74, 15.44);
    double ofAll = 6.25 * 15.44 / 2.74;
    assertThat(model.expected(0, 0)).isCloseTo(ofAll, within(1e-9));
    assertThat(model.expected(1, 100)).isBetween(ofAll, 100.0);
    assertThat(model.expected(5_000, 100)).isCloseTo(100, within(.01));
  }

  @Test
  void theCurrencyDoesNotMatter() throws CannotFit {
    List<Spending> euros = simulated(new OrderValue(6, 4, 15), 2_000);
    List<Spending> yen =
        euros.stream()
            .map(each -> new Spending(each.frequency(), each.meanValue() * 1e6, each.customers()))
            .toList();

    OrderValue ofEuros = OrderValueFit.of(euros).model();
    OrderValue ofYen = OrderValueFit.of(yen).model();

    assertThat(ofYen.p()).isCloseTo(ofEuros.p(), within(1e-6));
    assertThat(ofYen.v()).isCloseTo(ofEuros.v() * 1e6, withinPercentage(.001));
  }

  @Test
  void ordersWithoutAMeanAreNoModel() {
    assertThatThrownBy(() -> OrderValueFit.of(simulated(new OrderValue(4, .7, 10), 5_000)))
        .isInstanceOf(CannotFit.class)
        .hasMessageStartingWith("q is 0.")
        .hasMessageContaining("a mean order value exists only above 1");
    assertThatThrownBy(() -> OrderValueFit.of(List.of()))
        .hasMessage("no customer who bought again spent anything");
  }

  private static List<Spending> simulated(OrderValue truth, int customers) {
    RandomGenerator random = new Well19937c(11);
    var rates = new GammaDistribution(random, truth.q(), 1 / truth.v());
    var spendings = new ArrayList<Spending>();
    for (int i = 0; i < customers; i++) {
      int frequency = 1 + random.nextInt(6);
      double mean =
          new GammaDistribution(random, truth.p() * frequency, 1 / rates.sample()).sample()
              / frequency;
      spendings.add(new Spending(frequency, mean, 1));
    }
    return spendings;
  }
}
