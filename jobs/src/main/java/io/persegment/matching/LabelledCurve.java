package io.persegment.matching;

import java.util.Comparator;
import java.util.List;

/**
 * How well pairs agree with labels, by threshold.
 *
 * @param steps pairs that are labelled, by their weight
 * @param truePairs pairs of one person by the labels, whether or not they were compared
 */
record LabelledCurve(List<Step> steps, double truePairs) {
  static final String STEP = "step";
  static final int STEPS_PER_BIT = 4;

  /**
   * Pairs of about one weight.
   *
   * @param number its least weight, in parts of a bit
   * @param same how many of the pairs are one person
   */
  record Step(long number, long pairs, long same) {}

  LabelledCurve {
    steps = steps.stream().sorted(Comparator.comparingLong(Step::number).reversed()).toList();
  }

  /**
   * Returns the threshold nearest {@code declared} whose F1 is within a standard error of the best:
   * few labels do not move it without need. Hastie, Tibshirani and Friedman, The Elements of
   * Statistical Learning, 2nd edition, 7.10. {@code declared} where labels have no pair of one
   * person.
   */
  double threshold(double declared) {
    double[] f1 = new double[steps.size()];
    double best = 0;
    double pairs = 0;
    double same = 0;
    for (int i = 0; i < f1.length; i++) {
      pairs += steps.get(i).pairs();
      same += steps.get(i).same();
      f1[i] = 2 * same / (truePairs + pairs);
      best = Math.max(best, f1[i]);
    }
    double least = best - Math.sqrt(best * (1 - best) / truePairs);
    double place = Matching.bits(declared) * STEPS_PER_BIT;
    double threshold = declared;
    double nearest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < f1.length; i++) {
      // So many pairs has every threshold from where the next weaker ones end.
      double from = i + 1 < f1.length ? steps.get(i + 1).number() + 1 : place;
      double to = steps.get(i).number();
      double there = Math.max(Math.min(place, to), Math.min(from, to));
      double distance = Math.abs(there - place);
      if (best > 0 && f1[i] >= least && distance < nearest) {
        nearest = distance;
        threshold = distance < 1 ? declared : probability(there / STEPS_PER_BIT);
      }
    }
    return threshold;
  }

  private static double probability(double bits) {
    return 1 / (1 + Math.pow(2, -bits));
  }
}
