package io.persegment.cli;

import io.persegment.PersegmentSettings;
import io.persegment.run.LakeLock;
import io.persegment.run.Runner;
import io.persegment.run.Stage;
import io.persegment.table.Lake;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** A run of stages on a lake, from taking its lock to giving it free. */
final class LakeRun implements AutoCloseable {
  private static final DateTimeFormatter ID =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss").withZone(ZoneOffset.UTC);

  private final PersegmentSettings settings;
  private final boolean found;
  private final SparkSession spark;
  private final Lake lake;
  private final PrintWriter out;
  private final boolean terminal;

  /** Starts Spark, unless it is running in this process. */
  LakeRun(PersegmentSettings settings, PrintWriter out, boolean terminal) {
    this.settings = settings;
    this.out = out;
    this.terminal = terminal;
    this.found = Sessions.isRunning();
    this.spark = Sessions.start(settings);
    this.lake = new Lake(spark, settings.lakeRoot());
  }

  Lake lake() {
    return lake;
  }

  /**
   * Runs {@code stages} while holding the lake's lock.
   *
   * @return whether any stage was run
   */
  boolean run(List<Stage> stages, LocalDate asOf, boolean force) {
    var progress = new ConsoleProgress(out, terminal);
    spark.sparkContext().addSparkListener(progress);
    try {
      return holding(
          runId -> new Runner(lake, settings.hash(), progress, runId).run(stages, asOf, force));
    } finally {
      spark.sparkContext().removeSparkListener(progress);
    }
  }

  /** Works while holding the lake's lock, given the id of the run, and throws away its scratch. */
  <T> T holding(Function<String, T> work) {
    // The random end only tells apart runs that started in one second; no result depends on it.
    String runId =
        "%s-%04x".formatted(ID.format(Instant.now()), ThreadLocalRandom.current().nextInt(0x10000));
    Configuration hadoop = spark.sessionState().newHadoopConf();
    LakeLock lock = LakeLock.take(hadoop, lake.root(), runId);
    try {
      return work.apply(runId);
    } finally {
      empty(hadoop, lake.scratchRoot());
      lock.close();
    }
  }

  @Override
  public void close() {
    if (!found) {
      spark.stop();
    }
  }

  private static void empty(Configuration hadoop, String folder) {
    try {
      var path = new Path(folder);
      path.getFileSystem(hadoop).delete(path, true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
