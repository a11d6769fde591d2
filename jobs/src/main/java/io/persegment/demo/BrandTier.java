package io.persegment.demo;

import java.util.Locale;

/**
 * How dear a brand is, and which brands a person prefers. Planted: half the people each; 85 % of a
 * person's lines are of the preferred tier.
 */
enum BrandTier {
  PREMIUM,
  BUDGET;

  static BrandTier drawn(Draw draw) {
    return draw.chance(.5) ? PREMIUM : BUDGET;
  }

  BrandTier other() {
    return this == PREMIUM ? BUDGET : PREMIUM;
  }

  /** The name used in the catalogue and the truth files. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
