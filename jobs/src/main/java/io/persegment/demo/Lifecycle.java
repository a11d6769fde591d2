package io.persegment.demo;

import java.util.Locale;

/** Where a person stands on the last day. The first that fits, in this order. */
enum Lifecycle {
  /** Never said who they are: a device without a login. */
  VISITOR,
  /** Visits, opens e-mails, never buys. Planted: 8 % of people. */
  BROWSER,
  /** First seen in the last 90 days. */
  NEW,
  /** Left for good, without telling. */
  LAPSED,
  /** Everybody else. */
  ACTIVE;

  private static final int NEW_DAYS = 90;

  static Lifecycle of(Person person, Life life, History history) {
    if (!person.buys()) {
      return BROWSER;
    }
    if (person.firstDay() > history.lastDay() - NEW_DAYS) {
      return NEW;
    }
    return life.interest(history.lastDay()) == Interest.GONE ? LAPSED : ACTIVE;
  }

  /** The name used in the truth files. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
