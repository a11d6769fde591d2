package io.persegment.cli;

import io.persegment.PersegmentSettings;
import io.persegment.Pipeline;
import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import io.persegment.error.Redaction;
import io.persegment.run.Stage;
import java.io.PrintWriter;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/** All commands put together. */
public final class CommandLines {
  private static final Logger LOG = LoggerFactory.getLogger(CommandLines.class);

  private CommandLines() {}

  @Command(
      name = "persegment",
      description = "Turns a shop's scattered customer data into segments, scores and audiences.",
      synopsisSubcommandLabel = "COMMAND",
      subcommands = {
        Demo.class,
        Generate.class,
        Check.class,
        ReplaySource.class,
        Report.class,
        Explain.class,
        BacktestSegments.class,
        ModelsOfScores.class,
        ReleasesOf.class,
        ExportTo.class,
        ExperimentsOf.class,
        PreviewMail.class,
        ContentOf.class,
        Tables.class,
        Stages.class,
        HelpCommand.class
      },
      footer = {
        "",
        "Exit status: 0 done; 1 unexpected; 2 settings; 3 the data broke a contract;",
        "4 a quality gate held the publish; 5 another run holds the lake."
      })
  private static final class Root {}

  public static CommandLine create() {
    var line = new CommandLine(new Root());
    List<Stage> stages = Pipeline.stages(PersegmentSettings.none());
    Set<String> all = stages.stream().map(Stage::name).collect(Collectors.toSet());
    add(line, "run", "Run every stage for a date, going on where the last try ended.", all);
    add(
        line,
        "consolidate",
        "Run %s.".formatted(String.join(", ", Pipeline.CONSOLIDATE)),
        Set.copyOf(Pipeline.CONSOLIDATE));
    stages.forEach(stage -> add(line, stage.name(), stage.summary(), Set.of(stage.name())));
    Stage measure = Pipeline.measure(PersegmentSettings.none());
    add(line, measure.name(), measure.summary(), Set.of(measure.name()));
    addUnder(
        line.getSubcommands().get("identity"),
        new Propose(),
        new DryRun(),
        new ReportIdentity(),
        new Review(),
        new Evaluate());
    line.getSubcommands().values().forEach(CommandLines::withHelp);
    withHelp(line);
    line.registerConverter(LocalDate.class, CommandLines::date);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    return line.setExecutionExceptionHandler(CommandLines::explain);
  }

  private static LocalDate date(String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      throw new TypeConversionException(
          "'%s' is no date; write one such as 2026-06-30".formatted(text));
    }
  }

  private static void add(CommandLine line, String name, String summary, Set<String> stages) {
    var command = new CommandLine(new StagesRun(stages));
    command.getCommandSpec().usageMessage().description(summary);
    line.addSubcommand(name, command);
  }

  /**
   * Adds what only this stage has. Picocli would want the stage's own settings as well as the
   * command's; the stage asks for them when it is run.
   */
  private static void addUnder(CommandLine stage, Object... commands) {
    CommandSpec spec = stage.getCommandSpec();
    OptionSpec conf = spec.findOption("--conf");
    spec.remove(conf);
    spec.addOption(OptionSpec.builder(conf).required(false).build());
    for (Object command : commands) {
      stage.addSubcommand(command);
    }
    stage.getSubcommands().values().forEach(CommandLines::withHelp);
  }

  private static void withHelp(CommandLine command) {
    command
        .getCommandSpec()
        .mixinStandardHelpOptions(true)
        .versionProvider(() -> new String[] {version()});
  }

  /** Returns which build this is, and what it stands on. */
  private static String version() {
    String build = CommandLines.class.getPackage().getImplementationVersion();
    return "Persegment %s, Spark %s, Java %s"
        .formatted(
            build == null ? "of no jar" : build,
            org.apache.spark.package$.MODULE$.SPARK_VERSION(),
            Runtime.version().feature());
  }

  private static int explain(Exception e, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    if (e instanceof PersegmentException ours) {
      LOG.error("{}", ours.getMessage());
      err.println(ours.getMessage());
    } else {
      LOG.error("Unexpected failure", e);
      err.println(
          "Unexpected: %s: %s%nThis is a bug or the engine failed; running again may help. The log has the details%s."
              .formatted(e.getClass().getSimpleName(), Redaction.of(e.getMessage()), logFile()));
    }
    return (e instanceof PersegmentException ours ? ours.fault() : Fault.INTERNAL).exitCode();
  }

  private static String logFile() {
    String file = System.getProperty("persegment.log");
    return file == null ? "" : " (" + file + ")";
  }
}
