package io.persegment.conformed;

import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import io.persegment.table.Field;
import io.persegment.table.Table;

/**
 * Table {@code contact_merges}: contacts that their system made one of. Orders and events that name
 * the one that is no more are those of the other.
 */
public final class ContactMerges {
  public static final Field SOURCE = Common.SOURCE;
  public static final Field RECORD_ID =
      Field.required("record_id", StringType, "Contact that is no more");
  public static final Field MERGED_INTO =
      Field.required("merged_into", StringType, "Contact that it has become part of");
  public static final Field MERGED_AT =
      Field.optional("merged_at", TimestampType, "When; null where not known");
  public static final Table TABLE =
      Common.table(
          1,
          "contact_merges",
          "One contact that was merged into another of its system",
          RECORD_ID,
          MERGED_INTO,
          MERGED_AT);

  private ContactMerges() {}
}
