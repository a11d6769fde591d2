package io.persegment.experiments;

import static org.apache.spark.sql.types.DataTypes.DateType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.persegment.table.Field;
import io.persegment.table.Table;

/** Table {@code experiment_assignments}: who is in which arm, for good. */
public final class ExperimentAssignments {
  public static final Field EXPERIMENT =
      Field.required("experiment", StringType, "Experiment, as named in the settings");
  public static final Field CUSTOMER_ID = Field.required("customer_id", StringType, "Customer");
  public static final Field ARM = Field.required("arm", StringType, "Arm");
  public static final Field SEGMENT =
      Field.optional(
          "segment",
          StringType,
          "Segment of the experiment's segmentation when assigned; null where it has none");
  public static final Field ASSIGNED_AT =
      Field.required("assigned_at", DateType, "As-of date on which it was decided");
  public static final Table TABLE =
      Table.keyed(
          2,
          "experiment_assignments",
          "One customer in one experiment",
          EXPERIMENT,
          CUSTOMER_ID,
          ARM,
          SEGMENT,
          ASSIGNED_AT);

  private ExperimentAssignments() {}
}
