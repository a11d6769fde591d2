package io.persegment.source;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import io.persegment.run.StageReport;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What became of the rows of one source that were meant for one table. Counted in rows of the
 * source, of which a group folds many into one.
 *
 * @param inserted rows that the table has more than before
 */
record Books(
    long read,
    long leftOut,
    long quarantined,
    long inserted,
    long updated,
    long confirmed,
    long replaced,
    long repeated,
    long folded) {

  /** Counts rows by their verdict. An action. */
  static Books of(Dataset<Row> settled) {
    Map<String, long[]> byVerdict = new HashMap<>();
    settled
        .groupBy(Settling.VERDICT.col())
        .agg(count(lit(1)).as("n"), sum(Evaluation.STANDS_FOR.col()).as("stands_for"))
        .collectAsList() // one row a verdict
        .forEach(
            row -> byVerdict.put(row.getString(0), new long[] {row.getLong(1), row.getLong(2)}));
    long folded = 0;
    long read = 0;
    for (var each : byVerdict.entrySet()) {
      read += each.getValue()[1];
      boolean accepted =
          !each.getKey().equals(Settling.LEFT_OUT) && !each.getKey().equals(Settling.QUARANTINED);
      folded += accepted ? each.getValue()[1] - each.getValue()[0] : 0;
    }
    long[] none = {0, 0};
    return new Books(
        read,
        byVerdict.getOrDefault(Settling.LEFT_OUT, none)[1],
        byVerdict.getOrDefault(Settling.QUARANTINED, none)[1],
        byVerdict.getOrDefault(Settling.INSERTED, none)[0],
        byVerdict.getOrDefault(Settling.UPDATED, none)[0],
        byVerdict.getOrDefault(Settling.CONFIRMED, none)[0],
        byVerdict.getOrDefault(Settling.REPLACED, none)[0],
        byVerdict.getOrDefault(Settling.REPEATED, none)[0],
        folded);
  }

  /** Of these rows one was to be kept: what is no business of ours does not count. */
  double shareQuarantined() {
    return read == leftOut ? 0 : (double) quarantined / (read - leftOut);
  }

  /** Rows that must be written over others in the table. */
  boolean changesRows() {
    return updated + confirmed > 0;
  }

  /**
   * Writes the books under {@code source.table.measure}. An update leaves the table as large as it
   * was: what it takes the place of is counted as replaced, or repeated where it said the same.
   */
  void enter(StageReport report, String source, String table) {
    String prefix = source + "." + table + ".";
    report.rows(prefix + "read", read);
    report.rows(prefix + "left_out", leftOut);
    report.rows(prefix + "quarantined", quarantined);
    report.rows(prefix + "accepted", read - leftOut - quarantined);
    report.rows(prefix + "in_table", inserted);
    report.rows(prefix + "replaced", replaced + updated);
    report.rows(prefix + "repeated", repeated + confirmed);
    report.rows(prefix + "folded", folded);
  }
}
