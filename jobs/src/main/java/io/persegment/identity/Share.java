package io.persegment.identity;

/**
 * A share, and between which values it lies with a confidence of 95 %.
 *
 * @param low at least 0
 * @param high at most 1
 */
public record Share(double value, double low, double high) {
  /** Of the standard normal distribution, 2.5 % lie above. */
  private static final double Z = 1.959964;

  /**
   * Returns Wilson's score interval (Probable inference, JASA 1927), which stays within 0 and 1 and
   * is none of no width where all are right.
   *
   * @param observations as how many independent ones those of {@code value} count, more than 0
   */
  static Share wilson(double value, double observations) {
    double square = Z * Z / observations;
    double centre = (value + square / 2) / (1 + square);
    double half =
        Z
            * Math.sqrt(value * (1 - value) / observations + square / (4 * observations))
            / (1 + square);
    double low = value > 0 ? Math.max(0, centre - half) : 0;
    double high = value < 1 ? Math.min(1, centre + half) : 1;
    return new Share(value, low, high);
  }
}
