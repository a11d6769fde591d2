package io.persegment.cli;

import io.persegment.identity.EvaluationResult;
import io.persegment.identity.EvaluationResult.Mistake;
import io.persegment.identity.EvaluationResult.Point;
import io.persegment.identity.Share;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An evaluation as one JSON object on one line. What cannot be said is null. */
final class EvaluationJson {
  private EvaluationJson() {}

  static String of(EvaluationResult result) {
    var all = new LinkedHashMap<String, Object>();
    all.put("grain", result.grain().toString());
    all.put("labels", result.labels());
    all.put("labels_without_record", result.withoutRecord());
    all.put("records", result.records());
    all.put("true_pairs", result.truePairs());
    all.put("found_pairs", result.foundPairs());
    all.put("right_pairs", result.rightPairs());
    put(all, "precision", result.precision());
    put(all, "recall", result.recall());
    put(all, "f1", result.f1());
    result
        .persons()
        .ifPresent(
            persons -> {
              all.put("persons", persons.persons());
              all.put("exact_persons", persons.exact());
              all.put("exact_share", persons.shareExact());
              all.put("bcubed_precision", persons.bcubedPrecision());
              all.put("bcubed_recall", persons.bcubedRecall());
              all.put("bcubed_f1", persons.bcubedF1());
            });
    all.put("thresholds", result.curve().stream().map(EvaluationJson::point).toList());
    all.put("two_persons_in_one_customer", mistakes(result.twoPersons()));
    all.put("one_person_in_two_customers", mistakes(result.twoCustomers()));
    return JsonLine.of(all);
  }

  private static void put(Map<String, Object> all, String name, Optional<Share> share) {
    all.put(name, share.map(Share::value).orElse(null));
    all.put(name + "_95", share.map(each -> List.of(each.low(), each.high())).orElse(null));
  }

  private static Map<String, Object> point(Point point) {
    var all = new LinkedHashMap<String, Object>();
    all.put("threshold", point.threshold());
    all.put("links", point.links());
    all.put("precision", point.precision().orElse(null));
    all.put("recall", point.recall().orElse(null));
    return all;
  }

  private static List<Map<String, Object>> mistakes(List<Mistake> mistakes) {
    return mistakes.stream().map(EvaluationJson::mistake).toList();
  }

  private static Map<String, Object> mistake(Mistake mistake) {
    var all = new LinkedHashMap<String, Object>();
    all.put("kind", mistake.kind());
    all.put("pairs", mistake.pairs());
    all.put("examples", mistake.examples());
    return all;
  }
}
