package io.persegment.segments;

import io.persegment.config.Section;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A segmentation by the segments of others together: who is in one of each is in the segment that
 * both make.
 *
 * @param parts the others, two at least
 * @param leastSize a combination of fewer customers is no segment: they are in that of the largest
 *     of the parts' segments they are in, with others of whom that holds
 * @param mostCombinations that many combinations at most are segments, the largest; others fall
 *     back as well
 * @param unknown name of the segment of those of whom a part does not know enough
 * @param names names that were chosen for segments, by segment id
 */
public record CombinationSettings(
    String name,
    List<String> parts,
    int leastSize,
    int mostCombinations,
    String unknown,
    Map<String, String> names)
    implements SegmentationSettings {

  public CombinationSettings {
    parts = List.copyOf(parts);
    names = Collections.unmodifiableMap(new TreeMap<>(names)); // the same text in every Java
  }

  static CombinationSettings from(String name, Section section, Vocabulary vocabulary) {
    List<String> parts = section.texts("of");
    for (String part : parts) {
      vocabulary.requireOther(name, section, "of", part);
    }
    if (parts.stream().distinct().count() < 2 || parts.stream().distinct().count() < parts.size()) {
      section.problem("of", "are %s; name two or more segmentations, each once".formatted(parts));
    }
    Map<String, String> names = SegmentationSettings.names(section);
    var settings =
        new CombinationSettings(
            name,
            parts,
            section.integer("least-size", 1),
            section.integer("most-combinations", 1),
            section.text("unknown"),
            names);
    SegmentationSettings.repeated(settings.segments())
        .ifPresent(twice -> section.problem("names", "name two segments %s".formatted(twice)));
    return settings;
  }

  @Override
  public List<String> segments() {
    var segments = new ArrayList<>(names.values());
    segments.add(unknown);
    return segments;
  }

  @Override
  public Optional<String> nobodys() {
    return Optional.of(unknown);
  }

  @Override
  public boolean areFound() {
    return true;
  }

  @Override
  public List<String> features() {
    return List.of();
  }

  @Override
  public List<Condition> conditions() {
    return List.of();
  }
}
