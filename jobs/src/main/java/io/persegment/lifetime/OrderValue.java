package io.persegment.lifetime;

import java.io.Serializable;

/**
 * What purchases are worth, Gamma-Gamma: a customer's are gamma distributed with shape {@code p}
 * and a rate of their own, which is gamma distributed with shape {@code q} and rate {@code v}. How
 * often somebody buys says nothing about it.
 *
 * @param q above 1, or there is no mean
 * @param v in the currency of the values
 */
public record OrderValue(double p, double q, double v) implements Serializable {

  /**
   * Returns the mean value of a purchase that a customer should have in the long run: between that
   * of all customers and their own, the nearer to it the more purchases it is of (Fader and Hardie
   * 2013, equation 5).
   *
   * @param frequency purchases that {@code meanValue} is of; of none it does not matter
   */
  public double expected(int frequency, double meanValue) {
    return p * (v + frequency * (frequency > 0 ? meanValue : 0)) / (p * frequency + q - 1);
  }
}
