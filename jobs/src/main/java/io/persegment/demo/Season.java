package io.persegment.demo;

/**
 * How much more, or less, a garden group buys on a day than in a year's average: a wave of one year
 * with its peak in spring, late for loungers and early for growers; decorators have a small second
 * peak before Christmas.
 */
final class Season {
  private static final double YEAR_DAYS = 365.25;

  private final double[][] factors;

  Season(History history) {
    this.factors = new double[GardenGroup.values().length][history.livedDays()];
    for (GardenGroup group : GardenGroup.values()) {
      for (int day = 0; day < history.livedDays(); day++) {
        factors[group.ordinal()][day] = yearly(group, history.date(day).getDayOfYear());
      }
    }
  }

  /** Returns the factor on the chance to buy, 1 on average. */
  double factor(GardenGroup group, int day) {
    return factors[group.ordinal()][day];
  }

  private static double yearly(GardenGroup group, int dayOfYear) {
    return switch (group) {
      case LOUNGE -> 1 + wave(dayOfYear, 142, 1) * .36;
      case DECOR -> 1 + wave(dayOfYear, 136, 1) * .30 + wave(dayOfYear, 150, 2) * .06;
      case FOOD -> 1 + wave(dayOfYear, 126, 1) * .36;
    };
  }

  private static double wave(int dayOfYear, int peak, int timesAYear) {
    return Math.cos(2 * Math.PI * timesAYear * (dayOfYear - peak) / YEAR_DAYS);
  }
}
