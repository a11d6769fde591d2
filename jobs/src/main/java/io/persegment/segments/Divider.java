package io.persegment.segments;

import io.persegment.features.FeatureSettings;
import io.persegment.run.StageContext;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Divides the customers of one date in one declared way after another.
 *
 * @param before what it takes from other dates
 */
record Divider(StageContext context, FeatureSettings features, Before before) {
  /** What dividing takes from other dates. */
  interface Before {
    /**
     * Returns a segmentation by clusters.
     *
     * @param assigned customers with the segmentations that it needs
     * @throws Refused where there is no model and none can be made
     */
    Division clusters(ClusterSettings settings, Assigned assigned) throws Refused;

    /** Returns the ids of the segments of a combination that had customers on the last date. */
    Set<String> inhabited(String combination);
  }

  /**
   * Divides customers in every way that can be; one that cannot is left out with a warning. An
   * action where clusters or edges are to be found.
   *
   * @param candidates rows of {@link Candidates}
   * @param segmentations each after those that it needs
   */
  Assigned divide(Dataset<Row> candidates, List<SegmentationSettings> segmentations) {
    var assigned = new Assigned(candidates, List.of());
    for (SegmentationSettings each : segmentations) {
      try {
        assigned.requireAll(each);
        for (String missing : assigned.missing(each)) {
          warn(
              "The segmentation %s names %s, a segment that there is not on %s: nobody is in it."
                  .formatted(each.name(), missing, context.asOf()));
        }
        assigned = assigned.with(division(each, assigned));
      } catch (Refused e) {
        warn(
            "The segmentation %s has no segments on %s: %s."
                .formatted(each.name(), context.asOf(), e.getMessage()));
      }
    }
    return assigned;
  }

  private void warn(String sentence) {
    context.report().warn(sentence);
  }

  private Division division(SegmentationSettings settings, Assigned assigned) throws Refused {
    if (settings instanceof ClusterSettings clusters) {
      return before.clusters(clusters, assigned);
    }
    if (settings instanceof RuleSettings rules) {
      return Rules.division(rules, features, assigned);
    }
    if (settings instanceof ValueSettings values) {
      return Values.division(values, features);
    }
    if (settings instanceof BucketSettings buckets) {
      return Buckets.division(buckets, features, assigned);
    }
    var combination = (CombinationSettings) settings;
    warnOfLostNames(combination, Combinations.ids(combination, assigned));
    return Combinations.division(combination, assigned, before.inhabited(settings.name()));
  }

  private void warnOfLostNames(CombinationSettings settings, List<String> ids) {
    settings.names().keySet().stream()
        .filter(id -> !ids.contains(id))
        .sorted()
        .forEach(id -> warn(SegmentErrors.namesNoSegment(settings.name(), id, ids)));
  }
}
