package io.persegment.source;

import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import io.persegment.table.Field;
import io.persegment.table.Table;

/**
 * Table {@code source_files}: the files that were taken in; of two rows of one path the later
 * counts.
 */
public final class SourceFiles {
  public static final Field SOURCE =
      Field.required("source", StringType, "Source in the settings that read it");
  public static final Field PATH = Field.required("path", StringType, "Where the file lies");
  public static final Field SIZE = Field.required("size", LongType, "Bytes");
  public static final Field MODIFIED =
      Field.required("modified", TimestampType, "When it was last changed");
  public static final Field CONTENT_HASH =
      Field.optional("content_hash", StringType, "Hash of its content; null where none was taken");
  public static final Field HEADER =
      Field.required("header", createArrayType(StringType, false), "Columns that it has");
  public static final Field SETTINGS_HASH =
      Field.optional(
          "settings_hash",
          StringType,
          "Hash of the source's settings under which it was read; null before there was one");
  public static final Field RUN_ID = Field.required("run_id", StringType, "Run that read it");
  public static final Field INGESTED_AT =
      Field.required("ingested_at", TimestampType, "When that run started");
  public static final Field POSITION =
      Field.optional(
          "position", StringType, "How far a source with a cursor was read, with this file");
  public static final Table TABLE =
      Table.keyed(
          0,
          "source_files",
          "One file that was read to its end",
          SOURCE,
          PATH,
          SIZE,
          MODIFIED,
          CONTENT_HASH,
          HEADER,
          RUN_ID,
          INGESTED_AT,
          SETTINGS_HASH,
          POSITION);

  private SourceFiles() {}
}
