package io.persegment.publish;

import io.persegment.config.Section;

/**
 * How the audience is made.
 *
 * @param mostShrinkage part of the last audience, 0 to 1, that may be missing from the new one;
 *     more holds the publish
 * @param scoreDigits digits after the point to which scores are rounded, 0 to 6
 * @param emailDefault what holds for marketing by e-mail where a customer said nothing
 * @param profilingDefault what holds for profiling where a customer said nothing
 */
public record PublishSettings(
    double mostShrinkage, int scoreDigits, Word emailDefault, Word profilingDefault) {

  /** What is taken as said where nothing was. */
  public enum Word {
    WITHDRAWN,
    GRANTED
  }

  /** Reads the sections {@code publish} and {@code consent}. */
  public static PublishSettings from(Section publish, Section consent) {
    int digits = publish.integer("score-digits", 0);
    if (digits > 6) {
      publish.problem("score-digits", "must be at most 6, but is %d".formatted(digits));
    }
    Section defaults = consent.section("default");
    var settings =
        new PublishSettings(
            publish.decimal("most-shrinkage", 0, 1),
            digits,
            defaults.choice("email", Word.class),
            defaults.choice("profiling", Word.class));
    defaults.close();
    return settings;
  }
}
