package io.persegment.scores;

import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import java.time.LocalDate;

/** The messages of this package, side by side so that they stay alike. */
final class ScoreErrors {
  private ScoreErrors() {}

  static PersegmentException otherFeatures(LocalDate asOf) {
    return new PersegmentException(
        Fault.DATA,
        ("Cannot score %s: customer_features of this date was written with other features than are"
                + " declared now. Run the stage features for this date with --force.")
            .formatted(asOf));
  }

  static PersegmentException refused(Refusal refusal) {
    return new PersegmentException(
        Fault.GATE,
        refusal.getMessage() + " Its setting on-refusal = stop ends the run here.",
        refusal);
  }
}
