package io.persegment.scores;

import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.DateType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;
import static org.apache.spark.sql.types.DataTypes.createMapType;
import static org.apache.spark.sql.types.DataTypes.createStructField;
import static org.apache.spark.sql.types.DataTypes.createStructType;

import io.persegment.table.Field;
import io.persegment.table.Table;
import java.util.List;

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
          "test.*: measures on the test of a model that was trained and calibrated before it, with"
              + " their 95 % intervals *.low and *.high, beside baseline.*; sizes of training.*;"
              + " the settings chosen; of lifetime value bg_nbd.*, mbg_nbd.* and gamma_gamma.*:"
              + " parameters, in weeks and the shop's currency, with intervals likewise");
  public static final Field PATH =
      Field.required("path", StringType, "Where the model is saved, under the lake");
  public static final Field DEFINITION =
      Field.required(
          "definition",
          StringType,
          "SHA-256 of the settings of the target and of the features; another makes another model");
  public static final Field FEATURES =
      Field.optional(
          "features", createArrayType(StringType, false), "Columns of customer_features it knows");
  public static final Field DECILES =
      Field.optional(
          "deciles",
          createArrayType(
              createStructType(
                  List.of(
                      createStructField("decile", IntegerType, true),
                      createStructField("customers", LongType, true),
                      createStructField("events", LongType, true),
                      createStructField("said", DoubleType, true),
                      createStructField("low", DoubleType, true),
                      createStructField("high", DoubleType, true),
                      createStructField("lift", DoubleType, true))),
              true),
          "Tenths of the test's customers, the best first: how many, with how many events; the mean"
              + " score; the 95 % interval of the rate of events, or of the mean amount; that over that"
              + " of all");
  public static final Field LOST_TO =
      Field.optional(
          "lost_to",
          IntegerType,
          "Version that stayed, as this one was not better out of time; null where it took over");
  public static final Field LIFTS =
      Field.optional(
          "lifts",
          createArrayType(
              createStructType(
                  List.of(
                      createStructField("low", DoubleType, true),
                      createStructField("high", DoubleType, true))),
              true),
          "95 % interval of the lift of each of deciles, from and to: that of its rate (Wilson) or"
              + " mean amount over that of all, which is taken as known");
  public static final Field KNOWS =
      Field.optional(
          "knows",
          StringType,
          "What it foretells of whom, and how the features that it knows are made, as hashes: it may"
              + " take the place of a model of other settings that has the same");
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
          DEFINITION,
          FEATURES,
          DECILES,
          LOST_TO,
          LIFTS,
          KNOWS);

  private ScoreModels() {}
}
