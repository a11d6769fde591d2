package io.persegment.segments;

import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import io.persegment.table.Field;
import io.persegment.table.Table;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What came of one number of clusters on the sample.
 *
 * @param cost sum of squared distances to the nearest centre
 * @param silhouette mean, plain Euclidean
 * @param stability of each cluster, as {@link Stability} tells it
 * @param leastShare part of the sample that the smallest cluster holds
 */
record Trial(
    int k,
    double cost,
    double silhouette,
    double daviesBouldin,
    double calinskiHarabasz,
    double leastShare,
    List<Double> stability,
    List<Vector> centres) {
  private static final Field K = Field.required("k", IntegerType, "Clusters");
  private static final Field COST = Field.required("cost", DoubleType, "Cost");
  private static final Field SILHOUETTE = Field.required("silhouette", DoubleType, "Silhouette");
  private static final Field DAVIES_BOULDIN =
      Field.required("davies_bouldin", DoubleType, "Davies-Bouldin");
  private static final Field CALINSKI_HARABASZ =
      Field.required("calinski_harabasz", DoubleType, "Calinski-Harabasz");
  private static final Field LEAST_SHARE =
      Field.required("least_share", DoubleType, "Share of the smallest cluster");
  private static final Field STABILITY =
      Field.required("stability", createArrayType(DoubleType, false), "Stability of each cluster");
  private static final Field CENTRES =
      Field.required(
          "centres", createArrayType(createArrayType(DoubleType, false), false), "Centres");

  /** How trials travel from the executors to the driver. */
  static final Table TABLE =
      Table.keyed(
          1,
          "trials",
          "One number of clusters that was tried",
          K,
          COST,
          SILHOUETTE,
          DAVIES_BOULDIN,
          CALINSKI_HARABASZ,
          LEAST_SHARE,
          STABILITY,
          CENTRES);

  Trial {
    stability = List.copyOf(stability);
    centres = List.copyOf(centres);
  }

  /**
   * Returns a row of {@link #TABLE}.
   *
   * @param of how many points the silhouette is of, as its time grows fast
   */
  static Row row(Clustering clustering, int of, double[] stability) {
    return RowFactory.create(
        clustering.centres().length,
        clustering.cost(),
        clustering.silhouette(of),
        clustering.daviesBouldin(),
        clustering.calinskiHarabasz(),
        clustering.leastShare(),
        stability,
        clustering.centres());
  }

  /** Reads a row of {@link #TABLE}. */
  static Trial of(Row row) {
    List<Vector> centres = row.<Seq<Object>>getList(7).stream().map(Trial::centre).toList();
    return new Trial(
        row.getInt(0),
        row.getDouble(1),
        row.getDouble(2),
        row.getDouble(3),
        row.getDouble(4),
        row.getDouble(5),
        row.<Double>getList(6),
        centres);
  }

  private static Vector centre(Seq<Object> numbers) {
    return Vectors.dense(
        CollectionConverters.asJava(numbers).stream().mapToDouble(each -> (Double) each).toArray());
  }

  /** Returns the stability of the cluster that has least. */
  double leastStability() {
    return stability.stream().min(Comparator.naturalOrder()).orElse(0.0);
  }

  /** Returns an entry of {@link SegmentModels#EVIDENCE}. */
  Row evidence() {
    return RowFactory.create(
        k, cost, silhouette, daviesBouldin, calinskiHarabasz, leastStability());
  }
}
