package io.persegment.matching;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Weighs pairs of records, and leaves off as soon as it is sure that a pair is too unlike: nearly
 * all are, and nearly all of them are told by two or three of their values.
 *
 * <p>What is equal or not known is looked at first, as it costs next to nothing; all other values
 * count as the best that they can still be, until they are compared, those first by which most is
 * lost.
 */
final class Weigher implements Serializable {
  private static final long serialVersionUID = 1;

  /** What {@link #weight} returns for a pair that is too unlike. */
  static final double TOO_UNLIKE = Double.NaN;

  /** A weight that every pair has. */
  static final double EVERY = Double.NEGATIVE_INFINITY;

  private final Patterns patterns;
  private final Rarities rarities;
  private final Odds odds;
  private final double least;

  /** By kind but the first and comparison: the best that two values can be that are not equal. */
  private final double[][] best;

  /** Comparisons in the order in which they are looked at. */
  private final int[] order;

  /**
   * @param least weight that is told; less is too unlike
   */
  Weigher(LearntModel learnt, MatchingSettings settings, double least) {
    List<Comparison> comparisons = settings.comparisons();
    this.patterns = new Patterns(settings);
    this.rarities = new Rarities(learnt.frequencies(), settings);
    this.odds = new Odds(learnt.model(), comparisons);
    this.least = least;
    this.best = new double[Odds.OTHERS][comparisons.size()];
    double[] lost = new double[comparisons.size()];
    for (int place = 0; place < comparisons.size(); place++) {
      Comparison comparison = comparisons.get(place);
      for (int kind = 0; kind < Odds.OTHERS; kind++) {
        best[kind][place] = best(kind, place, comparison);
        lost[place] =
            Math.max(
                lost[place], odds.against(kind, place, comparison.outcomes()) - best[kind][place]);
      }
    }
    this.order =
        IntStream.range(0, lost.length)
            .boxed()
            .sorted(Comparator.comparingDouble(place -> -lost[place]))
            .mapToInt(Integer::intValue)
            .toArray();
  }

  private double best(int kind, int place, Comparison comparison) {
    double best = odds.against(kind, place, comparison.outcomes()); // none of the levels
    int first = comparison.startsWithExact() ? 2 : 1;
    for (int outcome = first; outcome <= comparison.levels().size(); outcome++) {
      double against = odds.against(kind, place, outcome);
      if (outcome == 1 && odds.counts(kind, place)) {
        against += rarities.least(place) - odds.usual(kind, place);
      }
      best = Math.min(best, against);
    }
    return best;
  }

  /**
   * Returns the weight of two records, or {@link #TOO_UNLIKE}.
   *
   * @param rarity of the values of the left one, where they were asked for; not a number elsewhere
   */
  double weight(String[] left, String[] right, double[] rarity) {
    boolean mayBeTooUnlike = least > EVERY && !patterns.anySwapped(left, right);
    return mayBeTooUnlike && isTooUnlike(left, right, rarity) ? TOO_UNLIKE : exactly(left, right);
  }

  private double exactly(String[] left, String[] right) {
    long pattern = patterns.of(left, right);
    double weight = odds.weight(pattern, Arrays.asList(rarities.of(pattern, left)));
    return weight < least ? TOO_UNLIKE : weight;
  }

  private boolean isTooUnlike(String[] left, String[] right, double[] rarity) {
    double most = -least * Math.log(2); // where the odds of one kind alone are above it
    double household = odds.share(0);
    double neighbours = odds.share(1);
    double strangers = odds.share(2);
    long open = 0;
    for (int place : order) {
      if (left[place] == null || right[place] == null) {
        continue;
      }
      boolean isEqual = patterns.startsWithExact(place) && left[place].equals(right[place]);
      if (isEqual) {
        household += equal(0, place, left, rarity);
        neighbours += equal(1, place, left, rarity);
        strangers += equal(2, place, left, rarity);
      } else {
        household += best[0][place];
        neighbours += best[1][place];
        strangers += best[2][place];
        open |= 1L << place;
      }
    }
    for (int place : order) {
      if (household > most || neighbours > most || strangers > most) {
        return true;
      }
      if ((open & (1L << place)) != 0) {
        int outcome = patterns.outcome(place, left, right);
        household += different(0, place, outcome, left, rarity) - best[0][place];
        neighbours += different(1, place, outcome, left, rarity) - best[1][place];
        strangers += different(2, place, outcome, left, rarity) - best[2][place];
      }
    }
    return household > most || neighbours > most || strangers > most;
  }

  private double equal(int kind, int place, String[] values, double[] rarity) {
    double against = odds.against(kind, place, 1);
    if (!odds.counts(kind, place)) {
      return against;
    }
    if (Double.isNaN(rarity[place])) {
      rarity[place] = rarities.of(place, values[place]);
    }
    return against + rarity[place] - odds.usual(kind, place);
  }

  private double different(int kind, int place, int outcome, String[] values, double[] rarity) {
    return outcome == 1 ? equal(kind, place, values, rarity) : odds.against(kind, place, outcome);
  }
}
