package io.persegment.demo;

/** What one person feels and orders, day by day, to the end of the horizon. */
final class Life {
  private static final Interest[] INTERESTS = Interest.values();
  private static final Outcome[] OUTCOMES = Outcome.values();
  private static final byte NO_ORDER = -1;

  private final int firstDay;
  private final byte[] interests;
  private final byte[] orders;

  private Life(int firstDay, int days) {
    this.firstDay = firstDay;
    this.interests = new byte[days];
    this.orders = new byte[days];
  }

  /** Lives the person's days: one step of interest and at most one order a day. */
  static Life lived(Person person, Season season, History history, Draw draw) {
    Life life = new Life(person.firstLivedDay(), history.livedDays());
    Interest interest = Interest.first(person.firstDay() >= 0, draw);
    for (int day = life.firstDay; day < life.interests.length; day++) {
      interest = day == life.firstDay ? interest : interest.next(person.leaving(), draw);
      double chance = person.orderChance(interest, season.factor(person.group(), day));
      life.orders[day] = draw.chance(chance) ? (byte) Outcome.drawn(draw).ordinal() : NO_ORDER;
      if (person.once() && life.ordersOn(day)) {
        interest = Interest.GONE;
      }
      life.interests[day] = (byte) interest.ordinal();
    }
    return life;
  }

  /** The first day that was lived. */
  int firstDay() {
    return firstDay;
  }

  /** Returns the interest at the end of a day. */
  Interest interest(int day) {
    return INTERESTS[interests[day]];
  }

  boolean ordersOn(int day) {
    return day >= firstDay && orders[day] != NO_ORDER;
  }

  Outcome outcome(int day) {
    return OUTCOMES[orders[day]];
  }

  /** Returns whether an order was paid on one of these days, both inclusive. */
  boolean paysBetween(int from, int to) {
    for (int day = Math.max(from, firstDay); day <= to; day++) {
      if (orders[day] == Outcome.PAID.ordinal()) {
        return true;
      }
    }
    return false;
  }
}
