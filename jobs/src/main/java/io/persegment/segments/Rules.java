package io.persegment.segments;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_compact;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.when;

import io.persegment.features.FeatureSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;

/** Segments by rules: a customer is in that of the first rule that holds, or of all that do. */
final class Rules {
  private Rules() {}

  /**
   * @param before customers with the segmentations that conditions name
   */
  static Division division(RuleSettings settings, FeatureSettings features, Assigned before) {
    List<String> numeric = features.numeric();
    List<Column> holds = settings.conditions().stream().map(before::holds).toList();
    return new DeclaredDivision(
        settings.name(),
        segments(settings),
        settings.columns().stream().filter(numeric::contains).toList(),
        profiling(settings, before),
        !settings.isExclusive(),
        settings.isExclusive() ? DeclaredDivision.only(first(holds)) : all(settings, holds));
  }

  /**
   * Where all rules that hold count, each is for itself; who is in none of them is known by all, as
   * is the first one that holds.
   */
  private static List<Boolean> profiling(RuleSettings settings, Assigned before) {
    boolean any = before.isProfiling(settings);
    Stream<Boolean> ofRules =
        settings.conditions().stream()
            .map(condition -> settings.isExclusive() ? any : before.isProfiling(condition));
    return Stream.concat(ofRules, settings.otherwise().stream().map(name -> any)).toList();
  }

  private static List<Segment> segments(RuleSettings settings) {
    var segments = new ArrayList<Segment>();
    for (RuleSettings.Rule rule : settings.rules()) {
      boolean isFirst = segments.isEmpty() || !settings.isExclusive();
      String before = isFirst ? "" : ", and no rule before it does";
      segments.add(
          Segment.declared(rule.segment(), "Where %s holds%s.".formatted(rule.when(), before)));
    }
    settings
        .otherwise()
        .ifPresent(name -> segments.add(Segment.declared(name, "Where no rule holds.")));
    return segments;
  }

  private static Column first(List<Column> holds) {
    Column index = lit(holds.size());
    for (int i = holds.size() - 1; i >= 0; i--) {
      index = when(holds.get(i), lit(i)).otherwise(index);
    }
    return index;
  }

  private static Column all(RuleSettings settings, List<Column> holds) {
    Column each =
        array_compact(
            array(
                IntStream.range(0, holds.size())
                    .mapToObj(i -> when(holds.get(i), Division.membership(lit(i), lit(1.0))))
                    .toArray(Column[]::new)));
    return settings.otherwise().isPresent()
        ? when(size(each).gt(0), each).otherwise(DeclaredDivision.only(lit(holds.size())))
        : each;
  }
}
