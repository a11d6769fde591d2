package io.persegment.scores;

import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import java.time.LocalDate;
import java.util.List;

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

  static PersegmentException noVersion(String target, int version, List<Integer> versions) {
    return new PersegmentException(
        Fault.SETTINGS,
        versions.isEmpty()
            ? "There is no model of %s yet: the stage scores makes them.".formatted(target)
            : "There is no version %d of %s; there are %s.".formatted(version, target, versions));
  }

  /**
   * @param gone columns that the model knows and the settings have no more
   */
  static PersegmentException otherSettings(String target, int version, List<String> gone) {
    return new PersegmentException(
        Fault.SETTINGS,
        "Version %d of %s was made by other settings of the target or its features than are declared now%s. Set them back first, or keep the standing model."
            .formatted(
                version,
                target,
                gone.isEmpty() ? "" : ": it knows " + String.join(", ", gone) + " as well"));
  }

  static PersegmentException horizons(List<String> wrong) {
    return new PersegmentException(
        Fault.SETTINGS,
        "%s. Nothing can be learnt of what had no time to happen; shorten the horizon, or take in older events."
            .formatted(String.join("; ", wrong)));
  }

  static PersegmentException refused(Refusal refusal) {
    return new PersegmentException(
        Fault.GATE,
        refusal.getMessage() + " Its setting on-refusal = stop ends the run here.",
        refusal);
  }
}
