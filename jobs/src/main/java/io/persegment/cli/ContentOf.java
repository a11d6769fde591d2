package io.persegment.cli;

import io.persegment.PersegmentSettings;
import io.persegment.publish.ContentAudit;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What recipients read. */
@Command(
    name = "content",
    sortOptions = false,
    description = {"Say what recipients of the last release read.", ""},
    subcommands = ContentOf.Audit.class)
final class ContentOf {
  /** Tells what each template comes to. */
  @Command(
      name = "audit",
      sortOptions = false,
      description = {
        "Tell for each template which part of its recipients reads which variation, which token, its"
            + " fallback or nothing, which blocks nobody ever sees, and how many subjects are empty or"
            + " longer than mail programs show. Writes nothing.",
        ""
      })
  static final class Audit implements Callable<Integer> {
    @Spec CommandSpec spec;
    @Mixin SettingsOptions options;

    @Option(
        names = "--by",
        paramLabel = "SEGMENTATION",
        description = "Tell it of each of its segments as well.")
    String by;

    @Override
    public Integer call() {
      PersegmentSettings settings = options.read();
      PrintWriter out = spec.commandLine().getOut();
      if (settings.publish().content().templates().isEmpty()) {
        out.println("The settings have no content.templates.");
        return 0;
      }
      try (var run = new LakeRun(settings, out, false)) {
        List<ContentAudit> audits =
            ContentAudit.of(run.lake(), settings.publish().content(), Optional.ofNullable(by));
        audits.forEach(audit -> tell(out, audit));
      }
      return 0;
    }

    private static void tell(PrintWriter out, ContentAudit audit) {
      out.printf(
          "%n%s, %s: %,d recipients%n", audit.template(), audit.segment(), audit.recipients());
      audit
          .shares()
          .forEach(
              (what, share) -> out.printf("  %6s  %s%n", ExplanationWords.percent(share), what));
      audit.unseen().forEach(block -> out.printf("  ! nobody sees %s%n", block));
      if (audit.subjects() > 0) {
        out.printf(
            "  ! %,d subjects are empty or longer than mail programs show%n", audit.subjects());
      }
    }
  }
}
