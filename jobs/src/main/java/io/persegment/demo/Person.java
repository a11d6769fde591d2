package io.persegment.demo;

import java.time.LocalDate;

/**
 * Somebody with a name, and what was planted in them.
 *
 * @param index number of the person, from 0
 * @param home last name, address and phone
 * @param woman for first name and gender
 * @param group what the garden is for
 * @param tier preferred brands
 * @param discountHunter uses a code with nearly every order; planted: 15 %
 * @param buys false for those who look and never buy; planted: 8 %
 * @param once buys as a guest, has no account, and leaves for good with the first order; planted: 5
 *     % of those who buy
 * @param leaving chance that they leave for good on a day when they are cold
 * @param firstDay first seen on this day; below 0 for the 35 % who came before the history
 */
record Person(
    int index,
    Household home,
    String firstName,
    boolean woman,
    LocalDate born,
    GardenGroup group,
    BrandTier tier,
    boolean discountHunter,
    boolean buys,
    boolean once,
    double leaving,
    int firstDay) {
  private static final double LEAVING = .001;
  private static final int OLDEST_DAYS = 1000;

  /** Draws the person with this index. */
  static Person drawn(long seed, int index, History history) {
    Draw draw = Draw.of(seed, Draw.Topic.PERSON, index);
    Household home = Household.of(seed, index);
    boolean buys = !draw.chance(.08);
    return new Person(
        index,
        home,
        home.firstName(index),
        home.isWoman(index),
        LocalDate.of(draw.between(1945, 2004), draw.between(1, 12), draw.between(1, 28)),
        GardenGroup.drawn(draw),
        BrandTier.drawn(draw),
        draw.chance(.15),
        buys,
        buys && draw.chance(.05),
        buys ? LEAVING : 0,
        draw.chance(.35) ? -draw.between(1, OLDEST_DAYS) : draw.between(0, history.lastDay()));
  }

  /** The id used in the truth files. */
  String id() {
    return "p" + index;
  }

  /** The first day of the history on which this person exists. */
  int firstLivedDay() {
    return Math.max(0, firstDay);
  }

  /**
   * Returns the chance that this person, so interested, places an order on a day of this season.
   */
  double orderChance(Interest interest, double season) {
    return buys ? interest.order() * season : 0;
  }
}
