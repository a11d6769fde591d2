package io.persegment.content;

import io.persegment.config.Nearest;
import io.persegment.config.Section;
import io.persegment.segments.Condition;
import io.persegment.segments.Vocabulary;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One row of the mapping matrix: who gets which variation in which slots.
 *
 * @param priority 1 is asked first; no two are equal
 * @param unless who is left out of it, such as those who bought it last week
 * @param isOffer whether who opted out of offers is left out
 * @param show variation by slot; slots that it does not name are left to what comes after it
 */
public record Mapping(
    String name,
    int priority,
    Condition when,
    Optional<Condition> unless,
    boolean isOffer,
    Optional<Cap> cap,
    Map<String, String> show) {

  /**
   * How often is enough.
   *
   * @param most days from the first on which it is shown, after which it is not
   * @param rest days from the last on which it was shown until it may be shown again
   */
  public record Cap(int most, int rest) {}

  public Mapping {
    show = Map.copyOf(new TreeMap<>(show));
  }

  static Mapping from(String name, Section section, List<String> slots, Vocabulary vocabulary) {
    Optional<Condition> unless =
        section.has("unless")
            ? Optional.of(vocabulary.condition("", section, "unless", Optional.empty()))
            : Optional.empty();
    Optional<Cap> cap = Optional.empty();
    if (section.has("at-most") || section.has("rest")) {
      cap = Optional.of(new Cap(section.days("at-most"), section.days("rest")));
    }
    return new Mapping(
        name,
        section.integer("priority", 1),
        vocabulary.condition("", section, "when", Optional.empty()),
        unless,
        section.has("is-offer") && section.flag("is-offer"),
        cap,
        shown(section, "show", slots));
  }

  /** Reads variations by slot. */
  static Map<String, String> shown(Section section, String key, List<String> slots) {
    Section show = section.section(key);
    Map<String, String> shown = show.asTexts();
    for (String slot : shown.keySet()) {
      if (!slots.contains(slot)) {
        show.problem(slot, "is no slot; %s".formatted(Nearest.hint(slot, slots)));
      }
    }
    if (shown.isEmpty()) {
      section.problem(key, "shows nothing; write { slot = variation }");
    }
    return shown;
  }
}
