package io.persegment.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.LocalDate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PurchaseProbabilityTest {
  private static final History HISTORY = new History(LocalDate.of(2026, 6, 30));
  private static final Season SEASON = new Season(HISTORY);
  private static final PurchaseProbability PROBABILITY = new PurchaseProbability(SEASON);
  private static final int DAY = HISTORY.lastDay();

  /** One interest at a time, so that a mistake in one is not made up for by another. */
  @Test
  void isTheShareOfThoseWhoWillBuy() {
    for (Interest interest : Interest.values()) {
      double[] foretold = people(interest).mapToDouble(PurchaseProbabilityTest::foretold).toArray();
      double bought = people(interest).filter(PurchaseProbabilityTest::buys).count();
      double mean =
          IntStream.range(0, foretold.length).mapToDouble(i -> foretold[i]).average().orElseThrow();
      double error = Math.sqrt(mean * (1 - mean) / foretold.length);
      assertThat(bought / foretold.length).as("%s", interest).isCloseTo(mean, within(4 * error));
    }
  }

  @Test
  void isNothingForThoseWhoLeft() {
    assertThat(people(Interest.GONE).mapToDouble(PurchaseProbabilityTest::foretold))
        .allMatch(probability -> probability == 0);
  }

  @Test
  void growsWithInterest() {
    assertThat(mean(Interest.COLD)).isLessThan(mean(Interest.WARM));
    assertThat(mean(Interest.WARM)).isLessThan(mean(Interest.HOT));
  }

  private static double mean(Interest interest) {
    return people(interest).mapToDouble(PurchaseProbabilityTest::foretold).average().orElseThrow();
  }

  private static IntStream people(Interest interest) {
    return IntStream.range(0, 8000)
        .filter(index -> person(index).firstLivedDay() <= DAY)
        .filter(index -> life(index).interest(DAY) == interest);
  }

  private static double foretold(int index) {
    return PROBABILITY.after(DAY, person(index), life(index));
  }

  private static boolean buys(int index) {
    return life(index).paysBetween(DAY + 1, DAY + History.HORIZON_DAYS);
  }

  private static Person person(int index) {
    return Person.drawn(3, index, HISTORY);
  }

  private static Life life(int index) {
    return Life.lived(person(index), SEASON, HISTORY, Draw.of(3, Draw.Topic.LIFE, index));
  }
}
