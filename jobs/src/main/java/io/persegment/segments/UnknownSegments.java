package io.persegment.segments;

import static org.apache.spark.sql.functions.max;

import io.persegment.config.Nearest;
import io.persegment.sql.SqlExpression.Call;
import io.persegment.table.Lake;
import java.sql.Date;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Segments that conditions name and that only customers, and no settings, can say are there. */
public final class UnknownSegments {
  private UnknownSegments() {}

  /**
   * Returns a sentence on each segment that a condition names and that its segmentation, whose
   * segments are found in the customers, did not have on the last date. An action, of a row a
   * segment.
   */
  public static List<String> of(Lake lake, Collection<SegmentationSettings> segmentations) {
    Dataset<Row> segments = lake.readOrEmpty(Segments.TABLE);
    Date last = segments.agg(max(Segments.AS_OF.col())).head().getDate(0);
    if (last == null) {
      return List.of();
    }
    Map<String, List<Segment>> found = new TreeMap<>();
    segments
        .where(Segments.AS_OF.col().equalTo(last))
        .select(Segments.SEGMENTATION.col(), Segments.SEGMENT_ID.col(), Segments.NAME.col())
        .collectAsList()
        .forEach(
            row ->
                found
                    .computeIfAbsent(row.getString(0), name -> new ArrayList<>())
                    .add(Segment.found(row.getString(1), row.getString(2))));
    Map<String, SegmentationSettings> declared =
        segmentations.stream().collect(Collectors.toMap(SegmentationSettings::name, each -> each));
    var sentences = new ArrayList<String>();
    for (SegmentationSettings settings : segmentations) {
      for (Condition condition : settings.conditions()) {
        for (Call call : condition.segments()) {
          SegmentationSettings other = declared.get(call.arguments().get(0));
          if (other == null || !other.areFound()) {
            continue;
          }
          List<Segment> there = found.getOrDefault(other.name(), List.of());
          List<String> named = other.segments().stream().map(Segment::id).toList();
          call.arguments().stream()
              .skip(1)
              .filter(written -> !there.isEmpty() && !named.contains(Segment.id(written)))
              .filter(written -> there.stream().noneMatch(each -> each.is(written)))
              .map(
                  written ->
                      "segmentations.%s names the segment %s of %s, which it did not have on %s; %s"
                          .formatted(
                              settings.name(),
                              written,
                              other.name(),
                              last,
                              Nearest.hint(written, there.stream().map(Segment::name).toList())))
              .forEach(sentences::add);
        }
      }
    }
    return sentences;
  }
}
