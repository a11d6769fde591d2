package io.persegment.cli;

import io.persegment.identity.IdentityReportResult;
import io.persegment.identity.IdentityReportResult.Large;
import io.persegment.identity.IdentityReportResult.Learnt;
import io.persegment.identity.IdentityReportResult.Point;
import io.persegment.identity.IdentityReportResult.Rule;
import io.persegment.identity.IdentityReportResult.Size;
import io.persegment.identity.IdentityReportResult.Uncompared;
import io.persegment.identity.IdentityReportResult.Unsure;
import io.persegment.matching.Comparison;
import io.persegment.matching.LevelWeight;
import io.persegment.matching.Matching;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What identity made of a lake, for a person to read. */
final class IdentityReportWords {
  private static final String NOTHING = "-";

  private IdentityReportWords() {}

  static String of(IdentityReportResult result) {
    return String.join(
        "%n".formatted(),
        sizes(result),
        largest(result.largest()),
        leastSure(result.leastSure()),
        rules(result.rules()),
        result.uncompared().map(why -> uncompared(why, result.contacts())).orElse("")
            + result.learnt().map(IdentityReportWords::learnt).orElseGet(() -> unlearnt(result)));
  }

  private static String uncompared(Uncompared why, long contacts) {
    return switch (why) {
      case MATCHING_IS_OFF ->
          "Matching is off: identity.blocking or identity.comparisons is empty. Identifiers alone link.%n"
              .formatted();
      case TOO_FEW_CONTACTS ->
          "Contacts are not compared: there are %,d, and %,d are needed to learn from. Identifiers alone link.%n"
              .formatted(contacts, Matching.LEAST_RECORDS);
    };
  }

  private static String unlearnt(IdentityReportResult result) {
    return result.uncompared().isPresent()
        ? ""
        : "No model was learnt yet of the %,d contacts; where a run could not, its warnings say why.%n"
            .formatted(result.contacts());
  }

  private static String sizes(IdentityReportResult result) {
    return result.sizes().stream()
        .map(IdentityReportWords::size)
        .collect(
            Collectors.joining(
                "",
                "%,d records are %,d customers%n  records of it  customers    records%n"
                    .formatted(result.records(), result.customers()),
                ""));
  }

  private static String size(Size size) {
    return "  %13s  %,9d  %,9d%n".formatted(size.of(), size.customers(), size.records());
  }

  private static String largest(List<Large> largest) {
    return largest.stream()
        .map(
            each ->
                "  %,7d  %s: %s%n"
                    .formatted(
                        each.records(),
                        each.customer(),
                        each.byType().entrySet().stream()
                            .map(type -> "%s %,d".formatted(type.getKey(), type.getValue()))
                            .collect(Collectors.joining(", "))))
        .collect(Collectors.joining("", "The largest customers, by records%n".formatted(), ""));
  }

  private static String leastSure(List<Unsure> leastSure) {
    if (leastSure.isEmpty()) {
      return "No customer hangs together by matching.%n".formatted();
    }
    return leastSure.stream()
        .map(
            each ->
                "  %7.2f  %s, %,d records: %s and %s, %s one person; %s%n"
                    .formatted(
                        each.weight(),
                        each.customer(),
                        each.records(),
                        each.left(),
                        each.right(),
                        ExplanationWords.percent(each.probability()),
                        apart(each)))
        .collect(
            Collectors.joining(
                "",
                "The least sure customers, by the weakest match that was kept (bits)%n".formatted(),
                ""));
  }

  private static String apart(Unsure customer) {
    if (customer.apart() < 0) {
      return "it has too many links to say what falls apart without it";
    }
    return customer.apart() == 0
        ? "other links hold it together"
        : "without it %,d and %,d records fall apart"
            .formatted(customer.apart(), customer.records() - customer.apart());
  }

  private static String rules(List<Rule> rules) {
    return rules.stream()
        .map(
            each ->
                "  %-24s  %,11d  %,11d%n%s"
                    .formatted(each.rule(), each.kept(), each.records(), cut(each.cut())))
        .collect(
            Collectors.joining(
                "", "Links by rule                     kept  of records%n".formatted(), ""));
  }

  private static String cut(Map<String, Long> reasons) {
    return reasons.entrySet().stream()
        .map(each -> "      %,d cut: %s%n".formatted(each.getValue(), each.getKey()))
        .collect(Collectors.joining());
  }

  private static String learnt(Learnt learnt) {
    return weights(learnt) + silent(learnt.silent()) + "%n".formatted() + points(learnt);
  }

  private static String labels(Learnt learnt) {
    return learnt
        .threshold()
        .map(
            threshold ->
                " and %,d labelled pairs of one person, which ask for a threshold of %.4g"
                    .formatted(learnt.labelledPairs(), threshold))
        .orElse("");
  }

  private static String weights(Learnt learnt) {
    var lines = new StringBuilder();
    lines.append(
        "Model %d, learnt from %,d contacts%s: what agreement says of one person against strangers%n"
            .formatted(learnt.version(), learnt.records(), labels(learnt)));
    lines.append(kinds(learnt));
    lines.append(
        "                                bits   one person    household    one place    strangers%n"
            .formatted());
    String before = "";
    for (LevelWeight each : learnt.weights()) {
      if (!each.comparison().equals(before)) {
        lines.append("  %s%n".formatted(each.comparison()));
        before = each.comparison();
      }
      lines.append(
          "    %-24s %+7.2f %12s %12s %12s %12s%s%n"
              .formatted(
                  each.level(),
                  each.bits(),
                  ExplanationWords.percent(each.onePerson()),
                  ExplanationWords.percent(each.household()),
                  ExplanationWords.percent(each.neighbours()),
                  ExplanationWords.percent(each.strangers()),
                  remark(each)));
    }
    return lines.toString();
  }

  private static String kinds(Learnt learnt) {
    Map<String, Double> pairs = learnt.expectedByKind();
    return ("  %,.0f pairs are one person, %,.0f of them one who moved; %,.0f are two persons of a household, %,.0f"
            + " two of one place, all others strangers.%n  The bits are against strangers: what a household or a"
            + " place has in common as well says less of a pair (explain adds it up)%n")
        .formatted(
            learnt.expectedPairs(),
            pairs.getOrDefault("moved", 0.0),
            pairs.getOrDefault("household", 0.0),
            pairs.getOrDefault("neighbours", 0.0));
  }

  private static String remark(LevelWeight weight) {
    String against = "speaks against, though alike";
    boolean isAgainst = weight.bits() < 0 && !weight.level().equals(Comparison.DIFFERS);
    if (weight.isGuess()) {
      return "  a guess: no pair of one person has it" + (isAgainst ? "; " + against : "");
    }
    if (isAgainst) {
      return "  " + against;
    }
    return weight.byFrequency() ? "  a rare value says more" : "";
  }

  private static String silent(Map<String, String> silent) {
    return silent.entrySet().stream()
        .map(
            each -> "  ! %s says little or nothing: %s%n".formatted(each.getKey(), each.getValue()))
        .collect(Collectors.joining());
  }

  private static String points(Learnt learnt) {
    return learnt.points().stream()
        .map(IdentityReportWords::point)
        .collect(
            Collectors.joining(
                "",
                ("Matched pairs to expect by threshold; of all, %,.0f pairs are one person%n"
                        + "  threshold        pairs        right   precision      recall%n")
                    .formatted(learnt.expectedPairs()),
                ("  (this is the model's own opinion, of single pairs before the guard looks at"
                        + " what they would unite;%n   identity evaluate holds customers against"
                        + " labels)%n")
                    .formatted()));
  }

  private static String point(Point point) {
    return "  %.2f         %,9d  %,11.0f   %9s   %9s%n"
        .formatted(
            point.threshold(),
            point.pairs(),
            point.right(),
            number(point.precision()),
            number(point.recall()));
  }

  private static String number(Optional<Double> value) {
    return value.map("%.4f"::formatted).orElse(NOTHING);
  }
}
