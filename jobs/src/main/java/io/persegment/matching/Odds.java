package io.persegment.matching;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * Works out how likely two records are one person, from their pattern and how rare their values
 * are.
 */
final class Odds implements Serializable {
  private static final long serialVersionUID = 1;

  private static final Kind[] KINDS = Kind.values();

  /** By kind: the logarithm of its share of all pairs. */
  private final double[] shares;

  /**
   * By kind, comparison and outcome, the logarithm of its chance; of 0, which is unknown and says
   * nothing, 0.
   */
  private final double[][][] chances;

  /** By kind and comparison: whether rarity counts where values are equal. */
  private final boolean[][] isByRarity;

  Odds(Model model, List<Comparison> comparisons) {
    shares = new double[KINDS.length];
    chances = new double[KINDS.length][comparisons.size()][];
    isByRarity = new boolean[KINDS.length][comparisons.size()];
    for (Kind kind : KINDS) {
      shares[kind.ordinal()] = Math.log(model.share(kind));
      for (int place = 0; place < comparisons.size(); place++) {
        Comparison comparison = comparisons.get(place);
        double[] logs = new double[comparison.outcomes() + 1];
        for (int i = 1; i < logs.length; i++) {
          logs[i] = Math.log(model.chance(kind, place, i));
        }
        chances[kind.ordinal()][place] = logs;
        isByRarity[kind.ordinal()][place] =
            comparison.termFrequency() && kind.like(comparison.sharedBy()) == Kind.STRANGERS;
      }
    }
  }

  /** Returns whether there are pairs of the kind. */
  boolean isThere(Kind kind) {
    return shares[kind.ordinal()] > Double.NEGATIVE_INFINITY;
  }

  /** Returns the logarithm of how much more frequent a kind is than another. */
  double share(Kind kind, Kind other) {
    return shares[kind.ordinal()] - shares[other.ordinal()];
  }

  /** Returns by how much the outcome moves that logarithm, of a value that is not rare. */
  double against(Kind kind, Kind other, int place, int outcome) {
    return chances[kind.ordinal()][place][outcome] - chances[other.ordinal()][place][outcome];
  }

  /** Returns whether rarity counts where values are equal. */
  boolean isByRarity(Kind kind, int place) {
    return isByRarity[kind.ordinal()][place];
  }

  /** Returns how much less often than usual strangers have the value, where rarity counts. */
  double rarer(int place, double rarity) {
    return rarity - chances[Kind.STRANGERS.ordinal()][place][1];
  }

  /**
   * Returns the match weight: the logarithm to base 2 of the odds that both are one person.
   *
   * @param rarities of each comparison the logarithm of the share of the left record's value; null
   *     where rarity does not count
   */
  double weight(long pattern, List<Double> rarities) {
    double[] logs = shares.clone();
    for (int place = 0; place < rarities.size(); place++) {
      int outcome = Patterns.outcome(pattern, place);
      for (int kind = 0; kind < logs.length; kind++) {
        logs[kind] += chances[kind][place][outcome];
        if (outcome == 1 && isByRarity[kind][place]) {
          logs[kind] += rarer(place, rarities.get(place));
        }
      }
    }
    int persons = Kind.HOUSEHOLD.ordinal();
    double same = Model.sum(Arrays.copyOfRange(logs, 0, persons));
    double others = Model.sum(Arrays.copyOfRange(logs, persons, logs.length));
    return (same - Math.max(others, same + Math.log(Double.MIN_NORMAL))) / Math.log(2);
  }
}
