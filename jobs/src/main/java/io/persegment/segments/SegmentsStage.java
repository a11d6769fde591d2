package io.persegment.segments;

import static org.apache.spark.sql.functions.max;

import io.persegment.customer.ConsentSettings;
import io.persegment.customer.Customers;
import io.persegment.features.CustomerFeatures;
import io.persegment.features.FeatureSettings;
import io.persegment.run.Stage;
import io.persegment.run.StageContext;
import io.persegment.segments.Profiles.Profile;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Divides the customers of the as-of date in every declared way. A segmentation by clusters uses
 * its standing model, or fits one; one that cannot be fitted is left out with a warning.
 */
public final class SegmentsStage implements Stage {
  private final List<SegmentationSettings> segmentations;
  private final FeatureSettings features;
  private final ConsentSettings consent;

  public SegmentsStage(
      List<SegmentationSettings> segmentations, FeatureSettings features, ConsentSettings consent) {
    this.segmentations = List.copyOf(segmentations);
    this.features = features;
    this.consent = consent;
  }

  @Override
  public String name() {
    return "segments";
  }

  @Override
  public String summary() {
    return "Divides customers into segments: by clusters, by rules, by the size of a feature";
  }

  @Override
  public List<Table> reads() {
    return List.of(Customers.TABLE, CustomerFeatures.table(features));
  }

  @Override
  public List<Table> writes() {
    return List.of(SegmentModels.TABLE, SegmentMembership.TABLE, Segments.TABLE);
  }

  @Override
  public void run(StageContext context) {
    Dataset<Row> candidates = candidates(context).persist();
    try {
      write(context, candidates, divisions(context, candidates));
    } finally {
      candidates.unpersist();
    }
  }

  private Dataset<Row> candidates(StageContext context) {
    Lake lake = context.lake();
    Column ofDate = CustomerFeatures.AS_OF.col().equalTo(context.asOfColumn());
    SegmentErrors.requireDefinition(
        lake.read(CustomerFeatures.TABLE).where(ofDate), features.definition(), context.asOf());
    List<String> columns =
        segmentations.stream().flatMap(each -> each.columns().stream()).distinct().toList();
    Dataset<Row> candidates =
        Candidates.of(
            lake.read(CustomerFeatures.table(features)).where(ofDate),
            lake.read(Customers.TABLE),
            consent,
            columns);
    segmentations.forEach(each -> Conditions.requireBoolean(candidates, each));
    return candidates;
  }

  private List<Division> divisions(StageContext context, Dataset<Row> candidates) {
    var divisions = new ArrayList<Division>();
    for (SegmentationSettings each : segmentations) {
      try {
        if (each instanceof RuleSettings rules) {
          divisions.add(Rules.division(rules, features));
        } else if (each instanceof BucketSettings buckets) {
          divisions.add(Buckets.division(buckets, features));
        } else if (each instanceof KMeansSettings clusters) {
          divisions.add(new Clusters(context, features, clusters).division(candidates));
        }
      } catch (Refused e) {
        context
            .report()
            .warn(
                "The segmentation %s has no segments on %s: %s."
                    .formatted(each.name(), context.asOf(), e.getMessage()));
      }
    }
    return divisions;
  }

  /** Membership comes before segments, by which a later date finds it. */
  private void write(StageContext context, Dataset<Row> candidates, List<Division> divisions) {
    Lake lake = context.lake();
    List<String> assignments =
        IntStream.range(0, divisions.size()).mapToObj(i -> "_segmentation_" + i).toList();
    Dataset<Row> assigned = candidates;
    for (int i = 0; i < divisions.size(); i++) {
      assigned = divisions.get(i).assign(assigned, assignments.get(i));
    }
    List<Row> segments = segments(context, assigned, assignments, divisions);
    String ofDate = "as_of = DATE'%s'".formatted(context.asOf());
    lake.replaceWhere(
        SegmentMembership.TABLE,
        ofDate,
        divisions.isEmpty()
            ? rows(lake, SegmentMembership.TABLE, List.of())
            : Memberships.rows(
                assigned,
                assignments,
                rows(lake, Memberships.LABELS, Memberships.labels(divisions)),
                last(context),
                context.asOfColumn()));
    lake.replaceWhere(Segments.TABLE, ofDate, rows(lake, Segments.TABLE, segments));
    context.report().rows("segmentations", divisions.size());
    context.report().rows("segments", segments.size());
  }

  private static Dataset<Row> rows(Lake lake, Table table, List<Row> rows) {
    return lake.spark().createDataFrame(rows, table.schema());
  }

  private List<Row> segments(
      StageContext context,
      Dataset<Row> assigned,
      List<String> assignments,
      List<Division> divisions) {
    if (divisions.isEmpty()) {
      return List.of();
    }
    List<String> described =
        divisions.stream().flatMap(each -> each.features().stream()).distinct().toList();
    Map<List<Integer>, Profile> profiles = new HashMap<>();
    for (Row row : Profiles.sums(assigned, assignments, described).collectAsList()) {
      profiles.put(List.of(row.getInt(0), row.getInt(1)), Profiles.read(row, described));
    }
    var rows = new ArrayList<Row>();
    for (int place = 0; place < divisions.size(); place++) {
      int at = place;
      Stream<Profile> own =
          IntStream.range(0, divisions.get(place).segments().size())
              .mapToObj(index -> profiles.getOrDefault(List.of(at, index), Profile.EMPTY));
      rows.addAll(new SegmentRows(divisions.get(place), own.toList(), features).of(context.asOf()));
    }
    return rows;
  }

  /** Returns who was in which segment on the last date before. */
  private static Dataset<Row> last(StageContext context) {
    Lake lake = context.lake();
    Row last =
        lake.readOrEmpty(Segments.TABLE)
            .where(Segments.AS_OF.col().lt(context.asOfColumn()))
            .agg(max(Segments.AS_OF.col()))
            .head();
    return lake.readOrEmpty(SegmentMembership.TABLE)
        .where(SegmentMembership.AS_OF.col().equalTo(last.getDate(0)));
  }
}
