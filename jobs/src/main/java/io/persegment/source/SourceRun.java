package io.persegment.source;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.persegment.conformed.Common;
import io.persegment.conformed.Contacts;
import io.persegment.conformed.Orders;
import io.persegment.run.StageContext;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.storage.StorageLevel;

/**
 * Takes the new files of one source in. What is refused goes to quarantine first; the tables and
 * the list of files follow only when no limit is passed. Each step can be repeated without harm, so
 * a run that was killed anywhere in between is mended by the next one.
 */
final class SourceRun {
  private static final String BORN_AS_TEXT = "birth_date_as_text";

  private final SourceSettings source;
  private final Intake intake;
  private final List<Batch> batches;
  private final boolean wholeTruth;
  private final StageContext context;
  private final Lake lake;

  /**
   * @param batches the rows that are to be read, lookups joined
   */
  SourceRun(SourceSettings source, Intake intake, List<Batch> batches, StageContext context) {
    this.source = source;
    this.intake = intake;
    this.batches = batches;
    this.wholeTruth = intake.wholeTruth();
    this.context = context;
    this.lake = context.lake();
  }

  /** An action, of one pass over the files for each table that the source feeds. */
  void ingest() {
    if (!intake.toRead().isEmpty()) { // of snapshots older than the one taken in nothing is
      if (batches.isEmpty()) {
        requireNotTheWholeTruth();
      }
      forgetEarlierTries();
      if (!batches.isEmpty()) {
        settle();
      }
    }
    lake.append(SourceFiles.TABLE, fileRows());
  }

  /** Empty files are a day without a row, but no word that all records are gone. */
  private void requireNotTheWholeTruth() {
    if (wholeTruth) {
      throw SourceErrors.empty(source.read());
    }
    context
        .report()
        .note(
            "%s: all %d new files are empty, without so much as a header"
                .formatted(source.name(), intake.toRead().size()));
  }

  private void settle() {
    List<Settled> settled = new ArrayList<>();
    try {
      for (TargetSettings target : source.targets()) {
        describe(target, "reading");
        settled.add(settle(target, settled));
        quarantine(settled.get(settled.size() - 1));
      }
      settled.forEach(this::requireFewRefused);
      settled.forEach(this::requireFewAbsent);
      settled.forEach(this::write);
    } finally {
      settled.forEach(Settled::close);
    }
  }

  /**
   * The rows for one table, and what was decided of them.
   *
   * @param rows all of them, evaluated
   * @param anyContested whether there is any of the next two
   * @param contested hashes of the keys of which something was decided
   * @param absent keys that the table is to have no more, as the source has them no more
   */
  private record Settled(
      TargetSettings target,
      Dataset<Row> rows,
      boolean anyContested,
      Dataset<Row> contested,
      Dataset<Row> decided,
      Dataset<Row> absent,
      Dataset<Row> heldParents,
      Books books) {

    Table table() {
      return target.into().table();
    }

    Dataset<Row> toWrite() {
      return anyContested
          ? Settling.toWrite(rows, contested, decided)
          : rows.where(Settling.good());
    }

    void close() {
      contested.unpersist();
      decided.unpersist();
      absent.unpersist();
    }
  }

  private Settled settle(TargetSettings target, List<Settled> before) {
    var evaluation = new Evaluation(source, target);
    var settling = new Settling(target, wholeTruth);
    String name = "ingest/%s/%s".formatted(source.name(), target.into().table().name());
    Optional<Field> time = settling.commonTime();
    var counts = new ArrayList<>(List.of(Books.counts()));
    time.ifPresent(
        field -> {
          counts.add(min(field.col()).as("first"));
          counts.add(max(field.col()).as("last"));
        });
    boolean hasBirthDates = target.columns().containsKey(Contacts.BIRTH_DATE);
    if (hasBirthDates) {
      counts.add(count_if(Evaluation.bornAsText()).as(BORN_AS_TEXT));
    }
    Dataset<Row> evaluated = settling.withKeys(ofBatches(evaluation::evaluate));
    Dataset<Row> rows = settling.withWholeKey(lake.scratch(name, evaluated));
    // Not by observing the write: a session that observed can be serialised no more, as MLlib does.
    Row counted =
        rows.agg(counts.get(0), counts.subList(1, counts.size()).toArray(new Column[0])).head();
    if (hasBirthDates) {
      tellBornAsText(counted);
    }
    Dataset<Row> marks = Settling.marks(rows);
    Dataset<Row> inTable = settling.marksOfTable(inTable(target, time, counted));
    Dataset<Row> there = inTable.unionByName(deletions(target));
    Dataset<Row> held =
        target.into().parent().isPresent() ? heldOrders(before) : lake.spark().emptyDataFrame();
    Dataset<Row> contested =
        settling.contested(marks, there, held).persist(StorageLevel.MEMORY_AND_DISK());
    boolean anyContested = !contested.isEmpty();
    Dataset<Row> decided = settling.decided(marks, contested, there, held);
    decided = anyContested ? decided.persist(StorageLevel.MEMORY_AND_DISK()) : decided.limit(0);
    Dataset<Row> absent = absent(inTable, rows).persist(StorageLevel.MEMORY_AND_DISK());
    return new Settled(
        target,
        rows,
        anyContested,
        contested,
        decided,
        absent,
        held,
        Books.of(counted, decided, wholeTruth ? absent.count() : 0));
  }

  /** Many dates that are none are more often a format that the settings do not name than people. */
  private void tellBornAsText(Row counted) {
    long asText = counted.<Long>getAs(BORN_AS_TEXT);
    if (asText == 0) {
      return;
    }
    long good = counted.<Long>getAs("good");
    context.report().rows("%s.contacts.%s".formatted(source.name(), BORN_AS_TEXT), asText);
    String sentence =
        "%s: of %,d of %,d contacts birth_date is no date from 1900 to today; it is null, and its text in attributes.birth_date"
            .formatted(source.name(), asText, good);
    if (asText > source.quarantineLimit() * good) {
      context.report().warn(sentence + ". Are sources.%s.dates right?".formatted(source.name()));
    } else {
      context.report().note(sentence);
    }
  }

  /**
   * What the table has of the source's system; of the times that can matter, where only some can.
   */
  private Dataset<Row> inTable(TargetSettings target, Optional<Field> time, Row counted) {
    Dataset<Row> rows = ofThisSystem(target.into().table());
    if (wholeTruth || time.isEmpty() || counted.getAs("first") == null) {
      return rows;
    }
    return rows.where(time.get().col().between(counted.getAs("first"), counted.getAs("last")));
  }

  private Dataset<Row> deletions(TargetSettings target) {
    return lake.readOrEmpty(Deletions.TABLE)
        .where(Common.SOURCE.col().equalTo(source.system()))
        .where(Deletions.TARGET_TABLE.col().equalTo(target.into().table().name()))
        .select(
            Deletions.RECORD_KEY.col().as(Settling.KEY.name()),
            xxhash64(Deletions.RECORD_KEY.col()).as(Settling.KEY_HASH.name()),
            Common.VERSION.col(),
            Common.SOURCE_FILE.col(),
            Settling.HASH.col(),
            lit(true).as(Evaluation.DELETED.name()));
  }

  /**
   * Returns the keys that the table has from this source's files and that the files have no more. A
   * record whose row is refused now is not among them: it may be there still.
   */
  private Dataset<Row> absent(Dataset<Row> inTable, Dataset<Row> rows) {
    if (!wholeTruth) {
      return inTable.select(Settling.KEY.col()).limit(0);
    }
    Dataset<Row> ownFiles =
        lake.readOrEmpty(SourceFiles.TABLE)
            .where(SourceFiles.SOURCE.col().equalTo(source.name()))
            .select(SourceFiles.PATH.col())
            .unionAll(fileRows().select(SourceFiles.PATH.col()))
            .toDF(Common.SOURCE_FILE.name());
    return inTable
        .join(ownFiles, new String[] {Common.SOURCE_FILE.name()}, "left_semi")
        .join(
            rows.where(not(Evaluation.LEFT_OUT.col())).select(Settling.KEY.col()),
            new String[] {Settling.KEY.name()},
            "left_anti")
        .select(Settling.KEY.col());
  }

  /** Orders of this system that stand in quarantine, and that no accepted row stands for. */
  private Dataset<Row> heldOrders(List<Settled> before) {
    Dataset<Row> held =
        lake.readOrEmpty(Quarantine.TABLE)
            .where(Quarantine.SOURCE.col().equalTo(source.system()))
            .where(Quarantine.TARGET_TABLE.col().equalTo(Orders.TABLE.name()))
            .select(Quarantine.RECORD_KEY.col().as("_held"))
            .where(col("_held").isNotNull());
    if (held.isEmpty()) {
      return held;
    }
    Dataset<Row> accepted = ofThisSystem(Orders.TABLE).select(Orders.ORDER_ID.col());
    for (Settled each : before) {
      if (each.table().equals(Orders.TABLE)) {
        accepted = accepted.union(each.toWrite().select(Orders.ORDER_ID.col()));
      }
    }
    held = held.join(accepted, held.col("_held").equalTo(Orders.ORDER_ID.col()), "left_anti");
    return held.isEmpty() ? lake.spark().emptyDataFrame() : held;
  }

  private void quarantine(Settled settled) {
    if (settled.books().quarantined() == 0) {
      return;
    }
    describe(settled.target(), "quarantine");
    Column key = Settling.keyText();
    long refused =
        lake.append(
            Quarantine.TABLE,
            refused(settled)
                .select(
                    lit(source.system()).as(Quarantine.SOURCE.name()),
                    lit(source.name()).as(Quarantine.SOURCE_NAME.name()),
                    lit(settled.table().name()).as(Quarantine.TARGET_TABLE.name()),
                    when(key.notEqual(lit("")), key).as(Quarantine.RECORD_KEY.name()),
                    Evaluation.ROW.col().as(Quarantine.ROW_JSON.name()),
                    Evaluation.REASONS.col().as(Quarantine.REASONS.name()),
                    Common.SOURCE_FILE.col().as(Quarantine.SOURCE_FILE.name()),
                    lit(context.runId()).as(Quarantine.RUN_ID.name()),
                    context.startedAtColumn().as(Quarantine.INGESTED_AT.name())));
    if (refused != settled.books().quarantined()) {
      throw SourceErrors.changed(source);
    }
  }

  /**
   * Returns the refused rows with the text that the source sent. It is not carried along with the
   * many that are good: the files that hold refused ones are read again. A group becomes one row
   * for each of the source's.
   */
  private Dataset<Row> refused(Settled settled) {
    TargetSettings target = settled.target();
    var evaluation = new Evaluation(source, target);
    Dataset<Row> compared = Settling.comparedAndRefused(settled.rows(), settled.decided());
    Dataset<Row> refused = Settling.refused(settled.rows(), settled.heldParents());
    if (target.groupBy().isPresent()) {
      return evaluation.withMembers(refused.unionByName(compared), ofBatches(evaluation::members));
    }
    String[] files = // as many as there are files with a mistake in them
        refused
            .select(Common.SOURCE_FILE.col())
            .union(compared.select(Common.SOURCE_FILE.col()))
            .distinct()
            .collectAsList()
            .stream()
            .map(row -> row.getString(0))
            .toArray(String[]::new);
    var settling = new Settling(target, wholeTruth);
    Dataset<Row> again =
        settling.withWholeKey(
            settling.withKeys(
                ofBatches(
                    batch ->
                        evaluation.withText(
                            new Batch(
                                batch.columns(),
                                batch.rows().where(col(Batch.FILE).isin((Object[]) files)))))));
    return Settling.refused(again, settled.heldParents())
        .unionByName(Settling.comparedAndRefused(again, settled.decided()));
  }

  private Dataset<Row> ofBatches(Function<Batch, Dataset<Row>> rows) {
    return batches.stream()
        .map(batch -> SourceSql.in(lake.spark(), source.timezone(), () -> rows.apply(batch)))
        .reduce(Dataset::unionByName)
        .orElseThrow();
  }

  private void requireFewRefused(Settled settled) {
    Books books = settled.books();
    String table = settled.table().name();
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
          source,
          table,
          books.quarantined(),
          books.read() - books.leftOut(),
          reasons(settled.table()));
    }
  }

  /** A fall in what a source says it has is more often a broken export than a shop that shrank. */
  private void requireFewAbsent(Settled settled) {
    long had = settled.books().absent() == 0 ? 0 : ofThisSystem(settled.table()).count();
    if (settled.books().absent() > intake.mostRemoved() * had) {
      throw SourceErrors.tooManyAbsent(
          source, settled.table().name(), settled.books().absent(), had);
    }
  }

  private Dataset<Row> ofThisSystem(Table table) {
    return lake.readOrEmpty(table).where(Common.SOURCE.col().equalTo(source.system()));
  }

  private void write(Settled settled) {
    describe(settled.target(), "writing");
    Table table = settled.table();
    Books books = settled.books();
    Dataset<Row> rows =
        settled
            .toWrite()
            .withColumn(Common.SOURCE.name(), lit(source.system()))
            .withColumn(Common.INGESTED_AT.name(), context.startedAtColumn())
            .select(table.columns());
    long growth = 0;
    if (books.removed() + books.absent() > 0) {
      growth = lake.upsert(table, rows, removed(settled));
    } else if (books.changesRows()) {
      growth = lake.upsert(table, rows);
    } else if (books.inserted() > 0 || !lake.exists(table)) {
      growth = lake.append(table, rows);
    }
    if (growth != books.growth()) {
      throw SourceErrors.unbalanced(source.name(), table.name(), books.growth(), growth);
    }
    if (books.removed() + books.buried() > 0) {
      lake.upsert(Deletions.TABLE, deleted(settled)); // after the table, so that a kill is mended
    }
  }

  private Dataset<Row> removed(Settled settled) {
    List<Column> key = new ArrayList<>();
    key.add(lit(source.system()).as(Common.SOURCE.name()));
    List<Field> own = settled.target().into().ownKey();
    for (int i = 0; i < own.size(); i++) {
      key.add(Settling.KEY.col().getItem(i).cast(own.get(i).type()).as(own.get(i).name()));
    }
    return settled
        .decided()
        .where(Settling.VERDICT.col().equalTo(Settling.REMOVED))
        .select(Settling.KEY.col())
        .union(settled.absent())
        .select(key.toArray(new Column[0]));
  }

  private Dataset<Row> deleted(Settled settled) {
    return settled
        .decided()
        .where(Settling.VERDICT.col().isin(Settling.REMOVED, Settling.BURIED))
        .select(
            lit(source.system()).as(Common.SOURCE.name()),
            lit(settled.table().name()).as(Deletions.TARGET_TABLE.name()),
            Settling.KEY.col().as(Deletions.RECORD_KEY.name()),
            Common.VERSION.col(),
            Common.SOURCE_FILE.col(),
            Common.CONTENT_HASH.col(),
            context.startedAtColumn().as(Common.INGESTED_AT.name()));
  }

  /** Rows that an earlier run refused would else stand in quarantine twice, or for ever. */
  private void forgetEarlierTries() {
    if (!intake.refusedBefore().isEmpty()) {
      lake.delete(
          Quarantine.TABLE,
          lake.spark()
              .createDataset(intake.refusedBefore(), Encoders.STRING())
              .select(
                  lit(source.name()).as(Quarantine.SOURCE_NAME.name()),
                  col("value").as(Quarantine.SOURCE_FILE.name())));
    }
  }

  /** The reasons of this run, the most frequent first; few, as reasons name columns, not values. */
  private String reasons(Table table) {
    return refusedNow(table)
        .select(explode(Quarantine.REASONS.col()).as("reason"))
        .groupBy(col("reason"))
        .agg(count(lit(1)).as("n"))
        .orderBy(col("n").desc(), col("reason"))
        .limit(5)
        .collectAsList()
        .stream()
        .map(row -> "%s: %,d rows".formatted(row.getString(0), row.getLong(1)))
        .collect(Collectors.joining("; "));
  }

  private Dataset<Row> refusedNow(Table table) {
    return lake.read(Quarantine.TABLE)
        .where(Quarantine.RUN_ID.col().equalTo(context.runId()))
        .where(Quarantine.SOURCE_NAME.col().equalTo(source.name()))
        .where(Quarantine.TARGET_TABLE.col().equalTo(table.name()));
  }

  private Dataset<Row> fileRows() {
    var rows = new ArrayList<Row>();
    for (FoundFile file : intake.files()) {
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
                  .orElse(new String[0]),
              context.runId(),
              Timestamp.from(context.startedAt()),
              source.hash(),
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
