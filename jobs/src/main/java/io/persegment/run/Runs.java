package io.persegment.run;

import static org.apache.spark.sql.types.DataTypes.DateType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;
import static org.apache.spark.sql.types.DataTypes.createMapType;

import io.persegment.table.Field;
import io.persegment.table.Table;

/** Table {@code runs}: the ledger. */
public final class Runs {
  public static final Field RUN_ID =
      Field.required("run_id", StringType, "One start of Persegment");
  public static final Field STAGE = Field.required("stage", StringType, "Stage, such as ingest");
  public static final Field AS_OF =
      Field.required("as_of", DateType, "As-of date of the run: what happened by its end counts");
  public static final Field STATUS =
      Field.required(
          "status", StringType, "done; warned: done, and error holds what to look at; failed");
  public static final Field STARTED_AT =
      Field.required("started_at", TimestampType, "When the stage started");
  public static final Field FINISHED_AT =
      Field.required("finished_at", TimestampType, "When the stage ended, well or not");
  public static final Field CONFIG_HASH =
      Field.required("config_hash", StringType, "SHA-256 of all settings in force");
  public static final Field INPUT_VERSIONS =
      Field.required(
          "input_versions",
          createMapType(StringType, LongType),
          "Table to the Delta version that was read");
  public static final Field OUTPUT_VERSIONS =
      Field.required(
          "output_versions",
          createMapType(StringType, LongType),
          "Table to the Delta version that was there after the stage");
  public static final Field ROWS =
      Field.required(
          "rows",
          createMapType(StringType, LongType),
          "Counts; of ingest the books: source.table.measure, where read = left_out + quarantined"
              + " + accepted, and accepted = in_table + replaced + repeated + folded");
  public static final Field METRICS =
      Field.required("metrics", createMapType(StringType, DoubleType), "Measures by name");
  public static final Field ERROR =
      Field.optional("error", StringType, "Why it failed or warned; null where all went well");

  public static final Table TABLE =
      Table.keyed(
          2,
          "runs",
          "One stage of one run",
          RUN_ID,
          STAGE,
          AS_OF,
          STATUS,
          STARTED_AT,
          FINISHED_AT,
          CONFIG_HASH,
          INPUT_VERSIONS,
          OUTPUT_VERSIONS,
          ROWS,
          METRICS,
          ERROR);

  private Runs() {}
}
