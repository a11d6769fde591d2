package io.persegment.lifetime;

import java.io.Serializable;

/**
 * How customers buy: at a rate of their own, which is gamma distributed with shape {@code r} and
 * rate {@code alpha}, until they stop, at each chance with a probability of their own, which is
 * beta distributed with {@code a} and {@code b}.
 *
 * @param alpha in the unit of time of the histories
 */
public record Buying(Dropout dropout, double r, double alpha, double a, double b)
    implements Serializable {
  private static final double CLOSE = 1e-13;
  private static final double LARGE = 1e200;

  /**
   * Returns the probability that a customer still buys: 1 / (1 + [n > 0] a / (b + n - 1) ((alpha +
   * T) / (alpha + t_x))^(r + x)), with n the chances to stop (Fader, Hardie and Lee, Computing
   * P(alive) using the BG/NBD model, 2008; Batislam, Denizel and Filiztekin 2007, equation 7).
   */
  public double alive(int frequency, double recency, double age) {
    int n = dropout.chances(frequency);
    if (n == 0) {
      return 1;
    }
    double odds =
        Math.log(a / (b + n - 1))
            + (r + frequency) * Math.log1p((age - recency) / (alpha + recency));
    return 1 / (1 + Math.exp(odds));
  }

  /**
   * Returns how many purchases to expect of a customer within {@code time} from now: the equation
   * 10 of Fader, Hardie and Lee 2005 with n chances to stop, P(alive) (a + b + n - 1) / (a - 1) (1
   * - ((alpha + T) / (alpha + T + t))^(r + x) 2F1(r + x, b + n; a + b + n - 1; t / (alpha + T +
   * t))).
   *
   * <p>It is not computed so: at a = 1 it is 0 / 0, and near it, and for those who buy often,
   * digits are lost. It is the mean of what a customer who is alive does: they would buy m times if
   * they never stopped, which is negative binomial with r + x and alpha + T, and make the j-th of
   * these purchases if they did not stop at the j - 1 before it, which has the probability (b +
   * n)_(j-1) / (a + b + n)_(j-1). All terms are positive. Takes some terms more than purchases are
   * expected.
   */
  public double orders(int frequency, double recency, double age, double time) {
    return alive(frequency, recency, age) * ordersOfAlive(frequency, age, time);
  }

  private double ordersOfAlive(int frequency, double age, double time) {
    if (time <= 0) {
      return 0;
    }
    double shape = r + frequency;
    double left = b + dropout.chances(frequency);
    double z = time / (alpha + age + time);
    double weight = 1; // of m purchases, beside that of none
    double weights = 1;
    double stays = 1; // probability of making the next purchase
    double made = 0; // of m
    double sum = 0;
    for (int m = 0; ; m++) {
      double ratio = (shape + m) / (m + 1) * z;
      weight *= ratio;
      made += stays;
      stays *= (left + m) / (a + left + m);
      weights += weight;
      sum += weight * made;
      if (weights > LARGE) {
        weight /= LARGE;
        weights /= LARGE;
        sum /= LARGE;
      }
      double later = Math.max(z, (shape + m + 1) / (m + 2) * z); // ratios from here on are less
      if (later < 1) {
        double rest = weight * later / (1 - later);
        if (rest * (made + 1 / (1 - later)) < CLOSE * sum) {
          return sum / weights;
        }
      }
    }
  }

  /**
   * Returns the purchases of {@link #orders}, each counted by what it is worth today: of each of
   * {@code periods} equal parts of {@code time} those expected in it, discounted from its middle.
   *
   * @param discount what one of a unit of time ahead is worth today, such as 1.1^(-1 / 52) by weeks
   */
  public double discountedOrders(
      int frequency, double recency, double age, double time, int periods, double discount) {
    double sum = 0;
    double before = 0;
    for (int i = 1; i <= periods; i++) {
      double until = ordersOfAlive(frequency, age, time * i / periods);
      sum += (until - before) * Math.pow(discount, time * (i - 0.5) / periods);
      before = until;
    }
    return alive(frequency, recency, age) * sum;
  }
}
