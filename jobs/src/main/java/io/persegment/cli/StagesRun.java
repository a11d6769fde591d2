package io.persegment.cli;

import io.persegment.PersegmentSettings;
import io.persegment.Pipeline;
import io.persegment.error.Quantity;
import io.persegment.run.Stage;
import io.persegment.source.IngestStage;
import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs some of the stages: {@code run}, {@code consolidate}, and each stage by its name. */
@Command(sortOptions = false)
final class StagesRun implements Callable<Integer> {
  private final Set<String> names;

  @Spec CommandSpec spec;
  @Mixin RunOptions options;

  @Option(
      names = "--accept",
      paramLabel = "REASON",
      description =
          "Publish though the gate finds what would hold it; who and why are kept in releases.")
  String accepted;

  /**
   * @param names the stages to run
   */
  StagesRun(Set<String> names) {
    this.names = names;
  }

  @Override
  public Integer call() {
    if (options.settings.files == null) { // picocli lets it pass where a command may follow
      throw new ParameterException(spec.commandLine(), "Missing required option: '--conf=FILE'");
    }
    if (accepted != null) {
      accept();
    }
    PersegmentSettings settings = options.settings.read();
    List<Stage> stages =
        Stream.concat(Pipeline.stages(settings).stream(), Stream.of(Pipeline.measure(settings)))
            .filter(stage -> names.contains(stage.name()))
            .toList();
    PrintWriter out = spec.commandLine().getOut();
    try (var run = new LakeRun(settings, out, ConsoleProgress.isTerminal())) {
      if (options.dryRun) {
        describe(stages, run, out);
      } else if (!run.run(stages, options.asOf, options.force)) {
        out.println("Nothing else to do: all of it is done for " + options.asOf + ".");
      }
    }
    return 0;
  }

  private void accept() {
    if (!names.contains("publish")) {
      throw new ParameterException(
          spec.commandLine(), "--accept is for what publishes: the commands publish and run");
    }
    options.settings.overrides.put("publish.accept", accepted);
  }

  private void describe(List<Stage> stages, LakeRun run, PrintWriter out) {
    out.printf("As of %s, on the lake %s; nothing is done.%n", options.asOf, run.lake().root());
    for (Stage stage : stages) {
      out.printf("%n%s: %s%n", stage.name(), stage.summary());
      out.println("  reads  " + tables(stage.reads()));
      out.println("  writes " + tables(stage.writes()));
      if (stage instanceof IngestStage ingest) {
        ingest
            .wouldRead(run.lake())
            .forEach(
                (source, files) -> {
                  out.printf("  %s: %s%n", source, Quantity.of(files.size(), "new file"));
                  files.forEach(file -> out.println("    " + file));
                });
      }
    }
  }

  private static String tables(List<io.persegment.table.Table> tables) {
    return tables.isEmpty()
        ? "(the shop's exports)"
        : tables.stream().map(io.persegment.table.Table::name).collect(Collectors.joining(", "));
  }
}
