package io.persegment.segments;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.persegment.table.Lake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;

/** A saved model of clusters: preparation and centres in one. */
record ClusterModel(PipelineModel pipeline) {
  /** Place of the nearest centre. */
  static final String CLUSTER = "_cluster";

  private static final String DISTANCES = "_distances";

  /** Returns where a model is saved, under the lake's root. */
  static String path(Lake lake, String segmentation, int version) {
    String models = new Path(lake.folder("models")).getName();
    return "%s/segments/%s/%d".formatted(models, segmentation, version);
  }

  static ClusterModel load(Lake lake, String path) {
    return new ClusterModel(PipelineModel.load(lake.root() + "/" + path));
  }

  /**
   * Saves {@code pipeline}, in the place of what is there. It is written aside and then moved, so
   * that nobody loads half of one. An action.
   */
  static void save(Lake lake, String path, PipelineModel pipeline) {
    var target = new Path(lake.root(), path);
    var aside = target.suffix(".partial");
    try {
      pipeline.write().overwrite().save(aside.toString());
      FileSystem files = target.getFileSystem(lake.spark().sparkContext().hadoopConfiguration());
      files.delete(target, true);
      if (!files.rename(aside, target)) {
        throw new IOException("Cannot move a saved model to " + target);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Adds {@link #CLUSTER} and what {@link #distance} and {@link #confidence} need. Keeps every row,
   * with a cluster that means nothing for those of whom not enough is known.
   */
  Dataset<Row> score(Dataset<Row> customers) {
    return pipeline
        .transform(customers)
        .withColumn(DISTANCES, nearest(centres()).apply(col(Preparation.VECTOR)));
  }

  private double[][] centres() {
    var stages = pipeline.stages();
    return Stream.of(((KMeansModel) stages[stages.length - 1]).clusterCenters())
        .map(Vector::toArray)
        .toArray(double[][]::new);
  }

  /** Returns how far a customer is from the nearest centre. */
  static Column distance() {
    return col(DISTANCES).getItem(0);
  }

  /**
   * Returns how clearly a customer belongs to the nearest centre: one minus the ratio of its
   * distances to the nearest and the second nearest, so 1 at a centre and 0 half-way between two.
   * It is the simplified silhouette of Hruschka, de Castro and Campello ("Evolutionary algorithms
   * for clustering gene-expression data", ICDM 2004) of one customer.
   */
  static Column confidence() {
    Column second = col(DISTANCES).getItem(1);
    return when(second.gt(0), lit(1.0).minus(distance().divide(second))).otherwise(0.0);
  }

  /**
   * Returns a function of a vector: its distances to the two nearest centres. No built-in function
   * takes vectors, and as one over arrays it would be interpreted, value by value.
   */
  private static org.apache.spark.sql.expressions.UserDefinedFunction nearest(double[][] centres) {
    UDF1<Vector, double[]> nearest =
        vector -> {
          double[] point = vector.toArray();
          double first = Double.POSITIVE_INFINITY;
          double second = Double.POSITIVE_INFINITY;
          for (double[] centre : centres) {
            double squared = Clustering.squared(point, centre);
            second = Math.min(second, Math.max(first, squared));
            first = Math.min(first, squared);
          }
          return new double[] {Math.sqrt(first), Math.sqrt(second)};
        };
    return udf(nearest, DataTypes.createArrayType(DataTypes.DoubleType, false));
  }
}
