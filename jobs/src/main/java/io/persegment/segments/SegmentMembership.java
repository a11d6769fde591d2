package io.persegment.segments;

import static org.apache.spark.sql.types.DataTypes.DateType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.persegment.table.Field;
import io.persegment.table.Table;

/** Table {@code segment_membership}: which segment each customer is in. */
public final class SegmentMembership {
  public static final Field AS_OF =
      Field.required(
          "as_of", DateType, "As-of date: what had happened by the end of this day, UTC");
  public static final Field CUSTOMER_ID = Field.required("customer_id", StringType, "Customer");
  public static final Field SEGMENTATION =
      Field.required(
          "segmentation", StringType, "Way to divide customers, as named in the settings");
  public static final Field SEGMENT_ID =
      Field.required("segment_id", StringType, "Segment; keeps its meaning from run to run");
  public static final Field SEGMENT = Field.required("segment", StringType, "Name of the segment");
  public static final Field CONFIDENCE =
      Field.required(
          "confidence", DoubleType, "How clearly the customer belongs there, 0 to 1; 1 for rules");
  public static final Field SINCE =
      Field.required(
          "since",
          DateType,
          "As-of date from which the customer has been in the segment without a break");
  public static final Field PREVIOUS =
      Field.optional(
          "previous_segment_id",
          StringType,
          "Segment on the last date before; null for who was in none, and where a customer may be in"
              + " many");
  public static final Table TABLE =
      Table.keyed(
              4,
              "segment_membership",
              "One customer in one segment on one as-of date",
              AS_OF,
              CUSTOMER_ID,
              SEGMENTATION,
              SEGMENT_ID,
              SEGMENT,
              CONFIDENCE,
              SINCE,
              PREVIOUS)
          .partitionedBy(AS_OF);

  private SegmentMembership() {}
}
