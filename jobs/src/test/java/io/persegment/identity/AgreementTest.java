package io.persegment.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.persegment.identity.Agreement.Sums;
import org.junit.jupiter.api.Test;

/** How sure a share is. */
class AgreementTest {

  /** 2 of 5: 0.1176 to 0.7693, as in any table of Wilson's interval. */
  @Test
  void anIntervalIsWilsons() {
    Share share = Share.wilson(0.4, 5);

    assertThat(share.low()).isCloseTo(0.1176, within(0.0001));
    assertThat(share.high()).isCloseTo(0.7693, within(0.0001));
  }

  @Test
  void thatAllAreRightIsNotSure() {
    assertThat(Share.wilson(1, 10).low()).isCloseTo(0.7225, within(0.0001));
    assertThat(Share.wilson(1, 10).high()).isEqualTo(1);
    assertThat(Share.wilson(0, 10).low()).isEqualTo(0);
  }

  /**
   * Two persons of ten pairs each, one all found and one not at all: not twenty observations. The
   * spread is 5^2 + 5^2, the variance 50 / 20^2 * 2 / 1 = 0.25, that of one toss of a coin.
   */
  @Test
  void pairsOfOnePersonAreNotManyObservations() {
    var agreement = new Agreement(new Sums(20, 10, 10, 200, 100, 100, 100, 100, 100, 2, 1, 2));

    assertThat(agreement.recall()).contains(Share.wilson(0.5, 1));
    assertThat(agreement.precision())
        .as("one person has all of the pairs found")
        .contains(Share.wilson(1, 1));
    assertThat(agreement.f1().orElseThrow().value()).isEqualTo(2 * 0.5 / 1.5);
  }

  @Test
  void whereThereIsNoPairThereIsNoShare() {
    var agreement = new Agreement(new Sums(5, 0, 0, 11, 0, 0, 0, 0, 0, 3, 0, 3));

    assertThat(agreement.precision()).isEmpty();
    assertThat(agreement.recall()).contains(Share.wilson(0, 3));
    assertThat(agreement.f1().orElseThrow().value()).isZero();
  }
}
