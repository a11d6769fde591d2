package io.persegment.segments;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pow;
import static org.apache.spark.sql.functions.sum;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What one pass over the customers of all clusters tells of them.
 *
 * @param cost sum of the squared distances to the centres
 * @param means of the features as they are, not transformed, by cluster; one without customers has
 *     none
 * @param overall means of the features over all
 */
record ClusterMeans(double cost, Map<Integer, Vector> means, Vector overall) {
  /** Least part of the mean over all by which that of a cluster must differ to be spoken of. */
  private static final double LEAST_DIFFERENCE = 0.1;

  ClusterMeans {
    means = Map.copyOf(means);
  }

  /**
   * Measures clusters. An action.
   *
   * @param scored customers of whom enough is known, as {@link ClusterModel#score} leaves them
   */
  static ClusterMeans of(Dataset<Row> scored, List<String> features) {
    var sums = new ArrayList<Column>();
    sums.add(count(lit(1)).cast("double"));
    features.forEach(feature -> sums.add(sum(Division.named(feature).cast("double"))));
    List<Row> rows =
        scored
            .groupBy(col(ClusterModel.CLUSTER))
            .agg(sum(pow(ClusterModel.distance(), 2)), sums.toArray(new Column[0]))
            .orderBy(col(ClusterModel.CLUSTER))
            .collectAsList(); // one row a cluster
    var means = new TreeMap<Integer, Vector>();
    for (Row row : rows) {
      means.put(row.getInt(0), vector(features, i -> row.getDouble(i) / row.getDouble(2)));
    }
    double customers = total(rows, 2);
    return new ClusterMeans(
        total(rows, 1), means, vector(features, i -> total(rows, i) / customers));
  }

  private static double total(List<Row> rows, int column) {
    return rows.stream().mapToDouble(row -> row.getDouble(column)).sum();
  }

  private static Vector vector(List<String> features, IntToDoubleFunction of) {
    return Vectors.dense(IntStream.range(3, 3 + features.size()).mapToDouble(of).toArray());
  }

  /**
   * Returns {@code strengths} with 0 for each feature whose plain mean does not differ the same
   * way, or hardly: few large amounts can lift the mean over all above that of a cluster that is
   * ahead of most others. A name must not contradict the means that people see beside it.
   */
  Vector visible(int cluster, Vector strengths) {
    Vector mean = means.getOrDefault(cluster, overall);
    return Vectors.dense(
        IntStream.range(0, strengths.size())
            .mapToDouble(
                i -> {
                  double difference = mean.apply(i) - overall.apply(i);
                  double least = LEAST_DIFFERENCE * Math.abs(overall.apply(i));
                  boolean visible =
                      Math.abs(difference) >= least && difference * strengths.apply(i) > 0;
                  return visible ? strengths.apply(i) : 0;
                })
            .toArray());
  }
}
