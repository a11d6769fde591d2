package io.persegment.demo;

/** What becomes of an order. Planted: 1.2 % pending, 2.3 % cancelled, 0.4 % tests by the staff. */
enum Outcome {
  PAID,
  /** The money has not come; it never does. */
  PENDING,
  CANCELLED,
  TEST;

  /** Chance that an order is paid: not pending, not cancelled and not a test. */
  static final double PAID_CHANCE = .961;

  static Outcome drawn(Draw draw) {
    return values()[draw.index(PAID_CHANCE, .012, .023, .004)];
  }
}
