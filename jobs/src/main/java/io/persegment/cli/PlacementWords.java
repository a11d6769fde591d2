package io.persegment.cli;

import io.persegment.report.Formats;
import io.persegment.segments.Placement;
import io.persegment.segments.Placement.Change;
import io.persegment.segments.Placement.Clause;
import io.persegment.segments.Placement.Left;
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

  static String of(Placement.All all) {
    String now =
        all.now().isEmpty()
            ? "In no segment%n".formatted()
            : all.now().stream()
                .map(PlacementWords::of)
                .collect(Collectors.joining("", "Segments%n".formatted(), ""));
    String refused =
        all.isRefused()
            ? "  may not be profiled: in no cluster, nor in what is made of clusters or scores%n"
                .formatted()
            : "";
    return now
        + refused
        + all.left().stream().map(PlacementWords::of).collect(Collectors.joining());
  }

  private static String of(Left left) {
    return "  %s: none any more; %s, from %s to %s%s%n%s"
        .formatted(
            left.segmentation(),
            left.last().segment(),
            left.last().since(),
            left.last().until(),
            left.isWithdrawn() ? ", and may not be profiled now" : "",
            changes("left as", left.leftBy()));
  }

  private static String of(Placement placement) {
    String clearly =
        placement.confidence() < 1
            ? ", %s clearly".formatted(ExplanationWords.percent(placement.confidence()))
            : "";
    return "  %s: %s, since %s%s%n      %s%n%s%s%s%s%s"
        .formatted(
            placement.segmentation(),
            placement.segment(),
            placement.since(),
            clearly,
            placement.description(),
            placement.rules().stream().map(PlacementWords::of).collect(Collectors.joining()),
            placement.values().isEmpty() ? "" : "      %s%n".formatted(values(placement.values())),
            placement.rival().map(PlacementWords::of).orElse(""),
            changes("came in as", placement.cameBy()),
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
    return "      distance %s, of the second nearest, %s, %s%s%n"
        .formatted(
            Formats.number(rival.distance()),
            rival.segment(),
            Formats.number(rival.otherDistance()),
            pulls);
  }

  private static String of(Pull pull) {
    return "%s (on average %s here, %s there)"
        .formatted(of(pull.value()), number(pull.average()), number(pull.otherAverage()));
  }

  private static String changes(String what, List<Change> changes) {
    return changes.isEmpty()
        ? ""
        : "      %s %s%n"
            .formatted(
                what, changes.stream().map(PlacementWords::of).collect(Collectors.joining("; ")));
  }

  private static String of(Change change) {
    String values =
        "%s, was %s"
            .formatted(
                values(change.since()),
                change.before().stream()
                    .map(value -> value.value().orElse(UNKNOWN))
                    .collect(Collectors.joining(", ")));
    return change
        .holds()
        .map(
            holds ->
                "%s %s (%s)".formatted(change.text(), holds ? "holds" : "does not hold", values))
        .orElse(values);
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
    return number.map(Formats::number).orElse(UNKNOWN);
  }
}
