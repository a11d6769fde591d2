package io.persegment.segments;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Hierarchical clusters of points with weights: the two are joined whose union adds least to the
 * sum of squared distances to the centres (Ward, "Hierarchical grouping to optimize an objective
 * function", Journal of the American Statistical Association 58, 1963), by chains of nearest
 * neighbours, which find the same joins (Murtagh, "A survey of recent advances in hierarchical
 * clustering algorithms", The Computer Journal 26, 1983). Takes time in proportion to the square of
 * the points, and memory to the points.
 */
final class Ward {
  /**
   * One join. What hangs together is numbered as by scipy: the points first, then the joins in
   * their order.
   *
   * @param height the distance of the two: sqrt(2 v w / (v + w)) times that of their centres, with
   *     v and w their weights
   * @param weight of both together
   */
  record Join(int left, int right, double height, double weight) implements Serializable {}

  /** By such a part of the highest join two equal points may seem to be apart. */
  private static final double ROUNDING = 1e-9;

  private final double[][] centres;
  private final double[] weights;

  /** Places of the points that are not joined to one before, rising, and how many these are. */
  private final int[] places;

  private int left;

  /** Joins by a point of each side, in the order in which they are found. */
  private final List<Join> found = new ArrayList<>();

  private Ward(double[][] points, double[] weights) {
    this.centres = Arrays.stream(points).map(double[]::clone).toArray(double[][]::new);
    this.weights = weights.clone();
    this.places = IntStream.range(0, points.length).toArray();
    this.left = points.length;
  }

  /** Returns the joins of all points into one, rising. */
  static List<Join> joins(double[][] points, double[] weights) {
    var ward = new Ward(points, weights);
    ward.join();
    return ward.numbered();
  }

  /**
   * Returns the cluster of each point, from 0 in the order of their first points, where {@code k}
   * are left; of fewer points as many as there are.
   *
   * @param joins as {@link #joins} returns them
   */
  static int[] cut(List<Join> joins, int k) {
    int points = joins.size() + 1;
    var roots = new Roots(2 * points - 1);
    for (int i = 0; i < Math.max(0, points - k); i++) {
      roots.join(joins.get(i).left(), points + i);
      roots.join(joins.get(i).right(), points + i);
    }
    var clusterOf = new int[2 * points - 1];
    Arrays.fill(clusterOf, -1);
    var clusters = new int[points];
    int next = 0;
    for (int point = 0; point < points; point++) {
      int root = roots.of(point);
      if (clusterOf[root] < 0) {
        clusterOf[root] = next++;
      }
      clusters[point] = clusterOf[root];
    }
    return clusters;
  }

  /** Returns how many clusters are left where all joins up to {@code height} are made. */
  static int clusters(List<Join> joins, double height) {
    return 1 + (int) joins.stream().filter(join -> join.height() > height).count();
  }

  /** Returns how many points differ at all; means of equal ones differ by rounding. */
  static int different(List<Join> joins) {
    return joins.isEmpty() ? 1 : clusters(joins, ROUNDING * joins.get(joins.size() - 1).height());
  }

  private void join() {
    var chain = new int[left];
    int length = 0;
    while (left > 1) {
      if (length == 0) {
        chain[length++] = places[0];
      }
      int last = chain[length - 1];
      int before = length > 1 ? chain[length - 2] : -1;
      int nearest = nearest(last, before);
      if (nearest == before) {
        join(before, last);
        length -= 2;
      } else {
        chain[length++] = nearest;
      }
    }
  }

  /** Returns the nearest to {@code to}; of equally near ones {@code preferred}, else the first. */
  private int nearest(int to, int preferred) {
    int nearest = preferred;
    double least = preferred < 0 ? Double.POSITIVE_INFINITY : distance(to, preferred);
    for (int i = 0; i < left; i++) {
      int each = places[i];
      if (each != to) {
        double distance = distance(to, each);
        if (distance < least) {
          least = distance;
          nearest = each;
        }
      }
    }
    return nearest;
  }

  private double distance(int one, int other) {
    double both = weights[one] + weights[other];
    return 2
        * weights[one]
        * weights[other]
        / both
        * Clustering.squared(centres[one], centres[other]);
  }

  /** Puts the second into the first. */
  private void join(int into, int from) {
    double both = weights[into] + weights[from];
    found.add(new Join(into, from, Math.sqrt(distance(into, from)), both));
    for (int d = 0; d < centres[into].length; d++) {
      centres[into][d] =
          (weights[into] * centres[into][d] + weights[from] * centres[from][d]) / both;
    }
    weights[into] = both;
    int place = Arrays.binarySearch(places, 0, left, from);
    left--;
    System.arraycopy(places, place + 1, places, place, left - place);
  }

  private List<Join> numbered() {
    int points = found.size() + 1;
    var roots = new Roots(2 * points - 1);
    var joins = new ArrayList<Join>();
    found.sort(Comparator.comparing(Join::height)); // keeps the order of equal ones
    for (Join each : found) {
      int left = roots.of(each.left());
      int right = roots.of(each.right());
      int number = points + joins.size();
      joins.add(
          new Join(Math.min(left, right), Math.max(left, right), each.height(), each.weight()));
      roots.join(left, number);
      roots.join(right, number);
    }
    return joins;
  }

  /** What hangs together, by the number of the last join of it. */
  private static final class Roots {
    private final int[] parents;

    Roots(int size) {
      parents = new int[size];
      Arrays.setAll(parents, i -> i);
    }

    int of(int node) {
      int root = node;
      while (parents[root] != root) {
        parents[root] = parents[parents[root]];
        root = parents[root];
      }
      return root;
    }

    void join(int node, int under) {
      parents[of(node)] = under;
    }
  }
}
