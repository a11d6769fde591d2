package io.persegment.features;

import io.persegment.features.Feature.How;
import java.util.Locale;
import java.util.Optional;

/**
 * How a column of features is spoken of, so that a segment can be named and described by it.
 *
 * @param noun what its value is, such as "Purchases in the last 30 days", or of a share the value
 *     it is the share of
 * @param much what a customer has of whom it is much, such as "many orders in 30 days"
 * @param little what a customer has of whom it is little
 * @param share whether it is a part of a whole, to be told in per cent
 */
public record Wording(String noun, String much, String little, boolean share) {

  /**
   * Returns how a column of {@code feature} is spoken of.
   *
   * @param value of a share, the value it is the share of
   */
  static Wording of(Feature feature, Window window, Optional<String> value) {
    String name = feature.name().replace('_', ' ') + span(feature, window, "in");
    String noun = firstClause(feature.meaning()) + span(feature, window, "in the last");
    return switch (feature.how()) {
      case SHARE ->
          new Wording(value.orElseThrow(), value.orElseThrow(), "little " + value.get(), true);
      case COUNT -> new Wording(noun, "many " + name, "few " + name, false);
      case RECENCY -> since(noun, of(feature, How.RECENCY), "recent", "long ago");
      case TENURE -> since(noun, of(feature, How.TENURE), "new", "long-standing");
      case GAP -> new Wording(noun, "long " + name, "short " + name, false);
      case GAP_SPREAD -> {
        String gaps = name.replace("gap spread", "gaps");
        yield new Wording(noun, "irregular " + gaps, "regular " + gaps, false);
      }
      default -> new Wording(noun, "high " + name, "low " + name, false);
    };
  }

  /** Returns how it is spoken of whether the value, spoken of in these words, was missing. */
  Wording ofMissing() {
    String what = noun.isEmpty() ? much : Character.toLowerCase(noun.charAt(0)) + noun.substring(1);
    return new Wording("Not known: " + what, "unknown: " + what, "known: " + what, false);
  }

  private static Wording since(String noun, String what, String little, String much) {
    return new Wording(noun, (what + " " + much).strip(), (little + " " + what).strip(), false);
  }

  /** Returns what a recency is the recency of: of visit_recency the visit. */
  private static String of(Feature feature, How how) {
    String kind = how.name().toLowerCase(Locale.ROOT);
    return feature.name().replace(kind, "").replace('_', ' ').strip();
  }

  /** A feature with one window is called as it is declared; one with several says which. */
  private static String span(Feature feature, Window window, String recent) {
    return feature.windows().size() == 1 ? "" : window.after(recent);
  }

  private static String firstClause(String meaning) {
    return meaning.split("[;,(]", 2)[0].strip();
  }
}
