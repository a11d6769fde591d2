package io.persegment.cli;

import io.persegment.PersegmentSettings;
import io.persegment.identity.ReviewFile;
import io.persegment.identity.ReviewFile.Written;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Asks a person about the pairs that are least sure. */
@Command(
    name = "review",
    sortOptions = false,
    description = {
      "Write the pairs of contacts that the threshold decides most narrowly, half above and half below"
          + " it, into a CSV for a person to judge. Reads identity_links and contacts as they are; runs"
          + " nothing.",
      "",
      "The file holds names, birth dates and addresses of persons: keep it where such may lie, and"
          + " delete it from there when it is no longer needed. A row is a pair: what was decided of it,"
          + " and both contacts side by side. Write same or different into the column decision, or"
          + " nothing, and set identity.decisions to the file: the next identity obeys it, and what is"
          + " judged in it is not asked again.",
      ""
    })
final class Review implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin SettingsOptions options;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "FILE",
      description = "The CSV to write; one that is there is not overwritten.")
  Path file;

  @Option(
      names = "--pairs",
      paramLabel = "N",
      description = "How many pairs, at most. Default: ${DEFAULT-VALUE}.")
  int pairs = 50;

  @Override
  public Integer call() {
    if (pairs < 1) {
      throw new ParameterException(
          spec.commandLine(), "--pairs must be at least 1, but is " + pairs);
    }
    PersegmentSettings settings = options.read();
    ReviewFile.requireNew(file);
    try (var run = new LakeRun(settings, spec.commandLine().getOut(), false)) {
      Written written = ReviewFile.write(run.lake(), settings.identity(), file, pairs);
      spec.commandLine().getOut().println(inWords(written));
    }
    return 0;
  }

  private String inWords(Written written) {
    if (written.pairs() == 0) {
      return "There is no pair to ask about: none was found by comparing contacts that nobody judged already. No file was written.";
    }
    return "Wrote %,d pairs (%,d above the threshold %.4g, %,d below), which are personal data, to %s: fill in same or different, and set identity.decisions = \"%s\""
        .formatted(
            written.pairs(),
            written.above(),
            written.threshold(),
            written.below(),
            file,
            file.toAbsolutePath().normalize());
  }
}
