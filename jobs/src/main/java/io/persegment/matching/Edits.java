package io.persegment.matching;

/**
 * Edits that make one text of another: a letter put in, left out or changed, or two neighbours
 * swapped, where no stretch is edited twice (optimal string alignment, after Damerau 1964).
 */
final class Edits {
  /** Above any count, and far from overflow. */
  private static final int FAR = 1 << 29;

  private Edits() {}

  /**
   * Returns whether no more than {@code most} edits are needed, at least 1. What both begin and end
   * with needs none, which decides nearly all pairs.
   */
  static boolean within(String left, String right, int most) {
    int leftEnd = left.length();
    int rightEnd = right.length();
    if (Math.abs(leftEnd - rightEnd) > most) {
      return false;
    }
    int start = 0;
    int shorter = Math.min(leftEnd, rightEnd);
    while (start < shorter && left.charAt(start) == right.charAt(start)) {
      start++;
    }
    while (Math.min(leftEnd, rightEnd) > start
        && left.charAt(leftEnd - 1) == right.charAt(rightEnd - 1)) {
      leftEnd--;
      rightEnd--;
    }
    if (Math.max(leftEnd, rightEnd) - start <= most) {
      return true;
    }
    if (most == 1) {
      return leftEnd == rightEnd && leftEnd - start == 2 && swapped(left, start, right, start);
    }
    return missing(left, right) <= most
        && missing(right, left) <= most
        && new Table(left, right, start, leftEnd - start, rightEnd - start).within(most);
  }

  /** Returns how many letters the other has nowhere: each of them needs an edit of its own. */
  private static int missing(String left, String right) {
    int length = left.length();
    return length - Letters.among(Letters.of(right, right.length()), left, length);
  }

  private static boolean swapped(String left, int at, String right, int other) {
    return left.charAt(at) == right.charAt(other + 1) && left.charAt(at + 1) == right.charAt(other);
  }

  /**
   * The table of edits between all beginnings, of which only cells so near to the diagonal are
   * filled as can be within the bound.
   */
  private record Table(String left, String right, int start, int rows, int columns) {
    boolean within(int most) {
      int[] beforeLast = new int[columns + 2];
      int[] last = new int[columns + 2];
      int[] row = new int[columns + 2];
      for (int column = 0; column <= Math.min(columns, most); column++) {
        last[column] = column;
      }
      last[Math.min(columns, most) + 1] = FAR;
      int leastBefore = 0;
      for (int at = 1; at <= rows; at++) {
        int least = fill(row, last, beforeLast, at, most);
        if (least > most && leastBefore >= most) { // a swap comes from the row before the last
          return false;
        }
        leastBefore = least;
        int[] free = beforeLast;
        beforeLast = last;
        last = row;
        row = free;
      }
      return last[columns] <= most;
    }

    /** Fills a row from the two before, and returns the least in it. */
    private int fill(int[] row, int[] last, int[] beforeLast, int at, int most) {
      int from = Math.max(1, at - most);
      int to = Math.min(columns, at + most);
      row[from - 1] = from == 1 ? at : FAR;
      int least = row[from - 1];
      for (int column = from; column <= to; column++) {
        int i = start + at - 1;
        int j = start + column - 1;
        int edits = last[column - 1] + (left.charAt(i) == right.charAt(j) ? 0 : 1);
        edits = Math.min(edits, 1 + Math.min(last[column], row[column - 1]));
        if (at > 1 && column > 1 && swapped(left, i - 1, right, j - 1)) {
          edits = Math.min(edits, 1 + beforeLast[column - 2]);
        }
        row[column] = edits;
        least = Math.min(least, edits);
      }
      row[to + 1] = FAR;
      return least;
    }
  }
}
