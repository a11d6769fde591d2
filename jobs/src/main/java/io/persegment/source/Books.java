package io.persegment.source;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.persegment.run.StageReport;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What became of the rows of one source that were meant for one table. Counted in rows of the
 * source, of which a group folds many into one.
 *
 * @param inserted rows that the table has more than before
 * @param removed rows that the table has no more, by the word of a row
 * @param buried rows that say that a record is there no more which the table has not got
 * @param absent rows that the table has no more, as the source has them no more
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
    long removed,
    long buried,
    long absent,
    long folded) {

  /** What {@link #of} must be told of all rows; in one row. */
  static Column[] counts() {
    Column refused = size(Evaluation.REASONS.col()).gt(0);
    return new Column[] {
      standFor(lit(true)).as("read"),
      standFor(Evaluation.LEFT_OUT.col()).as("left_out"),
      standFor(refused).as("refused"),
      standFor(Settling.good()).as("good_stand_for"),
      coalesce(sum(when(Settling.good(), lit(1L))), lit(0L)).as("good")
    };
  }

  /**
   * Balances them. An action where there is something decided.
   *
   * @param counted the values of {@link #counts}
   * @param decided rows by {@link Settling#decided}
   */
  static Books of(Row counted, Dataset<Row> decided, long absent) {
    Map<String, long[]> byVerdict = new HashMap<>();
    decided
        .groupBy(Settling.VERDICT.col())
        .agg(count(lit(1)).as("n"), sum(Evaluation.STANDS_FOR.col()).as("stand_for"))
        .collectAsList() // one row a verdict
        .forEach(
            row -> byVerdict.put(row.getString(0), new long[] {row.getLong(1), row.getLong(2)}));
    long[] none = {0, 0};
    long contested = byVerdict.values().stream().mapToLong(each -> each[0]).sum();
    long[] refused = byVerdict.getOrDefault(Settling.QUARANTINED, none);
    return new Books(
        counted.<Long>getAs("read"),
        counted.<Long>getAs("left_out"),
        counted.<Long>getAs("refused") + refused[1],
        counted.<Long>getAs("good")
            - contested
            + byVerdict.getOrDefault(Settling.INSERTED, none)[0],
        byVerdict.getOrDefault(Settling.UPDATED, none)[0],
        byVerdict.getOrDefault(Settling.CONFIRMED, none)[0],
        byVerdict.getOrDefault(Settling.REPLACED, none)[0],
        byVerdict.getOrDefault(Settling.REPEATED, none)[0],
        byVerdict.getOrDefault(Settling.REMOVED, none)[0],
        byVerdict.getOrDefault(Settling.BURIED, none)[0],
        absent,
        counted.<Long>getAs("good_stand_for")
            - counted.<Long>getAs("good")
            - (refused[1] - refused[0]));
  }

  private static Column standFor(Column which) {
    return coalesce(sum(when(which, Evaluation.STANDS_FOR.col())), lit(0L));
  }

  /** Of these rows one was to be kept: what is no business of ours does not count. */
  double shareQuarantined() {
    return read == leftOut ? 0 : (double) quarantined / (read - leftOut);
  }

  /** Rows of the table must be written over or taken out. */
  boolean changesRows() {
    return updated + confirmed + removed + absent > 0;
  }

  /** How many more rows the table has than before; less than 0 where it has fewer. */
  long growth() {
    return inserted - removed - absent;
  }

  /**
   * Writes the books under {@code source.table.measure}. An update leaves the table as large as it
   * was: what it takes the place of is counted as replaced, or repeated where it said the same.
   * Accepted are those in the table, replaced, repeated, folded and deletions.
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
    if (removed + buried + absent > 0) {
      report.rows(prefix + "deletions", removed + buried);
      report.rows(prefix + "removed", removed + absent);
    }
  }
}
