package io.persegment.run;

import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import io.persegment.error.Redaction;
import io.persegment.table.Lake;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkContext;

/**
 * Runs stages, each under its own name in the Spark UI, and writes each into the ledger. A stage
 * that is done for a date stays so until it is forced, until a stage before it was done anew, or
 * until it says itself that it is outdated.
 */
public final class Runner {
  private final Lake lake;
  private final Ledger ledger;
  private final String configHash;
  private final Progress progress;
  private final String runId;

  /**
   * @param configHash of all settings in force; kept in the ledger
   */
  public Runner(Lake lake, String configHash, Progress progress, String runId) {
    this.lake = lake;
    this.ledger = new Ledger(lake);
    this.configHash = configHash;
    this.progress = progress;
    this.runId = runId;
  }

  /**
   * Runs {@code stages} for {@code asOf}, going on where the last try ended.
   *
   * @param force do again what is done
   * @return whether any stage was run
   * @throws PersegmentException where a stage failed; those after it were not run
   */
  public boolean run(List<Stage> stages, LocalDate asOf, boolean force) {
    Map<String, Ledger.Last> last = ledger.last(asOf);
    Instant before = Instant.MIN;
    boolean anyRun = false;
    for (Stage stage : stages) {
      Optional<String> reason = reasonToSkip(stage, asOf);
      Optional<Ledger.Last> done =
          Optional.ofNullable(last.get(stage.name())).filter(Ledger.Last::isDone);
      if (reason.isEmpty()
          && !force
          && !anyRun
          && done.isPresent()
          && !done.get().finishedAt().isBefore(before)
          && !stage.isOutdated(lake)) {
        before = done.get().finishedAt();
        reason = Optional.of(alreadyDone(asOf, done.get()));
        stage.evenIfDone().ifPresent(late -> run(late, asOf, /* force= */ false));
      }
      if (reason.isPresent()) {
        progress.skipped(stage.name(), reason.get());
      } else {
        run(stage, asOf, force);
        anyRun = true;
      }
    }
    return anyRun;
  }

  private Optional<String> reasonToSkip(Stage stage, LocalDate asOf) {
    if (!stage.describesThePresent()) {
      return Optional.empty();
    }
    return ledger
        .newestDone(stage.name())
        .filter(asOf::isBefore)
        .map(
            newest ->
                "left as it is: it describes the present (as of %s), and a backfill of %s must not turn it back"
                    .formatted(newest, asOf));
  }

  private String alreadyDone(LocalDate asOf, Ledger.Last done) {
    String note = done.configHash().equals(configHash) ? "" : ", with other settings than today's";
    return "done for %s at %s%s; --force does it again".formatted(asOf, done.finishedAt(), note);
  }

  private void run(Stage stage, LocalDate asOf, boolean force) {
    Instant start = Instant.now();
    var report = new StageReport();
    Map<String, Long> read = ledger.versions(stage.reads());
    SparkContext spark = lake.spark().sparkContext();
    spark.setJobGroup(stage.name(), "%s as of %s".formatted(stage.name(), asOf), false);
    progress.started(stage.name());
    try {
      stage.run(new StageContext(lake, asOf, runId, start, report, force));
      boolean warned = !report.warnings().isEmpty();
      write(
          stage, asOf, warned ? Ledger.WARNED : Ledger.DONE, start, read, report, warnings(report));
      progress.finished(stage.name(), Duration.between(start, Instant.now()), report);
    } catch (Throwable e) { // Scala code throws checked exceptions, too, without saying so
      progress.failed(stage.name(), Duration.between(start, Instant.now()));
      write(stage, asOf, Ledger.FAILED, start, read, report, Optional.of(inWords(e)));
      throw e;
    } finally {
      spark.clearJobGroup();
    }
  }

  private void write(
      Stage stage,
      LocalDate asOf,
      String status,
      Instant start,
      Map<String, Long> read,
      StageReport report,
      Optional<String> error) {
    ledger.write(
        new Ledger.Entry(
            runId,
            stage.name(),
            asOf,
            status,
            start,
            Instant.now(),
            configHash,
            read,
            ledger.versions(stage.writes()),
            report,
            error));
  }

  private static Optional<String> warnings(StageReport report) {
    return report.warnings().isEmpty()
        ? Optional.empty()
        : Optional.of(String.join("\n", report.warnings()));
  }

  /** Our own messages hold nothing of a row; those of others might. */
  private static String inWords(Throwable e) {
    return e instanceof PersegmentException ours && ours.fault() != Fault.INTERNAL
        ? ours.getMessage()
        : e.getClass().getSimpleName() + ": " + Redaction.of(e.getMessage());
  }
}
