package io.persegment.report;

import io.persegment.audit.Audits;
import io.persegment.table.Lake;
import java.sql.Date;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
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

  /** An action, with one row a check. */
  static AuditFigures read(Lake lake, LocalDate asOf) {
    List<Row> today =
        lake.readOrEmpty(Audits.TABLE)
            .where(Audits.AS_OF.col().equalTo(Date.valueOf(asOf)))
            .orderBy(Audits.SEVERITY.col(), Audits.TABLE_NAME.col(), Audits.CHECK.col())
            .collectAsList();
    List<Check> failed =
        today.stream()
            .filter(row -> !row.<Boolean>getAs(Audits.PASSED.name()))
            .map(
                row ->
                    new Check(
                        row.getAs(Audits.CHECK.name()),
                        row.getAs(Audits.TABLE_NAME.name()),
                        Optional.ofNullable(row.getAs(Audits.VALUE.name())),
                        Optional.ofNullable(row.getAs(Audits.LIMIT.name())),
                        row.getAs(Audits.SEVERITY.name())))
            .toList();
    return new AuditFigures(today.size(), today.size() - failed.size(), failed);
  }
}
