package io.persegment.segments;

import io.persegment.config.Section;
import io.persegment.features.FeatureSettings;
import io.persegment.sql.SqlExpression;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** One declared way to divide customers. */
public sealed interface SegmentationSettings permits KMeansSettings, RuleSettings, BucketSettings {

  /** Into clusters that are found in the features. */
  String K_MEANS = "k-means";

  /** By the first of some conditions that holds. */
  String RULES = "rules";

  /** By the size of one feature. */
  String BUCKETS = "buckets";

  /** Name in the settings and in the tables' column {@code segmentation}. */
  String name();

  /** Returns the numeric features whose size decides, beside its conditions. */
  List<String> features();

  /** Returns its conditions on the features of one customer, by the setting they are written in. */
  Map<String, SqlExpression> conditions();

  /** Returns every column of features that it looks at. */
  default List<String> columns() {
    return Stream.concat(
            features().stream(),
            conditions().values().stream().flatMap(sql -> sql.references().stream()))
        .distinct()
        .toList();
  }

  /**
   * Reads the section {@code segmentations}, in order of names. One that is set to null is none.
   *
   * @param defaults what a segmentation has that does not say otherwise, by kind
   */
  static List<SegmentationSettings> all(
      Section segmentations, Section defaults, FeatureSettings features) {
    Section ofKMeans = defaults.section(K_MEANS);
    Section ofBuckets = defaults.section(BUCKETS);
    return List.copyOf(
        segmentations
            .each(
                (name, section) -> {
                  requirePlain(segmentations, name);
                  return switch (section.oneOf("kind", List.of(K_MEANS, RULES, BUCKETS))) {
                    case K_MEANS ->
                        KMeansSettings.from(name, section.withDefaults(ofKMeans), features);
                    case RULES -> RuleSettings.from(name, section, features);
                    case BUCKETS ->
                        BucketSettings.from(name, section.withDefaults(ofBuckets), features);
                    default -> none(section);
                  };
                })
            .values());
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

  /** Returns the name that comes twice in {@code names}, as ids see them; empty if none does. */
  static Optional<String> repeated(List<String> names) {
    List<String> ids = names.stream().map(Segment::id).toList();
    return names.stream()
        .filter(name -> ids.indexOf(Segment.id(name)) != ids.lastIndexOf(Segment.id(name)))
        .findFirst();
  }
}
