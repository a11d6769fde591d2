package io.persegment.lifetime;

import java.util.Comparator;
import java.util.List;
import org.apache.commons.math3.special.Gamma;

/**
 * A fitted {@link OrderValue}.
 *
 * @param logLikelihood of all customers
 * @param estimates p, q and v
 */
public record OrderValueFit(OrderValue model, double logLikelihood, List<Estimate> estimates) {
  /** p, q, and v in parts of the mean value. */
  private static final double[][] STARTS = {{2, 3, 1}, {8, 4, 0.5}};

  public OrderValueFit {
    estimates = List.copyOf(estimates);
  }

  /**
   * Fits by maximum likelihood. Takes time in proportion to {@code spendings}.
   *
   * @throws CannotFit where there are none, the search found no summit, or there is no mean value
   */
  public static OrderValueFit of(List<Spending> spendings) throws CannotFit {
    if (spendings.isEmpty()) {
      throw new CannotFit("no customer who bought again spent anything");
    }
    double customers = spendings.stream().mapToLong(Spending::customers).sum();
    double mean =
        spendings.stream().mapToDouble(each -> each.meanValue() * each.customers()).sum()
            / customers;
    List<Spending> sorted =
        spendings.stream().sorted(Comparator.comparingInt(Spending::frequency)).toList();
    var ascent = new Ascent((at, slope) -> likelihood(sorted, mean, at, slope), 3, customers);
    Ascent.Summit summit = ascent.highest(STARTS);
    List<Double> found = summit.parameters();
    List<Double> errors = summit.standardErrors();
    double root = Math.sqrt(customers);
    if (found.get(1) <= 1) {
      throw new CannotFit(
          "q is %.3f, and a mean order value exists only above 1: a few orders are so large that no mean can be told"
              .formatted(found.get(1)));
    }
    var model = new OrderValue(found.get(0), found.get(1), found.get(2) * mean);
    return new OrderValueFit(
        model,
        summit.value() * customers - customers * Math.log(mean),
        List.of(
            new Estimate("p", model.p(), errors.get(0) / root),
            new Estimate("q", model.q(), errors.get(1) / root),
            new Estimate("v", model.v(), errors.get(2) * mean / root)));
  }

  /**
   * Returns the log-likelihood a customer: ln G(px + q) / (G(px) G(q)) + q ln v + (px - 1) ln m +
   * px ln x - (px + q) ln(v + xm) (Fader and Hardie 2013, equation 1a). Gamma functions are of the
   * frequency alone, by which {@code sorted} is in order.
   */
  private static double likelihood(
      List<Spending> sorted, double unit, double[] parameters, double[] slope) {
    double p = parameters[0];
    double q = parameters[1];
    double v = parameters[2];
    double ofQ = Gamma.logGamma(q);
    double slopeOfQ = Gamma.digamma(q);
    double value = 0;
    double byP = 0;
    double byQ = 0;
    double byV = 0;
    double all = 0;
    int x = 0;
    double gammas = 0;
    double ofSum = 0;
    double ofShape = 0;
    for (Spending each : sorted) {
      if (each.frequency() != x) {
        x = each.frequency();
        gammas = Gamma.logGamma(p * x + q) - Gamma.logGamma(p * x) - ofQ;
        ofSum = Gamma.digamma(p * x + q);
        ofShape = Gamma.digamma(p * x);
      }
      double m = each.meanValue() / unit;
      double log = Math.log(m);
      double share = Math.log(v + x * m);
      double w = each.customers();
      all += w;
      value +=
          w
              * (gammas
                  + q * Math.log(v)
                  + (p * x - 1) * log
                  + p * x * Math.log(x)
                  - (p * x + q) * share);
      byP += w * x * (ofSum - ofShape + log + Math.log(x) - share);
      byQ += w * (ofSum - slopeOfQ + Math.log(v) - share);
      byV += w * (q / v - (p * x + q) / (v + x * m));
    }
    slope[0] = byP * p / all;
    slope[1] = byQ * q / all;
    slope[2] = byV * v / all;
    return value / all;
  }
}
