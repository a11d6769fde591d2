package io.persegment.lifetime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BuyingTest {
  /** Of CDNOW, in weeks, as Fader, Hardie and Lee published it. */
  private static final Buying CDNOW = new Buying(Dropout.BG_NBD, .243, 4.414, .793, 2.426);

  @Test
  void expectsWhatWasPublishedOfCustomer1516() {
    assertThat(CDNOW.orders(2, 30.43, 38.86, 39)).isCloseTo(1.226, within(.001));
  }

  @ParameterizedTest
  @CsvSource({
    "BG_NBD, 0, 0, 38.86, .243, 4.414, .793, 2.426",
    "BG_NBD, 2, 30.43, 38.86, .243, 4.414, .793, 2.426",
    "BG_NBD, 26, 30, 31, 1.5, 2, 1.7, 12",
    "MBG_NBD, 0, 0, 38.86, .525, 6.183, .891, 1.614",
    "MBG_NBD, 2, 30.43, 38.86, .525, 6.183, .891, 1.614",
    "MBG_NBD, 7, 20, 38.86, .525, 6.183, 3.2, 1.614",
  })
  void ordersAreTheClosedForm(
      Dropout dropout,
      int frequency,
      double recency,
      double age,
      double r,
      double alpha,
      double a,
      double b) {
    var buying = new Buying(dropout, r, alpha, a, b);
    assertThat(buying.orders(frequency, recency, age, 39))
        .isCloseTo(closedForm(buying, frequency, recency, age, 39), relative(1e-9));
  }

  @Test
  void ordersHaveNoGapWhereTheClosedFormHasNoValue() {
    double at = orders(1);
    assertThat(orders(1 - 1e-9)).isCloseTo(at, relative(1e-8));
    assertThat(orders(1 + 1e-9)).isCloseTo(at, relative(1e-8));
  }

  private static double orders(double a) {
    return new Buying(Dropout.MBG_NBD, .5, 6, a, 1.6).orders(2, 30, 39, 39);
  }

  @Test
  void whoNeverStopsBuysAtTheirRate() {
    var faithful = new Buying(Dropout.BG_NBD, 2, 3, 1e-9, 1e3);
    assertThat(faithful.orders(4, 20, 21, 52)).isCloseTo((2 + 4) / (3.0 + 21) * 52, relative(1e-6));
  }

  @ParameterizedTest
  @CsvSource({"5000, 1428, 1428.6", "5000, 10, 1428.6", "1, .15, 1428.6", "0, 0, 0"})
  void nothingOverflows(int frequency, double recency, double age) {
    for (Dropout dropout : Dropout.values()) {
      var buying = new Buying(dropout, .24, .05, .79, 2.4);
      assertThat(buying.alive(frequency, recency, age)).isBetween(0.0, 1.0);
      assertThat(buying.orders(frequency, recency, age, 522))
          .isBetween(0.0, (frequency + 1) * 522 / Math.max(age, .05));
    }
    // 1,000 of these expected in another 2,000 days, of one who still buys
    assertThat(new Buying(Dropout.BG_NBD, .24, .05, 1e-6, 2.4).orders(5000, 1428.6, 1428.6, 285.7))
        .isCloseTo(1000, within(1.0));
  }

  @Test
  void whoBoughtOnceIsAliveForCertainOnlyWhereTheyCouldNotStop() {
    assertThat(CDNOW.alive(0, 0, 38.86)).isOne();
    var mbg = new Buying(Dropout.MBG_NBD, .525, 6.183, .891, 1.614);
    assertThat(mbg.alive(0, 0, 38.86)).isBetween(.2, .6);
    assertThat(mbg.alive(0, 0, 1)).isGreaterThan(mbg.alive(0, 0, 38.86));
  }

  @Test
  void aliveIsLikelierTheLaterTheLastPurchase() {
    assertThat(CDNOW.alive(2, 30.43, 38.86)).isBetween(CDNOW.alive(2, 10, 38.86), 1.0);
    assertThat(CDNOW.alive(20, 10, 38.86)).isLessThan(1e-6);
  }

  @Test
  void moneyIsDiscountedByWhenItComes() {
    double all = CDNOW.orders(2, 30.43, 38.86, 52);
    assertThat(CDNOW.discountedOrders(2, 30.43, 38.86, 52, 12, 1)).isCloseTo(all, relative(1e-9));
    double aWeek = Math.pow(1.1, -1 / 52.0);
    double discounted = CDNOW.discountedOrders(2, 30.43, 38.86, 52, 12, aWeek);
    assertThat(discounted).isBetween(all / 1.1, all);
    assertThat(CDNOW.discountedOrders(2, 30.43, 38.86, 52, 1200, aWeek))
        .as("of parts as short as can be")
        .isCloseTo(discounted, relative(1e-4));
  }

  /**
   * Returns equation 10 of Fader, Hardie and Lee 2005, with the series of 2F1, where it loses no
   * digits.
   */
  private static double closedForm(Buying model, int x, double recency, double age, double time) {
    int n = model.dropout().chances(x);
    double z = time / (model.alpha() + age + time);
    double upper = model.r() + x;
    double left = model.b() + n;
    double lower = model.a() + model.b() + n - 1;
    double term = 1;
    double series = 1;
    for (int k = 0; k < 100_000; k++) {
      term *= (upper + k) * (left + k) / ((lower + k) * (k + 1)) * z;
      series += term;
    }
    return model.alive(x, recency, age)
        * lower
        / (model.a() - 1)
        * (1 - Math.pow(1 - z, upper) * series);
  }

  private static Percentage relative(double share) {
    return withinPercentage(share * 100);
  }
}
