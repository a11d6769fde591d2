package io.persegment.segments;

import io.persegment.config.Section;
import io.persegment.features.FeatureSettings;
import io.persegment.segments.ClusterSettings.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One declared way to divide customers. */
public sealed interface SegmentationSettings
    permits ClusterSettings, RuleSettings, BucketSettings, ValueSettings, CombinationSettings {

  /** Into clusters that are found in the features. */
  String K_MEANS = "k-means";

  /** Into clusters by joining what is most alike. */
  String HIERARCHICAL = "hierarchical";

  /** Into clusters by dividing everybody in two, and again. */
  String BISECTING = "bisecting-k-means";

  /** By the first of some conditions that holds. */
  String RULES = "rules";

  /** By the size of one feature. */
  String BUCKETS = "buckets";

  /** By the value of one feature that is a text. */
  String VALUES = "values";

  /** By the segments of other segmentations together. */
  String COMBINATION = "combination";

  /** Name in the settings and in the tables' column {@code segmentation}. */
  String name();

  /** Returns the numeric features whose size decides, beside its conditions. */
  List<String> features();

  /** Returns its conditions on one customer. */
  List<Condition> conditions();

  /** Returns the names of its segments, as far as they are declared. */
  List<String> segments();

  /** Returns whether what its segments are is found in the customers. */
  boolean areFound();

  /** Returns whether a customer is in one segment at most. */
  default boolean isExclusive() {
    return true;
  }

  /** Returns the name of the segment of those of whom not enough is known; empty where all are. */
  default Optional<String> nobodys() {
    return Optional.empty();
  }

  /** Returns the segmentations that it is made of, beside those that its conditions name. */
  default List<String> parts() {
    return List.of();
  }

  /** Returns all segmentations that it needs. */
  default Set<String> needs() {
    return Stream.concat(
            parts().stream(),
            conditions().stream()
                .flatMap(condition -> condition.segments().stream())
                .map(call -> call.arguments().get(0)))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** Returns every column of features that it looks at. */
  default List<String> columns() {
    return Stream.concat(
            features().stream(),
            conditions().stream().flatMap(condition -> condition.features().stream()))
        .distinct()
        .toList();
  }

  /** Returns every column of features that any of them looks at. */
  static List<String> allColumns(List<SegmentationSettings> segmentations) {
    return segmentations.stream().flatMap(each -> each.columns().stream()).distinct().toList();
  }

  /** Returns the targets of which a condition of any of them reads a score or decile. */
  static List<String> allTargets(List<SegmentationSettings> segmentations) {
    return segmentations.stream()
        .flatMap(each -> each.conditions().stream())
        .flatMap(condition -> condition.targets().stream())
        .distinct()
        .toList();
  }

  /**
   * Reads the section {@code segmentations}, each after those that it needs, else in order of
   * names. One that is set to null is none.
   *
   * @param defaults what a segmentation has that does not say otherwise, by kind
   * @param targets the most that a score can be, by the targets that conditions may name
   */
  static List<SegmentationSettings> all(
      Section segmentations,
      Section defaults,
      FeatureSettings features,
      Map<String, Double> targets) {
    Section ofKMeans = defaults.section(K_MEANS);
    Section ofHierarchies = defaults.section(HIERARCHICAL);
    Section ofBuckets = defaults.section(BUCKETS);
    Section ofValues = defaults.section(VALUES);
    Section ofCombination = defaults.section(COMBINATION);
    var vocabulary = new Vocabulary(features, targets, segmentations.given());
    Map<String, SegmentationSettings> read =
        segmentations.each(
            (name, section) -> {
              requirePlain(segmentations, name);
              return switch (section.oneOf(
                  "kind",
                  List.of(K_MEANS, HIERARCHICAL, BISECTING, RULES, BUCKETS, VALUES, COMBINATION))) {
                case HIERARCHICAL ->
                    ClusterSettings.from(
                        Method.HIERARCHICAL,
                        name,
                        ofHierarchy(section).withDefaults(ofHierarchies).withDefaults(ofKMeans),
                        vocabulary);
                case K_MEANS, BISECTING ->
                    ClusterSettings.from(
                        method(section.text("kind")),
                        name,
                        section.withDefaults(ofKMeans),
                        vocabulary);
                case RULES -> RuleSettings.from(name, section, vocabulary);
                case BUCKETS ->
                    BucketSettings.from(name, section.withDefaults(ofBuckets), vocabulary);
                case VALUES -> ValueSettings.from(name, section.withDefaults(ofValues), vocabulary);
                case COMBINATION ->
                    CombinationSettings.from(name, section.withDefaults(ofCombination), vocabulary);
                default -> none(section);
              };
            });
    for (Section ofKind : List.of(ofKMeans, ofHierarchies, ofBuckets, ofValues, ofCombination)) {
      ofKind.closeDefaults();
    }
    defaults.close();
    var all = new TreeMap<>(read);
    all.replaceAll(
        (name, each) ->
            each instanceof ClusterSettings clusters ? clusters.over(read, features) : each);
    vocabulary.check(all);
    all.values().forEach(each -> checkParts(segmentations, each, all));
    return inOrder(segmentations, all);
  }

  /** Notes what a hierarchy has no use for, if it says so itself. */
  private static Section ofHierarchy(Section section) {
    if (section.has("starts")) {
      section.problem("starts", "says nothing of kind = hierarchical; leave it out");
    }
    if (section.has("height") && section.has("k")) {
      section.problem("height", "and k are both there; write one of them");
    }
    return section;
  }

  private static void checkParts(
      Section segmentations, SegmentationSettings settings, Map<String, SegmentationSettings> all) {
    for (String part : settings.parts()) {
      if (all.containsKey(part) && !all.get(part).isExclusive()) {
        segmentations.problem(
            settings.name(),
            "is made of %s, in which a customer may be in many segments".formatted(part));
      }
    }
  }

  private static List<SegmentationSettings> inOrder(
      Section segmentations, Map<String, SegmentationSettings> all) {
    var ordered = new LinkedHashMap<String, SegmentationSettings>();
    var left = new TreeMap<>(all);
    while (!left.isEmpty()) {
      Optional<String> next =
          left.keySet().stream()
              .filter(name -> left.get(name).needs().stream().noneMatch(left::containsKey))
              .findFirst();
      if (next.isPresent()) {
        ordered.put(next.get(), left.remove(next.get()));
      } else {
        List<String> circle = circle(left);
        String way = String.join(", which names ", circle);
        segmentations.problem(circle.get(0), "goes round in a circle: %s".formatted(way));
        circle.stream().distinct().forEach(each -> ordered.put(each, left.remove(each)));
      }
    }
    return List.copyOf(ordered.values());
  }

  /** Returns a way from one segmentation by what it needs until one comes again. */
  private static List<String> circle(Map<String, SegmentationSettings> left) {
    var way = new ArrayList<String>();
    String at = left.keySet().iterator().next();
    while (!way.contains(at)) {
      way.add(at);
      at = left.get(at).needs().stream().filter(left::containsKey).findFirst().orElseThrow();
    }
    way.add(at);
    return way.subList(way.indexOf(at), way.size());
  }

  private static Method method(String kind) {
    return Stream.of(Method.values())
        .filter(method -> method.kind().equals(kind))
        .findFirst()
        .orElseThrow();
  }

  /** What else it says cannot be judged while its kind is not known. */
  private static SegmentationSettings none(Section section) {
    section.ignoreRest();
    return null;
  }

  private static void requirePlain(Section segmentations, String name) {
    if (!name.matches("[\\p{L}\\p{N}_-]+")) {
      segmentations.problem(
          name, "has a name that is not plain; use letters, digits, _ and - only");
    }
  }

  /** Returns the names that are chosen for segments in {@code names}, by segment id. */
  static Map<String, String> names(Section section) {
    if (!section.has("names")) {
      return Map.of();
    }
    Section names = section.section("names");
    Map<String, String> read = names.asTexts();
    names.close();
    return read;
  }

  /** Returns the name that comes twice in {@code names}, as ids see them; empty if none does. */
  static Optional<String> repeated(List<String> names) {
    List<String> ids = names.stream().map(Segment::id).toList();
    return names.stream()
        .filter(name -> ids.indexOf(Segment.id(name)) != ids.lastIndexOf(Segment.id(name)))
        .findFirst();
  }
}
