package io.persegment.segments;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.max_by;

import io.persegment.customer.ConsentSettings;
import io.persegment.customer.Customers;
import io.persegment.features.CustomerFeatures;
import io.persegment.features.FeatureSettings;
import io.persegment.scores.CustomerScores;
import io.persegment.segments.Placement.Change;
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
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

  /** The customer with what segmentations look at, on the driver, by date. */
  private final Map<Date, Dataset<Row>> candidates = new HashMap<>();

  private final String customer;

  /** By segmentation, the dates on which it has segments, each with its model's version. */
  private final Map<String, NavigableMap<Date, Optional<Integer>>> dates = new HashMap<>();

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
    this.customer = customer;
    lake.read(Segments.TABLE)
        .select(Segments.SEGMENTATION.col(), Segments.AS_OF.col(), Segments.MODEL_VERSION.col())
        .distinct()
        .collectAsList() // a row a segmentation and date
        .forEach(
            row ->
                dates
                    .computeIfAbsent(row.getString(0), name -> new TreeMap<>())
                    .put(row.getDate(1), Optional.ofNullable(row.getAs(2))));
    SegmentErrors.requireDefinition(
        lake.read(CustomerFeatures.TABLE).where(CustomerFeatures.AS_OF.col().equalTo(asOf)),
        features.definition(),
        asOf.toLocalDate());
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
      return new Placement.All(List.of(), List.of(), false);
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
          .forEach(
              each ->
                  left.add(
                      new Left(
                          settings.name(),
                          each.stay(),
                          isWithdrawn(each),
                          leftBy(settings, each))));
    }
    return new Placement.All(all, left, isRefused());
  }

  /** Returns whether a segment is made by profiling, which the customer has withdrawn from. */
  private boolean isWithdrawn(Membership left) {
    Row segment = segments.get(List.of(left.segmentation(), left.id()));
    boolean isProfiling =
        segment != null && Boolean.TRUE.equals(segment.getAs(Segments.IS_PROFILING.name()));
    return isProfiling && isRefused();
  }

  private boolean isRefused() {
    return asked(Candidates.MAY_PROFILE.col(), asOf).filter(Boolean.FALSE::equals).isPresent();
  }

  /** Returns what became another thing when the customer came in. */
  private List<Change> cameBy(SegmentationSettings settings, Membership in) {
    return Optional.ofNullable(dates.get(settings.name()).lowerKey(in.since()))
        .map(before -> changes(settings, in.id(), before, in.since()))
        .orElse(List.of());
  }

  private List<Change> leftBy(SegmentationSettings settings, Membership out) {
    return Optional.ofNullable(dates.get(settings.name()).higherKey(out.until()))
        .map(since -> changes(settings, out.id(), out.until(), since))
        .orElse(List.of());
  }

  /**
   * Returns what differs between two dates: clauses of the rules up to that of a segment, or of it
   * alone where many can hold; segments of parts; features of clusters, those that moved the
   * customer most; others that it looks at. Nothing where another model decides since.
   */
  private List<Change> changes(
      SegmentationSettings settings, String segment, Date before, Date since) {
    var versions = dates.get(settings.name());
    if (candidate(before).isEmpty()
        || candidate(since).isEmpty()
        || !versions.get(before).equals(versions.getOrDefault(since, Optional.empty()))) {
      return List.of();
    }
    if (settings instanceof RuleSettings rules) {
      return tried(rules, segment).stream()
          .flatMap(rule -> rule.when().sql().clauses().stream())
          .distinct()
          .map(clause -> change(clause, before, since))
          .flatMap(Optional::stream)
          .toList();
    }
    Stream<Change> all =
        settings instanceof CombinationSettings
            ? settings.parts().stream()
                .map(part -> change(part, names(part, before), names(part, since)))
            : looksAt(settings, before, since)
                .map(
                    name ->
                        new Change(
                            name,
                            Optional.empty(),
                            List.of(value(name, before)),
                            List.of(value(name, since))));
    return all.filter(change -> !change.before().equals(change.since())).limit(PULLS).toList();
  }

  private static Change change(String part, String before, String since) {
    return new Change(
        part,
        Optional.empty(),
        List.of(new Value(part, Optional.of(before))),
        List.of(new Value(part, Optional.of(since))));
  }

  /** Returns the columns that may tell two dates apart; of clusters, what moved most first. */
  private Stream<String> looksAt(SegmentationSettings settings, Date before, Date since) {
    if (!(settings instanceof ClusterSettings clusters) || clusters.fit().components() > 0) {
      return settings.columns().stream();
    }
    Optional<ClusterModel> model =
        dates
            .get(settings.name())
            .get(since)
            .flatMap(version -> model(settings.name(), version))
            .map(each -> ClusterModel.load(lake, each.path()));
    if (model.isEmpty()) {
      return Stream.empty();
    }
    double[] then = point(model.get(), before);
    double[] now = point(model.get(), since);
    return IntStream.range(0, now.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -Math.abs(now[i] - then[i])))
        .map(settings.features()::get);
  }

  private double[] point(ClusterModel clusters, Date date) {
    return clusters
        .score(candidate(date))
        .select(Preparation.VECTOR)
        .collectAsList()
        .get(0)
        .<Vector>getAs(0)
        .toArray();
  }

  private Optional<StandingModels.Model> model(String segmentation, int version) {
    return StandingModels.of(lake, segmentation).models().stream()
        .filter(model -> model.version() == version)
        .findFirst();
  }

  private Optional<Change> change(SqlExpression clause, Date before, Date since) {
    Optional<Boolean> then = holds(clause, before);
    Optional<Boolean> now = holds(clause, since);
    return then.orElse(false).equals(now.orElse(false))
        ? Optional.empty()
        : Optional.of(
            new Change(clause.text(), now, values(clause, before), values(clause, since)));
  }

  private Optional<Boolean> holds(SqlExpression clause, Date date) {
    return asked(clause.with(call -> value(call, date)).column(), date).map(Boolean.class::cast);
  }

  /** Returns the rules that decide on a segment: those before it, too, where the first counts. */
  private static List<RuleSettings.Rule> tried(RuleSettings settings, String segment) {
    var tried = new ArrayList<RuleSettings.Rule>();
    for (RuleSettings.Rule rule : settings.rules()) {
      boolean isOwn = Segment.id(rule.segment()).equals(segment);
      if (settings.isExclusive() || isOwn) {
        tried.add(rule);
      }
      if (isOwn) {
        break;
      }
    }
    return tried;
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
        before,
        cameBy(settings, in));
  }

  private List<Rule> rules(RuleSettings settings, Membership in) {
    List<RuleSettings.Rule> tried = tried(settings, in.id());
    // Where many can hold, none of them does of who is in what else there is.
    List<RuleSettings.Rule> told = tried.isEmpty() ? settings.rules() : tried;
    return told.stream()
        .map(
            rule ->
                new Rule(
                    rule.segment(),
                    asked(rule.when().holds(call -> value(call, asOf)), asOf)
                        .map(Boolean.class::cast)
                        .orElse(false),
                    clauses(rule.when())))
        .toList();
  }

  private List<Clause> clauses(Condition condition) {
    return condition.sql().clauses().stream()
        .map(clause -> new Clause(clause.text(), holds(clause, asOf), values(clause, asOf)))
        .toList();
  }

  /** Returns the values that an expression reads: of features, scores and segments. */
  private List<Value> values(SqlExpression expression, Date date) {
    var values = new ArrayList<Value>();
    expression.references().forEach(name -> values.add(value(name, date)));
    for (Call call : expression.calls()) {
      String name = "%s('%s')".formatted(call.function(), call.arguments().get(0));
      values.add(
          call.function().equals(Condition.IN_SEGMENT)
              ? new Value(
                  call.arguments().get(0), Optional.of(names(call.arguments().get(0), date)))
              : new Value(name, asked(value(call, date), date).map(Placements::shown)));
    }
    return values;
  }

  private List<Value> values(SegmentationSettings settings) {
    if (settings instanceof CombinationSettings) {
      return settings.parts().stream()
          .map(part -> new Value(part, Optional.of(names(part, asOf))))
          .toList();
    }
    return settings instanceof ClusterSettings
        ? List.of()
        : settings.columns().stream().map(name -> value(name, asOf)).toList();
  }

  private Value value(String feature, Date date) {
    return new Value(feature, asked(Division.named(feature), date).map(Placements::shown));
  }

  /** Returns what a call in a condition gives for the customer. */
  private Column value(Call call, Date date) {
    String name = call.arguments().get(0);
    return switch (call.function()) {
      case Condition.SCORE -> Division.named(Candidates.score(name));
      case Condition.DECILE -> Division.named(Candidates.decile(name));
      default -> {
        Set<String> asked =
            call.arguments().stream().skip(1).map(Segment::id).collect(Collectors.toSet());
        yield lit(
            on(date, name).stream()
                .anyMatch(
                    each ->
                        asked.contains(each.id()) || asked.contains(Segment.id(each.segment()))));
      }
    };
  }

  private List<Membership> on(Date date, String segmentation) {
    return memberships.stream()
        .filter(each -> each.segmentation().equals(segmentation))
        .filter(each -> !each.since().after(date) && !each.until().before(date))
        .toList();
  }

  private String names(String segmentation, Date date) {
    List<Membership> now = on(date, segmentation);
    return now.isEmpty()
        ? "no segment"
        : now.stream().map(Membership::segment).collect(Collectors.joining(", "));
  }

  private Optional<Rival> rival(ClusterSettings settings, Membership in, Row segment) {
    if (segment == null || in.id().equals(Segment.id(settings.unknown()))) {
      return Optional.empty();
    }
    int version = segment.getAs(Segments.MODEL_VERSION.name());
    return model(settings.name(), version).flatMap(model -> rival(settings, in, model));
  }

  private Optional<Rival> rival(
      ClusterSettings settings, Membership in, StandingModels.Model model) {
    ClusterModel clusters = ClusterModel.load(lake, model.path());
    List<Row> scored =
        clusters
            .score(candidate(asOf))
            .select(Preparation.VECTOR, ClusterModel.CLUSTER)
            .collectAsList();
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
                    value(name, asOf),
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
  private Optional<Object> asked(Column expression, Date date) {
    return candidate(date).select(expression).collectAsList().stream()
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

  /**
   * Returns the customer with what segmentations look at, brought to the driver; no row of a date
   * whose features were others.
   */
  private Dataset<Row> candidate(Date date) {
    return candidates.computeIfAbsent(
        date,
        day -> {
          Dataset<Row> row =
              Candidates.of(
                  lake.read(CustomerFeatures.table(features))
                      .where(CustomerFeatures.AS_OF.col().equalTo(day))
                      .where(CustomerFeatures.CUSTOMER_ID.col().equalTo(customer))
                      .where(CustomerFeatures.DEFINITION.col().equalTo(features.definition())),
                  lake.read(Customers.TABLE).where(Customers.CUSTOMER_ID.col().equalTo(customer)),
                  consent,
                  SegmentationSettings.allColumns(segmentations),
                  lake.readOrEmpty(CustomerScores.TABLE)
                      .where(CustomerScores.AS_OF.col().equalTo(day))
                      .where(CustomerScores.CUSTOMER_ID.col().equalTo(customer)),
                  SegmentationSettings.allTargets(segmentations));
          return lake.spark().createDataFrame(row.collectAsList(), row.schema());
        });
  }
}
