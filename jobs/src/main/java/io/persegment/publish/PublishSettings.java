package io.persegment.publish;

import io.persegment.config.Section;
import io.persegment.customer.ConsentSettings;

/**
 * How the audience is made.
 *
 * @param mostShrinkage part of the last audience, 0 to 1, that may be missing from the new one;
 *     more holds the publish
 * @param scoreDigits digits after the point to which scores are rounded, 0 to 6
 * @param consent what holds where a customer said nothing
 */
public record PublishSettings(double mostShrinkage, int scoreDigits, ConsentSettings consent) {

  /** Reads the section {@code publish}. */
  public static PublishSettings from(Section publish, ConsentSettings consent) {
    int digits = publish.integer("score-digits", 0);
    if (digits > 6) {
      publish.problem("score-digits", "must be at most 6, but is %d".formatted(digits));
    }
    return new PublishSettings(publish.decimal("most-shrinkage", 0, 1), digits, consent);
  }
}
