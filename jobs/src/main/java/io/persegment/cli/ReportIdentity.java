package io.persegment.cli;

import io.persegment.PersegmentSettings;
import io.persegment.identity.IdentityReport;
import io.persegment.identity.IdentityReportResult;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tells what identity made of the lake. */
@Command(
    name = "report",
    sortOptions = false,
    description = {
      "Tell what identity made: how large customers are, the largest and the least sure, what links"
          + " were kept and cut, what each level of agreement is worth, comparisons that say nothing,"
          + " and the precision and recall to expect at each threshold, by the model itself.",
      "",
      "Reads identity_map, identity_links and identity_models as they are; runs and writes nothing."
          + " explain tells more of one customer.",
      ""
    })
final class ReportIdentity implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin SettingsOptions options;

  @Option(names = "--json", description = "As one JSON object.")
  boolean json;

  @Override
  public Integer call() {
    PersegmentSettings settings = options.read();
    try (var run = new LakeRun(settings, spec.commandLine().getOut(), false)) {
      IdentityReportResult result = IdentityReport.of(run.lake(), settings.identity().matching());
      spec.commandLine()
          .getOut()
          .println(json ? IdentityReportJson.of(result) : IdentityReportWords.of(result));
    }
    return 0;
  }
}
