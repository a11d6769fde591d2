package io.persegment.segments;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.persegment.table.Lake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;

/** A saved model of clusters: preparation and centres in one. */
record ClusterModel(PipelineModel pipeline) {
  /** Place of the cluster. */
  static final String CLUSTER = "_cluster";

  /** Of a hierarchy, place of the small cluster, of which clusters are joined. */
  static final String SMALL = "_small";

  /** Of the same, place of the cluster whose centre is nearest; nobody is assigned by it. */
  static final String NEAREST = "_nearest";

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
        .withColumn(DISTANCES, distances().apply(col(Preparation.VECTOR), col(CLUSTER)));
  }

  /** Returns how far a customer is from the centre of its cluster. */
  static Column distance() {
    return col(DISTANCES).getItem(0);
  }

  /**
   * Returns how clearly a customer belongs to its cluster: one minus the ratio of its distances to
   * the centre of it and to the nearest other, so 1 at a centre and 0 half-way between two, or
   * beyond, as may be where clusters are joined of small ones. It is the simplified silhouette of
   * Hruschka, de Castro and Campello ("Evolutionary algorithms for clustering gene-expression
   * data", ICDM 2004) of one customer.
   */
  static Column confidence() {
    Column second = col(DISTANCES).getItem(1);
    return when(second.gt(0), greatest(lit(0.0), lit(1.0).minus(distance().divide(second))))
        .otherwise(0.0);
  }

  /**
   * Returns a function of a vector and its cluster: its distances to the centre of that and to the
   * nearest of the others. No built-in function takes vectors, and as one over arrays it would be
   * interpreted, value by value.
   */
  private UserDefinedFunction distances() {
    double[][] centres = centres();
    UDF2<Vector, Integer, double[]> distances =
        (vector, cluster) -> {
          double[] point = vector.toArray();
          double other =
              Arrays.stream(others(cluster, centres.length))
                  .mapToDouble(each -> Clustering.squared(point, centres[each]))
                  .min()
                  .orElse(Double.POSITIVE_INFINITY);
          return new double[] {
            Math.sqrt(Clustering.squared(point, centres[cluster])), Math.sqrt(other)
          };
        };
    return udf(distances, DataTypes.createArrayType(DataTypes.DoubleType, false));
  }

  private static int[] others(int cluster, int clusters) {
    return IntStream.range(0, clusters).filter(each -> each != cluster).toArray();
  }

  /** Returns the centres of the clusters, in order; the last stage of every model has them. */
  double[][] centres() {
    Transformer[] stages = pipeline.stages();
    Vector[] centres = ((KMeansModel) stages[stages.length - 1]).clusterCenters();
    return Stream.of(centres).map(Vector::toArray).toArray(double[][]::new);
  }

  /** Returns the place of the centre that is nearest to a point among all but one. */
  int second(double[] point, int cluster) {
    double[][] centres = centres();
    return IntStream.of(others(cluster, centres.length))
        .boxed()
        .min(Comparator.comparingDouble(each -> Clustering.squared(point, centres[each])))
        .orElseThrow();
  }
}
