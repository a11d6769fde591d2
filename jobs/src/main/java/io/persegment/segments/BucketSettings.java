package io.persegment.segments;

import io.persegment.config.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * A segmentation by the size of one feature.
 *
 * @param edges where a bucket ends and the next begins, rising; an edge belongs to the bucket above
 * @param equal into how many buckets of equally many customers it divides, instead of edges; 0
 *     where there are edges
 * @param buckets names of the segments, from the least on
 * @param population who is divided
 * @param unknown name of the segment of all others, and of those without the feature
 */
public record BucketSettings(
    String name,
    String feature,
    List<Double> edges,
    int equal,
    List<String> buckets,
    Condition population,
    String unknown)
    implements SegmentationSettings {

  public BucketSettings {
    edges = List.copyOf(edges);
    buckets = List.copyOf(buckets);
  }

  static BucketSettings from(String name, Section section, Vocabulary vocabulary) {
    boolean areEqual = section.has("equal");
    if (areEqual && section.has("edges")) {
      section.problem("equal", "and edges are both there; write one of them");
    }
    int equal = areEqual ? section.integer("equal", 2) : 0;
    List<String> names = section.texts("names");
    var settings =
        new BucketSettings(
            name,
            section.oneOf("feature", vocabulary.features().numeric()),
            areEqual ? List.of() : section.decimals("edges"),
            equal,
            areEqual && names.isEmpty() ? numbers(equal) : names,
            vocabulary.condition(name, section, "population", Optional.empty()),
            section.text("unknown"));
    settings.check(section);
    return settings;
  }

  private static List<String> numbers(int most) {
    return IntStream.rangeClosed(1, most).mapToObj(Integer::toString).toList();
  }

  private void check(Section section) {
    if (!edges.equals(List.copyOf(new TreeSet<>(edges)))) {
      section.problem("edges", "are %s; write them rising, each once".formatted(edges));
    }
    if (equal > 0 && buckets.size() != equal) {
      section.problem("names", "are %d, but equal is %d".formatted(buckets.size(), equal));
    }
    if (equal == 0 && buckets.size() != edges.size() + 1) {
      section.problem(
          "names",
          "are %d, but %d edges make %d buckets"
              .formatted(buckets.size(), edges.size(), edges.size() + 1));
    }
    SegmentationSettings.repeated(segments())
        .ifPresent(twice -> section.problem("names", "name two segments %s".formatted(twice)));
  }

  @Override
  public List<String> features() {
    return List.of(feature);
  }

  @Override
  public List<Condition> conditions() {
    return List.of(population);
  }

  @Override
  public List<String> segments() {
    var segments = new ArrayList<>(buckets);
    segments.add(unknown);
    return segments;
  }

  @Override
  public Optional<String> nobodys() {
    return Optional.of(unknown);
  }

  @Override
  public boolean areFound() {
    return false;
  }
}
