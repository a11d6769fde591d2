package io.persegment.segments;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.when;

import io.persegment.customer.ConsentSettings;
import io.persegment.customer.Customers;
import io.persegment.features.CustomerFeatures;
import io.persegment.features.FeatureSettings;
import io.persegment.run.Stage;
import io.persegment.run.StageContext;
import io.persegment.scores.CustomerScores;
import io.persegment.segments.Profiles.Profile;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/**
 * Divides the customers of the as-of date in every declared way. A segmentation by clusters uses
 * its standing model, or fits one; one that cannot be fitted is left out with a warning.
 */
public final class SegmentsStage implements Stage {
  private final List<SegmentationSettings> segmentations;
  private final FeatureSettings features;
  private final ConsentSettings consent;
  private final SegmentsSettings settings;

  public SegmentsStage(
      List<SegmentationSettings> segmentations,
      FeatureSettings features,
      ConsentSettings consent,
      SegmentsSettings settings) {
    this.segmentations = List.copyOf(segmentations);
    this.features = features;
    this.consent = consent;
    this.settings = settings;
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
    return List.of(Customers.TABLE, CustomerFeatures.table(features), CustomerScores.TABLE);
  }

  @Override
  public List<Table> writes() {
    return List.of(SegmentModels.TABLE, SegmentMembership.TABLE, Segments.TABLE);
  }

  @Override
  public void run(StageContext context) {
    Optional<LocalDate> last = last(context);
    Candidates.warnOfMissingScores(
        context.lake(),
        SegmentationSettings.allTargets(segmentations),
        List.of(context.asOf()),
        context.report());
    Dataset<Row> candidates = candidates(context).persist();
    try {
      Assigned assigned =
          new Divider(context, features, before(context, last)).divide(candidates, segmentations);
      // Told who is where, and what each segment is like: models put customers into it once.
      Dataset<Row> customers = assigned.customers().persist();
      try {
        write(context, new Assigned(customers, assigned.divisions()), last);
      } finally {
        customers.unpersist();
      }
    } finally {
      candidates.unpersist();
    }
  }

  private Dataset<Row> candidates(StageContext context) {
    Lake lake = context.lake();
    Column ofDate = CustomerFeatures.AS_OF.col().equalTo(context.asOfColumn());
    SegmentErrors.requireDefinition(
        lake.read(CustomerFeatures.TABLE).where(ofDate), features.definition(), context.asOf());
    return Candidates.of(
        lake.read(CustomerFeatures.table(features)).where(ofDate),
        lake.read(Customers.TABLE),
        consent,
        both(SegmentationSettings.allColumns(segmentations), settings.features()),
        lake.readOrEmpty(CustomerScores.TABLE)
            .where(CustomerScores.AS_OF.col().equalTo(context.asOfColumn())),
        both(SegmentationSettings.allTargets(segmentations), settings.targets()));
  }

  private static List<String> both(List<String> some, List<String> others) {
    return Stream.concat(some.stream(), others.stream()).distinct().toList();
  }

  private Divider.Before before(StageContext context, Optional<LocalDate> last) {
    return new Divider.Before() {
      @Override
      public Division clusters(ClusterSettings settings, Assigned assigned) throws Refused {
        return new Clusters(context, features, settings).division(assigned);
      }

      @Override
      public Set<String> inhabited(String combination) {
        return SegmentsStage.inhabited(context, last, combination);
      }
    };
  }

  /** Returns the ids of the segments of a segmentation that had customers on the last date. */
  private static Set<String> inhabited(
      StageContext context, Optional<LocalDate> last, String segmentation) {
    return context
        .lake()
        .readOrEmpty(Segments.TABLE)
        .where(isOf(Segments.AS_OF, last))
        .where(Segments.SEGMENTATION.col().equalTo(segmentation).and(Segments.SIZE.col().gt(0)))
        .select(Segments.SEGMENT_ID.col())
        .as(Encoders.STRING())
        .collectAsList()
        .stream()
        .collect(Collectors.toSet());
  }

  /** Membership comes before segments, by which a later date finds it. */
  private void write(StageContext context, Assigned assigned, Optional<LocalDate> last) {
    Lake lake = context.lake();
    String ofDate = "as_of = DATE'%s'".formatted(context.asOf());
    lake.replaceWhere(
        SegmentMembership.TABLE,
        ofDate,
        assigned.divisions().isEmpty()
            ? rows(lake, SegmentMembership.TABLE, List.of())
            : Memberships.rows(
                assigned,
                rows(
                    lake,
                    Memberships.LABELS,
                    Memberships.labels(assigned.divisions(), exclusive())),
                lake.readOrEmpty(SegmentMembership.TABLE)
                    .where(isOf(SegmentMembership.AS_OF, last)),
                context.asOfColumn()));
    List<Row> segments = segments(context, assigned);
    lake.replaceWhere(Segments.TABLE, ofDate, rows(lake, Segments.TABLE, segments));
    context.report().rows("segmentations", assigned.divisions().size());
    context.report().rows("segments", segments.size());
  }

  private Set<String> exclusive() {
    return segmentations.stream()
        .filter(SegmentationSettings::isExclusive)
        .map(SegmentationSettings::name)
        .collect(Collectors.toSet());
  }

  private static Dataset<Row> rows(Lake lake, Table table, List<Row> rows) {
    return lake.spark().createDataFrame(rows, table.schema());
  }

  private List<Row> segments(StageContext context, Assigned assigned) {
    List<Division> divisions = assigned.divisions();
    if (divisions.isEmpty()) {
      return List.of();
    }
    List<String> described =
        both(
            divisions.stream().flatMap(each -> each.features().stream()).toList(), settings.told());
    Map<List<String>, List<Row>> cameFrom =
        Memberships.cameFrom(
            context
                .lake()
                .read(SegmentMembership.TABLE)
                .where(SegmentMembership.AS_OF.col().equalTo(context.asOfColumn())));
    Map<List<Integer>, Profile> profiles = new HashMap<>();
    for (Row row : Profiles.sums(assigned, described).collectAsList()) {
      profiles.put(List.of(row.getInt(0), row.getInt(1)), Profiles.read(row, described));
    }
    var rows = new ArrayList<Row>();
    for (int place = 0; place < divisions.size(); place++) {
      int at = place;
      Stream<Profile> own =
          IntStream.range(0, divisions.get(place).segments().size())
              .mapToObj(index -> profiles.getOrDefault(List.of(at, index), Profile.EMPTY));
      rows.addAll(
          new SegmentRows(
                  divisions.get(place),
                  own.toList(),
                  profiles.getOrDefault(List.of(at, Profiles.OVERALL), Profile.EMPTY),
                  features,
                  settings.told())
              .of(context.asOf(), cameFrom));
    }
    return rows;
  }

  private static Column isOf(Field date, Optional<LocalDate> last) {
    return last.map(day -> date.col().equalTo(lit(Date.valueOf(day)))).orElse(lit(false));
  }

  /**
   * Returns the last date before that has segments, if one has. Warns where later ones have: those
   * know nothing of what this one is going to be. An action.
   */
  private static Optional<LocalDate> last(StageContext context) {
    Column date = Segments.AS_OF.col();
    Row dates =
        context
            .lake()
            .readOrEmpty(Segments.TABLE)
            .agg(
                max(when(date.lt(context.asOfColumn()), date)),
                min(when(date.gt(context.asOfColumn()), date)),
                max(when(date.equalTo(context.asOfColumn()), date)))
            .head();
    if (!dates.isNullAt(1) && dates.isNullAt(2)) {
      context
          .report()
          .warn(
              "Customers were divided on %s and maybe later before they are on %s: since, previous_segment_id and came_from of those dates tell nothing of this one until their segments are made again, with --force."
                  .formatted(dates.getDate(1), context.asOf()));
    }
    return Optional.ofNullable(dates.getDate(0)).map(Date::toLocalDate);
  }
}
