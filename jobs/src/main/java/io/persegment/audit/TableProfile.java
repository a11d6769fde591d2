package io.persegment.audit;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.bit_and;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.shiftright;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.to_date;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.DateType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import io.persegment.run.StageContext;
import io.persegment.table.Field;
import io.persegment.table.Table;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What one pass over a table tells of the rows of one source in it.
 *
 * @param source empty where the table's rows have none
 * @param brokenKeys rows that repeat a key, beyond the first, or have none
 * @param newest day of the last event before the cut; empty where there is none
 * @param recent different keys in the rows by {@link AuditedTables#isRecent}
 * @param nulls how many of these have no value, for each of {@link AuditedTables#mayBeNull}
 */
record TableProfile(
    String table,
    String source,
    long rows,
    long brokenKeys,
    Optional<LocalDate> newest,
    long recent,
    List<Long> nulls) {
  private static final Field TABLE = Field.required("table", StringType, "Table");
  private static final Field SOURCE = Field.required("source", StringType, "Source, or empty");
  private static final Field ROWS = Field.required("rows", LongType, "Rows");
  private static final Field BROKEN = Field.required("broken", LongType, "Rows of broken keys");
  private static final Field NEWEST = Field.optional("newest", DateType, "Day of the last event");
  private static final Field ONES = Field.required("ones", LongType, "Rows of one key");
  private static final Field LAST =
      Field.optional("last", TimestampType, "Time of the last event of one key");
  private static final Field EMPTY =
      Field.optional(
          "empty", LongType, "A bit for each column that is null in the recent rows of one key");
  private static final Field RECENT = Field.required("recent", LongType, "Keys of recent rows");
  private static final Field NULLS =
      Field.required("nulls", createArrayType(LongType), "Of them, those without a value");

  TableProfile {
    nulls = List.copyOf(nulls);
  }

  /** Describes the profiles of {@code rows}, one row a source. */
  static Dataset<Row> of(Table table, Dataset<Row> rows, StageContext context) {
    Column cut = context.cutColumn();
    List<Field> mayBeNull = AuditedTables.mayBeNull(table);
    Column source = AuditedTables.source(table).map(Field::col).orElse(lit(""));
    Column last =
        AuditedTables.eventTime(table)
            .map(time -> max(when(time.col().lt(cut), time.col())))
            .orElse(max(lit(null).cast(TimestampType)));
    Column[] same = table.key().isEmpty() ? new Column[] {source} : table.keyColumns();
    return rows.groupBy(same)
        .agg(
            count(lit(1)).as(ONES.name()),
            last.as(LAST.name()),
            // One number instead of one a column: of many rows this is sent about.
            bit_and(when(AuditedTables.isRecent(table, context), empty(mayBeNull)))
                .as(EMPTY.name()))
        .groupBy(source.as(SOURCE.name()))
        .agg(
            sum(ONES.col()).as(ROWS.name()),
            sum(broken(table.key())).as(BROKEN.name()),
            to_date(max(LAST.col())).as(NEWEST.name()),
            count(EMPTY.col()).as(RECENT.name()),
            nulls(mayBeNull.size()).as(NULLS.name()))
        .select(
            lit(table.name()).as(TABLE.name()),
            SOURCE.col(),
            ROWS.col(),
            BROKEN.col(),
            NEWEST.col(),
            RECENT.col(),
            NULLS.col());
  }

  private static Column empty(List<Field> columns) {
    Column empty = lit(0L);
    for (int i = 0; i < columns.size(); i++) {
      empty = empty.bitwiseOR(when(columns.get(i).col().isNull(), lit(1L << i)).otherwise(lit(0L)));
    }
    return empty;
  }

  private static Column nulls(int columns) {
    Column[] nulls =
        IntStream.range(0, columns)
            .mapToObj(i -> sum(shiftright(EMPTY.col(), i).bitwiseAND(1L)))
            .map(sum -> coalesce(sum, lit(0L)))
            .toArray(Column[]::new);
    return array(nulls).cast(NULLS.type());
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
        Optional.ofNullable(row.getDate(4)).map(java.sql.Date::toLocalDate),
        row.getLong(5),
        row.getList(6));
  }
}
