package io.persegment.audit;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;

import io.persegment.quality.StabilityIndex;
import io.persegment.run.StageContext;
import io.persegment.segments.Segments;
import io.persegment.table.Lake;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Whether segments came to be others than they were, or are not to be trusted. */
final class SegmentFindings {
  /**
   * One segment on one date.
   *
   * @param share part of all customers of the segmentation
   * @param isFound whether it was found by a model, and so may be another one tomorrow
   */
  private record Sized(String name, long size, double share, boolean isFound) {}

  /** Sizes are held against those of the first date in so many days, so that slow drift is seen. */
  private static final int WINDOW_DAYS = 31;

  /** Of fewer customers chance alone moves an index by more than a tenth of its usual limit. */
  private static final long LEAST_CUSTOMERS = 200;

  private final Lake lake;
  private final LocalDate asOf;
  private final AuditSettings settings;

  SegmentFindings(StageContext context, AuditSettings settings) {
    this.lake = context.lake();
    this.asOf = context.asOf();
    this.settings = settings;
  }

  /** Returns a finding a segmentation and limit. Three actions, on the rows of segments. */
  List<Finding> findings() {
    var findings = new ArrayList<Finding>();
    Dataset<Row> segments = lake.readOrEmpty(Segments.TABLE);
    SortedMap<String, SortedMap<String, Sized>> now = sizes(segments, asOf);
    Date first =
        segments
            .where(
                Segments.AS_OF
                    .col()
                    .geq(lit(Date.valueOf(asOf.minusDays(WINDOW_DAYS))))
                    .and(Segments.AS_OF.col().lt(lit(Date.valueOf(asOf)))))
            .agg(min(Segments.AS_OF.col()))
            .head()
            .getDate(0);
    if (first != null) {
      SortedMap<String, SortedMap<String, Sized>> before = sizes(segments, first.toLocalDate());
      now.forEach(
          (segmentation, sizes) -> {
            SortedMap<String, Sized> sizesBefore =
                before.getOrDefault(segmentation, new TreeMap<>());
            if (Math.min(customers(sizesBefore), customers(sizes)) >= LEAST_CUSTOMERS) {
              findings.add(drift(segmentation, sizesBefore, sizes, first));
              if (sizes.values().stream().anyMatch(Sized::isFound)) {
                findings.add(replaced(segmentation, sizesBefore, sizes, first));
              }
            }
          });
    }
    findings.addAll(unstable(segments));
    return findings;
  }

  private static SortedMap<String, SortedMap<String, Sized>> sizes(
      Dataset<Row> segments, LocalDate date) {
    var sizes = new TreeMap<String, SortedMap<String, Sized>>();
    segments
        .where(Segments.AS_OF.col().equalTo(lit(Date.valueOf(date))))
        .select(
            Segments.SEGMENTATION.col(),
            Segments.SEGMENT_ID.col(),
            Segments.NAME.col(),
            Segments.SIZE.col(),
            Segments.SHARE.col(),
            Segments.MODEL_VERSION.col().isNotNull())
        .collectAsList() // one row a segment
        .forEach(
            row ->
                sizes
                    .computeIfAbsent(row.getString(0), segmentation -> new TreeMap<>())
                    .put(
                        row.getString(1),
                        new Sized(
                            row.getString(2),
                            row.getLong(3),
                            row.getDouble(4),
                            row.getBoolean(5))));
    return sizes;
  }

  private static long customers(SortedMap<String, Sized> sizes) {
    return sizes.values().stream().mapToLong(Sized::size).sum();
  }

  /** Segments that were not there before, or are not any more, are none of this index. */
  private Finding drift(
      String segmentation,
      SortedMap<String, Sized> before,
      SortedMap<String, Sized> now,
      Date since) {
    var moved = new TreeMap<String, Double>();
    now.forEach(
        (id, sized) -> {
          if (before.containsKey(id)) {
            moved.put(id, StabilityIndex.of(before.get(id).share(), sized.share()));
          }
        });
    Finding finding =
        Finding.atMost(
            "segment_psi." + segmentation,
            Segments.TABLE.name(),
            moved.values().stream().mapToDouble(each -> each).sum(),
            settings.segmentPsi(),
            Severity.HOLD);
    return moved.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .map(
            most ->
                finding.because(
                    "%s went from %s on %s to %s; where that is meant, raise audits.segment-psi for this run"
                        .formatted(
                            now.get(most).name(),
                            Finding.percent(before.get(most).share()),
                            since,
                            Finding.percent(now.get(most).share()))))
        .orElse(finding);
  }

  /** A model that finds other segments than the one before takes their meaning from most. */
  private Finding replaced(
      String segmentation,
      SortedMap<String, Sized> before,
      SortedMap<String, Sized> now,
      Date since) {
    List<Sized> others =
        now.entrySet().stream()
            .filter(each -> !before.containsKey(each.getKey()))
            .map(Map.Entry::getValue)
            .toList();
    return Finding.atMost(
            "segments_new." + segmentation,
            Segments.TABLE.name(),
            others.stream().mapToDouble(Sized::share).sum(),
            settings.segmentsNew(),
            Severity.HOLD)
        .because(
            "so many customers are in segments that were not there on %s: %s; where that is meant, raise audits.segments-new for this run"
                .formatted(
                    since, others.stream().map(Sized::name).collect(Collectors.joining(", "))));
  }

  /** Returns the least stable segment of each segmentation whose stability is known. */
  private List<Finding> unstable(Dataset<Row> segments) {
    var least = new TreeMap<String, Row>();
    segments
        .where(Segments.AS_OF.col().equalTo(lit(Date.valueOf(asOf))))
        .where(Segments.STABILITY.col().isNotNull())
        .select(Segments.SEGMENTATION.col(), Segments.NAME.col(), Segments.STABILITY.col())
        .orderBy(Segments.STABILITY.col(), Segments.NAME.col())
        .collectAsList() // one row a segment
        .forEach(row -> least.putIfAbsent(row.getString(0), row));
    return least.entrySet().stream()
        .map(
            each ->
                Finding.atLeast(
                        "segment_stability." + each.getKey(),
                        Segments.TABLE.name(),
                        each.getValue().getDouble(2),
                        settings.segmentStability(),
                        Severity.HOLD)
                    .because(
                        "%s is not found again in samples of the customers; take other features or fewer clusters"
                            .formatted(each.getValue().getString(1))))
        .toList();
  }
}
