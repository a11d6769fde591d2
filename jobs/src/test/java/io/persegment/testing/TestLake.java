package io.persegment.testing;

import io.persegment.run.Progress;
import io.persegment.run.Runner;
import io.persegment.run.Stage;
import io.persegment.run.StageReport;
import io.persegment.table.Lake;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A lake in a folder of a test, and runs on it. */
public final class TestLake {
  private final Lake lake;
  private final List<String> told = new ArrayList<>();
  private int runs;

  public TestLake(LocalSpark.Handle spark, Path root) {
    this.lake = new Lake(spark.session(), root.toString());
  }

  public Lake lake() {
    return lake;
  }

  /** Runs {@code stages} under a run id of their own, as the command line does. */
  public boolean run(LocalDate asOf, boolean force, Stage... stages) {
    runs++;
    var runner = new Runner(lake, "hash", new Told(), "run-" + runs);
    return runner.run(List.of(stages), asOf, force);
  }

  /** Returns what a person was told, such as {@code ingest: done}. */
  public List<String> told() {
    return List.copyOf(told);
  }

  /** Returns the counts that the last run of {@code stage} entered in the ledger. */
  public Map<String, Long> rows(String stage) {
    return lake.read(io.persegment.run.Runs.TABLE)
        .where("stage = '%s' and run_id = 'run-%d'".formatted(stage, runs))
        .head()
        .getJavaMap(9);
  }

  private final class Told implements Progress {
    @Override
    public void started(String stage) {
      told.add(stage + ": started");
    }

    @Override
    public void skipped(String stage, String reason) {
      told.add(stage + ": " + reason);
    }

    @Override
    public void finished(String stage, Duration time, StageReport report) {
      told.add(stage + ": done");
    }

    @Override
    public void failed(String stage, Duration time) {
      told.add(stage + ": failed");
    }
  }
}
