package io.persegment.lifetime;

/**
 * What buying models know of a customer, and how many customers it is known of. Times are of one
 * unit throughout, such as weeks.
 *
 * @param frequency purchases after the first one, x
 * @param recency time from the first purchase to the last, t_x; 0 where there is but one
 * @param age time from the first purchase until now, T
 * @param customers at least 1
 */
public record History(int frequency, double recency, double age, long customers) {
  public History {
    if (!(frequency >= 0 && recency >= 0 && age >= recency && customers > 0)) {
      throw new IllegalArgumentException(
          "No history: %d purchases, the last at %s of %s, of %d customers"
              .formatted(frequency, recency, age, customers));
    }
  }
}
