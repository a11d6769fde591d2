package io.persegment.report;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import io.persegment.audit.Audits;
import io.persegment.table.Lake;
import java.sql.Date;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What the audit found.
 *
 * @param checks that were made
 * @param passed checks whose value keeps to its limit, or that have none
 * @param failed those that do not, the ones that hold the publish first
 */
public record AuditFigures(long checks, long passed, List<Check> failed) {

  /**
   * One check that failed.
   *
   * @param value what was found; empty where it could not be measured
   * @param limit what is allowed
   * @param severity warn or hold
   */
  public record Check(
      String check,
      String table,
      Optional<Double> value,
      Optional<Double> limit,
      String severity) {}

  /** Two actions, the larger with one row a failed check. */
  static AuditFigures read(Lake lake, LocalDate asOf) {
    Dataset<Row> today =
        lake.readOrEmpty(Audits.TABLE).where(Audits.AS_OF.col().equalTo(Date.valueOf(asOf)));
    Row counts = today.agg(count(lit(1)), count_if(Audits.PASSED.col())).head();
    List<Check> failed =
        today
            .where(not(Audits.PASSED.col()))
            .orderBy(Audits.SEVERITY.col(), Audits.TABLE_NAME.col(), Audits.CHECK.col())
            .collectAsList()
            .stream()
            .map(
                row ->
                    new Check(
                        row.getAs(Audits.CHECK.name()),
                        row.getAs(Audits.TABLE_NAME.name()),
                        Optional.ofNullable(row.getAs(Audits.VALUE.name())),
                        Optional.ofNullable(row.getAs(Audits.LIMIT.name())),
                        row.getAs(Audits.SEVERITY.name())))
            .toList();
    return new AuditFigures(counts.getLong(0), counts.getLong(1), failed);
  }
}
