package io.persegment.lifetime;

/**
 * A parameter as found.
 *
 * @param standardError by the curvature of the likelihood; NaN where the likelihood is flat, as
 *     where customers do not differ
 */
public record Estimate(String name, double value, double standardError) {
  private static final double NORMAL = 1.959964; // 97.5 % lie below

  /** Returns the lower end of the interval of 95 %, which is even on the scale of logarithms. */
  public double low() {
    return value * Math.exp(-NORMAL * standardError / value);
  }

  /** Returns its upper end. */
  public double high() {
    return value * Math.exp(NORMAL * standardError / value);
  }
}
