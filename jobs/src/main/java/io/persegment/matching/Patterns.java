package io.persegment.matching;

import static org.apache.spark.sql.types.DataTypes.LongType;

import io.persegment.table.Field;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * How far two records agree: the outcome of every comparison, in one number of four bits each. An
 * outcome is 0 where either record has no value, else the place of the level that holds, counted
 * from 1, then, where values may be swapped, that, then that none holds. Levels of an e-mail's user
 * are passed over where it is made of either record's names.
 */
final class Patterns implements Serializable {
  private static final long serialVersionUID = 1;

  static final Field PATTERN =
      Field.required("pattern", LongType, "Outcomes of all comparisons, four bits each");

  static final int BITS = 4;
  static final int MOST_LEVELS = 13;
  static final int MOST_COMPARISONS = 15;

  private static final int NOWHERE = -1;
  private static final double SLIP = 0.92; // similarity of a name and the same with a slip

  private final Level[][] levels;
  private final boolean[] startsWithExact;
  private final int[] none;
  private final int[] swapped;
  private final int[] swapsWith;
  private final int[] names;

  Patterns(MatchingSettings settings) {
    List<Comparison> comparisons = settings.comparisons();
    int places = comparisons.size();
    levels = new Level[places][];
    startsWithExact = new boolean[places];
    none = new int[places];
    swapped = new int[places];
    swapsWith = new int[places];
    for (int place = 0; place < places; place++) {
      Comparison comparison = comparisons.get(place);
      levels[place] = comparison.levels().toArray(new Level[0]);
      startsWithExact[place] = comparison.startsWithExact();
      none[place] = comparison.outcomes();
      swapped[place] = comparison.swapped();
      swapsWith[place] = comparison.swapsWith().map(settings::place).orElse(NOWHERE);
    }
    names = settings.swappable().stream().mapToInt(settings::place).toArray();
  }

  /** Returns the outcome of the comparison in {@code place}. */
  static int outcome(long pattern, int place) {
    return (int) (pattern >>> (BITS * place)) & 0xf;
  }

  /** Returns the pattern as if nothing were known behind the comparison in {@code place}. */
  static long upTo(long pattern, int place) {
    return pattern & ((1L << (BITS * (place + 1))) - 1);
  }

  /** Compares the values of two records, null where there is none, in the order of comparisons. */
  long of(String[] left, String[] right) {
    long pattern = 0;
    for (int place = 0; place < levels.length; place++) {
      pattern |= (long) outcome(place, left, right) << (BITS * place);
    }
    for (int place = 0; place < levels.length; place++) {
      int other = swapsWith[place];
      if (other != NOWHERE && areSwapped(place, other, left, right)) {
        pattern = without(without(pattern, place), other); // once is enough
        pattern |= (long) swapped[place] << (BITS * place);
      }
    }
    return pattern;
  }

  boolean startsWithExact(int place) {
    return startsWithExact[place];
  }

  /** Returns whether values stand in each other's place. */
  boolean anySwapped(String[] left, String[] right) {
    for (int place = 0; place < levels.length; place++) {
      int other = swapsWith[place];
      if (other != NOWHERE && areSwapped(place, other, left, right)) {
        return true;
      }
    }
    return false;
  }

  /** Returns the outcome of one comparison, but for swapped values; 0 where one is null. */
  int outcome(int place, String[] left, String[] right) {
    String one = left[place];
    String other = right[place];
    if (one == null || other == null) {
      return 0;
    }
    int outcome = outcome(place, one, other, true);
    boolean isOfUser = outcome != none[place] && levels[place][outcome - 1].isOfUser();
    return isOfUser && (isMadeOfNames(place, left) || isMadeOfNames(place, right))
        ? outcome(place, one, other, false)
        : outcome;
  }

  private int outcome(int place, String left, String right, boolean usersCount) {
    Level[] all = levels[place];
    for (int i = 0; i < all.length; i++) {
      if ((usersCount || !all[i].isOfUser()) && all[i].holds(left, right)) {
        return i + 1;
      }
    }
    return none[place];
  }

  /** Namesakes often have the same user: that they have says no more than their names do. */
  private boolean isMadeOfNames(int place, String[] values) {
    return MailUsers.isMadeOf(
        values[place], Arrays.stream(names).mapToObj(name -> values[name]).toList());
  }

  private static boolean areSwapped(int place, int other, String[] left, String[] right) {
    if (left[place] == null
        || left[other] == null
        || right[place] == null
        || right[other] == null
        || left[place].equals(right[place])
        || left[other].equals(right[other])) {
      return false;
    }
    boolean one = left[place].equals(right[other]);
    boolean two = left[other].equals(right[place]);
    return (one || two) && isClose(left[place], right[other]) && isClose(left[other], right[place]);
  }

  private static boolean isClose(String left, String right) {
    return JaroWinkler.atLeast(left, right, SLIP);
  }

  private static long without(long pattern, int place) {
    return pattern & ~(0xfL << (BITS * place));
  }
}
