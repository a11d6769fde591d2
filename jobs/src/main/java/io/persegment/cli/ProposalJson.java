package io.persegment.cli;

import io.persegment.matching.Proposal;
import io.persegment.matching.Proposal.Counted;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A proposal of rules of blocking as one JSON object on one line. What cannot be said is null. */
final class ProposalJson {
  private ProposalJson() {}

  static String of(Proposal proposal) {
    var all = new LinkedHashMap<String, Object>();
    all.put("contacts", proposal.records());
    all.put("compares_everybody", proposal.comparesEverybody());
    all.put("most_pairs_of_a_rule", proposal.budget());
    all.put("most_pairs", proposal.mostPairs());
    all.put("rules", rules(proposal.rules()));
    all.put("pairs_of_rules", Proposal.sum(proposal.rules()));
    all.put("candidates", rules(proposal.candidates()));
    all.put("proposed", proposal.proposed().stream().map(Counted::rule).toList());
    all.put("pairs_of_proposed", Proposal.sum(proposal.proposed()));
    return JsonLine.of(all);
  }

  private static List<Map<String, Object>> rules(List<Counted> rules) {
    return rules.stream().map(ProposalJson::rule).toList();
  }

  private static Map<String, Object> rule(Counted rule) {
    var all = new LinkedHashMap<String, Object>();
    all.put("rule", rule.rule());
    all.put("contacts_with_values", rule.records());
    all.put("blocks", rule.blocks());
    all.put("largest_block", rule.largest());
    all.put("pairs", rule.pairs());
    all.put("pairs_within_budget", rule.kept());
    all.put("pairs_left_out", rule.pairsLeftOut());
    all.put("all_pairs_are_of", rule.within().orElse(null));
    return all;
  }
}
