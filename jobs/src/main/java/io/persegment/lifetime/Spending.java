package io.persegment.lifetime;

/**
 * How many customers bought how often for how much.
 *
 * @param frequency purchases that the mean is of, at least 1
 * @param meanValue of a purchase, above 0
 * @param customers at least 1
 */
public record Spending(int frequency, double meanValue, long customers) {
  public Spending {
    if (!(frequency > 0 && meanValue > 0 && customers > 0)) {
      throw new IllegalArgumentException(
          "No spending: %d purchases of %s, of %d customers"
              .formatted(frequency, meanValue, customers));
    }
  }
}
