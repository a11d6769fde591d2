package io.persegment.publish;

import static org.apache.spark.sql.types.DataTypes.DateType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;
import static org.apache.spark.sql.types.DataTypes.createMapType;

import io.persegment.table.Field;
import io.persegment.table.Table;

/** Table {@code releases}: consistent snapshots; readers filter by the latest. */
public final class Releases {
  public static final Field RELEASE_ID =
      Field.required("release_id", StringType, "Release; sorts by time");
  public static final Field AS_OF =
      Field.required("as_of", DateType, "As-of date that it was made for");
  public static final Field PUBLISHED_AT =
      Field.required("published_at", TimestampType, "When it was published");
  public static final Field TABLE_VERSIONS =
      Field.required(
          "table_versions",
          createMapType(StringType, LongType),
          "Table to the Delta version that belongs to the release");
  public static final Field STATUS = Field.required("status", StringType, "published");
  public static final Field FINDINGS =
      Field.optional(
          "findings",
          createArrayType(StringType, false),
          "What the gate found and somebody accepted; null where it found nothing");
  public static final Field ACCEPTED =
      Field.optional("accepted", StringType, "Why it was accepted; null where nothing was found");
  public static final Field ACCEPTED_BY =
      Field.optional("accepted_by", StringType, "Who accepted it: the user of the machine");
  public static final Field BACK_TO =
      Field.optional(
          "back_to", StringType, "Earlier release that it goes back to; null of all others");
  public static final Table TABLE =
      Table.keyed(
          1,
          "releases",
          "One published state of all tables",
          RELEASE_ID,
          AS_OF,
          PUBLISHED_AT,
          TABLE_VERSIONS,
          STATUS,
          FINDINGS,
          ACCEPTED,
          ACCEPTED_BY,
          BACK_TO);

  private Releases() {}
}
