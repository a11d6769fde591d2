package io.persegment.report;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;

import io.persegment.source.Quarantine;
import io.persegment.table.Lake;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Rows of one source that were refused for one table.
 *
 * @param reasons the most frequent first; a row counts under each of its own
 */
public record QuarantineFigures(String source, String table, long rows, List<Reason> reasons) {
  /** Reasons name columns, not values, so that there are few; this many are shown of each. */
  private static final int MOST_REASONS = 500;

  /** Why rows were refused. */
  public record Reason(String reason, long rows) {}

  /** Returns what lies in quarantine, by source and table. Two actions, with a row a reason. */
  static List<QuarantineFigures> read(Lake lake) {
    Dataset<Row> all = lake.readOrEmpty(Quarantine.TABLE);
    Column[] origin = {Quarantine.SOURCE_NAME.col(), Quarantine.TARGET_TABLE.col()};
    Column reason = col("reason");
    Column rows = count(lit(1)).as("n");
    List<Row> reasons =
        all.select(origin[0], origin[1], explode(Quarantine.REASONS.col()).as("reason"))
            .groupBy(origin[0], origin[1], reason)
            .agg(rows)
            .orderBy(col("n").desc(), origin[0], origin[1], reason)
            .limit(MOST_REASONS)
            .collectAsList();
    return all.groupBy(origin).agg(rows).orderBy(origin).collectAsList().stream()
        .map(
            row ->
                new QuarantineFigures(
                    row.getString(0), row.getString(1), row.getLong(2), of(row, reasons)))
        .toList();
  }

  private static List<Reason> of(Row origin, List<Row> reasons) {
    return reasons.stream()
        .filter(row -> row.getString(0).equals(origin.getString(0)))
        .filter(row -> row.getString(1).equals(origin.getString(1)))
        .map(row -> new Reason(row.getString(2), row.getLong(3)))
        .toList();
  }
}
