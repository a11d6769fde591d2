package io.persegment.cli;

import io.persegment.identity.Explanation;
import io.persegment.scores.Foretold;
import io.persegment.segments.Placements;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Says why records are one customer or are not, why one is in a segment, and what drives scores.
 */
@Command(
    name = "explain",
    sortOptions = false,
    description = {
      "Say why records are one customer or are not, why the customer is in which segment, and what"
          + " drives the customer's scores. Reads tables as they are; runs and writes nothing.",
      "",
      "Of a customer it tells the records, what they share, how those that match agree, and what"
          + " was cut and why; then the segments of the last date with any: since when, by which"
          + " clauses of a rule, by which features of a cluster and what the second nearest is, and"
          + " where the customer was before, or left; and what is foretold, from the average customer"
          + " by what each feature makes of the odds. Of two records it tells the chain of links that"
          + " ties them, or that"
          + " there is none, and how they agree with each other.",
      "",
      "How two records agree is told in bits, one comparison after the other, and adds up to the"
          + " weight by which they were linked or were not. Records are told by their keys, as their"
          + " systems call them, and values by their hashes: no name, e-mail or phone of contacts is"
          + " printed.",
      ""
    })
final class Explain implements Callable<Integer> {
  @Spec CommandSpec spec;
  @Mixin SettingsOptions options;

  @ArgGroup(multiplicity = "1")
  Subject subject;

  /** Either of both. */
  static final class Subject {
    @Option(names = "--customer", paramLabel = "ID", description = "A customer of identity_map.")
    String customer;

    @Option(
        names = "--records",
        paramLabel = "KEY,KEY",
        description =
            "Two records as identity_links has them, such as crm/contact/7,shop/contact/12. One"
                + " with a comma in it: give the option twice.")
    List<String> records;
  }

  @Override
  public Integer call() {
    var settings = options.read();
    List<String> records = subject.customer == null ? two(subject.records) : List.of();
    try (var run = new LakeRun(settings, spec.commandLine().getOut(), false)) {
      PrintWriter out = spec.commandLine().getOut();
      if (records.isEmpty()) {
        out.println(
            ExplanationWords.of(
                Explanation.ofCustomer(run.lake(), settings.identity(), subject.customer)));
        out.println(
            PlacementWords.of(
                Placements.of(
                    run.lake(),
                    settings.segmentations(),
                    settings.features(),
                    settings.consent(),
                    subject.customer)));
        out.println(
            ScoreWords.of(
                Foretold.of(
                    run.lake(),
                    settings.targets(),
                    settings.lifetimes(),
                    settings.consent(),
                    subject.customer)));
      } else {
        out.println(
            ExplanationWords.of(
                Explanation.ofRecords(
                    run.lake(), settings.identity(), records.get(0), records.get(1))));
      }
    }
    return 0;
  }

  private List<String> two(List<String> given) {
    List<String> keys = given.size() == 1 ? List.of(given.get(0).split(",", -1)) : given;
    if (keys.size() != 2) {
      throw new ParameterException(
          spec.commandLine(),
          "--records wants two keys, such as crm/contact/7,shop/contact/12; there are "
              + keys.size());
    }
    return keys.stream().map(String::strip).toList();
  }
}
