package io.persegment.audit;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;

import io.persegment.features.CustomerFeatures;
import io.persegment.quality.StabilityIndex;
import io.persegment.run.StageContext;
import io.persegment.segments.Segments;
import io.persegment.table.Lake;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;

/** Whether segments came to be others than they were, or are not to be trusted. */
final class SegmentFindings {
  /** By which shares of a whole may miss it. */
  private static final double ROUNDING = 1e-6;

  /**
   * One segment on one date.
   *
   * @param share as {@link Segments#SHARE}
   * @param stability null where it was not measured
   */
  private record Sized(String name, long size, double share, Double stability) {}

  /** Sizes are held against those of the first date in so many days, so that slow drift is seen. */
  private static final int WINDOW_DAYS = 31;

  private final Lake lake;
  private final LocalDate asOf;
  private final AuditSettings settings;
  private final Map<String, List<String>> segmentations;

  /**
   * @param segmentations that are declared: by name, the features whose size decides
   */
  SegmentFindings(
      StageContext context, AuditSettings settings, Map<String, List<String>> segmentations) {
    this.lake = context.lake();
    this.asOf = context.asOf();
    this.settings = settings;
    this.segmentations = Map.copyOf(segmentations);
  }

  /**
   * Returns what is found of each segmentation. Actions: a row a segment and date, and a scan of
   * the features of two dates.
   */
  List<Finding> findings() {
    var findings = new ArrayList<Finding>();
    var sizes = sizes();
    sizes.forEach(
        (segmentation, dates) -> {
          if (!dates.lastKey().equals(asOf)) {
            if (segmentations.containsKey(segmentation)) {
              findings.add(vanished(segmentation, dates.lastKey()));
            }
            return;
          }
          LocalDate since = dates.firstKey();
          Map<String, Sized> now = dates.lastEntry().getValue();
          Map<String, Sized> before = dates.firstEntry().getValue();
          if (dates.size() > 1 && customers(before) >= Drift.LEAST_CUSTOMERS) {
            findings.add(drift(segmentation, before, now, since));
            findings.add(replaced(segmentation, before, now, since));
          }
          unstable(segmentation, now).ifPresent(findings::add);
        });
    findings.addAll(features(sizes));
    return findings;
  }

  /** Returns how far the features came to be others that clusters and buckets are made by. */
  private List<Finding> features(Map<String, NavigableMap<LocalDate, Map<String, Sized>>> sizes) {
    var findings = new ArrayList<Finding>();
    if (!lake.exists(CustomerFeatures.TABLE)) {
      return findings;
    }
    segmentations.keySet().stream()
        .sorted()
        .filter(each -> !segmentations.get(each).isEmpty())
        .filter(each -> sizes.containsKey(each) && sizes.get(each).containsKey(asOf))
        .filter(each -> sizes.get(each).firstKey().isBefore(asOf))
        .collect(Collectors.groupingBy(each -> sizes.get(each).firstKey()))
        .forEach((since, made) -> findings.addAll(features(since, made)));
    return findings;
  }

  private List<Finding> features(LocalDate since, List<String> made) {
    Map<String, Double> moved =
        new Drift(asOf)
            .since(
                since,
                lake.stored(CustomerFeatures.TABLE),
                made.stream().flatMap(each -> segmentations.get(each).stream()).toList());
    var findings = new ArrayList<Finding>();
    for (String segmentation : made) {
      segmentations.get(segmentation).stream()
          .filter(moved::containsKey)
          .max(Comparator.comparing(moved::get))
          .ifPresent(
              most ->
                  findings.add(
                      Finding.atMost(
                              "segment_feature_psi." + segmentation,
                              CustomerFeatures.TABLE.name(),
                              moved.get(most),
                              settings.featurePsi(),
                              settings.onFeaturePsi())
                          .because(
                              "of the features that segments are made by, %s changed most since %s%s"
                                  .formatted(most, since, remedy()))));
    }
    return findings;
  }

  /**
   * Returns the first date that counts. After a pause longer than the window it is that of the last
   * segments before, so that what changed meanwhile is seen; never one before the reference.
   */
  private LocalDate first() {
    LocalDate windowed = asOf.minusDays(WINDOW_DAYS);
    Column date = Segments.AS_OF.col();
    Date last =
        lake.readOrEmpty(Segments.TABLE)
            .where(date.lt(lit(Date.valueOf(asOf))))
            .agg(max(date))
            .head()
            .getDate(0);
    LocalDate first =
        last != null && last.toLocalDate().isBefore(windowed) ? last.toLocalDate() : windowed;
    return settings
        .reference()
        .filter(each -> !each.isAfter(asOf))
        .filter(first::isBefore)
        .orElse(first);
  }

  /** Returns the segments of each segmentation, by date and id, from the first date that counts. */
  private NavigableMap<String, NavigableMap<LocalDate, Map<String, Sized>>> sizes() {
    LocalDate first = first();
    var sizes = new TreeMap<String, NavigableMap<LocalDate, Map<String, Sized>>>();
    lake.readOrEmpty(Segments.TABLE)
        .where(Segments.AS_OF.col().between(lit(Date.valueOf(first)), lit(Date.valueOf(asOf))))
        .select(
            Segments.SEGMENTATION.col(),
            Segments.AS_OF.col(),
            Segments.SEGMENT_ID.col(),
            Segments.NAME.col(),
            Segments.SIZE.col(),
            Segments.SHARE.col(),
            Segments.STABILITY.col())
        .collectAsList()
        .forEach(
            row ->
                sizes
                    .computeIfAbsent(row.getString(0), segmentation -> new TreeMap<>())
                    .computeIfAbsent(row.getDate(1).toLocalDate(), date -> new TreeMap<>())
                    .put(row.getString(2), sized(row)));
    return sizes;
  }

  private static Sized sized(Row row) {
    return new Sized(
        row.getString(3),
        row.getLong(4),
        row.getDouble(5),
        row.isNullAt(6) ? null : row.getDouble(6));
  }

  /** A customer may be in many segments, so that sizes do not add up to them. */
  private static long customers(Map<String, Sized> sizes) {
    return sizes.values().stream()
        .filter(each -> each.share() > 0)
        .mapToLong(each -> Math.round(each.size() / each.share()))
        .max()
        .orElse(0);
  }

  /** Returns whether every customer of the segmentation is in one segment. */
  private static boolean isWhole(Map<String, Sized> sizes) {
    return Math.abs(sizes.values().stream().mapToDouble(Sized::share).sum() - 1) <= ROUNDING;
  }

  private Finding vanished(String segmentation, LocalDate last) {
    return Finding.atLeast("segments." + segmentation, Segments.TABLE.name(), 0, 1, Severity.HOLD)
        .because(
            "it has no segments, and had some on %s; the ledger's row of the stage segments says why"
                .formatted(last));
  }

  /**
   * Segments that were not there before, or are not any more, are none of this index. Where a
   * customer may be in many, each is held against all who are not in it, and the most counts.
   */
  private Finding drift(
      String segmentation, Map<String, Sized> before, Map<String, Sized> now, LocalDate since) {
    Finding finding =
        Finding.atMost(
            "segment_psi." + segmentation,
            Segments.TABLE.name(),
            index(before, now),
            settings.segmentPsi(),
            Severity.HOLD);
    return now.keySet().stream()
        .filter(before::containsKey)
        .max(
            Comparator.comparingDouble(
                id -> StabilityIndex.of(before.get(id).share(), now.get(id).share())))
        .map(
            most ->
                finding.because(
                    "%s went from %s on %s to %s%s"
                        .formatted(
                            now.get(most).name(),
                            Finding.percent(before.get(most).share()),
                            since,
                            Finding.percent(now.get(most).share()),
                            remedy())))
        .orElse(finding);
  }

  private static double index(Map<String, Sized> before, Map<String, Sized> now) {
    if (isWhole(now)) {
      return StabilityIndex.of(shares(before), shares(now));
    }
    return now.keySet().stream()
        .filter(before::containsKey)
        .mapToDouble(id -> StabilityIndex.of(apart(before.get(id)), apart(now.get(id))))
        .max()
        .orElse(0);
  }

  /** Returns the parts of who is in a segment and who is not. */
  private static Map<Boolean, Double> apart(Sized segment) {
    return Map.of(true, segment.share(), false, 1 - segment.share());
  }

  private static Map<String, Double> shares(Map<String, Sized> sizes) {
    return sizes.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().share()));
  }

  private String remedy() {
    return ". Look what changed; if it is to stay so, set audits.reference = %s and run audit for that date again, with --force"
        .formatted(asOf);
  }

  /**
   * Returns whether customers may be in many: then the largest is told, since sums tell nothing.
   */
  private static boolean overlap(Map<String, Sized> sizes) {
    return sizes.values().stream().mapToDouble(Sized::share).sum() > 1 + ROUNDING;
  }

  /** Whoever goes by segments of before finds few customers in them. */
  private Finding replaced(
      String segmentation, Map<String, Sized> before, Map<String, Sized> now, LocalDate since) {
    List<Sized> others =
        now.entrySet().stream()
            .filter(each -> !before.containsKey(each.getKey()))
            .map(Map.Entry::getValue)
            .toList();
    return Finding.atMost(
            "segments_new." + segmentation,
            Segments.TABLE.name(),
            overlap(now)
                ? others.stream().mapToDouble(Sized::share).max().orElse(0)
                : others.stream().mapToDouble(Sized::share).sum(),
            settings.segmentsNew(),
            Severity.HOLD)
        .because(
            "so many customers are in segments that were not there on %s: %s%s"
                .formatted(
                    since,
                    others.stream().map(Sized::name).collect(Collectors.joining(", ")),
                    remedy()));
  }

  /** Returns what is found of the least stable segment; empty where stability was not measured. */
  private Optional<Finding> unstable(String segmentation, Map<String, Sized> now) {
    return now.values().stream()
        .filter(each -> each.stability() != null)
        .min(Comparator.comparing(Sized::stability).thenComparing(Sized::name))
        .map(
            least ->
                Finding.atLeast(
                        "segment_stability." + segmentation,
                        Segments.TABLE.name(),
                        least.stability(),
                        settings.segmentStability(),
                        Severity.HOLD)
                    .because(
                        "%s is not found again in samples of the customers; take other features or fewer clusters"
                            .formatted(least.name())));
  }
}
