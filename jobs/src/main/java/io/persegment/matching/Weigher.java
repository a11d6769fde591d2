package io.persegment.matching;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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

  private static final Kind[] OTHERS = {Kind.HOUSEHOLD, Kind.NEIGHBOURS, Kind.STRANGERS};

  private final Patterns patterns;
  private final Rarities rarities;
  private final Odds odds;
  private final double least;

  private final List<Bounds> bounds;

  /**
   * @param least weight that is told; less is too unlike
   */
  Weigher(LearntModel learnt, MatchingSettings settings, double least) {
    List<Comparison> comparisons = settings.comparisons();
    this.patterns = new Patterns(settings);
    this.rarities = new Rarities(learnt.frequencies(), settings);
    this.odds = new Odds(learnt.model(), comparisons);
    this.least = least;
    List<Kind> persons =
        Stream.of(Kind.values()).filter(Kind::isOnePerson).filter(odds::isThere).toList();
    double most = -least * Math.log(2) + Math.log(persons.size());
    this.bounds = persons.stream().map(person -> new Bounds(person, most, comparisons)).toList();
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
    for (Bounds person : bounds) {
      if (!person.areExceeded(left, right, rarity)) {
        return false;
      }
    }
    return true;
  }

  /** What speaks against that a pair is of one of the kinds that are one person. */
  private final class Bounds implements Serializable {
    private static final long serialVersionUID = 1;

    private final Kind person;

    /** Where the logarithm of the odds of one other kind alone is above it, the pair is not. */
    private final double most;

    /** By other kind and comparison: the best that two values can be that are not equal. */
    private final double[][] best = new double[OTHERS.length][];

    /** Comparisons in the order in which they are looked at. */
    private final int[] order;

    Bounds(Kind person, double most, List<Comparison> comparisons) {
      this.person = person;
      this.most = most;
      double[] lost = new double[comparisons.size()];
      for (int other = 0; other < OTHERS.length; other++) {
        best[other] = new double[lost.length];
        for (int place = 0; place < lost.length; place++) {
          Comparison comparison = comparisons.get(place);
          best[other][place] = best(OTHERS[other], place, comparison);
          double worst = odds.against(OTHERS[other], person, place, comparison.outcomes());
          lost[place] = Math.max(lost[place], worst - best[other][place]);
        }
      }
      this.order =
          IntStream.range(0, lost.length)
              .boxed()
              .sorted(Comparator.comparingDouble(place -> -lost[place]))
              .mapToInt(Integer::intValue)
              .toArray();
    }

    private double best(Kind other, int place, Comparison comparison) {
      double best = odds.against(other, person, place, comparison.outcomes()); // no level holds
      int first = comparison.startsWithExact() ? 2 : 1;
      for (int outcome = first; outcome <= comparison.levels().size(); outcome++) {
        double against = odds.against(other, person, place, outcome);
        if (outcome == 1 && odds.isByRarity(other, place)) {
          against += odds.rarer(place, rarities.least(place));
        }
        best = Math.min(best, against);
      }
      return best;
    }

    boolean areExceeded(String[] left, String[] right, double[] rarity) {
      double household = odds.share(Kind.HOUSEHOLD, person);
      double neighbours = odds.share(Kind.NEIGHBOURS, person);
      double strangers = odds.share(Kind.STRANGERS, person);
      long open = 0;
      for (int place : order) {
        if (left[place] == null || right[place] == null) {
          continue;
        }
        boolean isEqual = patterns.startsWithExact(place) && left[place].equals(right[place]);
        if (isEqual) {
          household += equal(Kind.HOUSEHOLD, place, left, rarity);
          neighbours += equal(Kind.NEIGHBOURS, place, left, rarity);
          strangers += equal(Kind.STRANGERS, place, left, rarity);
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
          household += different(Kind.HOUSEHOLD, place, outcome, left, rarity) - best[0][place];
          neighbours += different(Kind.NEIGHBOURS, place, outcome, left, rarity) - best[1][place];
          strangers += different(Kind.STRANGERS, place, outcome, left, rarity) - best[2][place];
        }
      }
      return household > most || neighbours > most || strangers > most;
    }

    private double equal(Kind other, int place, String[] values, double[] rarity) {
      double against = odds.against(other, person, place, 1);
      if (!odds.isByRarity(other, place)) {
        return against;
      }
      if (Double.isNaN(rarity[place])) {
        rarity[place] = rarities.of(place, values[place]);
      }
      return against + odds.rarer(place, rarity[place]);
    }

    private double different(Kind other, int place, int outcome, String[] values, double[] rarity) {
      return outcome == 1
          ? equal(other, place, values, rarity)
          : odds.against(other, person, place, outcome);
    }
  }
}
