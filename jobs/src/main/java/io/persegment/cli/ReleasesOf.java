package io.persegment.cli;

import io.persegment.PersegmentSettings;
import io.persegment.publish.Released;
import io.persegment.publish.Rollback;
import io.persegment.run.StageContext;
import io.persegment.run.StageReport;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What was published, and going back to it. */
@Command(
    name = "release",
    sortOptions = false,
    description = {"List what was published, tell what a release changed, and go back to one.", ""},
    subcommands = {
      ReleasesOf.ListAll.class,
      ReleasesOf.Show.class,
      ReleasesOf.Diff.class,
      ReleasesOf.Back.class
    })
final class ReleasesOf {
  /** Lists all releases. */
  @Command(
      name = "list",
      sortOptions = false,
      description = {"List all releases, the last one first.", ""})
  static final class ListAll implements Callable<Integer> {
    @Spec CommandSpec spec;
    @Mixin SettingsOptions options;

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      try (var run = new LakeRun(options.read(), out, false)) {
        List<Released> all = Released.all(run.lake());
        if (all.isEmpty()) {
          out.println("There is no release yet: the stage publish makes them.");
          return 0;
        }
        out.printf("%-8s  %-10s  %-20s  %s%n", "release", "as of", "published", "");
        all.forEach(
            each ->
                out.println(
                    "%-8s  %-10s  %-20s  %s"
                        .formatted(each.id(), each.asOf(), time(each), remark(each))
                        .stripTrailing()));
      }
      return 0;
    }

    private static String remark(Released release) {
      return release
          .backTo()
          .map(id -> "went back to " + id)
          .or(() -> release.acceptance().map(reason -> "accepted: " + reason))
          .orElse("");
    }
  }

  /** Tells one release. */
  @Command(
      name = "show",
      sortOptions = false,
      description = {
        "Tell what a release changed, what was accepted for it, and which version of which table"
            + " belongs to it.",
        ""
      })
  static final class Show implements Callable<Integer> {
    @Spec CommandSpec spec;
    @Mixin SettingsOptions options;

    @Parameters(paramLabel = "RELEASE", description = "As release list has it, such as r000012.")
    String id;

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      try (var run = new LakeRun(options.read(), out, false)) {
        Released release = Released.find(run.lake(), id);
        out.printf("%s, as of %s, published at %s%n", release.id(), release.asOf(), time(release));
        release.backTo().ifPresent(earlier -> out.printf("It went back to %s.%n", earlier));
        release.findings().forEach(finding -> out.printf("! %s%n", finding));
        release.acceptance().ifPresent(reason -> out.printf("  accepted: %s%n", reason));
        out.println();
        tell(out, Released.changes(run.lake(), Optional.empty(), id));
        out.printf("%n%-24s %s%n", "table", "version");
        release.versions().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .forEach(each -> out.printf("%-24s %d%n", each.getKey(), each.getValue()));
      }
      return 0;
    }
  }

  /** Tells what lies between two releases. */
  @Command(
      name = "diff",
      sortOptions = false,
      description = {
        "Tell how many customers were added, changed and removed after one release and up to"
            + " another; who changed in several of them counts in each.",
        ""
      })
  static final class Diff implements Callable<Integer> {
    @Spec CommandSpec spec;
    @Mixin SettingsOptions options;

    @Parameters(index = "0", paramLabel = "FROM", description = "The earlier release.")
    String from;

    @Parameters(index = "1", paramLabel = "TO", description = "The later release.")
    String to;

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      try (var run = new LakeRun(options.read(), out, false)) {
        Released.find(run.lake(), from);
        Released.find(run.lake(), to);
        out.printf("After %s and up to %s:%n", from, to);
        tell(out, Released.changes(run.lake(), Optional.of(from), to));
      }
      return 0;
    }
  }

  /** Goes back to a release. */
  @Command(
      name = "rollback",
      sortOptions = false,
      description = {
        "Publish an earlier release again, as a new one, to those of its customers who may be"
            + " written to now. Who may be and was not in it is suppressed until the next publish.",
        ""
      })
  static final class Back implements Callable<Integer> {
    @Spec CommandSpec spec;
    @Mixin SettingsOptions options;

    @Parameters(paramLabel = "RELEASE", description = "As release list has it, such as r000012.")
    String id;

    @Override
    public Integer call() {
      PersegmentSettings settings = options.read();
      PrintWriter out = spec.commandLine().getOut();
      try (var run = new LakeRun(settings, out, false)) {
        var report = new StageReport();
        Released earlier = Released.find(run.lake(), id);
        run.holding(
            runId -> {
              new Rollback(settings.publish())
                  .to(
                      id,
                      new StageContext(run.lake(), earlier.asOf(), runId, Instant.now(), report));
              return runId;
            });
        out.printf(
            "%s is %s again: %,d customers may be written to, %,d are suppressed.%n",
            Released.all(run.lake()).get(0).id(),
            id,
            report.rows().get("audience"),
            report.rows().get("suppressed"));
      }
      return 0;
    }
  }

  private static String time(Released release) {
    return release.publishedAt().toString().replaceFirst("\\..*Z$", "Z");
  }

  private static void tell(PrintWriter out, Map<String, Long> changes) {
    if (changes.isEmpty()) {
      out.println("Nothing changed.");
    }
    changes.forEach((kind, customers) -> out.printf("%-24s %,12d%n", kind, customers));
  }
}
