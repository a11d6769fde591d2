package io.persegment.segments;

import static org.apache.spark.sql.types.DataTypes.DateType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;
import static org.apache.spark.sql.types.DataTypes.createMapType;
import static org.apache.spark.sql.types.DataTypes.createStructField;
import static org.apache.spark.sql.types.DataTypes.createStructType;

import io.persegment.table.Field;
import io.persegment.table.Table;
import org.apache.spark.sql.types.StructField;

/** Table {@code segment_models}: the models behind segmentations. */
public final class SegmentModels {
  public static final Field SEGMENTATION =
      Field.required(
          "segmentation", StringType, "Way to divide customers, as named in the settings");
  public static final Field VERSION = Field.required("version", IntegerType, "Counts up from 1");
  public static final Field TRAINED_AS_OF =
      Field.required("trained_as_of", DateType, "As-of date of the features it was fitted on");
  public static final Field ALGORITHM = Field.required("algorithm", StringType, "Such as k-means");
  public static final Field K = Field.required("k", IntegerType, "Number of clusters");
  public static final Field EVIDENCE =
      Field.required(
          "evidence",
          createArrayType(
              createStructType(
                  new StructField[] {
                    createStructField("k", IntegerType, true),
                    createStructField("cost", DoubleType, true),
                    createStructField("silhouette", DoubleType, true),
                    createStructField("davies_bouldin", DoubleType, true),
                    createStructField("calinski_harabasz", DoubleType, true),
                    createStructField("jaccard", DoubleType, true)
                  }),
              false),
          "What was measured for each k that was tried, on the sample");
  public static final Field METRICS =
      Field.required(
          "metrics",
          createMapType(StringType, DoubleType),
          "Measures of the final model: cost, customers and iterations on all rows, silhouette and"
              + " stability on the sample");
  public static final Field PATH =
      Field.required("path", StringType, "Where the model is saved, under the lake");
  public static final Field DEFINITION =
      Field.required(
          "definition",
          StringType,
          "Settings and features it was fitted by; a model of another definition is not used");
  public static final Field CLUSTERS =
      Field.required(
          "clusters",
          createArrayType(
              createStructType(
                  new StructField[] {
                    createStructField("segment_id", StringType, true),
                    createStructField("name", StringType, true)
                  }),
              false),
          "Segments that its clusters are, in the order of the saved model, as named by the run");
  public static final Field JOINS =
      Field.optional(
          "joins",
          createArrayType(
              createStructType(
                  new StructField[] {
                    createStructField("left", IntegerType, true),
                    createStructField("right", IntegerType, true),
                    createStructField("height", DoubleType, true),
                    createStructField("weight", DoubleType, true)
                  }),
              false),
          "Of a hierarchy its dendrogram: which two were joined, numbered as by scipy, small clusters"
              + " first; their distance; the customers of both. Null of other models");
  public static final Table TABLE =
      Table.keyed(
          2,
          "segment_models",
          "One fitted model of one segmentation",
          SEGMENTATION,
          VERSION,
          TRAINED_AS_OF,
          ALGORITHM,
          K,
          EVIDENCE,
          METRICS,
          PATH,
          DEFINITION,
          CLUSTERS,
          JOINS);

  private SegmentModels() {}
}
