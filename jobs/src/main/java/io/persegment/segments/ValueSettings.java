package io.persegment.segments;

import io.persegment.config.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A segmentation by the value of one feature that is a text, such as the category looked at last.
 *
 * @param values that make a segment each, called so
 * @param otherwise name of the segment of those with another value
 * @param unknown name of the segment of those with none
 */
public record ValueSettings(
    String name, String feature, List<String> values, String otherwise, String unknown)
    implements SegmentationSettings {

  public ValueSettings {
    values = List.copyOf(values);
  }

  static ValueSettings from(String name, Section section, Vocabulary vocabulary) {
    var settings =
        new ValueSettings(
            name,
            section.oneOf("feature", vocabulary.features().texts()),
            section.texts("values"),
            section.text("otherwise"),
            section.text("unknown"));
    if (settings.values().isEmpty()) {
      section.problem("values", "is missing: list the values that make a segment each");
    }
    SegmentationSettings.repeated(settings.segments())
        .ifPresent(twice -> section.problem("values", "name two segments %s".formatted(twice)));
    return settings;
  }

  @Override
  public List<String> segments() {
    var segments = new ArrayList<>(values);
    segments.add(otherwise);
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

  @Override
  public List<String> features() {
    return List.of();
  }

  @Override
  public List<String> columns() {
    return List.of(feature);
  }

  @Override
  public List<Condition> conditions() {
    return List.of();
  }
}
