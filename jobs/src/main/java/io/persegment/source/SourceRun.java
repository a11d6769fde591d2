package io.persegment.source;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.persegment.conformed.Common;
import io.persegment.conformed.Orders;
import io.persegment.run.StageContext;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.storage.StorageLevel;

/**
 * Takes the new files of one source in. What is refused goes to quarantine first; the tables and
 * the list of files follow only when no limit is passed. Each step can be repeated without harm, so
 * a run that was killed anywhere in between is mended by the next one.
 */
final class SourceRun {
  private final SourceSettings source;
  private final List<FoundFile> files;
  private final List<Batch> batches;
  private final StageContext context;
  private final Lake lake;

  /**
   * @param batches the files' rows, lookups joined
   */
  SourceRun(
      SourceSettings source, List<FoundFile> files, List<Batch> batches, StageContext context) {
    this.source = source;
    this.files = files;
    this.batches = batches;
    this.context = context;
    this.lake = context.lake();
  }

  /** An action, of about one pass over the files for each table that the source feeds. */
  void ingest() {
    forgetEarlierTries();
    Map<TargetSettings, Dataset<Row>> settled = new LinkedHashMap<>();
    Map<TargetSettings, Books> books = new LinkedHashMap<>();
    try {
      for (TargetSettings target : source.targets()) {
        describe(target, "reading");
        Dataset<Row> rows = settle(target, settled).persist(StorageLevel.MEMORY_AND_DISK());
        settled.put(target, rows);
        books.put(target, Books.of(rows));
        quarantine(target, rows, books.get(target));
      }
      books.forEach(this::requireFewRefused);
      settled.forEach((target, rows) -> write(target, rows, books.get(target)));
      lake.append(SourceFiles.TABLE, fileRows());
    } finally {
      settled.values().forEach(Dataset::unpersist);
    }
  }

  private Dataset<Row> settle(TargetSettings target, Map<TargetSettings, Dataset<Row>> before) {
    var evaluation = new Evaluation(source, target);
    var settling = new Settling(target.into());
    Dataset<Row> rows =
        ofBatches(evaluation::evaluate)
            .transform(settling::withKeys)
            .transform(settling::withContradictions);
    if (target.into().parent().isPresent()) {
      Dataset<Row> held = heldOrders(before);
      rows = held.isEmpty() ? rows : settling.withHeldParents(rows, held);
    }
    Table table = target.into().table();
    Dataset<Row> existing =
        lake.readOrEmpty(table).where(Common.SOURCE.col().equalTo(source.system()));
    return settling.withVerdicts(rows, existing);
  }

  /** Orders of this system that stand in quarantine, and that no accepted row stands for. */
  private Dataset<Row> heldOrders(Map<TargetSettings, Dataset<Row>> before) {
    Dataset<Row> held =
        lake.readOrEmpty(Quarantine.TABLE)
            .where(Quarantine.SOURCE.col().equalTo(source.system()))
            .where(Quarantine.TARGET_TABLE.col().equalTo(Orders.TABLE.name()))
            .select(Quarantine.RECORD_KEY.col().as("_held"))
            .where(col("_held").isNotNull());
    Dataset<Row> accepted =
        lake.readOrEmpty(Orders.TABLE)
            .where(Orders.SOURCE.col().equalTo(source.system()))
            .select(Orders.ORDER_ID.col());
    for (var each : before.entrySet()) {
      if (each.getKey().into().table().equals(Orders.TABLE)) {
        accepted = accepted.union(toWrite(each.getValue()).select(Orders.ORDER_ID.col()));
      }
    }
    return held.join(accepted, held.col("_held").equalTo(Orders.ORDER_ID.col()), "left_anti");
  }

  private void quarantine(TargetSettings target, Dataset<Row> rows, Books books) {
    if (books.quarantined() == 0) {
      return;
    }
    describe(target, "quarantine");
    Dataset<Row> refused =
        rows.where(Settling.VERDICT.col().equalTo(Settling.QUARANTINED))
            .withColumn("_key_text", new Settling(target.into()).keyText());
    Column key = when(col("_key_text").notEqual(lit("")), col("_key_text"));
    lake.append(
        Quarantine.TABLE,
        withSourceRows(target, refused)
            .select(
                lit(source.system()).as(Quarantine.SOURCE.name()),
                lit(source.name()).as(Quarantine.SOURCE_NAME.name()),
                lit(target.into().table().name()).as(Quarantine.TARGET_TABLE.name()),
                key.as(Quarantine.RECORD_KEY.name()),
                Evaluation.ROW.col().as(Quarantine.ROW_JSON.name()),
                Evaluation.REASONS.col().as(Quarantine.REASONS.name()),
                Common.SOURCE_FILE.col().as(Quarantine.SOURCE_FILE.name()),
                lit(context.runId()).as(Quarantine.RUN_ID.name()),
                context.startedAtColumn().as(Quarantine.INGESTED_AT.name())));
  }

  /**
   * Gives refused rows the text that the source sent: a group one row for each of the source's, and
   * what only a comparison with other rows refused the text that was not kept in the first pass.
   */
  private Dataset<Row> withSourceRows(TargetSettings target, Dataset<Row> refused) {
    var evaluation = new Evaluation(source, target);
    if (target.groupBy().isPresent()) {
      return evaluation.withMembers(refused, ofBatches(evaluation::members));
    }
    Dataset<Row> compared = refused.where(Evaluation.ROW.col().isNull());
    if (compared.isEmpty()) {
      return refused;
    }
    var settling = new Settling(target.into());
    return refused
        .where(Evaluation.ROW.col().isNotNull())
        .unionByName(settling.withRows(compared, ofBatches(evaluation::goodRows)));
  }

  private Dataset<Row> ofBatches(Function<Batch, Dataset<Row>> rows) {
    return batches.stream()
        .map(batch -> SourceSql.in(lake.spark(), source.timezone(), () -> rows.apply(batch)))
        .reduce(Dataset::unionByName)
        .orElseThrow();
  }

  private void requireFewRefused(TargetSettings target, Books books) {
    String table = target.into().table().name();
    books.enter(context.report(), source.name(), table);
    if (books.quarantined() > 0) {
      context
          .report()
          .note(
              "%s: %,d of %,d rows for %s were refused; they are in quarantine with their reasons"
                  .formatted(
                      source.name(), books.quarantined(), books.read() - books.leftOut(), table));
    }
    if (books.shareQuarantined() > source.quarantineLimit()) {
      throw SourceErrors.tooManyRefused(
          source, table, books.quarantined(), books.read() - books.leftOut(), reasons(table));
    }
  }

  private void write(TargetSettings target, Dataset<Row> settled, Books books) {
    describe(target, "writing");
    Table table = target.into().table();
    Dataset<Row> rows =
        toWrite(settled)
            .withColumn(Common.SOURCE.name(), lit(source.system()))
            .withColumn(Common.INGESTED_AT.name(), context.startedAtColumn())
            .select(table.columns());
    long before = rowsOf(table);
    if (books.changesRows()) {
      lake.upsert(table, rows);
    } else if (books.inserted() > 0 || !lake.exists(table)) {
      lake.append(table, rows);
    }
    long after = rowsOf(table);
    if (after != before + books.inserted()) {
      throw SourceErrors.unbalanced(source.name(), table.name(), before + books.inserted(), after);
    }
  }

  private static Dataset<Row> toWrite(Dataset<Row> settled) {
    return settled.where(
        Settling.VERDICT.col().isin(Settling.INSERTED, Settling.UPDATED, Settling.CONFIRMED));
  }

  /** Of the whole table, as Delta then answers from its log. */
  private long rowsOf(Table table) {
    return lake.exists(table) ? lake.stored(table).count() : 0;
  }

  /** Rows that an earlier run refused before it failed would else stand in quarantine twice. */
  private void forgetEarlierTries() {
    Dataset<Row> earlier =
        lake.readOrEmpty(Quarantine.TABLE)
            .where(Quarantine.SOURCE_NAME.col().equalTo(source.name()));
    if (!earlier.isEmpty()) {
      lake.delete(
          Quarantine.TABLE,
          fileRows()
              .select(
                  SourceFiles.SOURCE.col().as(Quarantine.SOURCE_NAME.name()),
                  SourceFiles.PATH.col().as(Quarantine.SOURCE_FILE.name())));
    }
  }

  /** The reasons of this run, the most frequent first; few, as reasons name columns, not values. */
  private String reasons(String table) {
    Field reason = Quarantine.REASONS;
    return lake
        .read(Quarantine.TABLE)
        .where(Quarantine.RUN_ID.col().equalTo(context.runId()))
        .where(Quarantine.SOURCE_NAME.col().equalTo(source.name()))
        .where(Quarantine.TARGET_TABLE.col().equalTo(table))
        .select(explode(reason.col()).as("reason"))
        .groupBy(col("reason"))
        .agg(count(lit(1)).as("n"))
        .orderBy(col("n").desc(), col("reason"))
        .limit(5)
        .collectAsList()
        .stream()
        .map(row -> "%s: %,d rows".formatted(row.getString(0), row.getLong(1)))
        .collect(Collectors.joining("; "));
  }

  private Dataset<Row> fileRows() {
    var rows = new ArrayList<Row>();
    for (FoundFile file : files) {
      rows.add(
          RowFactory.create(
              source.name(),
              file.path(),
              file.size(),
              Timestamp.from(file.modified()),
              null,
              batches.stream()
                  .findFirst()
                  .map(batch -> batch.columns().toArray(new String[0]))
                  .orElseThrow(),
              context.runId(),
              Timestamp.from(context.startedAt()),
              file.position().orElse(null)));
    }
    return lake.spark().createDataFrame(rows, SourceFiles.TABLE.schema());
  }

  private void describe(TargetSettings target, String what) {
    lake.spark()
        .sparkContext()
        .setJobDescription(
            "%s -> %s: %s".formatted(source.name(), target.into().table().name(), what));
  }
}
