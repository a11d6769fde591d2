package io.persegment.scores;

import static org.apache.spark.sql.types.DataTypes.DateType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.persegment.table.Field;
import io.persegment.table.Table;

/** Table {@code score_refusals}: why there is no new model, so that it is not asked every night. */
final class ScoreRefusals {
  static final Field TARGET = ScoreModels.TARGET;
  static final Field DEFINITION =
      Field.required(
          "definition", StringType, "The settings by which it was found: others are tried anew");
  static final Field TRAINED_AS_OF =
      Field.required("trained_as_of", DateType, "Last day whose events the model would know");
  static final Field AS_OF = Field.required("as_of", DateType, "Date of the run that found it");
  static final Field REASON = Field.required("reason", StringType, "A sentence");
  static final Table TABLE =
      Table.keyed(
          3,
          "score_refusals",
          "One model that was not made",
          TARGET,
          DEFINITION,
          TRAINED_AS_OF,
          AS_OF,
          REASON);

  private ScoreRefusals() {}
}
