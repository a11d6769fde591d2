package io.persegment.cli;

import io.persegment.matching.Proposal;
import io.persegment.matching.Proposal.Counted;
import java.util.List;
import java.util.stream.Collectors;

/** A proposal of rules of blocking for a person to read. */
final class ProposalWords {
  private static final int WIDTH = 64;

  private ProposalWords() {}

  static String of(Proposal proposal) {
    return """
        %,d contacts. Of them a rule may make %,d pairs (identity.pairs-per-record); its largest blocks are left out.%s

        %s
        %s
        %s
        %s
        The rules of identity.blocking make %,d pairs at most, of %,d that identity.most-pairs allows%s.
        The proposed ones make %,d at most%s:

        %s"""
        .formatted(
            proposal.records(),
            proposal.budget(),
            proposal.comparesEverybody()
                ? "%n! Of so few contacts all pairs are compared, whatever the rules say."
                    .formatted()
                : "",
            heading("rules of identity.blocking"),
            lines(proposal.rules()),
            heading("further rules"),
            lines(proposal.candidates()),
            Proposal.sum(proposal.rules()),
            proposal.mostPairs(),
            tooMany(proposal, proposal.rules()),
            Proposal.sum(proposal.proposed()),
            tooMany(proposal, proposal.proposed()),
            setting(proposal.proposed()));
  }

  private static String heading(String name) {
    return "%-64s %11s %11s %9s %15s %15s %15s"
        .formatted(name, "with values", "blocks", "largest", "pairs", "within budget", "left out");
  }

  private static String lines(List<Counted> rules) {
    return rules.stream().map(ProposalWords::line).collect(Collectors.joining());
  }

  private static String line(Counted rule) {
    String written = rule(rule.rule());
    String name = written.length() > WIDTH - 2 ? written.substring(0, WIDTH - 5) + "..." : written;
    return "  %-62s %,11d %,11d %,9d %,15d %,15d %,15d%s%n"
        .formatted(
            name,
            rule.records(),
            rule.blocks(),
            rule.largest(),
            rule.pairs(),
            rule.kept(),
            rule.pairsLeftOut(),
            rule.within().map(other -> "  none new: all are of " + rule(other)).orElse(""));
  }

  private static String tooMany(Proposal proposal, List<Counted> rules) {
    return Proposal.sum(rules) > proposal.mostPairs()
        ? ", which is more, so that identity would refuse"
        : "";
  }

  private static String setting(List<Counted> rules) {
    return rules.stream()
        .map(rule -> "  %s%n".formatted(rule(rule.rule())))
        .collect(Collectors.joining("", "blocking = [%n".formatted(), "]"));
  }

  /** Returns a rule as it is written in the settings. */
  private static String rule(List<String> rule) {
    return rule.stream()
        .map(part -> part.matches("[A-Za-z_][\\w]*") ? part : quoted(part))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static String quoted(String text) {
    return "\"%s\"".formatted(text.replace("\\", "\\\\").replace("\"", "\\\""));
  }
}
