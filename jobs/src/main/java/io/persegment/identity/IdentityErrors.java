package io.persegment.identity;

import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import java.util.List;

/** The messages of this package, side by side so that they stay alike. */
final class IdentityErrors {
  private IdentityErrors() {}

  static PersegmentException notConnected(int rounds) {
    return new PersegmentException(
        Fault.INTERNAL,
        "Connected components did not settle in %d rounds. This is a bug: tell it with the run's ledger row."
            .formatted(rounds));
  }

  static PersegmentException sameNumber(long records, long numbers) {
    return new PersegmentException(
        Fault.INTERNAL,
        "%d records have only %d numbers: two records share one, which would make them one customer. Nothing was written; tell it as a bug."
            .formatted(records, numbers));
  }

  static PersegmentException decisionsWithout(String file, List<String> missing) {
    return new PersegmentException(
        Fault.SETTINGS,
        "identity.decisions: %s has no column %s; it wants left_key and right_key as identity_links has them, and decision"
            .formatted(file, String.join(" and no column ", missing)));
  }

  static PersegmentException noDecision(String file, long rows, String written) {
    return new PersegmentException(
        Fault.SETTINGS,
        "identity.decisions: %s has %d decisions such as \"%s\"; write same, different, or nothing"
            .formatted(file, rows, written));
  }
}
