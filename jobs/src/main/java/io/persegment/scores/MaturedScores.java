package io.persegment.scores;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.datediff;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.types.DataTypes.DateType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.LongType;

import io.persegment.table.Field;
import io.persegment.table.Table;
import org.apache.spark.sql.Column;

/** Table {@code matured_scores}: what was said, beside what happened. */
public final class MaturedScores {
  /** Days until nearly all events of a day have come in. */
  static final int LATE = 2;

  public static final Field AS_OF = CustomerScores.AS_OF;
  public static final Field TARGET = CustomerScores.TARGET;
  public static final Field MODEL_VERSION = CustomerScores.MODEL_VERSION;
  public static final Field MATURED_ON =
      Field.required("matured_on", DateType, "Day at whose end it was known what happened");
  public static final Field CUSTOMERS =
      Field.required("customers", LongType, "Customers who were scored");
  public static final Field EVENTS =
      Field.required(
          "events", LongType, "Of them, those to whom it happened, or who bought anything");
  public static final Field SAID =
      Field.required(
          "said",
          DoubleType,
          "Mean score: what part it should have happened to, or what they should have spent, or ordered");
  public static final Field LOW =
      Field.required("low", DoubleType, "95 % interval of happened, from");
  public static final Field HIGH = Field.required("high", DoubleType, "and to");
  public static final Field AUC =
      Field.optional(
          "auc",
          DoubleType,
          "Chance that to whom it happened had the higher score; null of fewer than ten of either, and"
              + " of amounts");
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
  public static final Field HAPPENED =
      Field.optional(
          "happened",
          DoubleType,
          "Part to whom it happened, or the mean of what was spent, or ordered; times a tenth's lift"
              + " that of the tenth");
  public static final Field MAE =
      Field.optional(
          "mae",
          DoubleType,
          "Mean absolute error of amounts and numbers of orders; null of events");
  public static final Field CORRELATION =
      Field.optional("correlation", DoubleType, "Of these: of what was said with what came");
  public static final Field RATIO =
      Field.optional(
          "ratio",
          DoubleType,
          "Of these: all that was said over all that came; null where nothing did");
  public static final Field RATIO_LOW =
      Field.optional(
          "ratio_low", DoubleType, "95 % interval of it, by that of what came (normal), from");
  public static final Field RATIO_HIGH =
      Field.optional("ratio_high", DoubleType, "and to; null where it has no end");
  public static final Field LIFTS =
      Field.optional("lifts", ScoreModels.LIFTS.type(), ScoreModels.LIFTS.meaning());
  public static final Field JUDGED_AS_OF =
      Field.optional(
          "judged_as_of",
          DateType,
          "Date by whose events it was judged; until all have come in, again");
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
          DECILES,
          HAPPENED,
          MAE,
          CORRELATION,
          RATIO,
          RATIO_LOW,
          RATIO_HIGH,
          LIFTS,
          JUDGED_AS_OF);

  private MaturedScores() {}

  /**
   * Returns whether its horizon had ended long enough before the date by whose events it was judged
   * for nearly all of them to have come in.
   */
  public static Column isComplete() {
    return coalesce(datediff(JUDGED_AS_OF.col(), MATURED_ON.col()).geq(LATE), lit(true));
  }
}
