package io.persegment.quality;

import java.util.Map;

/**
 * How much shares differ from what they were: the population stability index, the sum over the
 * parts of (now - before) ln(now / before). It is the symmetric divergence of Jeffreys (1946); that
 * below 0.1 little has changed and above 0.25 much is the rule of thumb of Siddiqi, Credit Risk
 * Scorecards (Wiley, 2006).
 */
public final class StabilityIndex {
  /** A share that counts as none; a part that was empty would else move the index without end. */
  private static final double FLOOR = 1e-4;

  private StabilityIndex() {}

  /** Returns what one part adds to the index, by its share of the whole before and now. */
  public static double of(double before, double now) {
    double from = Math.max(before, FLOOR);
    double to = Math.max(now, FLOOR);
    return (to - from) * Math.log(to / from);
  }

  /** Returns the index of the parts that are there both before and now. */
  public static <K> double of(Map<K, Double> before, Map<K, Double> now) {
    return now.entrySet().stream()
        .filter(each -> before.containsKey(each.getKey()))
        .mapToDouble(each -> of(before.get(each.getKey()), each.getValue()))
        .sum();
  }
}
