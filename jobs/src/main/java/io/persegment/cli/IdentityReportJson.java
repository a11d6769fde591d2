package io.persegment.cli;

import io.persegment.identity.IdentityReportResult;
import io.persegment.identity.IdentityReportResult.Large;
import io.persegment.identity.IdentityReportResult.Learnt;
import io.persegment.identity.IdentityReportResult.Point;
import io.persegment.identity.IdentityReportResult.Rule;
import io.persegment.identity.IdentityReportResult.Size;
import io.persegment.identity.IdentityReportResult.Uncompared;
import io.persegment.identity.IdentityReportResult.Unsure;
import io.persegment.matching.LevelWeight;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What identity made of a lake, as one JSON object on one line. What cannot be said is null. */
final class IdentityReportJson {
  private IdentityReportJson() {}

  static String of(IdentityReportResult result) {
    var all = new LinkedHashMap<String, Object>();
    all.put("customers", result.customers());
    all.put("records", result.records());
    all.put("sizes", result.sizes().stream().map(IdentityReportJson::size).toList());
    all.put("largest", result.largest().stream().map(IdentityReportJson::large).toList());
    all.put("least_sure", result.leastSure().stream().map(IdentityReportJson::unsure).toList());
    all.put("rules", result.rules().stream().map(IdentityReportJson::rule).toList());
    all.put("contacts", result.contacts());
    all.put("not_compared_because", result.uncompared().map(IdentityReportJson::word).orElse(null));
    all.put("model", result.learnt().map(IdentityReportJson::learnt).orElse(null));
    return JsonLine.of(all);
  }

  private static String word(Uncompared reason) {
    return reason.name().toLowerCase(Locale.ROOT);
  }

  private static Map<String, Object> size(Size size) {
    return inOrder("of", size.of(), "customers", size.customers(), "records", size.records());
  }

  private static Map<String, Object> large(Large large) {
    return inOrder(
        "customer", large.customer(), "records", large.records(), "by_type", large.byType());
  }

  private static Map<String, Object> unsure(Unsure unsure) {
    return inOrder(
        "customer", unsure.customer(),
        "records", unsure.records(),
        "left_key", unsure.left(),
        "right_key", unsure.right(),
        "match_weight", unsure.weight(),
        "match_probability", unsure.probability(),
        "records_apart", unsure.apart() < 0 ? null : unsure.apart());
  }

  private static Map<String, Object> rule(Rule rule) {
    return inOrder(
        "rule", rule.rule(), "kept", rule.kept(), "records", rule.records(), "cut", rule.cut());
  }

  private static Map<String, Object> learnt(Learnt learnt) {
    return inOrder(
        "version", learnt.version(),
        "records", learnt.records(),
        "labelled_pairs", learnt.labelledPairs(),
        "threshold_by_labels", learnt.threshold().orElse(null),
        "expected_pairs", learnt.expectedPairs(),
        "expected_pairs_by_kind", learnt.expectedByKind(),
        "weights", learnt.weights().stream().map(IdentityReportJson::weight).toList(),
        "silent", learnt.silent(),
        "thresholds", learnt.points().stream().map(IdentityReportJson::point).toList());
  }

  private static Map<String, Object> weight(LevelWeight weight) {
    return inOrder(
        "comparison", weight.comparison(),
        "level", weight.level(),
        "bits", weight.bits(),
        "one_person", weight.onePerson(),
        "household", weight.household(),
        "neighbours", weight.neighbours(),
        "strangers", weight.strangers(),
        "by_frequency", weight.byFrequency(),
        "is_guess", weight.isGuess());
  }

  private static Map<String, Object> point(Point point) {
    return inOrder(
        "threshold", point.threshold(),
        "pairs", point.pairs(),
        "expected_right", point.right(),
        "precision", point.precision().orElse(null),
        "recall", point.recall().orElse(null));
  }

  /** Takes names and values in turn. */
  private static Map<String, Object> inOrder(Object... namesAndValues) {
    var all = new LinkedHashMap<String, Object>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      all.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return all;
  }
}
