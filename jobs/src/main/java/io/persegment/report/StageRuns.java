package io.persegment.report;

import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.struct;

import io.persegment.run.Ledger;
import io.persegment.run.Runs;
import io.persegment.run.Stage;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import java.sql.Date;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Row;

/** How the stages of a pipeline ended for a date, as the ledger has it. */
final class StageRuns {
  private final List<Stage> stages;
  private final LocalDate asOf;
  private final Map<String, StageRun> runs = new HashMap<>();

  private StageRuns(List<Stage> stages, LocalDate asOf) {
    this.stages = stages;
    this.asOf = asOf;
    stages.forEach(stage -> runs.put(stage.name(), StageRun.notRun(stage.name(), stage.summary())));
  }

  /** Returns the last as-of date of any run; empty where there was none. An action. */
  static Optional<LocalDate> newestDate(Lake lake) {
    Row row = lake.readOrEmpty(Runs.TABLE).agg(max(Runs.AS_OF.col())).head();
    return Optional.ofNullable(row.getDate(0)).map(Date::toLocalDate);
  }

  /** An action, with one row a stage. */
  static StageRuns read(Lake lake, LocalDate asOf, List<Stage> stages) {
    var all = new StageRuns(stages, asOf);
    lake.readOrEmpty(Runs.TABLE)
        .where(Runs.AS_OF.col().equalTo(Date.valueOf(asOf)))
        .groupBy(Runs.STAGE.col())
        .agg(max_by(struct(Runs.TABLE.columns()), Runs.FINISHED_AT.col()))
        .collectAsList()
        .forEach(row -> all.runs.computeIfPresent(row.getString(0), (k, v) -> run(v, row)));
    return all;
  }

  private static StageRun run(StageRun stage, Row keyed) {
    Row row = keyed.getStruct(1);
    Instant start = row.getTimestamp(row.fieldIndex(Runs.STARTED_AT.name())).toInstant();
    Instant end = row.getTimestamp(row.fieldIndex(Runs.FINISHED_AT.name())).toInstant();
    String error = row.getAs(Runs.ERROR.name());
    return new StageRun(
        stage.stage(),
        stage.summary(),
        row.getAs(Runs.STATUS.name()),
        Optional.of(start),
        Duration.between(start, end),
        error == null ? List.of() : List.of(error.split("\n")),
        new TreeMap<>(row.<String, Long>getJavaMap(row.fieldIndex(Runs.ROWS.name()))),
        new TreeMap<>(row.<String, Double>getJavaMap(row.fieldIndex(Runs.METRICS.name()))));
  }

  /** Returns every stage, in the order they run. */
  List<StageRun> all() {
    return stages.stream().map(stage -> runs.get(stage.name())).toList();
  }

  /** Returns what the stage that writes {@code table} had to say: refusals and warnings. */
  List<String> saidBy(Table table) {
    return writer(table).map(StageRun::sentences).orElse(List.of());
  }

  /** Returns whether the stage that writes {@code table} was done for the date. */
  boolean isDone(Table table) {
    return writer(table)
        .filter(run -> run.wasRun() && !run.status().equals(Ledger.FAILED))
        .isPresent();
  }

  /** Returns why {@code table} has no row for the date. */
  String whyMissing(Table table) {
    Optional<StageRun> writer = writer(table);
    if (writer.isEmpty()) {
      return "No stage writes the table %s.".formatted(table.name());
    }
    StageRun run = writer.get();
    if (!run.wasRun()) {
      return "The stage %s has not run for %s%s."
          .formatted(
              run.stage(),
              asOf,
              failed().map(stage -> ", as %s failed".formatted(stage)).orElse(""));
    }
    String said = String.join(" ", run.sentences());
    if (run.status().equals(Ledger.FAILED)) {
      return "The stage %s failed: %s".formatted(run.stage(), said);
    }
    return "The stage %s ran and wrote nothing here%s"
        .formatted(run.stage(), said.isEmpty() ? "." : ": " + said);
  }

  private Optional<StageRun> writer(Table table) {
    return stages.stream()
        .filter(stage -> stage.writes().stream().anyMatch(t -> t.name().equals(table.name())))
        .map(stage -> runs.get(stage.name()))
        .findFirst();
  }

  private Optional<String> failed() {
    return all().stream()
        .filter(run -> run.status().equals(Ledger.FAILED))
        .map(StageRun::stage)
        .findFirst();
  }
}
