package io.persegment.publish;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.persegment.content.Decisions;
import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import io.persegment.experiments.Assignments;
import io.persegment.publish.Release.Acceptance;
import io.persegment.run.StageContext;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  private final PublishSettings settings;

  public Rollback(PublishSettings settings) {
    this.settings = settings;
  }

  /**
   * Publishes {@code releaseId} again. Who may be written to now and was not in it is suppressed
   * until the next publish; addresses are those of today.
   *
   * @throws PersegmentException where there is no such release, or nothing is left of it
   */
  public void to(String releaseId, StageContext context) {
    Lake lake = context.lake();
    Table table = Audience.table(settings.declared());
    Dataset<Row> then = then(lake, table, releaseId).persist();
    Dataset<Row> verdicts = withoutNewcomers(PublishStage.verdicts(lake, settings), then).persist();
    var before = Predecessor.in(lake, settings.declared());
    Dataset<Row> audience = audience(context, then, verdicts, before).persist();
    try {
      var release = new Release(before, verdicts, audience, settings.declared());
      release.requireBalanced(context);
      release.write(context, Acceptance.NOTHING, Optional.of(releaseId));
    } finally {
      audience.unpersist();
      verdicts.unpersist();
      then.unpersist();
    }
  }

  private static Dataset<Row> then(Lake lake, Table table, String releaseId) {
    Map<String, Long> versions = Released.find(lake, releaseId).versions();
    try {
      Dataset<Row> then = lake.readAt(table, versions.get(table.name()));
      then.count(); // reads its files: they may be gone
      return then;
    } catch (Exception e) { // Delta's and Spark's, of which some are checked unseen
      throw new PersegmentException(
          Fault.DATA,
          "Cannot go back to %s: the files of its audience are gone. Delta keeps what was replaced for a week unless told; go back to a later release."
              .formatted(releaseId),
          e);
    }
  }

  private static Dataset<Row> withoutNewcomers(Dataset<Row> verdicts, Dataset<Row> then) {
    Dataset<Row> there = then.select(Audience.CUSTOMER_ID.col(), lit(true).as(THERE));
    return verdicts
        .join(there, new String[] {Audience.CUSTOMER_ID.name()}, "left")
        .withColumn(
            Verdicts.REASON.name(),
            coalesce(
                Verdicts.REASON.col(), when(col(THERE).isNull(), lit(Verdicts.NOT_IN_RELEASE))))
        .drop(THERE);
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
