package io.persegment.segments;

import io.persegment.config.Section;
import io.persegment.features.FeatureSettings;
import io.persegment.sql.SqlExpression;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A segmentation by rules.
 *
 * @param firstMatch a customer is in the segment of the first rule that holds
 * @param otherwise name of the segment of those for whom no rule holds
 */
public record RuleSettings(String name, List<Rule> firstMatch, String otherwise)
    implements SegmentationSettings {

  /**
   * One rule.
   *
   * @param segment name of the segment
   * @param when condition over the columns of the features; a null counts as false
   */
  public record Rule(String segment, SqlExpression when) {}

  public RuleSettings {
    firstMatch = List.copyOf(firstMatch);
  }

  static RuleSettings from(String name, Section section, FeatureSettings features) {
    var rules = new ArrayList<Rule>();
    for (Section rule : section.sectionList("first-match")) {
      rules.add(new Rule(rule.text("name"), Conditions.read(rule, "when", features)));
      rule.close();
    }
    if (rules.isEmpty()) {
      section.problem(
          "first-match", "has no rules; list them as { name = \"...\", when = \"SQL\" }");
    }
    var settings = new RuleSettings(name, rules, section.text("otherwise"));
    SegmentationSettings.repeated(settings.segments())
        .ifPresent(
            twice ->
                section.problem(
                    "first-match",
                    "names two segments %s; join their conditions by or".formatted(twice)));
    return settings;
  }

  /** Returns the names of all segments, in order. */
  List<String> segments() {
    var segments = new ArrayList<>(firstMatch.stream().map(Rule::segment).toList());
    segments.add(otherwise);
    return segments;
  }

  @Override
  public List<String> features() {
    return List.of();
  }

  @Override
  public Map<String, SqlExpression> conditions() {
    var conditions = new LinkedHashMap<String, SqlExpression>();
    for (int i = 0; i < firstMatch.size(); i++) {
      conditions.put("first-match[%d].when".formatted(i), firstMatch.get(i).when());
    }
    return conditions;
  }
}
