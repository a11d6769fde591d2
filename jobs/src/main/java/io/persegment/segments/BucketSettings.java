package io.persegment.segments;

import io.persegment.config.Section;
import io.persegment.features.FeatureSettings;
import io.persegment.sql.SqlExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * A segmentation by the size of one feature.
 *
 * @param edges where a bucket ends and the next begins, rising; an edge belongs to the bucket above
 * @param buckets names of the segments, one more than edges
 * @param population condition over the features: who is divided
 * @param unknown name of the segment of all others, and of those without the feature
 */
public record BucketSettings(
    String name,
    String feature,
    List<Double> edges,
    List<String> buckets,
    SqlExpression population,
    String unknown)
    implements SegmentationSettings {

  public BucketSettings {
    edges = List.copyOf(edges);
    buckets = List.copyOf(buckets);
  }

  static BucketSettings from(String name, Section section, FeatureSettings features) {
    var settings =
        new BucketSettings(
            name,
            section.oneOf("feature", features.numeric()),
            section.decimals("edges"),
            section.texts("names"),
            Conditions.read(section, "population", features),
            section.text("unknown"));
    settings.check(section);
    return settings;
  }

  private void check(Section section) {
    if (!edges.equals(List.copyOf(new TreeSet<>(edges)))) {
      section.problem("edges", "are %s; write them rising, each once".formatted(edges));
    }
    if (buckets.size() != edges.size() + 1) {
      section.problem(
          "names",
          "are %d, but %d edges make %d buckets"
              .formatted(buckets.size(), edges.size(), edges.size() + 1));
    }
    var all = new ArrayList<>(buckets);
    all.add(unknown);
    SegmentationSettings.repeated(all)
        .ifPresent(twice -> section.problem("names", "name two segments %s".formatted(twice)));
  }

  @Override
  public List<String> features() {
    return List.of(feature);
  }

  @Override
  public Map<String, SqlExpression> conditions() {
    return Map.of("population", population);
  }
}
