package io.persegment.experiments;

/**
 * What a comparison needs to know of a group of customers: sums over them of a metric y, the number
 * d that a ratio is per (1 of a mean), and a covariate x (0 where there is none).
 */
record Sums(
    long n, double y, double yy, double d, double dd, double yd, double x, double xx, double xy) {
  static final Sums NOTHING = new Sums(0, 0, 0, 0, 0, 0, 0, 0, 0);

  Sums plus(Sums other) {
    return new Sums(
        n + other.n,
        y + other.y,
        yy + other.yy,
        d + other.d,
        dd + other.dd,
        yd + other.yd,
        x + other.x,
        xx + other.xx,
        xy + other.xy);
  }

  /** Returns the mean, or the ratio. */
  double mean() {
    return y / d;
  }

  /** Returns the mean of the covariate. */
  double covariate() {
    return x / n;
  }

  /**
   * Returns the variance of {@link #mean}, by the delta method of a ratio (Deng, Knoblich and Lu,
   * "Applying the delta method in metric analytics", KDD 2018, section 2), of y less theta x.
   */
  double varianceOfMean(double theta) {
    double ratio = mean();
    double perCustomer = d / n;
    double variance =
        covariance(yy, y, y)
            - 2 * ratio * covariance(yd, y, d)
            + ratio * ratio * covariance(dd, d, d)
            - 2 * theta * covariance(xy, x, y)
            + theta * theta * covariance(xx, x, x);
    return Math.max(variance, 0) / (n * perCustomer * perCustomer);
  }

  /** Returns the covariance of two numbers, given the sums of their products and of each. */
  private double covariance(double products, double a, double b) {
    return n < 2 ? Double.NaN : (products - a * b / n) / (n - 1);
  }

  /**
   * Returns by how much y rises with x (Deng, Xu, Kohavi and Walker, "Improving the sensitivity of
   * online controlled experiments by utilizing pre-experiment data", WSDM 2013, equation 5); 0
   * where x tells nothing.
   */
  double theta() {
    double variance = covariance(xx, x, x);
    return variance > 0 ? covariance(xy, x, y) / variance : 0;
  }

  /** Returns the part of the variance of y that x explains. */
  double explained() {
    double both = covariance(xy, x, y);
    double variances = covariance(xx, x, x) * covariance(yy, y, y);
    return variances > 0 ? both * both / variances : 0;
  }
}
