package io.persegment.identity;

import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import io.persegment.error.Redaction;
import java.util.List;

/** The messages of an evaluation, side by side so that they stay alike. */
final class EvaluationErrors {
  private EvaluationErrors() {}

  static PersegmentException noSuchPart(String part, Truth.Grain grain) {
    return new PersegmentException(
        Fault.SETTINGS,
        "--%s says nothing of a label of grain %s, which has: --%s."
            .formatted(part, grain, String.join(", --", grain.parts())));
  }

  static PersegmentException noSql(String part, IllegalArgumentException cause) {
    return new PersegmentException(
        Fault.SETTINGS, "--%s is no SQL expression: %s".formatted(part, cause.getMessage()), cause);
  }

  static PersegmentException noFile(String file, Exception cause) {
    return new PersegmentException(
        Fault.SETTINGS,
        "There is no file of labels %s. Give a CSV with a header by --truth.".formatted(file),
        cause);
  }

  static PersegmentException noColumn(
      String file, String part, String column, List<String> columns) {
    return new PersegmentException(
        Fault.SETTINGS,
        "--%s reads column %s, which %s has not got; it has: %s. Say what it is by --%s."
            .formatted(part, column, file, String.join(", ", columns), part));
  }

  static PersegmentException whichSource(String file, String part, int sources) {
    String why =
        sources == 0 ? "no source has contacts" : "more than one source has contacts in the map";
    return new PersegmentException(
        Fault.SETTINGS,
        "%s has no column %s, and %s. Say whose records it labels, such as --%s \"'crm'\"."
            .formatted(file, Truth.column(part), why, part));
  }

  static PersegmentException notUsable(String file, Exception cause) {
    return new PersegmentException(
        Fault.SETTINGS,
        "An expression over the columns of %s cannot be used: %s"
            .formatted(file, Redaction.of(cause.getMessage().lines().findFirst().orElse(""))),
        cause);
  }

  static PersegmentException unclearMatch(String file, long rows) {
    return new PersegmentException(
        Fault.DATA,
        "%s has %,d rows whose match is neither 0 or 1, nor true or false, nor a score from 0 to 1. Mend them, or say by --match what is meant."
            .formatted(file, rows));
  }

  static PersegmentException labelledTwice(String file, long twice, String key) {
    return new PersegmentException(
        Fault.DATA,
        "%s labels %,d of its records or pairs twice and differently, such as %s. Mend the file: each may have one label."
            .formatted(file, twice, key));
  }

  static PersegmentException noLabels(String file) {
    return new PersegmentException(
        Fault.DATA,
        "%s has no label: no row says anything. Say by --cluster or --match what does."
            .formatted(file));
  }

  static PersegmentException noneInTheMap(String file, long labels) {
    return new PersegmentException(
        Fault.DATA,
        "None of the %,d labels of %s is of a record in identity_map. Are source and record id those of the map, and was identity run on this data?"
            .formatted(labels, file));
  }

  static PersegmentException withItself(String file, long pairs, String key) {
    return new PersegmentException(
        Fault.DATA,
        "%s has %,d pairs of a record with itself, such as %s. Take them out."
            .formatted(file, pairs, key));
  }
}
