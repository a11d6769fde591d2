package io.persegment.identity;

import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import io.persegment.error.Quantity;
import io.persegment.error.Redaction;
import java.io.IOException;
import java.nio.file.Path;
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

  static PersegmentException noDecisions(String file, Exception cause) {
    return new PersegmentException(
        Fault.SETTINGS,
        "identity.decisions is %s, but there is no such file; mend the path, or take the setting out"
            .formatted(file),
        cause);
  }

  static PersegmentException decisionsWithout(
      String file, List<String> missing, List<String> columns) {
    return new PersegmentException(
        Fault.SETTINGS,
        "identity.decisions: %s has no column %s; it has: %s. It wants left_key and right_key as identity_links has them, and decision"
            .formatted(file, String.join(" and no column ", missing), String.join(", ", columns)));
  }

  static PersegmentException noDecision(String file, long rows, long first) {
    return new PersegmentException(
        Fault.SETTINGS,
        "identity.decisions: %s has %s that cannot be understood, the first in row %,d below its header; write same, different, or nothing"
            .formatted(file, Quantity.of(rows, "decision"), first));
  }

  static PersegmentException reviewIsThere(Path file) {
    return new PersegmentException(
        Fault.SETTINGS,
        "--to is %s, which is there already and may hold decisions; name another file, or take it away"
            .formatted(file));
  }

  static PersegmentException reviewNotWritten(Path file, IOException cause) {
    return new PersegmentException(
        Fault.SETTINGS,
        "--to is %s, which cannot be written (%s); name a file in a folder that is there"
            .formatted(file, cause.getClass().getSimpleName()),
        cause);
  }

  static PersegmentException noCustomer(String id) {
    return new PersegmentException(
        Fault.SETTINGS,
        "There is no customer %s in identity_map. Customers that were merged are in identity_changes."
            .formatted(Redaction.of(id)));
  }

  static PersegmentException noRecord(String key) {
    return new PersegmentException(
        Fault.SETTINGS,
        "There is no record %s in identity_map. Write it as identity_links has it, such as crm/contact/7."
            .formatted(Redaction.of(key)));
  }

  static PersegmentException oneRecord() {
    return new PersegmentException(
        Fault.SETTINGS, "Both records are the same one. Give the keys of two.");
  }
}
