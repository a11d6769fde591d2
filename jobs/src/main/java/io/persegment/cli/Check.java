package io.persegment.cli;

import io.persegment.PersegmentSettings;
import io.persegment.source.IngestStage;
import io.persegment.source.Unlinked;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Checks settings and sources without writing anything. */
@Command(
    name = "check",
    description = "Check the settings, and hold them against the sources' files. Writes nothing.")
final class Check implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin SettingsOptions options;

  @Override
  public Integer call() {
    PersegmentSettings settings = options.read();
    PrintWriter out = spec.commandLine().getOut();
    try (var run = new LakeRun(settings, out, false)) {
      var ingest = new IngestStage(settings.sources());
      ingest.check(run.lake());
      out.printf("The settings are right. %d sources:%n", settings.sources().size());
      ingest
          .wouldRead(run.lake())
          .forEach((source, files) -> out.printf("  %-28s %d new files%n", source, files.size()));
      Unlinked.of(settings.sources()).forEach(sentence -> out.printf("Beware: %s%n", sentence));
    }
    return 0;
  }
}
