package io.persegment.cli;

import io.persegment.PersegmentSettings;
import io.persegment.matching.Proposal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Proposes rules of blocking. */
@Command(
    name = "propose",
    sortOptions = false,
    description = {
      "Count how many pairs of contacts each rule of identity.blocking and further rules would make,"
          + " before any is compared, and propose rules to paste into the settings. Reads contacts as"
          + " they are; runs and writes nothing.",
      "",
      "Further rules are the values that are compared, pairs of them, a name's first letter beside"
          + " another value, and attributes that most contacts have and that tell them apart. Proposed"
          + " are the settings' rules but those that make nothing, and further ones that leave out no"
          + " block, make little, and are not made by others already.",
      ""
    })
final class Propose implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin SettingsOptions options;

  @Option(names = "--json", description = "As one JSON object.")
  boolean json;

  @Override
  public Integer call() {
    PersegmentSettings settings = options.read();
    try (var run = new LakeRun(settings, spec.commandLine().getOut(), false)) {
      Proposal proposal = Proposal.of(run.lake(), settings.identity().matching());
      spec.commandLine()
          .getOut()
          .println(json ? ProposalJson.of(proposal) : ProposalWords.of(proposal));
    }
    return 0;
  }
}
