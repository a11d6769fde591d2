package io.persegment.error;

/** How many of something, in words. */
public final class Quantity {
  private Quantity() {}

  /** Returns {@code number} with what it counts: 1 row, 2,000 rows. */
  public static String of(long number, String what) {
    return "%,d %s%s".formatted(number, what, number == 1 ? "" : "s");
  }
}
