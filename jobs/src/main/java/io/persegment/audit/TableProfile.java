package io.persegment.audit;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.to_date;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.DateType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import io.persegment.table.Field;
import io.persegment.table.Table;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What one pass over a table tells of the rows of one source in it.
 *
 * @param source empty where the table's rows have none
 * @param brokenKeys rows that repeat a key, beyond the first, or have none
 * @param newest day of the last event before the cut; empty where there is none
 */
record TableProfile(
    String table, String source, long rows, long brokenKeys, Optional<LocalDate> newest) {
  private static final Field TABLE = Field.required("table", StringType, "Table");
  private static final Field SOURCE = Field.required("source", StringType, "Source, or empty");
  private static final Field ROWS = Field.required("rows", LongType, "Rows");
  private static final Field BROKEN = Field.required("broken", LongType, "Rows of broken keys");
  private static final Field NEWEST = Field.optional("newest", DateType, "Day of the last event");
  private static final Field ONES = Field.required("ones", LongType, "Rows of one key");
  private static final Field LAST =
      Field.optional("last", TimestampType, "Time of the last event of one key");

  /**
   * Describes the profiles of {@code rows}, one row a source.
   *
   * @param cut events from this time on do not count for the newest
   */
  static Dataset<Row> of(Table table, Dataset<Row> rows, Column cut) {
    Column source = AuditedTables.source(table).map(Field::col).orElse(lit(""));
    Column last =
        AuditedTables.eventTime(table)
            .map(time -> max(when(time.col().lt(cut), time.col())))
            .orElse(max(lit(null).cast(TimestampType)));
    Column[] same = table.key().isEmpty() ? new Column[] {source} : table.keyColumns();
    return rows.groupBy(same)
        .agg(count(lit(1)).as(ONES.name()), last.as(LAST.name()))
        .groupBy(source.as(SOURCE.name()))
        .agg(
            sum(ONES.col()).as(ROWS.name()),
            sum(broken(table.key())).as(BROKEN.name()),
            to_date(max(LAST.col())).as(NEWEST.name()))
        .select(
            lit(table.name()).as(TABLE.name()),
            SOURCE.col(),
            ROWS.col(),
            BROKEN.col(),
            NEWEST.col());
  }

  /** Returns how many of the rows of one key are too many. */
  private static Column broken(List<Field> key) {
    return key.stream()
        .map(field -> field.col().isNull())
        .reduce(Column::or)
        .map(keyless -> when(keyless, ONES.col()).otherwise(ONES.col().minus(1)))
        .orElse(lit(0L));
  }

  /** Reads a row of {@link #of}. */
  static TableProfile from(Row row) {
    return new TableProfile(
        row.getString(0),
        row.getString(1),
        row.getLong(2),
        row.getLong(3),
        Optional.ofNullable(row.getDate(4)).map(java.sql.Date::toLocalDate));
  }
}
