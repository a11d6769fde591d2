package io.persegment.cli;

import io.persegment.PersegmentSettings;
import io.persegment.error.Quantity;
import io.persegment.identity.IdentityStage;
import io.persegment.scores.Horizons;
import io.persegment.segments.LastSegments;
import io.persegment.source.IngestStage;
import io.persegment.source.Unlinked;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
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
      var ingest = IngestStage.of(settings.sources(), settings.retiredSources());
      ingest.check(run.lake());
      new IdentityStage(settings.identity()).check(run.lake());
      Horizons.check(run.lake(), settings.targets(), settings.lifetimes());
      out.printf("The settings are right. %s:%n", Quantity.of(settings.sources().size(), "source"));
      ingest
          .wouldRead(run.lake())
          .forEach(
              (source, files) ->
                  out.printf("  %-28s %s%n", source, Quantity.of(files.size(), "new file")));
      ingest
          .madeOtherwise(run.lake())
          .forEach(
              name ->
                  out.printf(
                      "Beware: the rows of %s were made with other settings than today's; replay %s --all makes them anew%n",
                      name, name));
      Optional<LastSegments> last = LastSegments.in(run.lake());
      Stream.concat(
              last
                  .flatMap(
                      each -> each.small(settings.segmentations(), settings.segments().worth()))
                  .stream(),
              last.stream().flatMap(each -> each.missing(settings.segmentations()).stream()))
          .forEach(sentence -> out.printf("Beware: %s%n", sentence));
      Unlinked.of(settings.sources()).forEach(sentence -> out.printf("Beware: %s%n", sentence));
    }
    return 0;
  }
}
