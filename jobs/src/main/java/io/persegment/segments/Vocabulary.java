package io.persegment.segments;

import io.persegment.config.Nearest;
import io.persegment.config.Section;
import io.persegment.features.FeatureSettings;
import io.persegment.sql.Cases;
import io.persegment.sql.Cases.Domain;
import io.persegment.sql.SqlExpression.Call;
import io.persegment.sql.TypedExpression;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * What conditions may name, and the conditions that were read: features, scores of targets, and
 * segments of other segmentations. What they say together can be judged once all are read.
 */
final class Vocabulary {
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

  private static final Condition ALWAYS = Condition.parse("true");

  private final FeatureSettings features;
  private final Map<String, Double> targets;
  private final Set<String> segmentations;
  private final Map<String, List<Written>> conditions = new TreeMap<>();

  /**
   * @param targets the most that a score can be, by target: 1, or infinity of an amount
   */
  Vocabulary(FeatureSettings features, Map<String, Double> targets, Set<String> segmentations) {
    this.features = features;
    this.targets = new TreeMap<>(targets);
    this.segmentations = Set.copyOf(segmentations);
  }

  FeatureSettings features() {
    return features;
  }

  /**
   * Reads {@code key}, a condition of the segmentation {@code of}; notes names that do not exist,
   * and aggregates.
   *
   * @param rule name of the rule whose it is, of rules of which the first one that holds counts
   */
  Condition condition(String of, Section section, String key, Optional<String> rule) {
    Condition condition;
    try {
      condition = Condition.parse(section.text(key));
    } catch (IllegalArgumentException e) {
      if (section.has(key)) {
        section.problem(key, "is no SQL expression: %s".formatted(e.getMessage()));
      }
      return ALWAYS;
    }
    if (namesWhatThereIs(of, section, key, condition)) {
      conditions
          .computeIfAbsent(of, name -> new ArrayList<>())
          .add(new Written(section, key, condition, rule));
    }
    return condition;
  }

  private boolean namesWhatThereIs(String of, Section section, String key, Condition condition) {
    List<String> mistakes = new ArrayList<>();
    for (String name : condition.features()) {
      if (!features.names().contains(name)) {
        mistakes.add(
            "names no feature: %s; %s".formatted(name, Nearest.hint(name, features.names())));
      }
    }
    if (condition.sql().aggregates()) {
      mistakes.add("looks at many customers; write a condition on one");
    }
    for (Call call : condition.sql().calls()) {
      mistake(of, call).ifPresent(mistakes::add);
    }
    mistakes.forEach(mistake -> section.problem(key, mistake));
    return mistakes.isEmpty();
  }

  private Optional<String> mistake(String of, Call call) {
    List<String> names = call.arguments();
    boolean inSegment = call.function().equals(Condition.IN_SEGMENT);
    if (inSegment ? names.size() < 2 : names.size() != 1) {
      String right =
          inSegment ? "in_segment('segmentation', 'segment')" : call.function() + "('target')";
      return Optional.of(
          "has %s() with %d names; write %s".formatted(call.function(), names.size(), right));
    }
    Set<String> known = inSegment ? others(of) : targets.keySet();
    return known.contains(names.get(0))
        ? Optional.empty()
        : Optional.of(
            "names no %s: %s; %s"
                .formatted(
                    inSegment ? "other segmentation" : "target",
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
    if (!others.contains(written)) {
      section.problem(
          key,
          "names no other segmentation: %s; %s".formatted(written, Nearest.hint(written, others)));
    }
  }

  /** Notes what is wrong with conditions beside others, now that all segmentations are read. */
  void check(Map<String, SegmentationSettings> all) {
    conditions.forEach(
        (of, written) -> {
          checkCases(written.stream().filter(each -> namesSegments(each, all)).toList(), all);
        });
  }

  private static boolean namesSegments(Written written, Map<String, SegmentationSettings> all) {
    boolean right = true;
    for (Call call : written.condition().segments()) {
      SegmentationSettings other = all.get(call.arguments().get(0));
      if (other == null) {
        return false; // which has mistakes of its own
      }
      List<String> known = other.segments().stream().map(Segment::id).toList();
      for (String segment : call.arguments().subList(1, call.arguments().size())) {
        if (!other.areFound() && !known.contains(Segment.id(segment))) {
          right = false;
          written.problem(
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
      each.condition().features().forEach(name -> domains.put(name, features.domain(name)));
      each.condition().sql().calls().forEach(call -> domains.putAll(domains(call, all)));
    }
    var schema = new StructType();
    for (var each : domains.entrySet()) {
      schema = schema.add(each.getKey(), each.getValue().type());
    }
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
      default ->
          isExclusive(call, all)
              ? Map.of(name(call), Domain.of(DataTypes.StringType))
              : segments(call).stream()
                  .collect(
                      Collectors.toMap(
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
