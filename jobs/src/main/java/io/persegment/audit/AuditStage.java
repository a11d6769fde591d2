package io.persegment.audit;

import io.persegment.run.Runs;
import io.persegment.run.Stage;
import io.persegment.run.StageContext;
import io.persegment.table.Table;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Checks every table but publish's own and writes the verdicts under the as-of date. */
public final class AuditStage implements Stage {
  private final AuditSettings settings;
  private final Map<String, List<String>> segmentations;

  /**
   * @param segmentations that are declared: by name, the features whose size decides
   */
  public AuditStage(AuditSettings settings, Map<String, List<String>> segmentations) {
    this.settings = settings;
    this.segmentations = Map.copyOf(segmentations);
  }

  @Override
  public String name() {
    return "audit";
  }

  @Override
  public String summary() {
    return "Checks every table: counts, arrivals, keys, freshness, references, drift of values; its"
        + " verdicts can hold the publish";
  }

  @Override
  public List<Table> reads() {
    return Stream.concat(AuditedTables.ALL.stream(), Stream.of(Runs.TABLE)).toList();
  }

  @Override
  public List<Table> writes() {
    return List.of(Audits.TABLE, AuditReference.TABLE);
  }

  @Override
  public void run(StageContext context) {
    List<Finding> findings = new Audit(context, settings, segmentations).findings();
    List<Row> rows = findings.stream().map(finding -> finding.row(context.asOf())).toList();
    Dataset<Row> audits = context.lake().spark().createDataFrame(rows, Audits.TABLE.schema());
    context.lake().replaceWhere(Audits.TABLE, "as_of = DATE'%s'".formatted(context.asOf()), audits);
    context.report().rows("checks", findings.size());
    for (Severity severity : Severity.values()) {
      context.report().rows("failed." + severity.text(), failed(findings, severity).size());
      failed(findings, severity).forEach(finding -> context.report().warn(finding.sentence()));
    }
  }

  private static List<Finding> failed(List<Finding> findings, Severity severity) {
    return findings.stream()
        .filter(finding -> finding.severity() == severity && !finding.passed())
        .toList();
  }
}
