package io.persegment.cli;

import io.persegment.PersegmentSettings;
import io.persegment.source.IngestStage;
import io.persegment.source.Replay;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reads a source's files again after its settings were mended. */
@Command(
    name = "replay",
    description =
        "Read the files again that have rows in quarantine, after the settings were mended: rows that"
            + " pass leave it.")
final class ReplaySource implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin SettingsOptions options;

  @Parameters(paramLabel = "SOURCE", description = "Name of the source in the settings.")
  String source;

  @Option(
      names = "--from",
      paramLabel = "DATE",
      description = "Only what was refused on this day, UTC, or later.")
  LocalDate from;

  @Option(
      names = "--all",
      description =
          "Read every file of the source, and replace its rows by what they are under today's settings.")
  boolean all;

  @Override
  public Integer call() {
    PersegmentSettings settings = options.read();
    var replay = new Replay(source, Optional.ofNullable(from), all);
    var ingest = IngestStage.of(settings.sources(), settings.retiredSources()).replaying(replay);
    try (var run =
        new LakeRun(settings, spec.commandLine().getOut(), ConsoleProgress.isTerminal())) {
      run.run(List.of(ingest), LocalDate.now(ZoneOffset.UTC).minusDays(1), true);
    }
    return 0;
  }
}
