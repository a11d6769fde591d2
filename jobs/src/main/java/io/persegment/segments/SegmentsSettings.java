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
  private static final String STARTERS = "reference.conf";

  public SegmentsSettings {
    features = List.copyOf(features);
    targets = List.copyOf(targets);
  }

  /**
   * Reads the section {@code segments}. Of the starters that it names a shop may have taken out
   * some; what the shop names itself must be there.
   *
   * @param targets names of all targets
   */
  public static SegmentsSettings from(
      Section segments, FeatureSettings features, Collection<String> targets) {
    boolean isOwn = !segments.place("profile").file().contains(STARTERS);
    List<String> told =
        isOwn
            ? features.matching(segments, "profile")
            : segments.texts("profile").stream().filter(features.numeric()::contains).toList();
    return new SegmentsSettings(told, List.copyOf(targets), segments.integer("worth-an-email", 0));
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
