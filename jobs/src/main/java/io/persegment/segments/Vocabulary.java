package io.persegment.segments;

import static java.util.stream.Collectors.toMap;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.regexp_replace;

import io.persegment.config.Nearest;
import io.persegment.config.Section;
import io.persegment.features.FeatureSettings;
import io.persegment.sql.Cases;
import io.persegment.sql.Cases.Domain;
import io.persegment.sql.SqlExpression;
import io.persegment.sql.SqlExpression.Call;
import io.persegment.sql.TypedExpression;
import io.persegment.table.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * What conditions may name, and the conditions that were read: features, scores of targets, and
 * segments of other segmentations. What they say together can be judged once all are read.
 */
public final class Vocabulary {
  /**
   * A condition where it is written.
   *
   * @param rule name of the rule whose it is, of rules of which the first one that holds counts
   */
  private record Written(Section section, String key, Condition condition, Optional<String> rule) {
    void problem(String what) {
      section.problem(key, what);
    }
  }

  /** In values: the name of the customer's segment in a segmentation. */
  public static final String SEGMENT = "segment";

  private static final Set<String> OF_VALUES =
      Set.of(Condition.IN_SEGMENT, Condition.SCORE, Condition.DECILE, Condition.ARM, SEGMENT);

  private static final Condition ALWAYS = Condition.parse("true");

  private final FeatureSettings features;
  private final Map<String, Field> more;
  private final Set<String> experiments;
  private final Map<String, SegmentationSettings> divided;
  private final Map<String, Double> targets;
  private final Set<String> segmentations;
  private final Map<String, List<Written>> conditions = new TreeMap<>();

  /**
   * @param targets the most that a score can be, by target: 1, or infinity of an amount
   */
  Vocabulary(FeatureSettings features, Map<String, Double> targets, Set<String> segmentations) {
    this(features, targets, segmentations, List.of(), Map.of(), List.of());
  }

  private Vocabulary(
      FeatureSettings features,
      Map<String, Double> targets,
      Set<String> segmentations,
      List<Field> more,
      Map<String, SegmentationSettings> divided,
      List<String> experiments) {
    this.features = features;
    this.targets = new TreeMap<>(targets);
    this.segmentations = Set.copyOf(segmentations);
    this.more =
        more.stream()
            .filter(field -> !features.names().contains(field.name()))
            .collect(toMap(Field::name, field -> field));
    this.divided = Map.copyOf(divided);
    this.experiments = Set.copyOf(experiments);
  }

  /**
   * Returns what may be named of customers who are in their segments.
   *
   * @param targets the most that a score can be, by target: 1, or infinity of an amount
   * @param more columns that may be named beside the features; a feature of that name comes first
   * @param experiments of which {@code arm('experiment')} may be asked
   */
  public static Vocabulary of(
      FeatureSettings features,
      Map<String, Double> targets,
      List<SegmentationSettings> segmentations,
      List<Field> more,
      List<String> experiments) {
    Map<String, SegmentationSettings> divided =
        segmentations.stream().collect(toMap(SegmentationSettings::name, each -> each));
    return new Vocabulary(features, targets, divided.keySet(), more, divided, experiments);
  }

  FeatureSettings features() {
    return features;
  }

  /** Returns the id that a segment of that name has where its settings name it. */
  public static String id(String segment) {
    return Segment.id(segment);
  }

  /** Returns {@link #id(String)} of a column of names. */
  public static Column id(Column segment) {
    Column plain = regexp_replace(lower(segment), "[^\\p{L}\\p{N}]+", "-");
    return regexp_replace(plain, "^-|-$", "");
  }

  /**
   * Reads {@code key}, a condition of the segmentation {@code of}; notes names that do not exist,
   * and aggregates.
   *
   * @param rule name of the rule whose it is, of rules of which the first one that holds counts
   */
  public Condition condition(String of, Section section, String key, Optional<String> rule) {
    Condition condition;
    try {
      condition = Condition.parse(section.text(key));
    } catch (IllegalArgumentException e) {
      if (section.has(key)) {
        section.problem(key, e.getMessage());
      }
      return ALWAYS;
    }
    if (namesWhatThereIs(of, section, key, condition.sql())) {
      conditions
          .computeIfAbsent(of, name -> new ArrayList<>())
          .add(new Written(section, key, condition, rule));
    }
    return condition;
  }

  /**
   * Reads {@code written}, a value of {@code key}: SQL like that of a condition, with {@code
   * segment('segmentation')} as well; notes what is wrong with it. Empty where anything is.
   */
  public Optional<CustomerValue> value(Section section, String key, String written) {
    SqlExpression sql;
    try {
      sql = SqlExpression.parse(written, OF_VALUES);
    } catch (IllegalArgumentException e) {
      section.problem(key, "is no SQL expression: %s".formatted(e.getMessage()));
      return Optional.empty();
    }
    if (!namesWhatThereIs("", section, key, sql) || !namesSegments(section, key, sql, divided)) {
      return Optional.empty();
    }
    var domains = new LinkedHashMap<String, Domain>();
    sql.references().forEach(name -> domains.put(name, domain(name)));
    sql.calls().forEach(call -> domains.putAll(domains(call, divided)));
    try {
      DataType type = TypedExpression.type(sql.with(call -> value(call, divided)), schema(domains));
      return Optional.of(new CustomerValue(sql, type));
    } catch (IllegalArgumentException e) {
      section.problem(key, "cannot be evaluated: %s".formatted(e.getMessage()));
      return Optional.empty();
    }
  }

  private Domain domain(String name) {
    return more.containsKey(name) ? Domain.of(more.get(name).type()) : features.domain(name);
  }

  private boolean namesWhatThereIs(String of, Section section, String key, SqlExpression sql) {
    List<String> mistakes = new ArrayList<>();
    List<String> known =
        Stream.concat(features.names().stream(), more.keySet().stream()).sorted().toList();
    for (String name : sql.references()) {
      if (!known.contains(name)) {
        mistakes.add("names no feature: %s; %s".formatted(name, Nearest.hint(name, known)));
      }
    }
    if (sql.aggregates()) {
      mistakes.add("looks at many customers; write a condition on one");
    }
    for (Call call : sql.calls()) {
      mistake(of, call).ifPresent(mistakes::add);
    }
    mistakes.forEach(mistake -> section.problem(key, mistake));
    return mistakes.isEmpty();
  }

  private Optional<String> mistake(String of, Call call) {
    List<String> names = call.arguments();
    boolean inSegment = call.function().equals(Condition.IN_SEGMENT);
    String kind =
        switch (call.function()) {
          case Condition.IN_SEGMENT, SEGMENT -> "segmentation";
          case Condition.ARM -> "experiment";
          default -> "target";
        };
    if (inSegment ? names.size() < 2 : names.size() != 1) {
      String right =
          inSegment
              ? "in_segment('segmentation', 'segment')"
              : "%s('%s')".formatted(call.function(), kind);
      return Optional.of(
          "has %s() with %d names; write %s".formatted(call.function(), names.size(), right));
    }
    Set<String> known =
        switch (kind) {
          case "segmentation" -> others(of);
          case "experiment" -> experiments;
          default -> targets.keySet();
        };
    boolean namesItself = inSegment && names.get(0).equals(of); // a circle, which is told of all
    return namesItself || known.contains(names.get(0))
        ? Optional.empty()
        : Optional.of(
            "names no %s: %s; %s"
                .formatted(
                    kind.equals("segmentation") ? "other segmentation" : kind,
                    names.get(0),
                    Nearest.hint(names.get(0), known)));
  }

  private Set<String> others(String of) {
    var others = new LinkedHashSet<>(segmentations);
    others.remove(of);
    return others;
  }

  /** Notes where {@code written}, in {@code key}, is not the name of another than {@code of}. */
  void requireOther(String of, Section section, String key, String written) {
    Set<String> others = others(of);
    if (!others.contains(written) && !written.equals(of)) {
      section.problem(
          key,
          "names no other segmentation: %s; %s".formatted(written, Nearest.hint(written, others)));
    }
  }

  /** Notes what is wrong with conditions beside others, now that all of them are read. */
  public void check() {
    check(divided);
  }

  /** Does what {@link #check()} does, now that all segmentations are read. */
  void check(Map<String, SegmentationSettings> all) {
    conditions.forEach(
        (of, written) -> {
          checkCases(
              written.stream()
                  .filter(
                      each ->
                          namesSegments(each.section(), each.key(), each.condition().sql(), all))
                  .toList(),
              all);
        });
  }

  private static boolean namesSegments(
      Section section, String key, SqlExpression sql, Map<String, SegmentationSettings> all) {
    boolean right = true;
    for (Call call : sql.calls()) {
      boolean ofSegment = call.function().equals(SEGMENT);
      if (!ofSegment && !call.function().equals(Condition.IN_SEGMENT)) {
        continue;
      }
      SegmentationSettings other = all.get(call.arguments().get(0));
      if (other == null) {
        return false; // which has mistakes of its own
      }
      if (ofSegment && !other.isExclusive()) {
        right = false;
        section.problem(
            key,
            "asks for the segment in %s, in which a customer may be in many; write in_segment('%s', '...')"
                .formatted(other.name(), other.name()));
      }
      List<String> known = other.segments().stream().map(Segment::id).toList();
      for (String segment : call.arguments().subList(1, call.arguments().size())) {
        if (!other.areFound() && !known.contains(Segment.id(segment))) {
          right = false;
          section.problem(
              key,
              "names no segment of %s: %s; %s"
                  .formatted(other.name(), segment, Nearest.hint(segment, other.segments())));
        }
      }
    }
    return right;
  }

  private void checkCases(List<Written> written, Map<String, SegmentationSettings> all) {
    var domains = new LinkedHashMap<String, Domain>();
    for (Written each : written) {
      each.condition().features().forEach(name -> domains.put(name, domain(name)));
      each.condition().sql().calls().forEach(call -> domains.putAll(domains(call, all)));
    }
    StructType schema = schema(domains);
    var right = new ArrayList<Written>();
    var typed = new ArrayList<TypedExpression>();
    for (Written each : written) {
      typed(each, schema, all)
          .ifPresent(
              condition -> {
                right.add(each);
                typed.add(condition);
              });
    }
    check(right, new Cases(typed, List.copyOf(domains.values())));
  }

  private static StructType schema(Map<String, Domain> domains) {
    var schema = new StructType();
    for (var each : domains.entrySet()) {
      schema = schema.add(each.getKey(), each.getValue().type());
    }
    return schema;
  }

  /** Returns the condition with types; notes where it is not true or false. */
  private Optional<TypedExpression> typed(
      Written written, StructType schema, Map<String, SegmentationSettings> all) {
    TypedExpression typed;
    try {
      typed = TypedExpression.of(written.condition().sql().with(call -> value(call, all)), schema);
    } catch (IllegalArgumentException e) {
      written.problem("cannot be evaluated: %s".formatted(e.getMessage()));
      return Optional.empty();
    }
    if (!(typed.type() instanceof BooleanType)) {
      written.problem(
          "gives %s; write a condition that is true or false, such as orders_30d > 3"
              .formatted(typed.type().sql()));
      return Optional.empty();
    }
    return Optional.of(typed);
  }

  private static void check(List<Written> written, Cases cases) {
    for (int i = 0; i < written.size(); i++) {
      Written each = written.get(i);
      if (cases.neverHolds(i)) {
        each.problem("can never hold: no customer can have such values");
      } else if (each.rule().isPresent() && cases.isShadowed(i)) {
        String before =
            cases
                .shadowing(i)
                .map(earlier -> "the rule " + written.get(earlier).rule().orElseThrow() + " does")
                .orElse("one of the rules before it does");
        each.problem("catches nobody: wherever it holds, %s, which comes first".formatted(before));
      }
    }
  }

  /** Returns the columns that stand for a call where conditions are judged without customers. */
  private Map<String, Domain> domains(Call call, Map<String, SegmentationSettings> all) {
    return switch (call.function()) {
      case Condition.SCORE ->
          Map.of(
              name(call),
              new Domain(DataTypes.DoubleType, 0, targets.get(call.arguments().get(0)), true));
      case Condition.DECILE -> Map.of(name(call), new Domain(DataTypes.IntegerType, 1, 10, true));
      case SEGMENT, Condition.ARM -> Map.of(name(call), Domain.of(DataTypes.StringType));
      default ->
          isExclusive(call, all)
              ? Map.of(name(call), Domain.of(DataTypes.StringType))
              : segments(call).stream()
                  .collect(
                      toMap(
                          segment -> name(call) + " " + segment,
                          segment -> Domain.of(DataTypes.BooleanType)));
    };
  }

  private static Column value(Call call, Map<String, SegmentationSettings> all) {
    if (!call.function().equals(Condition.IN_SEGMENT)) {
      return Division.named(name(call));
    }
    return isExclusive(call, all)
        ? Division.named(name(call)).isin(segments(call).toArray())
        : segments(call).stream()
            .map(segment -> Division.named(name(call) + " " + segment))
            .reduce(Column::or)
            .orElseThrow();
  }

  private static String name(Call call) {
    return call.function() + " " + call.arguments().get(0);
  }

  private static List<String> segments(Call call) {
    return call.arguments().stream().skip(1).map(Segment::id).distinct().toList();
  }

  private static boolean isExclusive(Call call, Map<String, SegmentationSettings> all) {
    return all.get(call.arguments().get(0)).isExclusive();
  }
}
