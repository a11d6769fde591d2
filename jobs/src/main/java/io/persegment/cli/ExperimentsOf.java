package io.persegment.cli;

import io.persegment.PersegmentSettings;
import io.persegment.experiments.Experiment;
import io.persegment.experiments.Plan;
import io.persegment.publish.PublishStage;
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
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What is to be known of an experiment before it starts. */
@Command(
    name = "experiment",
    sortOptions = false,
    description = {"Say what an experiment needs. What came of it the command measure tells.", ""},
    subcommands = ExperimentsOf.PlanOne.class)
final class ExperimentsOf {
  /** Says how many customers and days an experiment needs. */
  @Command(
      name = "plan",
      sortOptions = false,
      description = {
        "Say how many customers and days an experiment needs to find its smallest-effect in 80 of"
            + " 100 cases, by what its metrics were lately in its population as of a date that is"
            + " written. Writes nothing.",
        ""
      })
  static final class PlanOne implements Callable<Integer> {
    @Spec CommandSpec spec;
    @Mixin SettingsOptions options;

    @Parameters(
        paramLabel = "EXPERIMENT",
        description = "One of experiments, as named in the settings.")
    String name;

    @Option(
        names = "--as-of",
        paramLabel = "DATE",
        description = "Whose features and segments make the population. Default: yesterday.")
    LocalDate asOf = LocalDate.now(ZoneOffset.UTC).minusDays(1);

    @Override
    public Integer call() {
      PersegmentSettings settings = options.read();
      Experiment experiment =
          Choice.of(spec, "experiment", name, settings.publish().experiments(), Experiment::name);
      PrintWriter out = spec.commandLine().getOut();
      try (var run = new LakeRun(settings, out, false)) {
        var context = new StageContext(run.lake(), asOf, "plan", Instant.now(), new StageReport());
        var publish = new PublishStage(settings.publish(), settings.features());
        List<Plan> plans =
            run.holding(
                runId ->
                    Plan.of(
                        run.lake(),
                        experiment,
                        publish.population(context, experiment.population()),
                        asOf));
        out.printf(
            "%s: a change of %.1f %% of the mean, found in 80 of 100 such experiments%n%n"
                + "%-16s %6s %14s %14s %14s%n",
            name,
            100 * experiment.smallestEffect(),
            "metric",
            "days",
            "mean",
            "customers",
            "there are");
        plans.forEach(plan -> out.println(words(plan)));
      }
      return 0;
    }

    private static String words(Plan plan) {
      return "%-16s %6d %14.4f %14s %,14d  %s"
          .formatted(
              plan.metric(),
              plan.days(),
              plan.mean(),
              Double.isFinite(plan.needed()) ? "%,.0f".formatted(plan.needed()) : "no number",
              plan.there(),
              plan.isEnough() ? "enough" : "")
          .stripTrailing();
    }
  }
}
