package io.persegment.publish;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.when;

import io.persegment.content.Decisions;
import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import io.persegment.experiments.Assignments;
import io.persegment.publish.Release.Acceptance;
import io.persegment.run.StageContext;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Goes back to an earlier release: publishes what it said, as a release of its own, to those of its
 * customers who may be written to as things stand now.
 */
public final class Rollback {
  private static final String NOW = "_now";
  private static final String THERE = "_there";
  private static final String PROFILED_THEN = "_profiled_then";

  private final PublishSettings settings;

  public Rollback(PublishSettings settings) {
    this.settings = settings;
  }

  /**
   * Publishes {@code releaseId} again. Who may be written to now and was not in it is suppressed
   * until the next publish, and so is who refused profiling or offers; addresses are those of
   * today.
   *
   * @throws PersegmentException where there is no such release, or nothing is left of it
   */
  public void to(String releaseId, StageContext context) {
    Lake lake = context.lake();
    Released.find(lake, releaseId);
    Dataset<Row> then =
        lake.scratch("publish/then", History.audience(lake, releaseId, settings.declared()));
    Dataset<Row> verdicts =
        lake.scratch(
            "publish/verdicts", withoutNewcomers(PublishStage.verdicts(lake, settings), then));
    var before = Predecessor.in(lake, settings.declared());
    Dataset<Row> audience =
        lake.scratch("publish/audience", audience(context, then, verdicts, before));
    var release = new Release(before, verdicts, audience, settings.declared());
    if (release.requireBalanced(context) == 0) {
      throw new PersegmentException(
          Fault.GATE,
          "Cannot go back to %s: none of its customers may be written to now. The last release stays as it is."
              .formatted(releaseId));
    }
    release.write(context, Acceptance.NOTHING, Optional.of(releaseId));
  }

  private static Dataset<Row> withoutNewcomers(Dataset<Row> verdicts, Dataset<Row> then) {
    Dataset<Row> there =
        then.select(
            Audience.CUSTOMER_ID.col(),
            lit(true).as(THERE),
            size(Audience.SCORES.col()).gt(0).as(PROFILED_THEN));
    return verdicts
        .join(there, new String[] {Audience.CUSTOMER_ID.name()}, "left")
        .withColumn(
            Verdicts.REASON.name(),
            coalesce(
                Verdicts.REASON.col(),
                when(col(THERE).isNull().or(saysTooMuch()), lit(Verdicts.NOT_IN_RELEASE))))
        .drop(THERE, PROFILED_THEN);
  }

  /** What was made of who refuses profiling, or offers, since then must not be used any more. */
  private static Column saysTooMuch() {
    return not(Verdicts.PROFILED.col())
        .and(coalesce(col(PROFILED_THEN), lit(false)))
        .or(not(Verdicts.OFFERED.col()));
  }

  private Dataset<Row> audience(
      StageContext context, Dataset<Row> then, Dataset<Row> verdicts, Predecessor before) {
    Dataset<Row> mailable =
        verdicts
            .where(Verdicts.REASON.col().isNull())
            .select(Audience.CUSTOMER_ID.col(), Audience.EMAIL.col().as(NOW));
    var columns = new ArrayList<Column>();
    columns.add(Audience.CUSTOMER_ID.col());
    for (Field field : Audience.mapped(settings.declared())) {
      columns.add(field.equals(Audience.EMAIL) ? col(NOW).as(field.name()) : field.col());
    }
    for (Field none : List.of(Decisions.GIVEN_NOW, Assignments.MADE)) {
      columns.add(lit(null).cast(none.type()).as(none.name()));
    }
    Dataset<Row> rows =
        then.join(mailable, new String[] {Audience.CUSTOMER_ID.name()})
            .select(columns.toArray(Column[]::new))
            .withColumn(
                Audience.ROW_HASH.name(), AudienceRows.hash(Audience.mapped(settings.declared())));
    return AudienceRows.withRelease(
        rows, before.audience(), before.nextId(), context.startedAtColumn());
  }
}
