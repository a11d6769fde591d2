package io.persegment.segments;

import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Tells how well clusters are found again: points are drawn anew, with replacement, clustered
 * again, and each cluster is held against the one that is most like it, by the Jaccard overlap of
 * the points drawn. Its mean is 0 to 1: .75 and above is a stable cluster, below .6 one not to be
 * trusted (Hennig, "Cluster-wise assessment of cluster stability", Computational Statistics and
 * Data Analysis 52, 2007).
 */
final class Stability {
  /** How clusters are found. */
  interface Method {
    /** Returns {@code k} clusters; empty where there are too few different points. */
    Optional<Clustering> clusters(double[][] points, int k, long seed);
  }

  private final double[][] points;
  private final int[] clusters;
  private final int k;
  private final Method method;

  private Stability(double[][] points, int[] clusters, int k, Method method) {
    this.points = points;
    this.clusters = clusters;
    this.k = k;
    this.method = method;
  }

  /**
   * Returns the mean overlap of each cluster.
   *
   * @param clusters of each point, the place of its cluster, below {@code k}
   * @param method by which they were found
   * @param resamples how often points are drawn anew
   */
  static double[] of(
      double[][] points, int[] clusters, int k, Method method, int resamples, long seed) {
    var stability = new Stability(points, clusters, k, method);
    var sums = new double[k];
    for (int resample = 0; resample < resamples; resample++) {
      double[] overlaps = stability.overlaps(seed * 1_000_003 + k * 1_009L + resample);
      for (int cluster = 0; cluster < k; cluster++) {
        sums[cluster] += overlaps[cluster];
      }
    }
    return Arrays.stream(sums).map(sum -> sum / resamples).toArray();
  }

  private double[] overlaps(long seed) {
    var random = new SplittableRandom(seed);
    int[] drawn = random.ints(points.length, 0, points.length).toArray();
    double[][] again =
        Arrays.stream(drawn).mapToObj(place -> points[place]).toArray(double[][]::new);
    return method
        .clusters(again, k, random.nextLong())
        .map(clustering -> overlaps(drawn, clustering))
        .orElseGet(() -> new double[k]); // too few different points: nothing is found again
  }

  private double[] overlaps(int[] drawn, Clustering again) {
    var both = new long[k][k];
    var before = new long[k];
    var after = new long[k];
    var counted = new boolean[points.length];
    for (int i = 0; i < drawn.length; i++) {
      if (!counted[drawn[i]]) {
        counted[drawn[i]] = true;
        both[clusters[drawn[i]]][again.cluster(i)]++;
        before[clusters[drawn[i]]]++;
        after[again.cluster(i)]++;
      }
    }
    var overlaps = new double[k];
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        long either = before[i] + after[j] - both[i][j];
        overlaps[i] = Math.max(overlaps[i], either == 0 ? 0 : (double) both[i][j] / either);
      }
    }
    return overlaps;
  }
}
