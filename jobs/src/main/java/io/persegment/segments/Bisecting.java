package io.persegment.segments;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Clusters of points that fit into memory, by dividing the one of the greatest cost in two until
 * there are enough (Steinbach, Karypis and Kumar, "A comparison of document clustering techniques",
 * KDD workshop on text mining, 2000). As they refine what they find by K-Means, so do we: one fit
 * on all customers starts at the centres of the sample. MLlib's BisectingKMeans divides the largest
 * first, and stops where the first cut of scaled features leaves less than it asks for.
 */
final class Bisecting {
  private Bisecting() {}

  /**
   * Returns {@code k} clusters; empty where there are fewer different points.
   *
   * @param starts how often each is tried to be divided, from other centres
   */
  static Optional<Clustering> clusters(double[][] points, int k, int starts, long seed) {
    var clusters = new int[points.length];
    Clustering all = Clustering.of(points, clusters, 1);
    for (int next = 1; next < k; next++) {
      int[] members = members(clusters, all.costliest());
      double[][] part = Arrays.stream(members).mapToObj(i -> points[i]).toArray(double[][]::new);
      Optional<Clustering> halves = Lloyd.best(part, 2, starts, seed + next);
      if (halves.isEmpty()) {
        return Optional.empty();
      }
      for (int i = 0; i < members.length; i++) {
        if (halves.get().cluster(i) == 1) {
          clusters[members[i]] = next;
        }
      }
      all = Clustering.of(points, clusters, next + 1);
    }
    return Optional.of(all);
  }

  private static int[] members(int[] clusters, int cluster) {
    return IntStream.range(0, clusters.length).filter(i -> clusters[i] == cluster).toArray();
  }
}
