package io.persegment.run;

import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.max_by;

import io.persegment.table.Lake;
import io.persegment.table.Table;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** What was run, from and into {@link Runs}. */
public final class Ledger {
  public static final String DONE = "done";
  public static final String WARNED = "warned";
  public static final String FAILED = "failed";

  /** One stage of one run, as it ended. */
  public record Entry(
      String runId,
      String stage,
      LocalDate asOf,
      String status,
      Instant startedAt,
      Instant finishedAt,
      String configHash,
      Map<String, Long> inputVersions,
      Map<String, Long> outputVersions,
      StageReport report,
      Optional<String> error) {}

  /** How a stage ended last for a date. */
  public record Last(String status, Instant finishedAt, String configHash) {
    boolean isDone() {
      return !status.equals(FAILED);
    }
  }

  private final Lake lake;

  public Ledger(Lake lake) {
    this.lake = lake;
  }

  /** Adds a row. An action. */
  void write(Entry entry) {
    Row row =
        RowFactory.create(
            entry.runId(),
            entry.stage(),
            Date.valueOf(entry.asOf()),
            entry.status(),
            Timestamp.from(entry.startedAt()),
            Timestamp.from(entry.finishedAt()),
            entry.configHash(),
            entry.inputVersions(),
            entry.outputVersions(),
            entry.report().rows(),
            entry.report().metrics(),
            entry.error().orElse(null));
    lake.append(
        Runs.TABLE, lake.spark().createDataFrame(List.of(row), Runs.TABLE.schema()).coalesce(1));
  }

  /** Returns how each stage ended last for {@code asOf}, by its name. An action. */
  public Map<String, Last> last(LocalDate asOf) {
    Map<String, Last> last = new HashMap<>();
    lake.readOrEmpty(Runs.TABLE)
        .where(Runs.AS_OF.col().equalTo(Date.valueOf(asOf)))
        .groupBy(Runs.STAGE.col())
        .agg(
            max_by(Runs.STATUS.col(), Runs.FINISHED_AT.col()),
            max(Runs.FINISHED_AT.col()),
            max_by(Runs.CONFIG_HASH.col(), Runs.FINISHED_AT.col()))
        .collectAsList() // one row a stage
        .forEach(
            row ->
                last.put(
                    row.getString(0),
                    new Last(row.getString(1), row.getTimestamp(2).toInstant(), row.getString(3))));
    return last;
  }

  /** Returns the latest as-of date for which {@code stage} was done. An action. */
  public Optional<LocalDate> newestDone(String stage) {
    Row row =
        lake.readOrEmpty(Runs.TABLE)
            .where(Runs.STAGE.col().equalTo(stage))
            .where(Runs.STATUS.col().notEqual(FAILED))
            .agg(max(Runs.AS_OF.col()))
            .head();
    return Optional.ofNullable(row.getDate(0)).map(Date::toLocalDate);
  }

  Map<String, Long> versions(List<Table> tables) {
    Map<String, Long> versions = new HashMap<>();
    for (Table table : tables) {
      lake.version(table).ifPresent(version -> versions.put(table.name(), version));
    }
    return versions;
  }
}
