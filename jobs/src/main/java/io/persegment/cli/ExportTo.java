package io.persegment.cli;

import io.persegment.PersegmentSettings;
import io.persegment.exports.Acknowledgements;
import io.persegment.exports.ExportFiles;
import io.persegment.exports.ExportFiles.Written;
import io.persegment.exports.ExportSettings;
import io.persegment.publish.Released;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes files by which a tool takes over what was published. */
@Command(
    name = "export",
    sortOptions = false,
    description = {
      "Write files by which a tool takes over a release: who changed since it was told last, whom"
          + " it refused then, and which addresses must not be written to any more. What a tool said"
          + " of it (tools.TOOL.acknowledgements) is taken in first.",
      "",
      "JSON files have a request a line, CSV files a batch each; manifest.json comes last and says"
          + " what there is. Nothing is sent.",
      ""
    })
final class ExportTo implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin SettingsOptions options;

  @Parameters(
      paramLabel = "TOOL",
      description =
          "One of tools in the settings: klaviyo, hubspot, sfmc, mailchimp, onsite or webhook.")
  String name;

  @Option(
      names = "--release",
      paramLabel = "RELEASE",
      description = "As release list has it, such as r000012. Default: the last one.")
  String release;

  @Option(
      names = "--full",
      description =
          "Everybody, and every address that was ever told and must not be written to now.")
  boolean full;

  @Option(
      names = "--to",
      paramLabel = "DIR",
      defaultValue = "export",
      description = "Folder for a folder of each export. Default: ${DEFAULT-VALUE}.")
  String to;

  @Override
  public Integer call() {
    PersegmentSettings settings = options.read();
    ExportSettings tool = Choice.of(spec, "tool", name, settings.tools(), ExportSettings::name);
    PrintWriter out = spec.commandLine().getOut();
    try (var run = new LakeRun(settings, out, false)) {
      Written written =
          run.holding(
              runId -> {
                Released asked = asked(run);
                long taken = Acknowledgements.take(run.lake(), tool);
                if (!tool.acknowledgements().isEmpty()) {
                  out.printf("%,d acknowledgements of earlier exports are known.%n", taken);
                }
                return new ExportFiles(run.lake(), tool, settings.publish()).write(asked, full, to);
              });
      written
          .rows()
          .forEach(
              (action, rows) ->
                  out.printf(
                      "%-8s %,12d rows in %,d batches%n",
                      action, rows, written.batches().get(action)));
      if (written.minutes() > 0) {
        out.printf("At the rate that %s documents it takes %,d min.%n", name, written.minutes());
      }
      out.println("Files: " + written.folder());
    }
    return 0;
  }

  private Released asked(LakeRun run) {
    List<Released> all = Released.all(run.lake());
    return release == null && !all.isEmpty()
        ? all.get(0)
        : Released.find(run.lake(), release == null ? "" : release);
  }
}
