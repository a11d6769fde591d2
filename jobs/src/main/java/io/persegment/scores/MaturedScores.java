package io.persegment.scores;

import static org.apache.spark.sql.types.DataTypes.DateType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.LongType;

import io.persegment.table.Field;
import io.persegment.table.Table;

/** Table {@code matured_scores}: what was said, beside what happened. */
public final class MaturedScores {
  public static final Field AS_OF = CustomerScores.AS_OF;
  public static final Field TARGET = CustomerScores.TARGET;
  public static final Field MODEL_VERSION = CustomerScores.MODEL_VERSION;
  public static final Field MATURED_ON =
      Field.required("matured_on", DateType, "Day at whose end it was known what happened");
  public static final Field CUSTOMERS =
      Field.required("customers", LongType, "Customers who were scored");
  public static final Field EVENTS =
      Field.required("events", LongType, "Of them, those to whom it happened");
  public static final Field SAID =
      Field.required("said", DoubleType, "Mean score: what part it should have happened to");
  public static final Field LOW =
      Field.required("low", DoubleType, "95 % interval of the part to whom it did, from");
  public static final Field HIGH = Field.required("high", DoubleType, "and to");
  public static final Field AUC =
      Field.optional(
          "auc",
          DoubleType,
          "Chance that to whom it happened had the higher score; null of fewer than ten of either");
  public static final Field AUC_LOW =
      Field.optional("auc_low", DoubleType, "95 % interval of it, from");
  public static final Field AUC_HIGH = Field.optional("auc_high", DoubleType, "and to");
  public static final Field CALIBRATION_ERROR =
      Field.required(
          "calibration_error",
          DoubleType,
          "By how much what was said of a tenth and what happened differ, on average");
  public static final Field DECILES =
      Field.required("deciles", ScoreModels.DECILES.type(), ScoreModels.DECILES.meaning());
  public static final Table TABLE =
      Table.keyed(
          2,
          "matured_scores",
          "The scores of one target on one as-of date, held against what happened",
          AS_OF,
          TARGET,
          MODEL_VERSION,
          MATURED_ON,
          CUSTOMERS,
          EVENTS,
          SAID,
          LOW,
          HIGH,
          AUC,
          AUC_LOW,
          AUC_HIGH,
          CALIBRATION_ERROR,
          DECILES);

  private MaturedScores() {}
}
