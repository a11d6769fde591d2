package io.persegment.segments;

import java.util.Arrays;

/** Points that are divided into clusters, and how good a division it is. */
final class Clustering {
  private final double[][] points;
  private final double[][] centres;
  private final int[] clusters;
  private final int[] sizes;

  /**
   * @param clusters of each point, the place of its centre
   */
  Clustering(double[][] points, double[][] centres, int[] clusters) {
    this.points = points;
    this.centres = centres;
    this.clusters = clusters;
    this.sizes = new int[centres.length];
    for (int cluster : clusters) {
      sizes[cluster]++;
    }
  }

  /** Returns the points divided as they are, each cluster around its middle. */
  static Clustering of(double[][] points, int[] clusters, int k) {
    var ones = new double[points.length];
    Arrays.fill(ones, 1);
    return new Clustering(points, means(points, ones, clusters, k), clusters.clone());
  }

  /** Returns the middle of each of {@code k} clusters of points with weights. */
  static double[][] means(double[][] points, double[] weights, int[] clusters, int k) {
    var means = new double[k][points[0].length];
    var sums = new double[k];
    for (int i = 0; i < points.length; i++) {
      sums[clusters[i]] += weights[i];
      for (int d = 0; d < points[i].length; d++) {
        means[clusters[i]][d] += weights[i] * points[i][d];
      }
    }
    for (int cluster = 0; cluster < k; cluster++) {
      for (int d = 0; d < means[cluster].length; d++) {
        means[cluster][d] /= sums[cluster];
      }
    }
    return means;
  }

  /** Returns the cluster of the greatest cost. */
  int costliest() {
    var costs = new double[centres.length];
    for (int i = 0; i < points.length; i++) {
      costs[clusters[i]] += squared(points[i], centres[clusters[i]]);
    }
    int costliest = 0;
    for (int cluster = 1; cluster < costs.length; cluster++) {
      costliest = costs[cluster] > costs[costliest] ? cluster : costliest;
    }
    return costliest;
  }

  static double squared(double[] left, double[] right) {
    double sum = 0;
    for (int d = 0; d < left.length; d++) {
      double difference = left[d] - right[d];
      sum += difference * difference;
    }
    return sum;
  }

  /** Returns the place of the centre of a point. */
  int cluster(int point) {
    return clusters[point];
  }

  /** Returns how many points each cluster has. */
  double[] weights() {
    return Arrays.stream(sizes).asDoubleStream().toArray();
  }

  /** Returns how well each cluster is found again among the first {@code most} points. */
  double[] stability(int most, Stability.Method method, int resamples, long seed) {
    int n = Math.min(most, points.length);
    return Stability.of(
        Arrays.copyOf(points, n),
        Arrays.copyOf(clusters, n),
        centres.length,
        method,
        resamples,
        seed);
  }

  double[][] centres() {
    return centres;
  }

  /** Returns the part of the points that the smallest cluster holds. */
  double leastShare() {
    return (double) Arrays.stream(sizes).min().orElse(0) / points.length;
  }

  /** Returns the sum of the squared distances of all points to their centres. */
  double cost() {
    double cost = 0;
    for (int i = 0; i < points.length; i++) {
      cost += squared(points[i], centres[clusters[i]]);
    }
    return cost;
  }

  /**
   * Returns the mean silhouette of the first {@code most} points among themselves, by plain
   * Euclidean distance: -1 to 1, higher is better (Rousseeuw, "Silhouettes: a graphical aid", J.
   * Comput. Appl. Math. 20, 1987). A point alone in its cluster counts 0. Takes time in proportion
   * to the square of the points.
   */
  double silhouette(int most) {
    int n = Math.min(most, points.length);
    var sums = new double[n][centres.length];
    var counts = new int[centres.length];
    for (int i = 0; i < n; i++) {
      counts[clusters[i]]++;
      for (int j = 0; j < i; j++) {
        double distance = Math.sqrt(squared(points[i], points[j]));
        sums[i][clusters[j]] += distance;
        sums[j][clusters[i]] += distance;
      }
    }
    double total = 0;
    for (int i = 0; i < n; i++) {
      total += silhouette(sums[i], counts, clusters[i]);
    }
    return total / n;
  }

  private static double silhouette(double[] sums, int[] counts, int own) {
    double other = Double.POSITIVE_INFINITY;
    for (int cluster = 0; cluster < counts.length; cluster++) {
      if (cluster != own && counts[cluster] > 0) {
        other = Math.min(other, sums[cluster] / counts[cluster]);
      }
    }
    if (counts[own] <= 1 || Double.isInfinite(other)) {
      return 0;
    }
    double inside = sums[own] / (counts[own] - 1);
    double larger = Math.max(inside, other);
    return larger == 0 ? 0 : (other - inside) / larger;
  }

  /**
   * Returns how near clusters are to each other against how wide they are, lower is better (Davies
   * and Bouldin, "A cluster separation measure", IEEE PAMI 1, 1979).
   */
  double daviesBouldin() {
    int k = centres.length;
    var widths = new double[k];
    for (int i = 0; i < points.length; i++) {
      widths[clusters[i]] +=
          Math.sqrt(squared(points[i], centres[clusters[i]])) / sizes[clusters[i]];
    }
    double total = 0;
    for (int i = 0; i < k; i++) {
      double worst = 0;
      for (int j = 0; j < k; j++) {
        double apart = Math.sqrt(squared(centres[i], centres[j]));
        if (i != j && apart > 0) {
          worst = Math.max(worst, (widths[i] + widths[j]) / apart);
        }
      }
      total += worst;
    }
    return total / k;
  }

  /**
   * Returns the variance between clusters against that inside of them, higher is better (Calinski
   * and Harabasz, "A dendrite method for cluster analysis", Communications in Statistics 3, 1974);
   * 0 where it cannot be told, as nothing varies inside.
   */
  double calinskiHarabasz() {
    double inside = cost();
    int k = centres.length;
    if (inside == 0 || points.length <= k) {
      return 0;
    }
    var mean = new double[centres[0].length];
    for (double[] point : points) {
      for (int d = 0; d < mean.length; d++) {
        mean[d] += point[d] / points.length;
      }
    }
    double between = 0;
    for (int cluster = 0; cluster < k; cluster++) {
      between += sizes[cluster] * squared(centres[cluster], mean);
    }
    return between / (k - 1) / (inside / (points.length - k));
  }
}
