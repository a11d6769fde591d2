package io.persegment.experiments;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.ChiSquaredDistribution;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * How an arm differs from the control.
 *
 * @param lift difference of the means
 * @param error standard error of it
 * @param freedom degrees of freedom (Welch and Satterthwaite)
 * @param relative lift as part of the control's mean
 * @param relativeError standard error of that
 * @param customers in both arms
 */
record Lift(
    double lift,
    double error,
    double freedom,
    double relative,
    double relativeError,
    long customers) {
  private static final double ALPHA = 0.05;

  /** Below it arms are not as large as chance would make them. */
  static final double RATIO_ALPHA = 0.001;

  /**
   * Compares an arm with the control, both less what the covariate explains.
   *
   * @param theta by how much the metric rises with the covariate; 0 where there is none
   * @param all mean of the covariate over all arms
   */
  static Lift of(Sums arm, Sums control, double theta, double all) {
    double mean = arm.mean() - theta * (arm.covariate() - all);
    double other = control.mean() - theta * (control.covariate() - all);
    double variance = arm.varianceOfMean(theta);
    double otherVariance = control.varianceOfMean(theta);
    double both = variance + otherVariance;
    double freedom =
        both
            * both
            / (variance * variance / (arm.n() - 1)
                + otherVariance * otherVariance / (control.n() - 1));
    double relativeVariance =
        variance / (other * other) + mean * mean * otherVariance / (other * other * other * other);
    return new Lift(
        mean - other,
        Math.sqrt(both),
        freedom,
        mean / other - 1,
        Math.sqrt(relativeVariance),
        arm.n() + control.n());
  }

  /** Returns whether there is any spread to compare by. */
  boolean isKnown() {
    return error > 0 && freedom >= 1;
  }

  /** Returns half the width of the 95 % interval, for an error of this many degrees of freedom. */
  private double halfWidth(double ofError) {
    return ofError * new TDistribution(null, freedom).inverseCumulativeProbability(1 - ALPHA / 2);
  }

  double halfWidth() {
    return halfWidth(error);
  }

  double relativeHalfWidth() {
    return halfWidth(relativeError);
  }

  /** Returns the two-sided p-value. */
  double p() {
    return 2 * new TDistribution(null, freedom).cumulativeProbability(-Math.abs(lift / error));
  }

  /**
   * Returns half the width of an interval that holds however often it is looked at: an asymptotic
   * confidence sequence (Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, "Time-uniform central
   * limit theory and asymptotic confidence sequences", 2021, equation 7), narrowest at {@code
   * expected} customers (their appendix on how to choose rho).
   */
  double alwaysHalfWidth(int expected) {
    double logs = -2 * Math.log(ALPHA);
    double rhoSquared = (logs + Math.log(logs) + 1) / expected;
    double at = customers * rhoSquared;
    return error * Math.sqrt(2 * (at + 1) / at * Math.log(Math.sqrt(at + 1) / ALPHA));
  }

  /**
   * Returns p-values adjusted for being several (Holm, "A simple sequentially rejective multiple
   * test procedure", 1979).
   */
  static List<Double> holm(List<Double> p) {
    List<Integer> order =
        IntStream.range(0, p.size()).boxed().sorted(Comparator.comparing(p::get)).toList();
    var adjusted = new ArrayList<>(p);
    double least = 0;
    for (int rank = 0; rank < order.size(); rank++) {
      least = Math.max(least, Math.min(1, (p.size() - rank) * p.get(order.get(rank))));
      adjusted.set(order.get(rank), least);
    }
    return adjusted;
  }

  /** Returns the p-value of arms having so many customers where they should have such shares. */
  static double sampleRatio(List<Long> customers, List<Double> shares) {
    double all = customers.stream().mapToLong(Long::longValue).sum();
    double statistic = 0;
    for (int i = 0; i < customers.size(); i++) {
      double expected = all * shares.get(i);
      statistic += Math.pow(customers.get(i) - expected, 2) / expected;
    }
    return 1
        - new ChiSquaredDistribution(null, customers.size() - 1.0).cumulativeProbability(statistic);
  }
}
