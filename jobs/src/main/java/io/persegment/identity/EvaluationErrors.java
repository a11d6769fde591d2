package io.persegment.identity;

import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import io.persegment.error.Quantity;
import io.persegment.error.Redaction;
import java.util.List;
import java.util.stream.Collectors;

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
        Fault.SETTINGS, "--%s %s".formatted(part, cause.getMessage()), cause);
  }

  static PersegmentException noFile(Truth truth, Exception cause) {
    return new PersegmentException(
        Fault.SETTINGS,
        "There is no file of labels %s. Give a CSV with a header by %s."
            .formatted(truth.file(), truth.fileNamed()),
        cause);
  }

  static PersegmentException noColumn(
      Truth truth, String part, String column, List<String> columns) {
    String name = truth.named(part);
    return new PersegmentException(
        Fault.SETTINGS,
        "%s reads column %s, which %s has not got; it has: %s. Say what it is by %s."
            .formatted(name, column, truth.file(), String.join(", ", columns), name));
  }

  static PersegmentException whichSource(Truth truth, String part, int sources) {
    String why = sources == 0 ? "no source has contacts" : "more than one source has contacts";
    return new PersegmentException(
        Fault.SETTINGS,
        "%s has no column %s, and %s. Say by %s whose records it labels, such as \"'crm'\"."
            .formatted(truth.file(), Truth.column(part), why, truth.named(part)));
  }

  static PersegmentException notUsable(Truth truth, Exception cause) {
    return new PersegmentException(
        Fault.SETTINGS,
        "An expression over the columns of %s cannot be used, one of %s: %s"
            .formatted(
                truth.file(),
                truth.says().keySet().stream()
                    .sorted()
                    .map(truth::named)
                    .collect(Collectors.joining(", ")),
                Redaction.of(cause.getMessage().lines().findFirst().orElse(""))),
        cause);
  }

  static PersegmentException unclearMatch(Truth truth, long rows, long first) {
    return new PersegmentException(
        Fault.DATA,
        "%s has %s whose match is neither 0 or 1, nor true or false, nor a score from 0 to 1, the first in row %,d below its header. Mend the file, or say by %s what is meant."
            .formatted(truth.file(), Quantity.of(rows, "row"), first, truth.named(Truth.MATCH)));
  }

  static PersegmentException labelledTwice(String file, long twice, String key) {
    return new PersegmentException(
        Fault.DATA,
        "%s labels %,d of its records or pairs twice and differently, such as %s. Mend the file: each may have one label."
            .formatted(file, twice, Redaction.of(key)));
  }

  static PersegmentException noLabels(Truth truth) {
    return new PersegmentException(
        Fault.DATA,
        "%s has no label: no row says anything. Say by %s what does."
            .formatted(truth.file(), truth.named(truth.grain().saying())));
  }

  static PersegmentException noneKnown(Truth truth, long labels) {
    return new PersegmentException(
        Fault.DATA,
        "None of the %,d labels of %s is of a record that the lake knows. Are source and record id as in identity_map, and was this data taken in, and identity run before it is evaluated?"
            .formatted(labels, truth.file()));
  }

  static PersegmentException tooLarge(Truth truth, long records, long most) {
    return new PersegmentException(
        Fault.DATA,
        "%s has a person of %,d records; at most %,d can be learnt from. Say by %s who is who, and leave it empty where nobody knows."
            .formatted(truth.file(), records, most, truth.named(Truth.CLUSTER)));
  }

  static PersegmentException withItself(String file, long pairs, String key) {
    return new PersegmentException(
        Fault.DATA,
        "%s has %s of a record with itself, such as %s. Take out what is."
            .formatted(file, Quantity.of(pairs, "pair"), Redaction.of(key)));
  }
}
