package io.persegment.publish;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.struct;

import io.persegment.table.Field;
import io.persegment.table.Lake;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** What earlier releases said, as all changes up to them tell it. */
public final class History {
  private static final String LAST = "_last";

  private History() {}

  /**
   * Returns rows of {@link Audience} as a release left them.
   *
   * @param declared columns of the shop's own
   */
  public static Dataset<Row> audience(Lake lake, String releaseId, List<Field> declared) {
    List<Field> mapped = Audience.mapped(declared);
    Column change =
        struct(
            AudienceChanges.RELEASE_ID.col(),
            AudienceChanges.CHANGE.col(),
            AudienceChanges.AFTER.col());
    var columns = new ArrayList<Column>();
    columns.add(Audience.CUSTOMER_ID.col());
    Dataset<Row> changes = upTo(lake, releaseId, declared);
    mapped.forEach(field -> columns.add(after(changes, field).as(field.name())));
    columns.add(
        col(LAST).getField(AudienceChanges.RELEASE_ID.name()).as(Audience.RELEASE_ID.name()));
    Dataset<Row> published =
        lake.readOrEmpty(Releases.TABLE)
            .select(Releases.RELEASE_ID.col(), Releases.PUBLISHED_AT.col());
    Column unknown = lit(Timestamp.from(Instant.EPOCH)); // where releases are gone as well
    return changes
        .groupBy(AudienceChanges.CUSTOMER_ID.col())
        .agg(max_by(change, AudienceChanges.RELEASE_ID.col()).as(LAST))
        .where(col(LAST).getField(AudienceChanges.CHANGE.name()).notEqual(AudienceChanges.REMOVED))
        .select(columns.toArray(Column[]::new))
        .join(published, new String[] {Audience.RELEASE_ID.name()}, "left")
        .withColumn(Audience.PUBLISHED_AT.name(), coalesce(Audience.PUBLISHED_AT.col(), unknown))
        .withColumn(Audience.ROW_HASH.name(), AudienceRows.hash(mapped))
        .select(Audience.table(declared).columns());
  }

  /** Returns what a change says of a column; null where it was written before there was one. */
  private static Column after(Dataset<Row> changes, Field field) {
    var stored = (StructType) changes.schema().apply(AudienceChanges.AFTER.name()).dataType();
    return Arrays.asList(stored.fieldNames()).contains(field.name())
        ? col(LAST).getField(AudienceChanges.AFTER.name()).getField(field.name())
        : lit(null).cast(field.type());
  }

  /** Returns a row for each customer whom a release after one and up to another changed. */
  public static Dataset<Row> touched(Lake lake, String after, String upTo) {
    Column id = AudienceChanges.RELEASE_ID.col();
    return lake.readOrEmpty(AudienceChanges.TABLE)
        .where(id.gt(after).and(id.leq(upTo)))
        .select(AudienceChanges.CUSTOMER_ID.col())
        .distinct();
  }

  /** Returns a row for each customer and address that they ever had up to a release. */
  public static Dataset<Row> addresses(Lake lake, String upTo) {
    return upTo(lake, upTo, List.of())
        .where(AudienceChanges.AFTER.col().isNotNull())
        .select(
            AudienceChanges.CUSTOMER_ID.col(),
            AudienceChanges.AFTER.col().getField(Audience.EMAIL.name()).as(Audience.EMAIL.name()))
        .distinct();
  }

  private static Dataset<Row> upTo(Lake lake, String releaseId, List<Field> declared) {
    return lake.readOrEmpty(AudienceChanges.table(declared))
        .where(AudienceChanges.RELEASE_ID.col().leq(releaseId));
  }
}
