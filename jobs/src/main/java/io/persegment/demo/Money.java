package io.persegment.demo;

/** Amounts in cents of euro, so that sums are exact. */
final class Money {
  private static final int TAX_PERCENT = 25;

  private Money() {}

  /** Returns the amount in euro with two decimals: 1295 is {@code 12.95}. */
  static String text(long cents) {
    long fraction = cents % 100;
    return cents / 100 + (fraction < 10 ? ".0" : ".") + fraction;
  }

  /** Returns that many percent of an amount, rounded half up. */
  static long percent(long cents, int percent) {
    return (cents * percent + 50) / 100;
  }

  /** Returns the tax on an amount without tax. */
  static long tax(long cents) {
    return percent(cents, TAX_PERCENT);
  }
}
