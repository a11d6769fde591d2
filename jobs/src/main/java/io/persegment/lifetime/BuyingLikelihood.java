package io.persegment.lifetime;

import java.util.List;

/**
 * The log-likelihood of histories, a customer, by r, alpha, a and b.
 *
 * <p>Both models have one formula, with n the chances to stop (Fader, Hardie and Lee 2005, equation
 * 6, and Batislam, Denizel and Filiztekin 2007, equation 5): ln G(r + x) / G(r) + r ln alpha + ln
 * B(a, b + n) / B(a, b) + ln((alpha + T)^-(r + x) + [n > 0] a / (b + n - 1) (alpha + t_x)^-(r +
 * x)). Quotients of gamma functions are products of n or x factors, and the last sum is taken of
 * logarithms, so that nothing overflows however often a customer bought.
 */
final class BuyingLikelihood implements Ascent.Objective {
  private final Dropout dropout;
  private final int[] frequency;
  private final double[] recency;
  private final double[] age;
  private final double[] share;
  private final int most;

  /**
   * @param unit by which times are divided
   */
  BuyingLikelihood(Dropout dropout, List<History> histories, double unit) {
    this.dropout = dropout;
    double customers = histories.stream().mapToLong(History::customers).sum();
    this.frequency = histories.stream().mapToInt(History::frequency).toArray();
    this.recency = histories.stream().mapToDouble(each -> each.recency() / unit).toArray();
    this.age = histories.stream().mapToDouble(each -> each.age() / unit).toArray();
    this.share = histories.stream().mapToDouble(each -> each.customers() / customers).toArray();
    this.most = dropout.chances(histories.stream().mapToInt(History::frequency).max().orElse(0));
  }

  @Override
  public double at(double[] parameters, double[] slope) {
    double r = parameters[0];
    double alpha = parameters[1];
    double a = parameters[2];
    double b = parameters[3];
    double logAlpha = Math.log(alpha);
    var bought = new Sums(most, r);
    var stayed = new Sums(most, b);
    var could = new Sums(most, a + b);
    double value = 0;
    double byR = 0;
    double byAlpha = 0;
    double byA = 0;
    double byB = 0;
    for (int i = 0; i < frequency.length; i++) {
      int x = frequency[i];
      int n = dropout.chances(x);
      double untilNow = Math.log(alpha + age[i]);
      double untilLast = Math.log(alpha + recency[i]);
      double alive = -(r + x) * untilNow;
      double likelihood = alive;
      double gone = 0; // the chance of it
      if (n > 0) {
        double left = -(r + x) * untilLast + Math.log(a / (b + n - 1));
        double larger = Math.max(alive, left);
        likelihood = larger + Math.log1p(Math.exp(Math.min(alive, left) - larger));
        gone = Math.exp(left - likelihood);
      }
      double mean = (1 - gone) * untilNow + gone * untilLast;
      double w = share[i];
      value += w * (bought.logs[x] + r * logAlpha + stayed.logs[n] - could.logs[n] + likelihood);
      byR += w * (bought.inverses[x] + logAlpha - mean);
      byAlpha +=
          w * (r / alpha - (r + x) * ((1 - gone) / (alpha + age[i]) + gone / (alpha + recency[i])));
      byA += w * (gone / a - could.inverses[n]);
      byB += w * (stayed.inverses[n] - could.inverses[n] - (n > 0 ? gone / (b + n - 1) : 0));
    }
    slope[0] = byR * r;
    slope[1] = byAlpha * alpha;
    slope[2] = byA * a;
    slope[3] = byB * b;
    return value;
  }

  /** Sums over i below k of ln(from + i), which is ln G(from + k) / G(from), and its derivative. */
  private static final class Sums {
    final double[] logs;
    final double[] inverses;

    Sums(int most, double from) {
      logs = new double[most + 1];
      inverses = new double[most + 1];
      for (int i = 0; i < most; i++) {
        logs[i + 1] = logs[i] + Math.log(from + i);
        inverses[i + 1] = inverses[i] + 1 / (from + i);
      }
    }
  }
}
