package io.persegment.matching;

import java.util.BitSet;

/**
 * How alike two texts are, from 0 to 1: Winkler, String Comparator Metrics and Enhanced Decision
 * Rules in the Fellegi-Sunter Model of Record Linkage, 1990. Transpositions are halved and rounded
 * down, as in the program strcmp95 of the United States Census Bureau.
 */
final class JaroWinkler {
  private static final double PREFIX_SCALE = 0.1;
  private static final int LONGEST_PREFIX = 4;
  private static final double LEAST_FOR_PREFIX = 0.7;

  /** Less than any two scores differ that are not meant to be the same. */
  private static final double ROUNDING = 1e-9;

  private JaroWinkler() {}

  static double of(String left, String right) {
    return of(left, left.length(), right, right.length());
  }

  static boolean atLeast(String left, String right, double bound) {
    return atLeast(left, left.length(), right, right.length(), bound);
  }

  /** As {@link #of(String, String)} of the beginnings of so many letters. */
  static double of(String left, int leftLength, String right, int rightLength) {
    int prefix = prefix(left, leftLength, right, rightLength);
    return leftLength <= Long.SIZE && rightLength <= Long.SIZE
        ? ofShort(left, leftLength, right, rightLength, prefix)
        : ofLong(left, leftLength, right, rightLength, prefix);
  }

  /** Most pairs are told from the letters that both have at all. */
  static boolean atLeast(String left, int leftLength, String right, int rightLength, double bound) {
    double least = bound - ROUNDING;
    int prefix = prefix(left, leftLength, right, rightLength);
    int most =
        Math.min(
            Letters.among(Letters.of(right, rightLength), left, leftLength),
            Letters.among(Letters.of(left, leftLength), right, rightLength));
    return score(most, 0, leftLength, rightLength, prefix) >= least
        && of(left, leftLength, right, rightLength) >= least;
  }

  private static int prefix(String left, int leftLength, String right, int rightLength) {
    int most = Math.min(LONGEST_PREFIX, Math.min(leftLength, rightLength));
    int prefix = 0;
    while (prefix < most && left.charAt(prefix) == right.charAt(prefix)) {
      prefix++;
    }
    return prefix;
  }

  private static double score(int matches, int swapped, int left, int right, int prefix) {
    if (matches == 0) {
      return left == 0 && right == 0 ? 1 : 0;
    }
    double all = matches;
    double jaro = (all / left + all / right + (all - swapped) / all) / 3;
    return jaro < LEAST_FOR_PREFIX ? jaro : jaro + prefix * PREFIX_SCALE * (1 - jaro);
  }

  private static int window(int leftLength, int rightLength) {
    return Math.max(0, Math.max(leftLength, rightLength) / 2 - 1);
  }

  private static double ofShort(
      String left, int leftLength, String right, int rightLength, int prefix) {
    int window = window(leftLength, rightLength);
    long leftMatched = 0;
    long rightMatched = 0;
    for (int at = 0; at < leftLength; at++) {
      char letter = left.charAt(at);
      int end = Math.min(rightLength, at + window + 1);
      for (int other = Math.max(0, at - window); other < end; other++) {
        if (right.charAt(other) == letter && (rightMatched & (1L << other)) == 0) {
          leftMatched |= 1L << at;
          rightMatched |= 1L << other;
          break;
        }
      }
    }
    int matches = Long.bitCount(leftMatched);
    int elsewhere = 0;
    while (leftMatched != 0) {
      char letter = left.charAt(Long.numberOfTrailingZeros(leftMatched));
      elsewhere += letter == right.charAt(Long.numberOfTrailingZeros(rightMatched)) ? 0 : 1;
      leftMatched &= leftMatched - 1;
      rightMatched &= rightMatched - 1;
    }
    return score(matches, elsewhere / 2, leftLength, rightLength, prefix);
  }

  /** The same where a long has too few bits, as in an address. */
  static double ofLong(String left, int leftLength, String right, int rightLength, int prefix) {
    int window = window(leftLength, rightLength);
    var leftMatched = new BitSet(leftLength);
    var rightMatched = new BitSet(rightLength);
    for (int at = 0; at < leftLength; at++) {
      char letter = left.charAt(at);
      int end = Math.min(rightLength, at + window + 1);
      int other = rightMatched.nextClearBit(Math.max(0, at - window));
      while (other < end && right.charAt(other) != letter) {
        other = rightMatched.nextClearBit(other + 1);
      }
      if (other < end) {
        leftMatched.set(at);
        rightMatched.set(other);
      }
    }
    int elsewhere = 0;
    int other = rightMatched.nextSetBit(0);
    for (int at = leftMatched.nextSetBit(0); at >= 0; at = leftMatched.nextSetBit(at + 1)) {
      elsewhere += left.charAt(at) == right.charAt(other) ? 0 : 1;
      other = rightMatched.nextSetBit(other + 1);
    }
    return score(leftMatched.cardinality(), elsewhere / 2, leftLength, rightLength, prefix);
  }
}
