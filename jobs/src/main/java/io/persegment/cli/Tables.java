package io.persegment.cli;

import io.persegment.PersegmentSettings;
import io.persegment.Pipeline;
import io.persegment.exports.Deliveries;
import io.persegment.run.Runs;
import io.persegment.run.Stage;
import io.persegment.table.Field;
import io.persegment.table.Table;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints every table with its columns, their types and meaning. */
@Command(
    name = "tables",
    description = "Print every table: what one row is, its columns, their types and meaning.")
final class Tables implements Callable<Integer> {
  @Spec CommandSpec spec;

  @ArgGroup(exclusive = false, heading = "With a shop's settings, features are listed as well:%n")
  SettingsOptions options;

  @Override
  public Integer call() {
    PersegmentSettings settings = options == null ? PersegmentSettings.none() : options.read();
    PrintWriter out = spec.commandLine().getOut();
    for (Stage stage : Pipeline.stages(settings)) {
      stage.writes().forEach(table -> print(out, stage.name(), table));
    }
    Stage measure = Pipeline.measure(settings);
    measure.writes().forEach(table -> print(out, measure.name(), table));
    print(out, "export", Deliveries.TABLE);
    print(out, "every stage", Runs.TABLE);
    return 0;
  }

  private static void print(PrintWriter out, String stage, Table table) {
    out.printf("%n%s: %s (written by %s)%n", table.name(), table.grain(), stage);
    for (Field field : table.fields()) {
      out.printf(
          "  %-22s %-16s %s%s%n",
          field.name(),
          field.type().simpleString().length() > 40 ? "nested" : field.type().simpleString(),
          table.key().contains(field) ? "(key) " : field.nullable() ? "" : "(required) ",
          field.meaning());
    }
  }
}
