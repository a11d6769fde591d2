package io.persegment.segments;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import io.persegment.table.Lake;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.clustering.BisectingKMeansModel;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;

/** A saved model of clusters: preparation and centres in one. */
record ClusterModel(PipelineModel pipeline) {
  /** Place of the cluster. */
  static final String CLUSTER = "_cluster";

  /** Of a hierarchy, place of the small cluster, of which clusters are joined. */
  static final String SMALL = "_small";

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
        .withColumn(
            DISTANCES,
            nearest(customers.sparkSession()).apply(col(Preparation.VECTOR), col(CLUSTER)));
  }

  private static double[][] points(Transformer stage) {
    Vector[] centres =
        stage instanceof BisectingKMeansModel bisected
            ? bisected.clusterCenters()
            : ((KMeansModel) stage).clusterCenters();
    return Stream.of(centres).map(Vector::toArray).toArray(double[][]::new);
  }

  /** Returns which cluster each small one is of. An action on one row a small cluster. */
  private static int[] clusters(SparkSession spark, Transformer ofSmall, int small) {
    return ofSmall
        .transform(spark.range(small).select(col("id").cast("int").as(SMALL)))
        .orderBy(SMALL)
        .select(CLUSTER)
        .as(Encoders.INT())
        .collectAsList()
        .stream()
        .mapToInt(each -> each)
        .toArray();
  }

  /** Returns how far a customer is from the nearest centre of its cluster. */
  static Column distance() {
    return col(DISTANCES).getItem(0);
  }

  /**
   * Returns how clearly a customer belongs to its cluster: one minus the ratio of its distances to
   * the nearest centre of it and to that of another, so 1 at a centre and 0 half-way between two.
   * It is the simplified silhouette of Hruschka, de Castro and Campello ("Evolutionary algorithms
   * for clustering gene-expression data", ICDM 2004) of one customer.
   */
  static Column confidence() {
    Column second = col(DISTANCES).getItem(1);
    return when(second.gt(0), greatest(lit(0.0), lit(1.0).minus(distance().divide(second))))
        .otherwise(0.0);
  }

  /**
   * Returns a function of a vector and its cluster: its distances to the nearest centre of that and
   * of the others. No built-in function takes vectors, and as one over arrays it would be
   * interpreted, value by value.
   */
  private UserDefinedFunction nearest(SparkSession spark) {
    Centres centres = centres(spark);
    UDF2<Vector, Integer, double[]> nearest =
        (vector, cluster) -> {
          double[] point = vector.toArray();
          int own = centres.nearest(point, each -> each == cluster);
          int other = centres.nearest(point, each -> each != cluster);
          return new double[] {centres.distance(point, own), centres.distance(point, other)};
        };
    return udf(nearest, DataTypes.createArrayType(DataTypes.DoubleType, false));
  }

  /** An action where clusters are joined of small ones. */
  Centres centres(SparkSession spark) {
    Transformer[] stages = pipeline.stages();
    Transformer last = stages[stages.length - 1];
    boolean isJoined = last instanceof SQLTransformer;
    double[][] points = points(isJoined ? stages[stages.length - 2] : last);
    return new Centres(
        points,
        isJoined
            ? clusters(spark, last, points.length)
            : IntStream.range(0, points.length).toArray());
  }

  /** The centres of a model, and the cluster of each: one, or of a hierarchy many. */
  static final class Centres implements Serializable {
    private static final long serialVersionUID = 1;

    private static final int NONE = -1;

    private final double[][] points;
    private final int[] clusters;

    private Centres(double[][] points, int[] clusters) {
      this.points = points;
      this.clusters = clusters;
    }

    /** Returns the place of the nearest centre among those of some clusters. */
    int nearest(double[] point, IntPredicate ofClusters) {
      int nearest = NONE;
      double least = Double.POSITIVE_INFINITY;
      for (int i = 0; i < points.length; i++) {
        if (ofClusters.test(clusters[i])) {
          double squared = Clustering.squared(point, points[i]);
          nearest = squared < least ? i : nearest;
          least = Math.min(least, squared);
        }
      }
      return nearest;
    }

    /** Returns how far a centre is; infinity where it is none. */
    double distance(double[] point, int centre) {
      return centre == NONE
          ? Double.POSITIVE_INFINITY
          : Math.sqrt(Clustering.squared(point, points[centre]));
    }

    double[] point(int centre) {
      return points[centre].clone();
    }

    int cluster(int centre) {
      return clusters[centre];
    }
  }
}
