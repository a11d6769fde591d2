package io.persegment.matching;

import java.util.Comparator;
import java.util.List;

/**
 * How well pairs agree with labels, by threshold.
 *
 * @param steps pairs that are labelled, by their weight
 * @param truePairs pairs of one person by the labels, whether or not they were compared
 */
record LabelledCurve(List<Step> steps, long truePairs) {
  static final String STEP = "step";
  static final int STEPS_PER_BIT = 4;

  /** A probability of more cannot be told from 1. */
  private static final double MOST_BITS = 40;

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
    // As if four more pairs were there, half of them wrong: few that are all right are no proof.
    // Agresti and Coull, The American Statistician 52, 1998.
    double doubted = (best * truePairs + 2) / (truePairs + 4);
    double least = best - Math.sqrt(doubted * (1 - doubted) / (truePairs + 4));
    double place = Math.floor(Matching.bits(declared) * STEPS_PER_BIT);
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
        threshold = distance == 0 ? declared : probability(there / STEPS_PER_BIT);
      }
    }
    return threshold;
  }

  private static double probability(double bits) {
    return 1 / (1 + Math.pow(2, -Math.min(bits, MOST_BITS)));
  }
}
