package io.persegment.segments;

import java.util.Locale;
import java.util.Optional;

/**
 * One segment of a segmentation.
 *
 * @param id lasts from run to run
 * @param name for people; unique in the segmentation
 * @param description what makes a customer belong to it; empty where that has to be found in its
 *     customers
 * @param stability of the cluster that it is, as {@link Stability} tells it; empty where it is none
 * @param known whether enough is known of its customers for them to count in overall means
 */
record Segment(
    String id,
    String name,
    Optional<String> description,
    boolean known,
    Optional<Double> stability) {

  /** Returns a segment that is declared, and so described by its declaration. */
  static Segment declared(String name, String description) {
    return new Segment(id(name), name, Optional.of(description), true, Optional.empty());
  }

  /**
   * Returns the segment of those of whom not enough is known: outside of a population, or of whom
   * something else holds.
   */
  static Segment unknown(String name, Condition population, String otherwise) {
    String outside = population.isEverybody() ? "" : "%s does not hold, or ".formatted(population);
    return unknown(name, "Where %s%s.".formatted(outside, otherwise));
  }

  /** Returns the segment of those of whom not enough is known. */
  static Segment unknown(String name, String description) {
    return new Segment(id(name), name, Optional.of(description), false, Optional.empty());
  }

  /** Returns whether it is meant by what is written: its id, or its name. */
  boolean is(String written) {
    return id.equals(written) || id(name).equals(id(written));
  }

  /** Returns the id that a name gives: lower case, with hyphens for all but letters and digits. */
  static String id(String name) {
    String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", "-");
    return plain.replaceAll("^-|-$", "");
  }
}
