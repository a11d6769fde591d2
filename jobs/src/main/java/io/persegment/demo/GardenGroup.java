package io.persegment.demo;

import java.util.Locale;

/**
 * What a person has a garden for. Planted: lounge 35 %, decor 33 %, food 32 %. About 87 % of a
 * person's order lines come from the group's own category.
 */
enum GardenGroup {
  LOUNGE("Lounging"),
  DECOR("Decoration"),
  FOOD("Growing");

  private final String category;

  GardenGroup(String category) {
    this.category = category;
  }

  static GardenGroup drawn(Draw draw) {
    return values()[draw.index(.35, .33, .32)];
  }

  /** The catalogue's category that this group buys from. */
  String category() {
    return category;
  }

  /** The name used in the truth files. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
