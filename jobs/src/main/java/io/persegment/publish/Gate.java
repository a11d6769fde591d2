package io.persegment.publish;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.not;

import io.persegment.audit.Audits;
import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/** What must hold before anything is published. */
final class Gate {
  private Gate() {}

  /**
   * Throws if the audits of {@code asOf} hold the publish. Two actions, whose results are as many
   * as there are checks.
   */
  static void requireAudited(Dataset<Row> audits, LocalDate asOf) {
    Dataset<Row> today = audits.filter(Audits.AS_OF.col().equalTo(java.sql.Date.valueOf(asOf)));
    if (today.isEmpty()) {
      throw new PersegmentException(
          Fault.DATA,
          "Cannot publish %s: it was not audited. Run the stage audit for this date first."
              .formatted(asOf));
    }
    List<String> failed =
        today
            .filter(Audits.SEVERITY.col().equalTo("hold").and(not(Audits.PASSED.col())))
            .orderBy(Audits.TABLE_NAME.col(), Audits.CHECK.col())
            .select(
                coalesce(
                    Audits.SENTENCE.col(),
                    concat_ws(": ", Audits.TABLE_NAME.col(), Audits.CHECK.col())))
            .as(Encoders.STRING())
            .collectAsList(); // one row a broken check
    if (!failed.isEmpty()) {
      throw new PersegmentException(
          Fault.GATE,
          "The publish of %s is held by the audit; the last release stays as it is:%n  %s%nMend the cause, or declare another limit under audits, and run again."
              .formatted(asOf, String.join("%n  ".formatted(), failed)));
    }
  }

  /**
   * Throws if fewer are left of an audience of {@code before} than {@code mostShrinkage} allows.
   */
  static void requireSteadySize(long before, long now, double mostShrinkage) {
    if (now < before * (1 - mostShrinkage)) {
      throw new PersegmentException(
          Fault.GATE,
          String.format(
              Locale.ROOT,
              "The publish is held: the audience would fall from %d to %d customers, by %.1f %%; publish.most-shrinkage allows %.1f %%. The last release stays as it is. Look into audience_suppressed and consents for the cause; raise publish.most-shrinkage if it is right, and run again.",
              before,
              now,
              100.0 * (before - now) / before,
              100 * mostShrinkage));
    }
  }
}
