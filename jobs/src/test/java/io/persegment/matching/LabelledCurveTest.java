package io.persegment.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Pairs of one person weigh 8 bits or 4, those of two persons 4 bits or 2. */
class LabelledCurveTest {
  private static final int BIT = LabelledCurve.STEPS_PER_BIT;
  private static final long TRUE = 1_000;

  @Test
  void aThresholdMovesNoFartherThanLabelsAsk() {
    LabelledCurve curve = curve(900, 50, 400, 1_000);
    assertThat(curve.threshold(0.5)).as("up, past those of 4 bits").isCloseTo(bits(4.25), TINY);
    assertThat(curve.threshold(bits(6))).as("as good as any").isEqualTo(bits(6));
    assertThat(curve.threshold(bits(12))).as("down to those of 8").isCloseTo(bits(8), TINY);

    LabelledCurve low = curve(500, 400, 10, 1_000);
    assertThat(
            new LabelledCurve(List.of(new LabelledCurve.Step(400, 9, 9)), 9).threshold(1 - 1e-16))
        .as("a probability that has a weight")
        .isLessThan(1);
    assertThat(low.threshold(0.99)).as("down to those of 4").isCloseTo(bits(4), TINY);
    assertThat(curve(900, 100, 0, 500).threshold(0.8))
        .as("out of the step that it lies in")
        .isCloseTo(bits(2.25), TINY);
    assertThat(low.threshold(0.75)).as("up, past those of 2").isCloseTo(bits(2.25), TINY);
  }

  @Test
  void whatLabelsCannotTellStaysAsDeclared() {
    assertThat(new LabelledCurve(List.of(), 0).threshold(0.8)).isEqualTo(0.8);
    var unlike = new LabelledCurve(List.of(new LabelledCurve.Step(8, 5, 0)), 3);
    assertThat(unlike.threshold(0.8)).as("no pair of one person was found").isEqualTo(0.8);
    LabelledCurve few =
        new LabelledCurve(
            List.of(new LabelledCurve.Step(32, 3, 3), new LabelledCurve.Step(8, 1, 0)), 4);
    assertThat(few.threshold(0.8)).as("one pair more is chance").isEqualTo(0.8);
    LabelledCurve right =
        new LabelledCurve(
            List.of(new LabelledCurve.Step(32, 3, 3), new LabelledCurve.Step(14, 1, 0)), 3);
    assertThat(right.threshold(0.8)).as("nor are three that are all right proof").isEqualTo(0.8);
  }

  private static final org.assertj.core.data.Offset<Double> TINY = within(1e-12);

  private static LabelledCurve curve(long sameOf8, long sameOf4, long otherOf4, long otherOf2) {
    return new LabelledCurve(
        List.of(
            new LabelledCurve.Step(2 * BIT, otherOf2, 0),
            new LabelledCurve.Step(8 * BIT, sameOf8, sameOf8),
            new LabelledCurve.Step(4 * BIT, sameOf4 + otherOf4, sameOf4)),
        TRUE);
  }

  private static double bits(double bits) {
    return 1 / (1 + Math.pow(2, -bits));
  }
}
