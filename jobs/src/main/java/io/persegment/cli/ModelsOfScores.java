package io.persegment.cli;

import io.persegment.PersegmentSettings;
import io.persegment.config.Nearest;
import io.persegment.scores.ScoreModels;
import io.persegment.scores.ScoresStage;
import io.persegment.scores.TargetSettings;
import io.persegment.table.Field;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists the models of scores, and puts one in another's place. */
@Command(
    name = "models",
    sortOptions = false,
    description = {
      "List the models behind scores: what each was tested on, how good it was beside its best"
          + " baseline, with what they would be in 95 of 100 tests, and which one makes the"
          + " scores.",
      ""
    },
    subcommands = ModelsOfScores.Use.class)
final class ModelsOfScores implements Callable<Integer> {
  private static final String LINE = "%-20s %7s  %-21s %-13s %-23s %-23s %-23s %-11s %s";

  @Spec CommandSpec spec;
  @Mixin SettingsOptions options;

  @Override
  public Integer call() {
    PersegmentSettings settings = options.read();
    PrintWriter out = spec.commandLine().getOut();
    try (var run = new LakeRun(settings, out, false)) {
      List<Row> models =
          run.lake()
              .readOrEmpty(ScoreModels.TABLE)
              .orderBy(ScoreModels.TARGET.col(), ScoreModels.VERSION.col().desc())
              .collectAsList(); // one row a model
      if (models.isEmpty()) {
        out.println("There is no model yet: the stage scores makes them.");
        return 0;
      }
      out.printf(
          LINE + "%n",
          "target",
          "version",
          "made by",
          "knows until",
          "AUC (95 of 100 tests)",
          "of the best baseline",
          "lift of best tenth",
          "calibration",
          "");
      models.forEach(row -> out.println(words(row)));
    }
    return 0;
  }

  static String words(Row row) {
    Map<String, Double> metrics = row.getJavaMap(row.fieldIndex(ScoreModels.METRICS.name()));
    Integer lostTo = row.getAs(ScoreModels.LOST_TO.name());
    boolean champion = row.<Boolean>getAs(ScoreModels.CHAMPION.name());
    Optional<String> baseline =
        ofBaselines(metrics, "auc")
            .max(Comparator.comparing(metrics::get))
            .or(() -> ofBaselines(metrics, "deviance").min(Comparator.comparing(metrics::get)));
    return LINE.formatted(
            row.<String>getAs(ScoreModels.TARGET.name()),
            row.<Integer>getAs(ScoreModels.VERSION.name()),
            row.<String>getAs(ScoreModels.ALGORITHM.name()),
            row.getAs(ScoreModels.TRAINED_AS_OF.name()),
            measure(metrics),
            baseline.map(name -> withInterval(metrics, name)).orElse("-"),
            lift(row),
            number(metrics, "test.calibration_error"),
            champion ? "scores" : lostTo == null ? "" : "was no better than " + lostTo)
        .stripTrailing();
  }

  /** Returns how good it was in its test: amounts and counts have no AUC. */
  private static String measure(Map<String, Double> metrics) {
    if (metrics.containsKey("test.auc")) {
      return withInterval(metrics, "test.auc");
    }
    return metrics.containsKey("test.deviance")
        ? "deviance " + number(metrics, "test.deviance")
        : "correlation " + number(metrics, "test.correlation");
  }

  private static Stream<String> ofBaselines(Map<String, Double> metrics, String measure) {
    return metrics.keySet().stream().filter(name -> name.matches("baseline\\..*\\." + measure));
  }

  /** An older version of us told no intervals of baselines and lifts, and of some still none. */
  private static String withInterval(Map<String, Double> metrics, String name) {
    String value = number(metrics, name);
    return metrics.containsKey(name + ".low")
        ? "%s (%s to %s)"
            .formatted(value, number(metrics, name + ".low"), number(metrics, name + ".high"))
        : value;
  }

  /** Returns how many times as often it happened to the tenth with the highest scores. */
  private static String lift(Row row) {
    List<Row> tenths = listOf(row, ScoreModels.DECILES);
    if (tenths.isEmpty()) {
      return "-";
    }
    String lift = "%.2f".formatted(tenths.get(0).<Double>getAs("lift"));
    List<Row> intervals = listOf(row, ScoreModels.LIFTS);
    Row interval = intervals.isEmpty() ? null : intervals.get(0);
    return interval == null
        ? lift
        : "%s (%.2f to %.2f)".formatted(lift, interval.getDouble(0), interval.getDouble(1));
  }

  private static List<Row> listOf(Row row, Field field) {
    int place = row.fieldIndex(field.name());
    return row.isNullAt(place) ? List.of() : row.getList(place);
  }

  private static String number(Map<String, Double> metrics, String name) {
    return Optional.ofNullable(metrics.get(name)).map("%.3f"::formatted).orElse("-");
  }

  /** Puts a model in another's place. */
  @Command(
      name = "use",
      sortOptions = false,
      description = {
        "Let another model of a target make its scores, from the next run of scores on. It stays"
            + " until a new one is better in the test.",
        ""
      })
  static final class Use implements Callable<Integer> {
    @Spec CommandSpec spec;
    @Mixin SettingsOptions options;

    @Parameters(paramLabel = "TARGET", description = "One of targets, as named in the settings.")
    String target;

    @Parameters(paramLabel = "VERSION", description = "As the command models lists it.")
    int version;

    @Override
    public Integer call() {
      PersegmentSettings settings = options.read();
      List<String> names = settings.targets().stream().map(TargetSettings::name).toList();
      TargetSettings named =
          settings.targets().stream()
              .filter(each -> each.name().equals(target))
              .findFirst()
              .orElseThrow(
                  () ->
                      new ParameterException(
                          spec.commandLine(),
                          settings.lifetimes().stream().anyMatch(each -> each.name().equals(target))
                              ? "Models of %s are taken by their age, not chosen; refit says when"
                                  .formatted(target)
                              : "There is no target %s in the settings; %s"
                                  .formatted(target, Nearest.hint(target, names))));
      PrintWriter out = spec.commandLine().getOut();
      try (var run = new LakeRun(settings, out, false)) {
        run.holding(
            runId -> {
              ScoresStage.use(run.lake(), named, settings.features(), version);
              return version;
            });
        out.printf(
            "Version %d makes the scores of %s from the next run of scores on; for a date that is"
                + " written, run it with --force.%n",
            version, target);
      }
      return 0;
    }
  }
}
