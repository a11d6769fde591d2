package io.persegment.matching;

import io.persegment.config.Section;
import io.persegment.sql.SqlExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One way in which two records are compared.
 *
 * @param name as written in the settings
 * @param value what of a record is compared; where either record has none, it says nothing
 * @param levels of agreement, the strongest first; the first that holds counts, and where none does
 *     the values differ
 * @param termFrequency whether agreement on a rare value says more than on a frequent one
 * @param sharedBy whom all the value is the same for: one person, a household, or all of a place
 * @param swapsWith the comparison whose values may stand in this one's place, such as last and
 *     first name
 */
public record Comparison(
    String name,
    SqlExpression value,
    List<Level> levels,
    boolean termFrequency,
    Kind.Scope sharedBy,
    Optional<String> swapsWith) {

  private static final Pattern WORDS =
      Pattern.compile(
          "(?<name>.+?): (?<value>.+) \\[(?<levels>[^\\[\\]]*)], (?<scope>[a-z]+)"
              + "(?<frequency>, by frequency)?(?:, swaps with (?<other>.+))?",
          Pattern.DOTALL);

  private static final String EXACT = "exact";

  /** The outcome where no level holds, in words. */
  public static final String DIFFERS = "differs";

  public Comparison {
    levels = List.copyOf(levels);
  }

  static Comparison from(String name, Section section) {
    List<String> written = section.texts("levels");
    List<Level> levels = new ArrayList<>();
    for (String each : written) {
      try {
        levels.add(Level.parse(each));
      } catch (IllegalArgumentException e) {
        section.problem("levels", e.getMessage());
      }
    }
    if (written.isEmpty()) {
      section.problem("levels", "has no level to compare by; write such as [exact]");
    } else if (levels.size() > Patterns.MOST_LEVELS) {
      section.problem(
          "levels", "has %d levels; at most %d".formatted(levels.size(), Patterns.MOST_LEVELS));
    }
    boolean byFrequency = section.has("term-frequency") && section.flag("term-frequency");
    boolean areRead = !levels.isEmpty() && levels.size() == written.size();
    if (byFrequency && areRead && !levels.get(0).written().equals(EXACT)) {
      section.problem(
          "term-frequency",
          "is of values that are equal; write exact as the first of levels, or take it out");
    }
    return new Comparison(
        name,
        section.has("value") ? section.sql("value") : section.sql("value", name),
        levels,
        byFrequency,
        section.has("shared-by")
            ? section.choice("shared-by", Kind.Scope.class)
            : Kind.Scope.PERSON,
        section.optionalText("swaps-with"));
  }

  /** Reads what {@link #inWords()} returned. */
  static Comparison read(String words) {
    Matcher parts = WORDS.matcher(words);
    if (!parts.matches()) {
      throw new IllegalArgumentException("\"%s\" is no comparison".formatted(words));
    }
    return new Comparison(
        parts.group("name"),
        SqlExpression.parse(parts.group("value")),
        Stream.of(parts.group("levels").split(", ")).map(Level::parse).toList(),
        parts.group("frequency") != null,
        Kind.Scope.valueOf(parts.group("scope").toUpperCase(Locale.ROOT)),
        Optional.ofNullable(parts.group("other")));
  }

  boolean startsWithExact() {
    return levels.get(0).written().equals(EXACT);
  }

  /** Returns how many outcomes it has: its levels, one where values are swapped, and none holds. */
  int outcomes() {
    return levels.size() + (swapsWith.isPresent() ? 2 : 1);
  }

  /** Returns the outcome of swapped values, counted from 1; only where they may be. */
  int swapped() {
    return levels.size() + 1;
  }

  /** Returns all that the comparison depends on. */
  String inWords() {
    return "%s: %s [%s], %s%s%s"
        .formatted(
            name,
            value.text(),
            levels.stream().map(Level::written).collect(Collectors.joining(", ")),
            sharedBy.name().toLowerCase(Locale.ROOT),
            termFrequency ? ", by frequency" : "",
            swapsWith.map(other -> ", swaps with " + other).orElse(""));
  }

  /** Returns the place of the outcome in words. */
  String inWords(int outcome) {
    if (outcome <= levels.size()) {
      return levels.get(outcome - 1).written();
    }
    return swapsWith.isPresent() && outcome == swapped() ? "swapped" : DIFFERS;
  }
}
