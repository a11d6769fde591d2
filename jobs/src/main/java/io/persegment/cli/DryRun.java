package io.persegment.cli;

import io.persegment.PersegmentSettings;
import io.persegment.identity.WouldBe;
import io.persegment.run.StageContext;
import io.persegment.run.StageReport;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what the identity stage would change. */
@Command(
    name = "dry-run",
    sortOptions = false,
    description = {
      "Say which customers would be merged and which split, by the settings as they are now and all"
          + " that came in, with counts and twenty examples each by id. Writes nothing; learns a"
          + " model of its own where the settings ask for one. Where the model of the last run stands,"
          + " pairs that it judged are not made again, so that other identity.pairs-per-record or"
          + " identity.most-pairs change nothing here: identity propose counts what they would make.",
      ""
    })
final class DryRun implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin SettingsOptions options;

  @Option(
      names = "--as-of",
      paramLabel = "DATE",
      description =
          "Everything that had happened by the end of this day, UTC, counts. Default: yesterday.")
  LocalDate asOf = LocalDate.now(ZoneOffset.UTC).minusDays(1);

  @Override
  public Integer call() {
    PersegmentSettings settings = options.read();
    PrintWriter out = spec.commandLine().getOut();
    try (var run = new LakeRun(settings, out, false)) {
      var report = new StageReport();
      WouldBe result =
          run.holding(
              runId ->
                  WouldBe.of(
                      new StageContext(run.lake(), asOf, runId, Instant.now(), report),
                      settings.identity()));
      report.notes().forEach(out::println);
      report.warnings().forEach(warning -> out.println("! " + warning));
      out.println(words(result));
    }
    return 0;
  }

  private static String words(WouldBe result) {
    String counts =
        """
        %,d customers would be %,d; nothing was written
          %,d of them would be of two or more that are now
          %,d of now would be several
          %,d would be of new records alone"""
            .formatted(
                result.before(), result.after(), result.merged(), result.split(), result.minted());
    return String.join(
        "%n".formatted(),
        counts,
        examples("Would be one", "from", result.merges()),
        examples("Would be several", "into", result.splits()));
  }

  private static String examples(String title, String word, List<List<String>> examples) {
    var text = new StringBuilder("%n%s%n".formatted(title));
    if (examples.isEmpty()) {
      text.append("  nobody");
    }
    for (List<String> example : examples) {
      text.append(
          "  %s  %s %s%n"
              .formatted(
                  example.get(0), word, String.join(", ", example.subList(1, example.size()))));
    }
    return text.toString().stripTrailing();
  }
}
