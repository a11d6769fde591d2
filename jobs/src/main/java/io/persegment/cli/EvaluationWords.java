package io.persegment.cli;

import io.persegment.identity.EvaluationResult;
import io.persegment.identity.EvaluationResult.Mistake;
import io.persegment.identity.EvaluationResult.Persons;
import io.persegment.identity.EvaluationResult.Point;
import io.persegment.identity.Share;
import io.persegment.identity.Truth;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** An evaluation for a person to read. */
final class EvaluationWords {
  private static final String NOTHING = "-";

  private EvaluationWords() {}

  static String of(EvaluationResult result) {
    return String.join(
        "%n".formatted(),
        labels(result),
        pairs(result),
        result.persons().map(EvaluationWords::persons).orElse(""),
        curve(result.curve()),
        mistakes("Two persons in one customer", result.twoPersons()),
        mistakes("One person in two customers", result.twoCustomers()));
  }

  private static String labels(EvaluationResult result) {
    String kind = result.grain() == Truth.Grain.CLUSTER ? "records" : "pairs";
    String without =
        result.withoutRecord() == 0
            ? ""
            : "%n! %,d of them have no record in identity_map, and are left out below"
                .formatted(result.withoutRecord());
    return "%,d labelled %s, %,d records with a customer%s"
        .formatted(result.labels(), kind, result.records(), without);
  }

  private static String pairs(EvaluationResult result) {
    String units =
        result.grain() == Truth.Grain.CLUSTER
            ? "Wilson's, by the spread from person to person; a wrong pair is half of each of its two"
            : "Wilson's, each pair taken by itself";
    return """

        Pairs of records: %,d of one person, %,d of one customer, %,d of both
                       value    95 %% from   to
          precision    %s
          recall       %s
          F1           %s
          (intervals: %s)
        """
        .formatted(
            result.truePairs(),
            result.foundPairs(),
            result.rightPairs(),
            share(result.precision()),
            share(result.recall()),
            share(result.f1()),
            units);
  }

  private static String share(Optional<Share> share) {
    return share
        .map(each -> "%.4f   %.4f      %.4f".formatted(each.value(), each.low(), each.high()))
        .orElse(NOTHING);
  }

  private static String persons(Persons persons) {
    return """
        Persons: %,d of %,d are exactly one customer, %.1f %%
          B-cubed: precision %.4f, recall %.4f, F1 %.4f
        """
        .formatted(
            persons.exact(),
            persons.persons(),
            100 * persons.shareExact(),
            persons.bcubedPrecision(),
            persons.bcubedRecall(),
            persons.bcubedF1());
  }

  private static String curve(List<Point> curve) {
    if (curve.isEmpty()) {
      return "No links were found by matching, so there is no curve over thresholds.%n".formatted();
    }
    return curve.stream()
        .map(
            point ->
                "  %.2f         %,9d   %9s   %9s"
                    .formatted(
                        point.threshold(),
                        point.links(),
                        number(point.precision()),
                        number(point.recall())))
        .collect(
            Collectors.joining(
                "%n".formatted(),
                "Links by threshold, deterministic ones among them, before what follows from them%n"
                        .formatted()
                    + "  threshold        links   precision      recall%n".formatted(),
                "%n".formatted()));
  }

  private static String number(Optional<Double> value) {
    return value.map("%.4f"::formatted).orElse(NOTHING);
  }

  private static String mistakes(String heading, List<Mistake> mistakes) {
    long pairs = mistakes.stream().mapToLong(Mistake::pairs).sum();
    String all = mistakes.stream().map(EvaluationWords::mistake).collect(Collectors.joining());
    return "%s: %,d pairs%n%s".formatted(heading, pairs, all);
  }

  private static String mistake(Mistake mistake) {
    return "  %,d %s%n%s"
        .formatted(
            mistake.pairs(),
            mistake.kind(),
            mistake.examples().stream().map("      %s%n"::formatted).collect(Collectors.joining()));
  }
}
