package io.persegment.segments;

import io.persegment.config.Nearest;
import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import io.persegment.features.CustomerFeatures;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/** The messages of this package, side by side so that they stay alike. */
final class SegmentErrors {
  private SegmentErrors() {}

  /** Returns what is to be told where {@code names} has an id that no segment has. */
  static String namesNoSegment(String segmentation, String id, Collection<String> ids) {
    return "The segmentation %s has a name for %s, which is none of its segments; %s"
        .formatted(
            segmentation,
            id,
            Nearest.to(id, ids)
                .map("did you mean %s?"::formatted)
                .orElse("the table segments has their ids."));
  }

  /** Makes sure that there are features, and all of them as they are declared now. An action. */
  static void requireDefinition(Dataset<Row> features, String definition, LocalDate asOf) {
    List<String> there =
        features
            .select(CustomerFeatures.DEFINITION.col())
            .distinct()
            .as(Encoders.STRING())
            .collectAsList();
    if (there.isEmpty()) {
      throw new PersegmentException(
          Fault.DATA,
          "There are no customer_features as of %s. Run the stage features for that date first."
              .formatted(asOf));
    }
    if (!there.equals(List.of(definition))) {
      throw new PersegmentException(
          Fault.DATA,
          "The customer_features as of %s were made by other settings than today's. Run the stage features for that date with --force first."
              .formatted(asOf));
    }
  }
}
