package io.persegment.scores;

import static org.apache.spark.sql.types.DataTypes.DateType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import io.persegment.table.Field;
import io.persegment.table.Table;

/** Table {@code customer_scores}: what is foretold of each customer. */
public final class CustomerScores {
  public static final Field AS_OF =
      Field.required(
          "as_of", DateType, "As-of date: what had happened by the end of this day, UTC");
  public static final Field CUSTOMER_ID = Field.required("customer_id", StringType, "Customer");
  public static final Field TARGET =
      Field.required("target", StringType, "What is foretold, as named in the settings");
  public static final Field SCORE =
      Field.required(
          "score", DoubleType, "Calibrated probability; an amount or a count for value targets");
  public static final Field DECILE =
      Field.required("decile", IntegerType, "1 is the best tenth, 10 the last");
  public static final Field REASONS =
      Field.required(
          "reasons", createArrayType(StringType, false), "What moved the score most, in words");
  public static final Field MODEL_VERSION =
      Field.required("model_version", IntegerType, "Version in score_models");
  public static final Field CONTRIBUTIONS =
      Field.optional(
          "contributions",
          createArrayType(DoubleType),
          "What each of reasons, then all other features, then the average customer add to the logit"
              + " of the score, or to the logarithm of an amount: together they are it; null of"
              + " lifetime value");
  public static final Table TABLE =
      Table.keyed(
              3,
              "customer_scores",
              "One customer and one target on one as-of date",
              AS_OF,
              CUSTOMER_ID,
              TARGET,
              SCORE,
              DECILE,
              REASONS,
              MODEL_VERSION,
              CONTRIBUTIONS)
          .partitionedBy(AS_OF);

  private CustomerScores() {}
}
