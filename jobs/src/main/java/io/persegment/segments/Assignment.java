package io.persegment.segments;

import java.util.Arrays;

/**
 * Assigns each of some rows to a column of its own such that the sum of their values is the
 * greatest there is (Kuhn, "The Hungarian method for the assignment problem", Naval Research
 * Logistics Quarterly 2, 1955; by shortest augmenting paths, in time of the cube of the larger
 * side).
 */
final class Assignment {
  private static final int NONE = -1;

  private final double[][] values;
  private final int size;

  /** What is taken off each row and column; no value is above the sum of both. */
  private final double[] ofRow;

  private final double[] ofColumn;
  private final int[] rowOf;

  private Assignment(double[][] values, int size) {
    this.values = values;
    this.size = size;
    this.ofRow = new double[size];
    this.ofColumn = new double[size];
    this.rowOf = new int[size];
    Arrays.fill(rowOf, NONE);
  }

  /**
   * Returns the column of each row, -1 for a row without one where there are fewer columns. Of
   * assignments of equal sums the one is taken that prefers earlier rows and columns.
   *
   * @param values by row and column, each at least 0; as many in each row
   */
  static int[] best(double[][] values) {
    int columns = values.length == 0 ? 0 : values[0].length;
    var assignment = new Assignment(values, Math.max(values.length, columns));
    for (int row = 0; row < assignment.size; row++) {
      assignment.add(row);
    }
    var columnOf = new int[values.length];
    Arrays.fill(columnOf, NONE);
    for (int column = 0; column < columns; column++) {
      if (assignment.rowOf[column] < values.length) {
        columnOf[assignment.rowOf[column]] = column;
      }
    }
    return columnOf;
  }

  /** A cost, so that the least is the best; what is beside the table is worth nothing. */
  private double cost(int row, int column) {
    boolean inside = row < values.length && column < values[row].length;
    return inside ? -values[row][column] : 0;
  }

  /** Gives a row its column, moving others along the path that costs least. */
  private void add(int row) {
    var least = new double[size];
    var from = new int[size];
    var done = new boolean[size];
    Arrays.fill(least, Double.POSITIVE_INFINITY);
    int column = NONE;
    int at = row;
    while (at != NONE) {
      int next = NONE;
      for (int each = 0; each < size; each++) {
        if (!done[each]) {
          double reduced = cost(at, each) - ofRow[at] - ofColumn[each];
          if (reduced < least[each]) {
            least[each] = reduced;
            from[each] = column;
          }
          boolean isFree = next != NONE && rowOf[each] == NONE && rowOf[next] != NONE;
          if (next == NONE
              || least[each] < least[next]
              || (least[each] == least[next] && isFree)) { // who came first stays
            next = each;
          }
        }
      }
      double step = least[next];
      ofRow[row] += step;
      for (int each = 0; each < size; each++) {
        if (done[each]) {
          ofRow[rowOf[each]] += step;
          ofColumn[each] -= step;
        } else {
          least[each] -= step;
        }
      }
      done[next] = true;
      column = next;
      at = rowOf[next];
    }
    while (column != NONE) {
      int before = from[column];
      rowOf[column] = before == NONE ? row : rowOf[before];
      column = before;
    }
  }
}
