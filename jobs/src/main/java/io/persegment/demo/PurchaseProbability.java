package io.persegment.demo;

/**
 * The true probability that a person places at least one paid order in the 30 days after a day,
 * given all there is to know at that day's end: the person and how interested they are.
 *
 * <p>Exact: the chance of each interest without a paid order so far is carried forward day by day
 * (the forward recursion of a hidden Markov chain). What is left at the end did not buy.
 */
final class PurchaseProbability {
  private static final Interest[] INTERESTS = Interest.values();

  private final Season season;

  PurchaseProbability(Season season) {
    this.season = season;
  }

  /** Returns the probability for the days {@code day + 1} to {@code day + 30}. */
  double after(int day, Person person, Life life) {
    double[] unbought = new double[INTERESTS.length];
    unbought[life.interest(day).ordinal()] = 1;
    for (int ahead = 1; ahead <= History.HORIZON_DAYS; ahead++) {
      unbought = stepped(unbought, person, season.factor(person.group(), day + ahead));
    }
    double left = 0;
    for (double chance : unbought) {
      left += chance;
    }
    return Math.max(0, 1 - left);
  }

  private static double[] stepped(double[] unbought, Person person, double season) {
    double[] stepped = new double[unbought.length];
    for (Interest next : INTERESTS) {
      double reached = 0;
      for (Interest from : INTERESTS) {
        reached += unbought[from.ordinal()] * from.stepTo(next, person.leaving());
      }
      double ordered = person.orderChance(next, season);
      Interest afterwards = person.once() ? Interest.GONE : next;
      stepped[next.ordinal()] += reached * (1 - ordered);
      stepped[afterwards.ordinal()] += reached * ordered * (1 - Outcome.PAID_CHANCE);
    }
    return stepped;
  }
}
