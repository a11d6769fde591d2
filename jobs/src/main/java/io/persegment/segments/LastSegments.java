package io.persegment.segments;

import static org.apache.spark.sql.functions.max;

import io.persegment.config.Nearest;
import io.persegment.sql.SqlExpression.Call;
import io.persegment.table.Lake;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What the segments of the last date say of the settings.
 *
 * @param asOf that date
 * @param sized in order of segmentations and names
 */
public record LastSegments(LocalDate asOf, List<Sized> sized) {
  /** A segment, and how many customers it has. */
  public record Sized(String segmentation, String id, String name, long size) {
    private boolean is(String written) {
      return id.equals(written) || Segment.id(name).equals(Segment.id(written));
    }
  }

  public LastSegments {
    sized = List.copyOf(sized);
  }

  /** Reads them; empty where no date has any. An action, of a row a segment. */
  public static Optional<LastSegments> in(Lake lake) {
    Dataset<Row> segments = lake.readOrEmpty(Segments.TABLE);
    Date last = segments.agg(max(Segments.AS_OF.col())).head().getDate(0);
    if (last == null) {
      return Optional.empty();
    }
    return Optional.of(
        new LastSegments(
            last.toLocalDate(),
            segments
                .where(Segments.AS_OF.col().equalTo(last))
                .orderBy(Segments.SEGMENTATION.col(), Segments.NAME.col())
                .select(
                    Segments.SEGMENTATION.col(),
                    Segments.SEGMENT_ID.col(),
                    Segments.NAME.col(),
                    Segments.SIZE.col())
                .collectAsList()
                .stream()
                .map(
                    row ->
                        new Sized(
                            row.getString(0), row.getString(1), row.getString(2), row.getLong(3)))
                .toList()));
  }

  /**
   * Returns a sentence on those that have customers but fewer than {@code worth}, too few to be
   * worth an e-mail of their own, those of whom not enough is known left out; empty where there are
   * none.
   */
  public Optional<String> small(List<SegmentationSettings> segmentations, int worth) {
    List<Sized> small =
        sized.stream()
            .filter(each -> each.size() >= 1 && each.size() < worth)
            .filter(each -> !isUnknown(segmentations, each))
            .toList();
    return small.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "on %s these segments had fewer than %d customers (segments.worth-an-email): %s"
                .formatted(
                    asOf,
                    worth,
                    small.stream()
                        .map(
                            each ->
                                "%s: %s (%d)"
                                    .formatted(each.segmentation(), each.name(), each.size()))
                        .collect(Collectors.joining("; "))));
  }

  private static boolean isUnknown(List<SegmentationSettings> segmentations, Sized segment) {
    return segmentations.stream()
        .filter(each -> each.name().equals(segment.segmentation()))
        .flatMap(each -> each.nobodys().stream())
        .anyMatch(segment.name()::equals);
  }

  /**
   * Returns a sentence on each segment that a condition names and that its segmentation, whose
   * segments are found in the customers and declared nowhere, did not have.
   */
  public List<String> missing(List<SegmentationSettings> segmentations) {
    var sentences = new ArrayList<String>();
    for (SegmentationSettings settings : segmentations) {
      for (Condition condition : settings.conditions()) {
        for (Call call : condition.segments()) {
          String of = call.arguments().get(0);
          segmentations.stream()
              .filter(other -> other.name().equals(of) && other.areFound())
              .flatMap(
                  other -> call.arguments().stream().skip(1).filter(each -> isNone(other, each)))
              .forEach(
                  named ->
                      sentences.add(
                          "segmentations.%s names the segment %s of %s, which it did not have on %s; %s"
                              .formatted(
                                  settings.name(),
                                  named,
                                  of,
                                  asOf,
                                  Nearest.hint(named, of(of).stream().map(Sized::name).toList()))));
        }
      }
    }
    return sentences;
  }

  /** Returns whether no segment is meant; not where the segmentation had none at all. */
  private boolean isNone(SegmentationSettings found, String written) {
    List<Sized> there = of(found.name());
    return !there.isEmpty()
        && there.stream().noneMatch(each -> each.is(written))
        && found.segments().stream()
            .noneMatch(each -> Segment.id(each).equals(Segment.id(written)));
  }

  private List<Sized> of(String segmentation) {
    return sized.stream().filter(each -> each.segmentation().equals(segmentation)).toList();
  }
}
