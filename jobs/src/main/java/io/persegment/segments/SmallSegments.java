package io.persegment.segments;

import static org.apache.spark.sql.functions.max;

import io.persegment.table.Lake;
import java.sql.Date;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Segments that are too small to be worth an e-mail of their own. */
public final class SmallSegments {
  private SmallSegments() {}

  /**
   * Returns a sentence on the segments of the last date that have customers but fewer than {@code
   * worth}, those of whom not enough is known left out; empty where there are none. An action, of a
   * row a segment.
   */
  public static Optional<String> of(
      Lake lake, Collection<SegmentationSettings> segmentations, int worth) {
    Dataset<Row> segments = lake.readOrEmpty(Segments.TABLE);
    Date last = segments.agg(max(Segments.AS_OF.col())).head().getDate(0);
    if (last == null) {
      return Optional.empty();
    }
    List<Row> small =
        segments
            .where(Segments.AS_OF.col().equalTo(last))
            .where(Segments.SIZE.col().between(1, worth - 1))
            .select(Segments.SEGMENTATION.col(), Segments.NAME.col(), Segments.SIZE.col())
            .orderBy(Segments.SEGMENTATION.col(), Segments.NAME.col())
            .collectAsList()
            .stream()
            .filter(row -> !isUnknown(segmentations, row.getString(0), row.getString(1)))
            .toList();
    return small.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "on %s these segments had fewer than %d customers (segments.worth-an-email): %s"
                .formatted(
                    last,
                    worth,
                    small.stream()
                        .map(
                            row ->
                                "%s: %s (%d)"
                                    .formatted(row.getString(0), row.getString(1), row.getLong(2)))
                        .collect(Collectors.joining("; "))));
  }

  private static boolean isUnknown(
      Collection<SegmentationSettings> segmentations, String segmentation, String segment) {
    return segmentations.stream()
        .filter(each -> each.name().equals(segmentation))
        .flatMap(each -> each.nobodys().stream())
        .anyMatch(segment::equals);
  }
}
