package io.persegment.cli;

import io.persegment.PersegmentSettings;
import io.persegment.Pipeline;
import io.persegment.config.SettingsFile;
import io.persegment.demo.GardenPlan;
import io.persegment.report.InWords;
import io.persegment.report.Page;
import io.persegment.report.Summary;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes up a shop and runs every stage on it. */
@Command(
    name = "demo",
    description = "Make up The Garden Company and run every stage on it, in one folder.")
final class Demo implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = "--customers",
      paramLabel = "N",
      description = "People to make up. Default: ${DEFAULT-VALUE}.")
  int customers = GardenPlan.defaults().customers();

  @Option(
      names = "--home",
      paramLabel = "DIR",
      description = "Folder for exports/, lake/ and report/. Default: ${DEFAULT-VALUE}.")
  Path home = Path.of("demo");

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    GardenPlan defaults = GardenPlan.defaults();
    Path exports = home.resolve("exports");
    var made =
        Generate.generate(
            () -> new GardenPlan(customers, defaults.until(), defaults.seed(), exports));
    out.println(Generate.inWords(made, exports));
    Path conf = Path.of(System.getProperty("persegment.home", "."), "conf", "garden.conf");
    String lake = home.resolve("lake").toString();
    PersegmentSettings settings =
        PersegmentSettings.from(
            SettingsFile.read(
                List.of(conf), Map.of("exports", exports.toString(), "lake.root", lake)));
    try (var run = new LakeRun(settings, out, ConsoleProgress.isTerminal())) {
      run.run(Pipeline.stages(settings), defaults.until(), false);
      Summary summary = Report.summary(run.lake(), settings, defaults.until());
      out.printf("%n%s", InWords.of(summary));
      out.printf("%nReport: %s%n", Page.write(summary, home.resolve("report")));
    }
    out.printf(
        "%nNext, the same by hand (what is done for a date is left as it is; --force does it again):%n"
            + "  scripts/persegment run --conf conf/garden.conf --set exports=%s --set lake.root=%s --as-of %s%n",
        exports, lake, defaults.until());
    return 0;
  }
}
