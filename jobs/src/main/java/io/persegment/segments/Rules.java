package io.persegment.segments;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.persegment.features.FeatureSettings;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;

/** Segments by rules: a customer is in that of the first rule that holds. */
final class Rules {
  private Rules() {}

  static Division division(RuleSettings settings, FeatureSettings features) {
    List<String> numeric = features.numeric();
    return new DeclaredDivision(
        settings.name(),
        segments(settings),
        settings.columns().stream().filter(numeric::contains).toList(),
        index(settings.firstMatch()));
  }

  private static List<Segment> segments(RuleSettings settings) {
    var segments = new ArrayList<Segment>();
    for (RuleSettings.Rule rule : settings.firstMatch()) {
      String before = segments.isEmpty() ? "" : ", and no rule before it does";
      segments.add(
          Segment.declared(rule.segment(), "Where %s holds%s.".formatted(rule.when(), before)));
    }
    segments.add(Segment.declared(settings.otherwise(), "Where no rule holds."));
    return segments;
  }

  private static Column index(List<RuleSettings.Rule> rules) {
    Column index = lit(rules.size());
    for (int i = rules.size() - 1; i >= 0; i--) {
      index = when(Conditions.holds(rules.get(i).when()), lit(i)).otherwise(index);
    }
    return index;
  }
}
