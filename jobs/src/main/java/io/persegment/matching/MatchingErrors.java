package io.persegment.matching;

import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import java.util.List;
import java.util.stream.Collectors;

/** The messages of this package. */
final class MatchingErrors {
  private MatchingErrors() {}

  static PersegmentException tooManyPairs(long pairs, List<Blocks.Rule> rules, long most) {
    String each =
        rules.stream()
            .filter(rule -> rule.pairs() > 0)
            .map(rule -> "  [%s]: %,d".formatted(rule.name(), rule.pairs()))
            .collect(Collectors.joining("\n"));
    return new PersegmentException(
        Fault.SETTINGS,
        """
        identity.blocking makes %,d pairs of records, more than identity.most-pairs = %,d; none was compared:
        %s
        Lower identity.pairs-per-record, narrow the rules that make most, or raise identity.most-pairs."""
            .formatted(pairs, most, each));
  }
}
