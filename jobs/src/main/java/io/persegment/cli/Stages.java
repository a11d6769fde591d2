package io.persegment.cli;

import io.persegment.PersegmentSettings;
import io.persegment.Pipeline;
import io.persegment.run.Stage;
import io.persegment.table.Table;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists the stages in the order they run; schedulers read it as JSON. */
@Command(name = "stages", description = "List the stages of run in their order.")
final class Stages implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(names = "--json", description = "As JSON, for schedulers.")
  boolean json;

  @Override
  public Integer call() {
    List<Stage> stages = Pipeline.stages(PersegmentSettings.none());
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(
          stages.stream().map(Stages::toJson).collect(Collectors.joining(",\n ", "[", "]")));
    } else {
      stages.forEach(stage -> out.printf("%-16s %s%n", stage.name(), stage.summary()));
    }
    return 0;
  }

  private static String toJson(Stage stage) {
    return "{\"stage\": \"%s\", \"summary\": \"%s\", \"reads\": [%s], \"writes\": [%s]}"
        .formatted(stage.name(), stage.summary(), names(stage.reads()), names(stage.writes()));
  }

  private static String names(List<Table> tables) {
    return tables.stream()
        .map(table -> "\"" + table.name() + "\"")
        .collect(Collectors.joining(", "));
  }
}
