package io.persegment.cli;

import io.persegment.run.Progress;
import io.persegment.run.StageReport;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;

/**
 * Tells a person how a run goes on: in a terminal a line that is renewed each second, elsewhere one
 * plain line a stage.
 */
final class ConsoleProgress extends SparkListener implements Progress {
  private static final int TICK_MILLIS = 500;

  private final PrintWriter out;
  private final boolean terminal;
  private final AtomicInteger jobs = new AtomicInteger();
  private volatile String stage = "";
  private volatile long since;

  /** Returns whether the output goes to a terminal; the start script asks, as Java cannot. */
  static boolean isTerminal() {
    return "true".equals(System.getProperty("persegment.terminal"));
  }

  ConsoleProgress(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
    if (terminal) {
      var ticker = new Thread(this::tick, "progress");
      ticker.setDaemon(true);
      ticker.start();
    }
  }

  @Override
  public void onJobEnd(SparkListenerJobEnd end) {
    jobs.incrementAndGet();
  }

  @Override
  public void started(String name) {
    jobs.set(0);
    since = System.nanoTime();
    stage = name;
  }

  @Override
  public void skipped(String name, String reason) {
    line("%-12s %s".formatted(name, reason));
  }

  @Override
  public void finished(String name, Duration time, StageReport report) {
    end();
    line("%-12s done in %s".formatted(name, seconds(time)));
    report.notes().forEach(note -> line("             " + note));
    report.warnings().forEach(warning -> line("             ! " + warning));
  }

  @Override
  public void failed(String name, Duration time) {
    end();
    line("%-12s failed after %s".formatted(name, seconds(time)));
  }

  private void end() {
    stage = "";
  }

  private synchronized void line(String text) {
    out.println((terminal ? "\r\u001B[K" : "") + text);
    out.flush();
  }

  private void tick() {
    try {
      while (true) {
        Thread.sleep(TICK_MILLIS);
        renew();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void renew() {
    if (!stage.isEmpty()) {
      Duration time = Duration.ofNanos(System.nanoTime() - since);
      out.print("\r\u001B[K%-12s %s, %d Spark jobs".formatted(stage, seconds(time), jobs.get()));
      out.flush();
    }
  }

  private static String seconds(Duration time) {
    return "%.1f s".formatted(time.toMillis() / 1000.0);
  }
}
