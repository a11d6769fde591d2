package io.persegment.publish;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.lit;

import io.persegment.customer.Customers;
import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import io.persegment.run.StageContext;
import io.persegment.run.StageReport;
import io.persegment.table.Lake;
import java.sql.Date;
import java.sql.Timestamp;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * A release in the making.
 *
 * @param verdicts rows of {@link Verdicts}
 * @param audience rows of {@link Audience}
 */
record Release(Predecessor before, Dataset<Row> verdicts, Dataset<Row> audience) {
  static final String PUBLISHED = "published";

  /** Counts what is to be written and throws if it must not be published. Four actions. */
  void check(StageContext context, double mostShrinkage) {
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
    Gate.requireSteadySize(before.audience().count(), mailable, mostShrinkage);
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
   */
  void write(StageContext context) {
    Lake lake = context.lake();
    lake.synchronise(
        AudienceSuppressed.TABLE, AudienceSuppressed.REASON, suppressedRows(context.asOfColumn()));
    lake.replaceWhere(
        AudienceChanges.TABLE,
        "release_id = '%s'".formatted(before.nextId()),
        Changes.between(before.audience(), audience, before.nextId()));
    lake.synchronise(Audience.TABLE, Audience.ROW_HASH, audience);
    lake.append(Releases.TABLE, row(context));
    countChanges(context);
  }

  /** A customer whose reason is what it was keeps the date that is already in the table. */
  private Dataset<Row> suppressedRows(Column since) {
    return verdicts
        .filter(Verdicts.REASON.col().isNotNull())
        .withColumn(AudienceSuppressed.SINCE.name(), since)
        .select(AudienceSuppressed.TABLE.columns());
  }

  private Dataset<Row> row(StageContext context) {
    Row row =
        RowFactory.create(
            before.nextId(),
            Date.valueOf(context.asOf()),
            Timestamp.from(context.startedAt()),
            ReleasedTables.versions(context.lake()),
            PUBLISHED);
    return context.lake().spark().createDataFrame(List.of(row), Releases.TABLE.schema());
  }

  private void countChanges(StageContext context) {
    context
        .lake()
        .read(AudienceChanges.TABLE)
        .filter(AudienceChanges.RELEASE_ID.col().equalTo(before.nextId()))
        .groupBy(AudienceChanges.CHANGE.col())
        .count()
        .collectAsList() // one row a kind of change
        .forEach(row -> context.report().rows("changes." + row.getString(0), row.getLong(1)));
  }
}
