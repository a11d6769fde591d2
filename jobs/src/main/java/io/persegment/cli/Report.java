package io.persegment.cli;

import io.persegment.PersegmentSettings;
import io.persegment.Pipeline;
import io.persegment.report.Page;
import io.persegment.report.Summary;
import io.persegment.table.Lake;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes the report of a date. */
@Command(
    name = "report",
    description =
        "Write what a run made as one HTML file: customers, segments, scores, audience, checks.")
final class Report implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin SettingsOptions options;

  @Option(
      names = "--as-of",
      paramLabel = "DATE",
      description = "Date to report on. Default: the newest one that anything was run for.")
  LocalDate asOf;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Folder to write to. Default: ${DEFAULT-VALUE}.")
  Path out = Path.of("report");

  @Override
  public Integer call() {
    PersegmentSettings settings = options.read();
    PrintWriter told = spec.commandLine().getOut();
    try (var run = new LakeRun(settings, told, false)) {
      LocalDate newest = Summary.newestDate(run.lake());
      Summary summary = summary(run.lake(), settings, asOf == null ? newest : asOf);
      told.println("The report is " + Page.write(summary, out));
    }
    return 0;
  }

  static Summary summary(Lake lake, PersegmentSettings settings, LocalDate asOf) {
    return Summary.read(
        lake, settings.shop().name(), asOf, Pipeline.stages(settings), settings.features());
  }
}
