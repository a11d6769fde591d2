package io.persegment.segments;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import io.persegment.segments.ClusterSettings.Fit;
import io.persegment.segments.Ward.Join;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.mllib.clustering.KMeansModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Customers in small clusters, and what these join to. Joining takes time in proportion to the
 * square of what is joined, so that of many customers only small clusters can be; of others each is
 * its own, as small clusters, however many, come to other joins where nothing sets groups apart.
 *
 * @param small the small clusters
 * @param weights how many customers each has
 * @param joins of the small clusters into one, rising
 * @param isExact whether each customer is a small cluster
 */
record Hierarchy(KMeansModel small, Vector weights, List<Join> joins, boolean isExact) {
  private static final int MOST_ROUNDS = 20;
  private static final int MOST_ITERATIONS = 10;

  /** Returns whether each of so many customers is a small cluster of its own. */
  static boolean isExact(long customers, Fit fit) {
    return customers <= Math.min(fit.exact(), fit.sample());
  }

  /**
   * Returns the small clusters of points, each with its place.
   *
   * @param points in an order of their own
   * @param isExact whether each is its own
   */
  static Clustering small(double[][] points, boolean isExact, Fit fit) {
    if (isExact) {
      return new Clustering(points, points, IntStream.range(0, points.length).toArray());
    }
    return Lloyd.quick(points, fit.microClusters(), MOST_ROUNDS, fit.seed());
  }

  /** Returns {@code k} clusters of points, by joining their small clusters. */
  static Clustering clustering(double[][] points, Clustering small, List<Join> joins, int k) {
    int[] ofSmall = Ward.cut(joins, k);
    int[] clusters =
        IntStream.range(0, points.length).map(i -> ofSmall[small.cluster(i)]).toArray();
    return Clustering.of(points, clusters, Arrays.stream(ofSmall).max().orElse(0) + 1);
  }

  /** Returns {@code k} clusters of few points, each a small cluster of its own. */
  static Optional<Clustering> clusters(double[][] points, int k, long seed) {
    int[] clusters = Ward.cut(Ward.joins(points, ones(points.length)), k);
    return Optional.of(Clustering.of(points, clusters, Math.min(k, points.length)));
  }

  /**
   * Builds the hierarchy of all customers. An action, of some passes where they are many; to the
   * driver come the small clusters.
   *
   * @param prepared customers with {@link Preparation#VECTOR}
   */
  static Hierarchy of(Dataset<Row> prepared, long customers, Fit fit) {
    boolean isExact = isExact(customers, fit);
    List<Vector> centres = Sample.small(prepared, isExact, fit);
    if (isExact) {
      var each =
          new KMeansModel(
              centres.stream().map(org.apache.spark.mllib.linalg.Vectors::fromML).toList());
      double[] ones = ones(centres.size());
      return new Hierarchy(each, Vectors.dense(ones), Ward.joins(arrays(each), ones), true);
    }
    KMeansModel small = ClusterTraining.fit(prepared, centres, MOST_ITERATIONS);
    double[] weights = weights(prepared, small);
    return new Hierarchy(small, Vectors.dense(weights), Ward.joins(arrays(small), weights), false);
  }

  private static double[] weights(Dataset<Row> prepared, KMeansModel small) {
    Map<Integer, Long> counts =
        ClusterTraining.stage("small", small, ClusterModel.SMALL)
            .transform(prepared)
            .groupBy(col(ClusterModel.SMALL))
            .agg(count(lit(1)))
            .collectAsList() // one row a small cluster
            .stream()
            .collect(Collectors.toMap(row -> row.getInt(0), row -> row.getLong(1)));
    // One without customers, which another is equally near to, must not move what it joins.
    return IntStream.range(0, small.k())
        .mapToDouble(i -> counts.getOrDefault(i, 0L) + Double.MIN_NORMAL)
        .toArray();
  }

  /** Returns which of {@code k} clusters each small cluster is of. */
  int[] clusters(int k) {
    return Ward.cut(joins, k);
  }

  /** Returns the joins of the sample, where it is all customers, each a small cluster. */
  Optional<List<Join>> joinsOfSample() {
    return isExact ? Optional.of(joins) : Optional.empty();
  }

  /** Returns the centre of each of {@code k} clusters. */
  double[][] centres(int k) {
    return Clustering.means(arrays(small), weights.toArray(), clusters(k), k);
  }

  static double[][] arrays(KMeansModel small) {
    return Arrays.stream(small.clusterCenters())
        .map(centre -> centre.toArray())
        .toArray(double[][]::new);
  }

  private static double[] ones(int size) {
    var ones = new double[size];
    Arrays.fill(ones, 1);
    return ones;
  }
}
