package io.persegment.source;

import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import io.persegment.table.Field;
import io.persegment.table.Table;

/** Table {@code quarantine}: rows that could not be read or broke a contract. */
public final class Quarantine {
  public static final Field SOURCE =
      Field.required("source", StringType, "System whose record it would be");
  public static final Field SOURCE_NAME =
      Field.required("source_name", StringType, "Source in the settings that read it");
  public static final Field TARGET_TABLE =
      Field.required("target_table", StringType, "Table that it was meant for");
  public static final Field RECORD_KEY =
      Field.optional(
          "record_key",
          StringType,
          "Key it would have had, parts joined by |; null where it could not be told");
  public static final Field ROW_JSON =
      Field.required("row_json", StringType, "The row as the source sent it");
  public static final Field REASONS =
      Field.required(
          "reasons",
          createArrayType(StringType, false),
          "Every reason for which it was refused; never a value from the row");
  public static final Field SOURCE_FILE =
      Field.required("source_file", StringType, "File that holds it");
  public static final Field RUN_ID = Field.required("run_id", StringType, "Run that refused it");
  public static final Field INGESTED_AT =
      Field.required("ingested_at", TimestampType, "When that run started");
  public static final Table TABLE =
      Table.keyed(
              0,
              "quarantine",
              "One refused row of one source",
              SOURCE,
              SOURCE_NAME,
              TARGET_TABLE,
              RECORD_KEY,
              ROW_JSON,
              REASONS,
              SOURCE_FILE,
              RUN_ID,
              INGESTED_AT)
          .partitionedBy(SOURCE_NAME);

  private Quarantine() {}
}
