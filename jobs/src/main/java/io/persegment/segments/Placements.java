package io.persegment.segments;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.max_by;

import io.persegment.customer.ConsentSettings;
import io.persegment.customer.Customers;
import io.persegment.features.CustomerFeatures;
import io.persegment.features.FeatureSettings;
import io.persegment.scores.CustomerScores;
import io.persegment.segments.Placement.Clause;
import io.persegment.segments.Placement.Left;
import io.persegment.segments.Placement.Pull;
import io.persegment.segments.Placement.Rival;
import io.persegment.segments.Placement.Rule;
import io.persegment.segments.Placement.Stay;
import io.persegment.segments.Placement.Value;
import io.persegment.sql.SqlExpression;
import io.persegment.sql.SqlExpression.Call;
import io.persegment.table.Lake;
import java.math.BigDecimal;
import java.math.MathContext;
import java.sql.Date;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Says why a customer is in the segments of the last date that has any. Reads tables as they are;
 * to the driver come rows of that one customer.
 */
public final class Placements {
  private static final int PULLS = 3;

  private static final MathContext DIGITS = new MathContext(4);

  /** A time in a segment, as the table has it. */
  private record Membership(
      String segmentation, String id, String segment, Date since, Date until, double confidence) {
    Stay stay() {
      return new Stay(segment, since.toLocalDate(), until.toLocalDate());
    }
  }

  private final Lake lake;
  private final List<SegmentationSettings> segmentations;
  private final FeatureSettings features;
  private final ConsentSettings consent;
  private final Date asOf;
  private final List<Membership> memberships;
  private final Map<List<String>, Row> segments = new HashMap<>();
  private final Dataset<Row> candidate;

  private Placements(
      Lake lake,
      List<SegmentationSettings> segmentations,
      FeatureSettings features,
      ConsentSettings consent,
      String customer,
      Date asOf) {
    this.lake = lake;
    this.segmentations = segmentations;
    this.features = features;
    this.consent = consent;
    this.asOf = asOf;
    this.memberships = memberships(lake, customer);
    lake.read(Segments.TABLE)
        .where(Segments.AS_OF.col().equalTo(asOf))
        .collectAsList() // a row a segment
        .forEach(
            row ->
                segments.put(
                    List.of(
                        row.getAs(Segments.SEGMENTATION.name()),
                        row.getAs(Segments.SEGMENT_ID.name())),
                    row));
    this.candidate = candidate(customer);
  }

  /**
   * Returns one for each segment that the customer is in on the last date with segments, and which
   * segmentations they left, in the order of the settings. An action.
   *
   * @throws io.persegment.error.PersegmentException where the settings are not those by which the
   *     features of that date were made
   */
  public static Placement.All of(
      Lake lake,
      List<SegmentationSettings> segmentations,
      FeatureSettings features,
      ConsentSettings consent,
      String customer) {
    Date last = lake.readOrEmpty(Segments.TABLE).agg(max(Segments.AS_OF.col())).head().getDate(0);
    if (last == null) {
      return new Placement.All(List.of(), List.of());
    }
    return new Placements(lake, segmentations, features, consent, customer, last).all();
  }

  private Placement.All all() {
    var all = new ArrayList<Placement>();
    var left = new ArrayList<Left>();
    for (SegmentationSettings settings : segmentations) {
      List<Membership> own =
          memberships.stream()
              .filter(each -> each.segmentation().equals(settings.name()))
              .sorted(Comparator.comparing(Membership::until).reversed())
              .toList();
      List<Stay> before =
          own.stream().filter(each -> !each.until().equals(asOf)).map(Membership::stay).toList();
      own.stream()
          .filter(each -> each.until().equals(asOf))
          .forEach(each -> all.add(placement(settings, each, before)));
      own.stream()
          .filter(each -> each.until().equals(own.get(0).until()) && each.until().before(asOf))
          .forEach(each -> left.add(new Left(settings.name(), each.stay(), isWithdrawn(each))));
    }
    return new Placement.All(all, left);
  }

  /** Returns whether a segment is made by profiling, which the customer has withdrawn from. */
  private boolean isWithdrawn(Membership left) {
    Row segment = segments.get(List.of(left.segmentation(), left.id()));
    boolean isProfiling =
        segment != null && Boolean.TRUE.equals(segment.getAs(Segments.IS_PROFILING.name()));
    return isProfiling
        && asked(Candidates.MAY_PROFILE.col()).filter(Boolean.FALSE::equals).isPresent();
  }

  private Placement placement(SegmentationSettings settings, Membership in, List<Stay> before) {
    Row segment = segments.get(List.of(in.segmentation(), in.id()));
    return new Placement(
        in.segmentation(),
        in.segment(),
        in.since().toLocalDate(),
        in.confidence(),
        segment == null ? "" : segment.getAs(Segments.DESCRIPTION.name()),
        settings instanceof RuleSettings rules ? rules(rules, in) : List.of(),
        settings instanceof RuleSettings ? List.of() : values(settings),
        settings instanceof ClusterSettings clusters
            ? rival(clusters, in, segment)
            : Optional.empty(),
        before);
  }

  private List<Rule> rules(RuleSettings settings, Membership in) {
    var rules = new ArrayList<Rule>();
    for (RuleSettings.Rule rule : settings.rules()) {
      boolean isOwn = Segment.id(rule.segment()).equals(in.id());
      if (settings.isExclusive() || isOwn) {
        boolean holds =
            asked(rule.when().holds(this::value)).map(Boolean.class::cast).orElse(false);
        rules.add(new Rule(rule.segment(), holds, clauses(rule.when())));
      }
      if (isOwn) {
        break;
      }
    }
    return rules;
  }

  private List<Clause> clauses(Condition condition) {
    return condition.sql().clauses().stream()
        .map(
            clause ->
                new Clause(
                    clause.text(),
                    asked(clause.with(this::value).column()).map(Boolean.class::cast),
                    values(clause)))
        .toList();
  }

  /** Returns the values that an expression reads: of features, scores and segments. */
  private List<Value> values(SqlExpression expression) {
    var values = new ArrayList<Value>();
    expression.references().forEach(name -> values.add(value(name)));
    for (Call call : expression.calls()) {
      String name = "%s('%s')".formatted(call.function(), call.arguments().get(0));
      values.add(
          call.function().equals(Condition.IN_SEGMENT)
              ? new Value(call.arguments().get(0), Optional.of(names(call.arguments().get(0))))
              : new Value(name, asked(value(call)).map(Placements::shown)));
    }
    return values;
  }

  private List<Value> values(SegmentationSettings settings) {
    if (settings instanceof CombinationSettings) {
      return settings.parts().stream()
          .map(part -> new Value(part, Optional.of(names(part))))
          .toList();
    }
    return settings instanceof ClusterSettings
        ? List.of()
        : settings.columns().stream().map(this::value).toList();
  }

  private Value value(String feature) {
    return new Value(feature, asked(Division.named(feature)).map(Placements::shown));
  }

  /** Returns what a call in a condition gives for the customer. */
  private Column value(Call call) {
    String name = call.arguments().get(0);
    return switch (call.function()) {
      case Condition.SCORE -> Division.named(Candidates.score(name));
      case Condition.DECILE -> Division.named(Candidates.decile(name));
      default -> {
        Set<String> asked =
            call.arguments().stream().skip(1).map(Segment::id).collect(Collectors.toSet());
        yield lit(
            now(name).stream()
                .anyMatch(
                    each ->
                        asked.contains(each.id()) || asked.contains(Segment.id(each.segment()))));
      }
    };
  }

  private List<Membership> now(String segmentation) {
    return memberships.stream()
        .filter(each -> each.segmentation().equals(segmentation) && each.until().equals(asOf))
        .toList();
  }

  private String names(String segmentation) {
    List<Membership> now = now(segmentation);
    return now.isEmpty()
        ? "no segment"
        : now.stream().map(Membership::segment).collect(Collectors.joining(", "));
  }

  private Optional<Rival> rival(ClusterSettings settings, Membership in, Row segment) {
    if (segment == null || in.id().equals(Segment.id(settings.unknown()))) {
      return Optional.empty();
    }
    int version = segment.getAs(Segments.MODEL_VERSION.name());
    return StandingModels.of(lake, settings.name()).models().stream()
        .filter(model -> model.version() == version)
        .findFirst()
        .flatMap(model -> rival(settings, in, model));
  }

  private Optional<Rival> rival(
      ClusterSettings settings, Membership in, StandingModels.Model model) {
    ClusterModel clusters = ClusterModel.load(lake, model.path());
    List<Row> scored =
        clusters.score(candidate).select(Preparation.VECTOR, ClusterModel.CLUSTER).collectAsList();
    if (scored.isEmpty()) {
      return Optional.empty();
    }
    double[] point = scored.get(0).<Vector>getAs(0).toArray();
    int cluster = scored.get(0).getInt(1);
    int second = clusters.second(point, cluster);
    double[] own = clusters.centres()[cluster];
    double[] other = clusters.centres()[second];
    Label rival = model.clusters().get(second);
    Row its = segments.get(List.of(in.segmentation(), rival.id()));
    return Optional.of(
        new Rival(
            its == null ? rival.name() : its.getAs(Segments.NAME.name()),
            Math.sqrt(Clustering.squared(point, own)),
            Math.sqrt(Clustering.squared(point, other)),
            settings.fit().components() == 0
                ? pulls(
                    settings.features(),
                    point,
                    own,
                    other,
                    averages(segments.get(List.of(in.segmentation(), in.id()))),
                    averages(its))
                : List.of()));
  }

  /** Returns the features by which the point is nearer to one centre than to another. */
  private List<Pull> pulls(
      List<String> names,
      double[] point,
      double[] own,
      double[] other,
      Map<String, Double> averages,
      Map<String, Double> otherAverages) {
    double[] pull = new double[point.length];
    for (int i = 0; i < pull.length; i++) {
      pull[i] = Math.pow(point[i] - other[i], 2) - Math.pow(point[i] - own[i], 2);
    }
    return IntStream.range(0, pull.length)
        .boxed()
        .filter(i -> pull[i] > 0)
        .sorted(Comparator.comparingDouble(i -> -pull[i]))
        .limit(PULLS)
        .map(names::get)
        .map(
            name ->
                new Pull(
                    value(name),
                    Optional.ofNullable(averages.get(name)),
                    Optional.ofNullable(otherAverages.get(name))))
        .toList();
  }

  /** Returns the means of a segment's profile, by feature. */
  private static Map<String, Double> averages(Row segment) {
    var averages = new LinkedHashMap<String, Double>();
    if (segment != null) {
      for (Row each : segment.<Row>getList(segment.fieldIndex(Segments.PROFILE.name()))) {
        if (!each.isNullAt(1)) {
          averages.put(each.getString(0), each.getDouble(1));
        }
      }
    }
    return averages;
  }

  /** Returns the value of an expression for the customer; empty where it is null. */
  private Optional<Object> asked(Column expression) {
    return candidate.select(expression).collectAsList().stream()
        .findFirst()
        .flatMap(row -> Optional.ofNullable(row.get(0)));
  }

  /** Returns a value with no more digits than tell. */
  private static String shown(Object value) {
    return value instanceof Double number && Double.isFinite(number)
        ? new BigDecimal(number, DIGITS).stripTrailingZeros().toPlainString()
        : String.valueOf(value);
  }

  private static List<Membership> memberships(Lake lake, String customer) {
    Column until = max(SegmentMembership.AS_OF.col());
    return lake
        .readOrEmpty(SegmentMembership.TABLE)
        .where(SegmentMembership.CUSTOMER_ID.col().equalTo(customer))
        .groupBy(
            SegmentMembership.SEGMENTATION.col(),
            SegmentMembership.SEGMENT_ID.col(),
            SegmentMembership.SINCE.col())
        .agg(
            max_by(SegmentMembership.SEGMENT.col(), SegmentMembership.AS_OF.col()),
            until,
            max_by(SegmentMembership.CONFIDENCE.col(), SegmentMembership.AS_OF.col()))
        .orderBy(
            SegmentMembership.SEGMENTATION.col(),
            SegmentMembership.SINCE.col(),
            SegmentMembership.SEGMENT_ID.col())
        .collectAsList() // a row a stay of one customer
        .stream()
        .map(
            row ->
                new Membership(
                    row.getString(0),
                    row.getString(1),
                    row.getString(3),
                    row.getDate(2),
                    row.getDate(4),
                    row.getDouble(5)))
        .toList();
  }

  /** Returns the customer with what segmentations look at, brought to the driver. */
  private Dataset<Row> candidate(String customer) {
    Column ofDate = CustomerFeatures.AS_OF.col().equalTo(asOf);
    Column own = CustomerFeatures.CUSTOMER_ID.col().equalTo(customer);
    SegmentErrors.requireDefinition(
        lake.read(CustomerFeatures.TABLE).where(ofDate), features.definition(), asOf.toLocalDate());
    Dataset<Row> row =
        Candidates.of(
            lake.read(CustomerFeatures.table(features)).where(ofDate.and(own)),
            lake.read(Customers.TABLE).where(Customers.CUSTOMER_ID.col().equalTo(customer)),
            consent,
            SegmentationSettings.allColumns(segmentations),
            lake.readOrEmpty(CustomerScores.TABLE)
                .where(CustomerScores.AS_OF.col().equalTo(asOf))
                .where(CustomerScores.CUSTOMER_ID.col().equalTo(customer)),
            SegmentationSettings.allTargets(segmentations));
    return lake.spark().createDataFrame(row.collectAsList(), row.schema());
  }
}
