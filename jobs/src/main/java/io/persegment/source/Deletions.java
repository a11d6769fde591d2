package io.persegment.source;

import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import io.persegment.conformed.Common;
import io.persegment.table.Field;
import io.persegment.table.Table;

/**
 * Table {@code deletions}: records that their source has deleted, so that an older version that
 * comes late does not bring them back.
 */
public final class Deletions {
  public static final Field TARGET_TABLE =
      Field.required("target_table", StringType, "Table that the record was in, or would be");
  public static final Field RECORD_KEY =
      Field.required("record_key", createArrayType(StringType), "Its key there, part by part");
  public static final Table TABLE =
      Table.keyed(
          3,
          "deletions",
          "One record that its source has deleted",
          Common.SOURCE,
          TARGET_TABLE,
          RECORD_KEY,
          Common.VERSION,
          Common.SOURCE_FILE,
          Common.CONTENT_HASH,
          Common.INGESTED_AT);

  private Deletions() {}
}
