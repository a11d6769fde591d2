package io.persegment.experiments;

import static org.apache.spark.sql.types.DataTypes.DateType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.persegment.table.Field;
import io.persegment.table.Table;

/** Table {@code experiment_results}: what came of experiments. */
public final class ExperimentResults {
  public static final Field AS_OF =
      Field.required("as_of", DateType, "As-of date up to whose end it was measured");
  public static final Field EXPERIMENT =
      Field.required("experiment", StringType, "Experiment, as named in the settings");
  public static final Field SEGMENT =
      Field.required("segment", StringType, "Segment when assigned, or all");
  public static final Field METRIC = Field.required("metric", StringType, "Metric");
  public static final Field ARM = Field.required("arm", StringType, "Arm");
  public static final Field N = Field.required("n", LongType, "Customers");
  public static final Field MEAN =
      Field.optional("mean", DoubleType, "Mean of a customer, or the ratio; null of nobody");
  public static final Field LIFT =
      Field.optional(
          "lift",
          DoubleType,
          "Difference to the control's mean, adjusted by the covariate where there is one; null of"
              + " the control, and where arms are not as large as they should be");
  public static final Field CI_LOW =
      Field.optional("ci_low", DoubleType, "Lower end of the 95 % interval of lift (Welch)");
  public static final Field CI_HIGH =
      Field.optional("ci_high", DoubleType, "Upper end of the 95 % interval of lift (Welch)");
  public static final Field P_VALUE =
      Field.optional("p_value", DoubleType, "Two-sided p-value of lift (Welch)");
  public static final Field P_ADJUSTED =
      Field.optional(
          "p_adjusted", DoubleType, "The same, for all arms and metrics of the segment (Holm)");
  public static final Field RELATIVE_LIFT =
      Field.optional("relative_lift", DoubleType, "lift as part of the control's mean");
  public static final Field RELATIVE_LOW =
      Field.optional("relative_low", DoubleType, "Lower end of its 95 % interval (delta method)");
  public static final Field RELATIVE_HIGH =
      Field.optional("relative_high", DoubleType, "Upper end of its 95 % interval (delta method)");
  public static final Field ALWAYS_LOW =
      Field.optional(
          "always_low", DoubleType, "Lower end of an interval of lift for looking every day");
  public static final Field ALWAYS_HIGH =
      Field.optional(
          "always_high", DoubleType, "Upper end of an interval of lift for looking every day");
  public static final Field VARIANCE_REDUCTION =
      Field.optional(
          "variance_reduction",
          DoubleType,
          "Part of the variance that the covariate explains, 0 to 1; null where there is none");
  public static final Field SENTENCE =
      Field.required("sentence", StringType, "What it says, in plain words");
  public static final Table TABLE =
      Table.keyed(
              5,
              "experiment_results",
              "One metric of one arm in one segment",
              AS_OF,
              EXPERIMENT,
              SEGMENT,
              METRIC,
              ARM,
              N,
              MEAN,
              LIFT,
              CI_LOW,
              CI_HIGH,
              P_VALUE,
              P_ADJUSTED,
              RELATIVE_LIFT,
              RELATIVE_LOW,
              RELATIVE_HIGH,
              ALWAYS_LOW,
              ALWAYS_HIGH,
              VARIANCE_REDUCTION,
              SENTENCE)
          .partitionedBy(EXPERIMENT);

  private ExperimentResults() {}
}
