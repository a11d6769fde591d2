package io.persegment.segments;

import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.DateType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;
import static org.apache.spark.sql.types.DataTypes.createStructField;
import static org.apache.spark.sql.types.DataTypes.createStructType;

import io.persegment.table.Field;
import io.persegment.table.Table;
import org.apache.spark.sql.types.StructField;

/** Table {@code segments}: segments by name. */
public final class Segments {
  public static final Field AS_OF =
      Field.required(
          "as_of", DateType, "As-of date: what had happened by the end of this day, UTC");
  public static final Field SEGMENTATION =
      Field.required(
          "segmentation", StringType, "Way to divide customers, as named in the settings");
  public static final Field SEGMENT_ID =
      Field.required("segment_id", StringType, "Segment; keeps its meaning from run to run");
  public static final Field NAME = Field.required("name", StringType, "Name for people");
  public static final Field DESCRIPTION =
      Field.required("description", StringType, "What sets its customers apart, in words");
  public static final Field SIZE = Field.required("size", LongType, "Customers in it");
  public static final Field SHARE =
      Field.required(
          "share",
          DoubleType,
          "Part of all who are in any segment of the segmentation or, where they may be in many, of all customers; 0 to 1");
  public static final Field PROFILE =
      Field.required(
          "profile",
          createArrayType(
              createStructType(
                  new StructField[] {
                    createStructField("feature", StringType, true),
                    createStructField("mean", DoubleType, true),
                    createStructField("overall", DoubleType, true),
                    createStructField("lift", DoubleType, true)
                  }),
              false),
          "Features, and scores, with their mean in the segment, over all customers of the segmentation"
              + " of whom enough is known or, where they may be in many, over all customers, and the"
              + " ratio of the two");
  public static final Field STABILITY =
      Field.optional(
          "stability",
          DoubleType,
          "Mean Jaccard overlap with the same segment under resampling; null where not measured");
  public static final Field MODEL_VERSION =
      Field.optional(
          "model_version", IntegerType, "Version in segment_models; null for rules and buckets");
  public static final Field IS_PROFILING =
      Field.optional(
          "is_profiling",
          BooleanType,
          "Whether it is made by clusters or scores, and so of those alone who may be profiled");
  public static final Field CAME_FROM =
      Field.optional(
          "came_from",
          createArrayType(
              createStructType(
                  new StructField[] {
                    createStructField("segment_id", StringType, true),
                    createStructField("customers", LongType, true)
                  }),
              false),
          "Where its customers were on the last date before, most first, and how many; null for those"
              + " who were in no segment; empty where a customer may be in many, and on the first date");
  public static final Table TABLE =
      Table.keyed(
              3,
              "segments",
              "One segment on one as-of date",
              AS_OF,
              SEGMENTATION,
              SEGMENT_ID,
              NAME,
              DESCRIPTION,
              SIZE,
              SHARE,
              PROFILE,
              STABILITY,
              MODEL_VERSION,
              IS_PROFILING,
              CAME_FROM)
          .partitionedBy(AS_OF);

  private Segments() {}
}
