package io.persegment.cli;

import io.persegment.error.Quantity;
import io.persegment.identity.ExplanationResult.First;
import io.persegment.identity.ExplanationResult.Found;
import io.persegment.identity.ExplanationResult.Holder;
import io.persegment.identity.ExplanationResult.Hop;
import io.persegment.identity.ExplanationResult.Match;
import io.persegment.identity.ExplanationResult.OfCustomer;
import io.persegment.identity.ExplanationResult.OfPair;
import io.persegment.identity.ExplanationResult.Shared;
import io.persegment.matching.Waterfall;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** An explanation for a person to read. */
final class ExplanationWords {
  private static final double CHANGED = 0.005; // bits that are seen when they are printed

  private ExplanationWords() {}

  static String of(OfCustomer result) {
    String keys =
        result.keys().some().stream().map("  %s%n"::formatted).collect(Collectors.joining());
    return "Customer %s: %s%n%s%s%n%s%n%s"
        .formatted(
            result.customer(),
            Quantity.of(result.keys().all(), "record"),
            keys,
            more(result.keys(), "  "),
            shared(result.shared()),
            matches(result));
  }

  static String of(OfPair result) {
    String customers =
        result.isOneCustomer()
            ? "One customer: %s".formatted(result.left().customer())
            : "Two customers: %s and %s"
                .formatted(result.left().customer(), result.right().customer());
    return "%s%n  %s%n  %s%n%n%s%n%s%n%s"
        .formatted(
            customers,
            result.left().key(),
            result.right().key(),
            chain(result),
            ofBoth(result.shared()),
            compared(result));
  }

  private static String shared(First<Shared> shared) {
    if (shared.all() == 0) {
      return "Its records share nothing that links.%n".formatted();
    }
    return shared.some().stream()
        .map(
            each ->
                "  %s: on %s of it, %,d in all%n%s"
                    .formatted(
                        each.identifier(),
                        Quantity.of(each.holders().all(), "record"),
                        each.records(),
                        holders(each.holders())))
        .collect(
            Collectors.joining(
                "",
                "What its records have that others have too%n".formatted(),
                more(shared, "  ")));
  }

  private static String ofBoth(List<Shared> shared) {
    if (shared.isEmpty()) {
      return "They share no e-mail, phone or id.%n".formatted();
    }
    return shared.stream()
        .map(
            each ->
                "  %s: on %,d records in all%n%s"
                    .formatted(each.identifier(), each.records(), holders(each.holders())))
        .collect(Collectors.joining("", "What both have%n".formatted(), ""));
  }

  private static String holders(First<Holder> holders) {
    return holders.some().stream()
        .map(each -> "      %s%s%n".formatted(each.key(), cut(each.cut())))
        .collect(Collectors.joining("", "", more(holders, "      ")));
  }

  private static String cut(Optional<String> reason) {
    return reason.map(", but cut: %s"::formatted).orElse("");
  }

  private static String matches(OfCustomer result) {
    String below =
        result.below() == 0
            ? ""
            : "%s of its records with others were compared and are below the threshold.%n"
                .formatted(Quantity.of(result.below(), "pair"));
    if (result.matches().all() == 0) {
      return "No pair of its records is linked by matching.%n%s".formatted(below);
    }
    return result.matches().some().stream()
        .map(
            each ->
                "  %s and %s: %s%n%s"
                    .formatted(
                        each.left(),
                        each.right(),
                        each.found().map(ExplanationWords::found).orElse(""),
                        waterfall(each)))
        .collect(
            Collectors.joining(
                "", "Pairs that match%n".formatted(), more(result.matches(), "  ") + below));
  }

  private static String chain(OfPair result) {
    if (result.chain().isEmpty()) {
      return result.isOneCustomer()
          ? "No chain in identity_links ties them: their customer has more links than were looked at.%n"
              .formatted()
          : "No chain of links ties them, not even of links that were cut.%n".formatted();
    }
    String heading =
        result.isOneCustomer() ? "What ties them" : "What would tie them, had nothing been cut";
    return result.chain().stream()
        .map(hop -> hop(hop, result.match()))
        .collect(Collectors.joining("", heading + "%n".formatted(), ""));
  }

  /** The pair itself is told in full below. */
  private static String hop(Hop hop, Match pair) {
    String by =
        hop.identifier()
            .map("share %s"::formatted)
            .or(() -> hop.match().flatMap(Match::found).map(ExplanationWords::likely))
            .orElse("were decided on by a person");
    String waterfall =
        hop.match().filter(each -> !isSame(each, pair)).map(ExplanationWords::waterfall).orElse("");
    return "  %s and %s %s%s%n%s".formatted(hop.from(), hop.to(), by, cut(hop.cut()), waterfall);
  }

  private static boolean isSame(Match one, Match other) {
    return one.left().equals(other.left()) && one.right().equals(other.right());
  }

  private static String compared(OfPair result) {
    Match match = result.match();
    if (!result.left().isContact() || !result.right().isContact()) {
      return "They are not compared with each other: only contacts are.%n".formatted();
    }
    String heading =
        match
            .found()
            .map(found -> "Compared with each other: %s".formatted(found(found)))
            .orElse(
                "Compared with each other now: identity_links has not got them, as no rule brought"
                    + " them together or they are below 1 %");
    return "%s%n%s".formatted(heading, waterfall(match));
  }

  private static String found(Found found) {
    return "%.2f bits, %s one person%s"
        .formatted(found.weight(), percent(found.probability()), cut(found.cut()));
  }

  private static String likely(Found found) {
    return "match, %s one person".formatted(percent(found.probability()));
  }

  private static String waterfall(Match match) {
    return match
        .now()
        .map(now -> waterfall(now) + changed(match, now))
        .orElse(
            "      (no model was learnt, or contacts has one of them no more: nothing to add up)%n"
                .formatted());
  }

  private static String changed(Match match, Waterfall now) {
    boolean isOther =
        match
            .found()
            .filter(found -> Math.abs(found.weight() - now.weight()) > CHANGED)
            .isPresent();
    return isOther
        ? "      (this is what they are now; identity_links is of an earlier day or model)%n"
            .formatted()
        : "";
  }

  /** What is printed adds up as it is printed: hundredths are taken from hundredths. */
  private static String waterfall(Waterfall waterfall) {
    var lines = new StringBuilder();
    lines.append(
        "      %+8.2f  any two records: one pair in %,.0f is one person%n"
            .formatted(hundredths(waterfall.start()) / 100.0, 1 + Math.pow(2, -waterfall.start())));
    long before = hundredths(waterfall.start());
    for (Waterfall.Step step : waterfall.steps()) {
      long after = hundredths(step.weight());
      String rare =
          step.share().map(share -> ", which %s have".formatted(percent(share))).orElse("");
      lines.append(
          "      %+8.2f  %s: %s%s%n"
              .formatted((after - before) / 100.0, step.comparison(), step.outcome(), rare));
      before = after;
    }
    lines.append(
        "      %+8.2f  bits: %s one person%n"
            .formatted(before / 100.0, percent(waterfall.probability())));
    return lines.toString();
  }

  private static long hundredths(double bits) {
    return Math.round(100 * bits);
  }

  /** Keeps 99.997 % from being told as certain, and 0.0002 % as impossible. */
  static String percent(double share) {
    double rest = 100 * Math.min(share, 1 - share);
    int digits = rest <= 0 || rest >= 0.1 ? 1 : (int) Math.min(8, Math.ceil(-Math.log10(rest)));
    return "%%.%df %%%%".formatted(digits).formatted(100 * share);
  }

  private static String more(First<?> first, String indent) {
    long more = first.all() - first.some().size();
    return more == 0 ? "" : "%sand %,d more%n".formatted(indent, more);
  }
}
