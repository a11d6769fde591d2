package io.persegment.publish;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.lit;

import io.persegment.content.ContentGiven;
import io.persegment.content.Decisions;
import io.persegment.customer.Customers;
import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import io.persegment.experiments.Assignments;
import io.persegment.experiments.ExperimentAssignments;
import io.persegment.identity.IdentityChanges;
import io.persegment.run.StageContext;
import io.persegment.run.StageReport;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import java.sql.Date;
import java.sql.Timestamp;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * A release in the making.
 *
 * @param verdicts rows of {@link Verdicts}
 * @param audience rows of {@link Audience}, with {@link Decisions#GIVEN_NOW} and {@link
 *     Assignments#MADE}
 * @param declared columns of the audience that are the shop's own
 */
record Release(
    Predecessor before, Dataset<Row> verdicts, Dataset<Row> audience, List<Field> declared) {
  static final String PUBLISHED = "published";

  /**
   * What somebody accepted.
   *
   * @param findings what the gate found
   * @param reason why it is right; empty where nothing was found
   * @param by who said so
   */
  record Acceptance(List<String> findings, Optional<String> reason, Optional<String> by) {
    static final Acceptance NOTHING = new Acceptance(List.of(), Optional.empty(), Optional.empty());
  }

  /** Counts what is to be written; throws where the books do not balance. Three actions. */
  long requireBalanced(StageContext context) {
    StageReport report = context.report();
    long customers = context.lake().read(Customers.TABLE).count();
    long suppressed = countSuppressed(report);
    Row sizes = audience.agg(count(lit(1)), count_distinct(Audience.EMAIL.col())).head();
    long mailable = sizes.getLong(0);
    report.rows("customers", customers);
    report.rows("audience", mailable);
    report.rows("suppressed", suppressed);
    if (customers != mailable + suppressed || mailable != sizes.getLong(1)) {
      throw new PersegmentException(
          Fault.INTERNAL,
          "Cannot publish: %d customers, but %d in the audience, with %d addresses, and %d suppressed. This is a bug; nothing was published."
              .formatted(customers, mailable, sizes.getLong(1), suppressed));
    }
    return mailable;
  }

  private long countSuppressed(StageReport report) {
    long all = 0;
    for (Row row : // one a reason
        suppressedRows(lit(null)).groupBy(Verdicts.REASON.col()).count().collectAsList()) {
      report.rows("suppressed." + row.getString(0), row.getLong(1));
      all += row.getLong(1);
    }
    return all;
  }

  /**
   * Writes the release, each table in one commit. Done again after a kill anywhere in it, the
   * tables come out as if it had gone through.
   *
   * @param backTo the earlier release that it goes back to
   */
  void write(StageContext context, Acceptance acceptance, Optional<String> backTo) {
    Lake lake = context.lake();
    lake.synchronise(
        AudienceSuppressed.TABLE, AudienceSuppressed.REASON, suppressedRows(context.asOfColumn()));
    lake.replaceWhere(
        AudienceChanges.table(declared),
        "release_id = '%s'".formatted(before.nextId()),
        new Changes(Audience.mapped(declared))
            .between(before.audience(), audience, before.nextId()));
    writeAudience(lake);
    // Last but one: what a killed publish decided is not taken for given.
    addAny(lake, ContentGiven.TABLE, Decisions.givenNow(audience));
    addAny(lake, ExperimentAssignments.TABLE, assignments(lake, context));
    lake.append(Releases.TABLE, row(context, acceptance, backTo));
    countChanges(context);
  }

  /**
   * Where the table is as the release before left it, only what changed is merged; after a publish
   * that was killed, or where the table is gone, all of it is.
   */
  private void writeAudience(Lake lake) {
    Table table = Audience.table(declared);
    Dataset<Row> rows = audience.select(table.columns());
    if (!before.isStored()) {
      lake.synchronise(table, Audience.ROW_HASH, rows);
      return;
    }
    Dataset<Row> removed =
        changes(lake)
            .where(AudienceChanges.CHANGE.col().equalTo(AudienceChanges.REMOVED))
            .select(Audience.CUSTOMER_ID.col());
    Dataset<Row> changed = rows.where(Audience.RELEASE_ID.col().equalTo(before.nextId()));
    lake.upsert(table, changed, removed);
  }

  /** Returns the rows of {@link AudienceChanges} of this release. */
  private Dataset<Row> changes(Lake lake) {
    return lake.read(AudienceChanges.TABLE)
        .where(AudienceChanges.RELEASE_ID.col().equalTo(before.nextId()));
  }

  /** Most shops have none of them, and a commit of nothing costs as much as one of little. */
  private static void addAny(Lake lake, Table table, Dataset<Row> rows) {
    if (!rows.isEmpty()) {
      lake.upsert(table, rows);
    }
  }

  /** Those made now, and those of customers who were taken into others, under these. */
  private Dataset<Row> assignments(Lake lake, StageContext context) {
    Dataset<Row> made = Assignments.made(audience, context.asOfColumn());
    if (!lake.exists(ExperimentAssignments.TABLE)) {
      return made;
    }
    return made.union(
        Assignments.moved(
            lake.read(ExperimentAssignments.TABLE), lake.readOrEmpty(IdentityChanges.TABLE)));
  }

  /** A customer whose reason is what it was keeps the date that is already in the table. */
  private Dataset<Row> suppressedRows(Column since) {
    return verdicts
        .filter(Verdicts.REASON.col().isNotNull())
        .withColumn(AudienceSuppressed.SINCE.name(), since)
        .select(AudienceSuppressed.TABLE.columns());
  }

  private Dataset<Row> row(StageContext context, Acceptance acceptance, Optional<String> backTo) {
    Row row =
        RowFactory.create(
            before.nextId(),
            Date.valueOf(context.asOf()),
            Timestamp.from(context.startedAt()),
            ReleasedTables.versions(context.lake()),
            PUBLISHED,
            acceptance.findings().isEmpty() ? null : acceptance.findings(),
            acceptance.reason().orElse(null),
            acceptance.by().orElse(null),
            backTo.orElse(null));
    return context.lake().spark().createDataFrame(List.of(row), Releases.TABLE.schema());
  }

  private void countChanges(StageContext context) {
    changes(context.lake())
        .groupBy(AudienceChanges.CHANGE.col())
        .count()
        .collectAsList() // one row a kind of change
        .forEach(row -> context.report().rows("changes." + row.getString(0), row.getLong(1)));
  }
}
