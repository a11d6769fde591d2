package io.persegment.demo;

/**
 * How interested a person is on a day. A Markov chain with one step a day: the next day's interest
 * depends on this day's alone, not on what the person did. It drives visits, carts, opened e-mails
 * and orders, which is why an order can be foreseen from them, and how well is known exactly.
 *
 * <p>It is sticky (months, not days), people come by at a rhythm, not at random, and they grow cold
 * before they leave, so that the last 30 days tell nearly all there is to know: a plain logistic
 * regression comes close to the true probability.
 */
enum Interest {
  COLD(28, 0, .0031, .10, .005),
  WARM(14, .02, .0123, .45, .05),
  HOT(7, .25, .0305, .85, .40),
  /** Left for good; no step leads back. */
  GONE(0, 0, 0, .01, 0);

  /** Daily steps between cold, warm and hot; rows are from, columns to. */
  private static final double[][] STEPS = {
    {.9993, .0007, 0},
    {.0014, .9978, .0008},
    {0, .0020, .9980},
  };

  /** Long-run shares of cold, warm and hot under {@link #STEPS}. */
  private static final double[] SETTLED = {.59, .29, .12};

  /** Shares of cold, warm and hot among those who have just come. */
  private static final double[] FRESH = {.5, .3, .2};

  private final int visitEvery;
  private final double cart;
  private final double order;
  private final double open;
  private final double click;

  Interest(int visitEvery, double cart, double order, double open, double click) {
    this.visitEvery = visitEvery;
    this.cart = cart;
    this.order = order;
    this.open = open;
    this.click = click;
  }

  /** Draws the interest of somebody on their first day of the history. */
  static Interest first(boolean newcomer, Draw draw) {
    return values()[draw.index(newcomer ? FRESH : SETTLED)];
  }

  /** Draws the next day's interest; only the cold leave, with this chance. */
  Interest next(double leaving, Draw draw) {
    if (this == GONE || (this == COLD && draw.chance(leaving))) {
      return GONE;
    }
    return values()[draw.index(STEPS[ordinal()])];
  }

  /** Returns the probability of the next day's interest. */
  double stepTo(Interest next, double leaving) {
    double gone = this == GONE ? 1 : this == COLD ? leaving : 0;
    return next == GONE ? gone : gone == 1 ? 0 : (1 - gone) * STEPS[ordinal()][next.ordinal()];
  }

  /** Whether a day is one on which somebody with this rhythm (a number of days) comes by. */
  boolean visits(int day, int rhythm) {
    return visitEvery > 0 && (day + rhythm) % visitEvery == 0;
  }

  /** Chance that such a visit fills a cart, which is then left behind. */
  double cart() {
    return cart;
  }

  /** Chance of an order on a day of average season. */
  double order() {
    return order;
  }

  /** Chance that an e-mail is opened by a human. */
  double open() {
    return open;
  }

  /** Chance that an opened e-mail is clicked. */
  double click() {
    return click;
  }
}
