package io.persegment.cli;

import io.persegment.segments.Placement;
import io.persegment.segments.Placement.Clause;
import io.persegment.segments.Placement.Pull;
import io.persegment.segments.Placement.Rival;
import io.persegment.segments.Placement.Rule;
import io.persegment.segments.Placement.Stay;
import io.persegment.segments.Placement.Value;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Why a customer is in segments, for a person to read. */
final class PlacementWords {
  private static final String UNKNOWN = "not known";

  private PlacementWords() {}

  static String of(List<Placement> placements) {
    return placements.isEmpty()
        ? "In no segment%n".formatted()
        : placements.stream()
            .map(PlacementWords::of)
            .collect(Collectors.joining("", "Segments%n".formatted(), ""));
  }

  private static String of(Placement placement) {
    String clearly =
        placement.confidence() < 1
            ? ", %s clearly".formatted(ExplanationWords.percent(placement.confidence()))
            : "";
    return "  %s: %s, since %s%s%n      %s%n%s%s%s%s"
        .formatted(
            placement.segmentation(),
            placement.segment(),
            placement.since(),
            clearly,
            placement.description(),
            placement.rules().stream().map(PlacementWords::of).collect(Collectors.joining()),
            placement.values().isEmpty() ? "" : "      %s%n".formatted(values(placement.values())),
            placement.rival().map(PlacementWords::of).orElse(""),
            placement.before().stream().map(PlacementWords::of).collect(Collectors.joining()));
  }

  private static String of(Rule rule) {
    return "      %s %s%n%s"
        .formatted(
            rule.holds() ? "holds:" : "does not hold:",
            rule.segment(),
            rule.clauses().stream().map(PlacementWords::of).collect(Collectors.joining()));
  }

  private static String of(Clause clause) {
    String holds = clause.holds().map(is -> is ? "true" : "false").orElse(UNKNOWN);
    return "        %-9s  %s%s%n"
        .formatted(
            holds,
            clause.text(),
            clause.values().isEmpty() ? "" : "   (%s)".formatted(values(clause.values())));
  }

  private static String of(Rival rival) {
    String pulls =
        rival.pulls().isEmpty()
            ? ""
            : "; it is nearer by %s"
                .formatted(
                    rival.pulls().stream()
                        .map(PlacementWords::of)
                        .collect(Collectors.joining(", ")));
    return "      distance %.2f, of the second nearest, %s, %.2f%s%n"
        .formatted(rival.distance(), rival.segment(), rival.otherDistance(), pulls);
  }

  private static String of(Pull pull) {
    return "%s (on average %s here, %s there)"
        .formatted(of(pull.value()), number(pull.average()), number(pull.otherAverage()));
  }

  private static String of(Stay stay) {
    return "      before: %s, from %s to %s%n"
        .formatted(stay.segment(), stay.since(), stay.until());
  }

  private static String values(List<Value> values) {
    return values.stream().map(PlacementWords::of).collect(Collectors.joining(", "));
  }

  private static String of(Value value) {
    return "%s is %s".formatted(value.name(), value.value().orElse(UNKNOWN));
  }

  private static String number(Optional<Double> number) {
    return number.map("%.3g"::formatted).orElse(UNKNOWN);
  }
}
