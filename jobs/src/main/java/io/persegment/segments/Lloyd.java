package io.persegment.segments;

import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * K-Means of points that fit into memory, by Lloyd's algorithm ("Least squares quantization in
 * PCM", IEEE Transactions on Information Theory 28, 1982), started by k-means++ (Arthur and
 * Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007). The same points in the
 * same order give the same centres on every machine.
 */
final class Lloyd {
  private static final int MOST_ROUNDS = 300;

  private final double[][] points;
  private final int k;

  private Lloyd(double[][] points, int k) {
    this.points = points;
    this.k = k;
  }

  /**
   * Returns the best of several fits, that of least cost; of equal ones the first. Empty where
   * there are fewer than {@code k} different points.
   */
  static Optional<Clustering> best(double[][] points, int k, int starts, long seed) {
    var lloyd = new Lloyd(points, k);
    Optional<Clustering> best = Optional.empty();
    for (int start = 0; start < starts; start++) {
      var random = new SplittableRandom(seed * 1_000_003 + k * 1_009L + start);
      double[][] seeds = lloyd.seeds(random);
      if (seeds.length < k) {
        return Optional.empty();
      }
      Clustering next = lloyd.fit(seeds, MOST_ROUNDS);
      if (best.isEmpty() || next.cost() < best.get().cost()) {
        best = Optional.of(next);
      }
    }
    return best;
  }

  /**
   * Returns {@code k} clusters that are good enough to be joined, after a few rounds; fewer where
   * there are fewer different points.
   */
  static Clustering quick(double[][] points, int k, int rounds, long seed) {
    var lloyd = new Lloyd(points, k);
    double[][] seeds = lloyd.seeds(new SplittableRandom(seed));
    return lloyd.fit(seeds, rounds);
  }

  /**
   * Draws centres among the points, each with a chance in proportion to its squared distance, and
   * of some drawn so the one that lowers the cost most (the greedy variant that Arthur and
   * Vassilvitskii tell of in their conclusion); fewer than k where there are fewer different
   * points.
   */
  private double[][] seeds(SplittableRandom random) {
    int candidates = 2 + (int) Math.log(k);
    var centres = new double[k][];
    var nearest = new double[points.length];
    Arrays.fill(nearest, Double.POSITIVE_INFINITY);
    centres[0] = points[random.nextInt(points.length)].clone();
    nearest = nearer(nearest, centres[0]);
    for (int next = 1; next < k; next++) {
      double total = sum(nearest);
      if (total == 0) {
        return Arrays.copyOf(centres, next);
      }
      double[] before = nearest;
      double least = Double.POSITIVE_INFINITY;
      for (int candidate = 0; candidate < candidates; candidate++) {
        double[] centre = points[drawn(before, random.nextDouble() * total)];
        double[] with = nearer(before, centre);
        double cost = sum(with);
        if (cost < least) {
          least = cost;
          nearest = with;
          centres[next] = centre.clone();
        }
      }
    }
    return centres;
  }

  /** Returns how far each point is from the nearest centre, squared, with one centre more. */
  private double[] nearer(double[] nearest, double[] centre) {
    var nearer = new double[points.length];
    for (int i = 0; i < points.length; i++) {
      nearer[i] = Math.min(nearest[i], Clustering.squared(points[i], centre));
    }
    return nearer;
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }

  /** Returns the place at which the running sum of {@code weights} passes {@code target}. */
  private static int drawn(double[] weights, double target) {
    int last = 0;
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        last = i;
        sum += weights[i];
        if (sum > target) {
          return i;
        }
      }
    }
    return last;
  }

  /** Moves centres to the mean of their points until no point changes its cluster. */
  private Clustering fit(double[][] centres, int rounds) {
    int[] before = null;
    var clusters = new int[points.length];
    for (int round = 0; round < rounds && !Arrays.equals(clusters, before); round++) {
      before = clusters;
      clusters = assign(centres);
      move(centres, clusters);
    }
    return new Clustering(points, centres, assign(centres));
  }

  private int[] assign(double[][] centres) {
    var clusters = new int[points.length];
    for (int i = 0; i < points.length; i++) {
      double least = Double.POSITIVE_INFINITY;
      for (int cluster = 0; cluster < centres.length; cluster++) {
        double distance = Clustering.squared(points[i], centres[cluster]);
        if (distance < least) {
          least = distance;
          clusters[i] = cluster;
        }
      }
    }
    return clusters;
  }

  /** A centre that lost all its points stays where it is. */
  private void move(double[][] centres, int[] clusters) {
    var sums = new double[centres.length][centres[0].length];
    var sizes = new int[centres.length];
    for (int i = 0; i < points.length; i++) {
      sizes[clusters[i]]++;
      for (int d = 0; d < points[i].length; d++) {
        sums[clusters[i]][d] += points[i][d];
      }
    }
    for (int cluster = 0; cluster < centres.length; cluster++) {
      for (int d = 0; sizes[cluster] > 0 && d < sums[cluster].length; d++) {
        centres[cluster][d] = sums[cluster][d] / sizes[cluster];
      }
    }
  }
}
