package io.persegment.matching;

import java.io.Serializable;
import java.util.List;

/**
 * Works out how likely two records are one person, from their pattern and how rare their values
 * are.
 */
final class Odds implements Serializable {
  private static final long serialVersionUID = 1;

  /** How many kinds there are but the first. */
  static final int OTHERS = Kind.values().length - 1;

  /** By kind but the first, comparison and outcome from 0, which is unknown and says nothing. */
  private final double[][][] against;

  /** By kind but the first and comparison: how often strangers agree, where rarity counts. */
  private final double[][] usual;

  private final double[] shares;

  Odds(Model model, List<Comparison> comparisons) {
    Kind[] others = {Kind.HOUSEHOLD, Kind.NEIGHBOURS, Kind.STRANGERS};
    against = new double[others.length][comparisons.size()][];
    usual = new double[others.length][comparisons.size()];
    shares = new double[others.length];
    for (int kind = 0; kind < others.length; kind++) {
      shares[kind] = Math.log(model.share(others[kind])) - Math.log(model.share(Kind.ONE_PERSON));
      for (int place = 0; place < comparisons.size(); place++) {
        Comparison comparison = comparisons.get(place);
        double[] odds = new double[comparison.outcomes() + 1];
        for (int i = 1; i < odds.length; i++) {
          odds[i] =
              Math.log(model.chance(others[kind], place, i))
                  - Math.log(model.chance(Kind.ONE_PERSON, place, i));
        }
        against[kind][place] = odds;
        boolean counts = comparison.termFrequency() && !others[kind].shares(comparison.sharedBy());
        usual[kind][place] = counts ? Math.log(model.chance(Kind.STRANGERS, place, 1)) : Double.NaN;
      }
    }
  }

  /** Returns the logarithm of how much more frequent the kind is than one person. */
  double share(int kind) {
    return shares[kind];
  }

  /** Returns by how much the outcome moves that logarithm. */
  double against(int kind, int place, int outcome) {
    return against[kind][place][outcome];
  }

  /** Returns whether rarity counts where values are equal. */
  boolean counts(int kind, int place) {
    return !Double.isNaN(usual[kind][place]);
  }

  /** Returns what a rarity is held against; not a number where it does not count. */
  double usual(int kind, int place) {
    return usual[kind][place];
  }

  /**
   * Returns the match weight: the logarithm to base 2 of the odds that both are one person.
   *
   * @param rarities of each comparison the logarithm of the share of the left record's value; null
   *     where rarity does not count
   */
  double weight(long pattern, List<Double> rarities) {
    double sum = 0;
    for (int kind = 0; kind < shares.length; kind++) {
      double log = shares[kind];
      for (int place = 0; place < rarities.size(); place++) {
        int outcome = Patterns.outcome(pattern, place);
        log += against[kind][place][outcome];
        if (outcome == 1 && counts(kind, place)) {
          log += rarities.get(place) - usual[kind][place];
        }
      }
      sum += Math.exp(log); // 0 for a kind that is not there
    }
    return -Math.log(Math.max(sum, Double.MIN_NORMAL)) / Math.log(2);
  }
}
