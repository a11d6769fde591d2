package io.persegment.segments;

import io.persegment.config.Section;
import io.persegment.features.FeatureSettings;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * What holds for the segments of every segmentation.
 *
 * @param features numeric columns of the features, such as what customers spent, of which profiles
 *     tell beside those that a segmentation is made of
 * @param targets whose scores profiles tell
 * @param worth how many customers a segment needs to be worth an e-mail of its own
 */
public record SegmentsSettings(List<String> features, List<String> targets, int worth) {
  public SegmentsSettings {
    features = List.copyOf(features);
    targets = List.copyOf(targets);
  }

  /**
   * Reads the section {@code segments}.
   *
   * @param targets names of all targets
   */
  public static SegmentsSettings from(
      Section segments, FeatureSettings features, Collection<String> targets) {
    return new SegmentsSettings(
        features.matching(segments, "profile"),
        List.copyOf(targets),
        segments.integer("worth-an-email", 0));
  }

  /** Returns the columns of {@link Candidates} that profiles tell of. */
  List<String> told() {
    return Stream.concat(features.stream(), targets.stream().map(Candidates::score)).toList();
  }

  /** Returns what a column is called in a profile: a score as a condition would ask for it. */
  static String called(String column) {
    return Candidates.scored(column)
        .map(target -> "%s('%s')".formatted(Condition.SCORE, target))
        .orElse(column);
  }
}
