package io.persegment.segments;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_contains;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;

import io.persegment.customer.ConsentSettings;
import io.persegment.customer.Customers;
import io.persegment.features.CustomerFeatures;
import io.persegment.features.FeatureSettings;
import io.persegment.features.FeaturesStage;
import io.persegment.run.StageContext;
import io.persegment.run.StageReport;
import io.persegment.scores.CustomerScores;
import io.persegment.table.Lake;
import java.sql.Date;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a segmentation would have been on past dates by the settings as they are now. Features are
 * worked out anew for each date; clusters are those of the newest model, scores those that were
 * given on the date, and who is one customer is as it is known now.
 */
public final class Backtest {
  /**
   * One segment on one date.
   *
   * @param share part of all who are in any segment of the segmentation on the date, 0 to 1; of
   *     everybody where they may be in many
   * @param entered customers in it who were not on the date before with any; none of the first date
   * @param left customers not in it any more who were on that date; none of the first date
   */
  public record Size(
      LocalDate asOf,
      String segment,
      long size,
      double share,
      Optional<Long> entered,
      Optional<Long> left) {}

  private static final String IS_IN = "is_in";
  private static final String WAS_IN = "was_in";
  private static final String DATES = "dates";

  private final Lake lake;
  private final List<SegmentationSettings> segmentations;
  private final FeatureSettings features;
  private final ConsentSettings consent;
  private final String name;
  private final List<LocalDate> dates;
  private final StageReport report;
  private final Map<String, Set<String>> inhabited = new HashMap<>();

  /** By date, how many customers there are, where they may be in many segments or none. */
  private final Map<LocalDate, Long> everybody = new HashMap<>();

  private Backtest(
      Lake lake,
      List<SegmentationSettings> segmentations,
      FeatureSettings features,
      ConsentSettings consent,
      String name,
      List<LocalDate> dates,
      StageReport report) {
    this.lake = lake;
    this.segmentations = segmentations;
    this.features = features;
    this.consent = consent;
    this.name = name;
    this.dates = dates;
    this.report = report;
  }

  /**
   * Returns each segment on each date, in the order of dates and segments. An action: events are
   * read once for all dates; writes to the lake's scratch alone.
   *
   * @param segmentations all that are declared, each after those that it needs
   * @param name the one that is asked for
   * @param dates rising
   * @param report takes the warnings
   */
  public static List<Size> of(
      Lake lake,
      List<SegmentationSettings> segmentations,
      FeatureSettings features,
      ConsentSettings consent,
      String name,
      List<LocalDate> dates,
      StageReport report) {
    return new Backtest(lake, needed(segmentations, name), features, consent, name, dates, report)
        .sizes();
  }

  /** Returns one segmentation and all that it needs, in order. */
  private static List<SegmentationSettings> needed(List<SegmentationSettings> all, String name) {
    Set<String> needed = new HashSet<>(Set.of(name));
    for (int i = all.size() - 1; i >= 0; i--) { // each comes after those that it needs
      if (needed.contains(all.get(i).name())) {
        needed.addAll(all.get(i).needs());
      }
    }
    return all.stream().filter(each -> needed.contains(each.name())).toList();
  }

  private List<Size> sizes() {
    Dataset<Row> rows =
        lake.scratch(
            "backtest/features",
            FeaturesStage.asOf(
                lake,
                features.only(SegmentationSettings.allColumns(segmentations)),
                consent,
                dates,
                report));
    Candidates.warnOfMissingScores(
        lake, SegmentationSettings.allTargets(segmentations), dates, report);
    warnOfThePresent();
    var memberships = new TreeMap<LocalDate, Dataset<Row>>();
    var names = new LinkedHashMap<String, String>();
    for (LocalDate date : dates) {
      Dataset<Row> candidates = candidates(rows, date).persist();
      Assigned assigned = assigned(candidates, date);
      assigned
          .division(name)
          .ifPresent(
              division -> {
                if (division.isOfEverybody()) {
                  everybody.put(date, candidates.count());
                }
                division.segments().forEach(each -> names.put(each.id(), each.name()));
                memberships.put(
                    date, lake.scratch("backtest/" + date, memberships(assigned, date)));
              });
      candidates.unpersist();
    }
    return memberships.isEmpty()
        ? List.of()
        : sizes(
            names,
            List.copyOf(memberships.keySet()),
            memberships.values().stream().reduce(Dataset::union).orElseThrow());
  }

  private Dataset<Row> candidates(Dataset<Row> rows, LocalDate date) {
    Column asOf = lit(Date.valueOf(date));
    return Candidates.of(
        rows.where(CustomerFeatures.AS_OF.col().equalTo(asOf)),
        lake.read(Customers.TABLE),
        consent,
        SegmentationSettings.allColumns(segmentations),
        lake.readOrEmpty(CustomerScores.TABLE).where(CustomerScores.AS_OF.col().equalTo(asOf)),
        SegmentationSettings.allTargets(segmentations));
  }

  private Assigned assigned(Dataset<Row> candidates, LocalDate date) {
    var context = new StageContext(lake, date, "backtest", Instant.now(), report);
    Assigned assigned =
        new Divider(context, features, before(context)).divide(candidates, segmentations);
    segmentations.stream()
        .filter(CombinationSettings.class::isInstance)
        .flatMap(each -> assigned.division(each.name()).stream())
        .forEach(
            each ->
                inhabited.put(
                    each.segmentation(),
                    each.segments().stream().map(Segment::id).collect(Collectors.toSet())));
    return assigned;
  }

  private Divider.Before before(StageContext context) {
    return new Divider.Before() {
      @Override
      public Division clusters(ClusterSettings settings, Assigned assigned) throws Refused {
        return new Clusters(context, features, settings).byNewest(assigned);
      }

      @Override
      public Set<String> inhabited(String combination) {
        return inhabited.getOrDefault(combination, Set.of());
      }
    };
  }

  /** What customers are now is known of no past date. */
  private void warnOfThePresent() {
    List<String> named = SegmentationSettings.allColumns(segmentations);
    List<String> ofThePresent =
        named.stream().filter(features.ofThePresent()::contains).sorted().toList();
    if (!ofThePresent.isEmpty()) {
      report.warn(
          "%s is what customers are now, on every date: who was meant by %s then it does not tell."
              .formatted(String.join(", ", ofThePresent), name));
    }
  }

  /** Returns one row a customer, segment of the segmentation that is asked for, and date. */
  private Dataset<Row> memberships(Assigned assigned, LocalDate date) {
    Column index = col("membership").getField(Division.INDEX.name());
    return assigned
        .customers()
        .select(
            SegmentMembership.CUSTOMER_ID.col(),
            explode(assigned.memberships(name)).as("membership"))
        .select(
            SegmentMembership.CUSTOMER_ID.col(),
            lit(ids(assigned)).getItem(index).as(SegmentMembership.SEGMENT_ID.name()),
            lit(Date.valueOf(date)).as(SegmentMembership.AS_OF.name()));
  }

  private String[] ids(Assigned assigned) {
    return assigned.division(name).orElseThrow().segments().stream()
        .map(Segment::id)
        .toArray(String[]::new);
  }

  /**
   * Returns one row a segment and date: how many are in it, entered and left. An action.
   *
   * @param divided the dates with segments
   */
  private static Map<List<Object>, Row> flows(Dataset<Row> memberships, List<LocalDate> divided) {
    Column[] each = new Column[divided.size()];
    for (int i = 0; i < each.length; i++) {
      Column wasIn = i == 0 ? lit(false) : isIn(divided.get(i - 1));
      each[i] =
          struct(
              lit(Date.valueOf(divided.get(i))).as(SegmentMembership.AS_OF.name()),
              isIn(divided.get(i)).as(IS_IN),
              wasIn.as(WAS_IN));
    }
    Map<List<Object>, Row> flows = new HashMap<>();
    memberships
        .groupBy(SegmentMembership.CUSTOMER_ID.col(), SegmentMembership.SEGMENT_ID.col())
        .agg(collect_set(SegmentMembership.AS_OF.col()).as(DATES))
        .select(SegmentMembership.SEGMENT_ID.col(), explode(array(each)).as("flow"))
        .select(SegmentMembership.SEGMENT_ID.col(), col("flow.*"))
        .groupBy(SegmentMembership.AS_OF.col(), SegmentMembership.SEGMENT_ID.col())
        .agg(
            count_if(col(IS_IN)),
            count_if(col(IS_IN).and(not(col(WAS_IN)))),
            count_if(col(WAS_IN).and(not(col(IS_IN)))))
        .collectAsList() // one row a segment and date
        .forEach(row -> flows.put(List.of(row.getDate(0).toLocalDate(), row.getString(1)), row));
    return flows;
  }

  private static Column isIn(LocalDate date) {
    return array_contains(col(DATES), lit(Date.valueOf(date)));
  }

  /** Returns how many are in any segment, one row a date. An action. */
  private static Map<LocalDate, Long> customers(Dataset<Row> memberships) {
    return memberships
        .groupBy(SegmentMembership.AS_OF.col())
        .agg(countDistinct(SegmentMembership.CUSTOMER_ID.col()))
        .collectAsList()
        .stream()
        .collect(Collectors.toMap(row -> row.getDate(0).toLocalDate(), row -> row.getLong(1)));
  }

  /**
   * @param names of the segments of all dates, by id: one may come and go
   */
  private List<Size> sizes(
      Map<String, String> names, List<LocalDate> divided, Dataset<Row> memberships) {
    Map<LocalDate, Long> customers = everybody.isEmpty() ? customers(memberships) : everybody;
    Map<List<Object>, Row> flows = flows(memberships, divided);
    var sizes = new ArrayList<Size>();
    for (LocalDate date : divided) {
      boolean isFirst = date.equals(divided.get(0));
      names.forEach(
          (id, segment) -> {
            Optional<Row> flow = Optional.ofNullable(flows.get(List.of(date, id)));
            long size = flow.map(row -> row.getLong(2)).orElse(0L);
            long entered = flow.map(row -> row.getLong(3)).orElse(0L);
            long left = flow.map(row -> row.getLong(4)).orElse(0L);
            sizes.add(
                new Size(
                    date,
                    segment,
                    size,
                    (double) size / Math.max(1, customers.getOrDefault(date, 0L)),
                    isFirst ? Optional.empty() : Optional.of(entered),
                    isFirst ? Optional.empty() : Optional.of(left)));
          });
    }
    return sizes;
  }
}
