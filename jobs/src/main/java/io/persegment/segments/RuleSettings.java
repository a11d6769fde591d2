package io.persegment.segments;

import io.persegment.config.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A segmentation by rules.
 *
 * @param isExclusive whether a customer is in the segment of the first rule that holds alone, and
 *     not in those of all that hold
 * @param otherwise name of the segment of those for whom no rule holds; where it is empty, they are
 *     in none
 */
public record RuleSettings(
    String name, List<Rule> rules, boolean isExclusive, Optional<String> otherwise)
    implements SegmentationSettings {

  /** One rule: the name of its segment, and who is in it. */
  public record Rule(String segment, Condition when) {}

  public RuleSettings {
    rules = List.copyOf(rules);
  }

  static RuleSettings from(String name, Section section, Vocabulary vocabulary) {
    boolean isExclusive = !section.has("many");
    String key = isExclusive ? "first-match" : "many";
    if (!isExclusive && section.has("first-match")) {
      section.problem("many", "and first-match are both there; write one of them");
    }
    var rules = new ArrayList<Rule>();
    for (Section rule : section.sectionList(key)) {
      String segment = rule.text("name");
      Optional<String> ordered = isExclusive ? Optional.of(segment) : Optional.empty();
      rules.add(new Rule(segment, vocabulary.condition(name, rule, "when", ordered)));
      rule.close();
    }
    if (rules.isEmpty()) {
      section.problem(key, "has no rules; list them as { name = \"...\", when = \"SQL\" }");
    }
    // Who is in none of many segments is nobody to be told; who is in none of a whole is.
    Optional<String> otherwise =
        isExclusive || section.has("otherwise")
            ? Optional.of(section.text("otherwise"))
            : Optional.empty();
    var settings = new RuleSettings(name, rules, isExclusive, otherwise);
    SegmentationSettings.repeated(settings.segments())
        .ifPresent(
            twice ->
                section.problem(
                    key, "names two segments %s; join their conditions by or".formatted(twice)));
    return settings;
  }

  /** Returns the names of all segments, in order. */
  @Override
  public List<String> segments() {
    var segments = new ArrayList<>(rules.stream().map(Rule::segment).toList());
    otherwise.ifPresent(segments::add);
    return segments;
  }

  @Override
  public boolean areFound() {
    return false;
  }

  @Override
  public List<String> features() {
    return List.of();
  }

  @Override
  public List<Condition> conditions() {
    return rules.stream().map(Rule::when).toList();
  }
}
