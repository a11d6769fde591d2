package io.persegment.scores;

import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.DateType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createMapType;

import io.persegment.table.Field;
import io.persegment.table.Table;

/** Table {@code score_models}: the models behind scores. */
public final class ScoreModels {
  public static final Field TARGET =
      Field.required("target", StringType, "What is foretold, as named in the settings");
  public static final Field VERSION = Field.required("version", IntegerType, "Counts up from 1");
  public static final Field TRAINED_AS_OF =
      Field.required("trained_as_of", DateType, "Last day whose events the model may know");
  public static final Field ALGORITHM =
      Field.required("algorithm", StringType, "Such as logistic-regression");
  public static final Field CHAMPION =
      Field.required("champion", BooleanType, "Whether scores are made by it");
  public static final Field METRICS =
      Field.required(
          "metrics",
          createMapType(StringType, DoubleType),
          "test.*: measures on the test cut of a model that was trained before it, beside"
              + " baseline.*; sizes of training.*; penalty: the regularisation chosen");
  public static final Field PATH =
      Field.required("path", StringType, "Where the model is saved, under the lake");
  public static final Field DEFINITION =
      Field.required(
          "definition",
          StringType,
          "SHA-256 of the settings of the target and of the features; another makes another model");
  public static final Table TABLE =
      Table.keyed(
          2,
          "score_models",
          "One fitted model of one target",
          TARGET,
          VERSION,
          TRAINED_AS_OF,
          ALGORITHM,
          CHAMPION,
          METRICS,
          PATH,
          DEFINITION);

  private ScoreModels() {}
}
