package io.persegment.segments;

import static org.apache.spark.sql.functions.exists;
import static org.apache.spark.sql.functions.lit;

import io.persegment.sql.SqlExpression.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Customers and the segments that they are in, of one segmentation after another.
 *
 * @param customers rows of {@link Candidates}, with a column for each division, as {@link
 *     Division#assign} adds it
 * @param divisions in the order of {@link #columns}
 */
record Assigned(Dataset<Row> customers, List<Division> divisions) {
  Assigned {
    divisions = List.copyOf(divisions);
  }

  /** Returns the columns that say which segments a customer is in. */
  List<String> columns() {
    return IntStream.range(0, divisions.size()).mapToObj(Assigned::column).toList();
  }

  private static String column(int place) {
    return "_segmentation_" + place;
  }

  Assigned with(Division division) {
    var more = new ArrayList<>(divisions);
    more.add(division);
    return new Assigned(division.assign(customers, column(divisions.size())), more);
  }

  /** Returns the segmentation of that name; empty where it has no segments. */
  Optional<Division> division(String name) {
    return divisions.stream().filter(each -> each.segmentation().equals(name)).findFirst();
  }

  /** Returns the column that says which of its segments a customer is in. */
  Column memberships(String name) {
    return Division.named(column(divisions.indexOf(division(name).orElseThrow())));
  }

  /** Returns whether a condition holds for a customer. */
  Column holds(Condition condition) {
    return condition.holds(this::value);
  }

  /**
   * Returns whether any of a segmentation is made by clusters or scores, its own or those of
   * others.
   */
  boolean isProfiling(SegmentationSettings settings) {
    return settings.conditions().stream().anyMatch(this::isProfiling)
        || settings.parts().stream()
            .flatMap(name -> division(name).stream())
            .anyMatch(
                part -> IntStream.range(0, part.segments().size()).anyMatch(part::isProfiling));
  }

  /** Returns whether a condition looks at scores, or at segments made by them or by clusters. */
  boolean isProfiling(Condition condition) {
    return !condition.targets().isEmpty()
        || condition.segments().stream().anyMatch(this::isProfiling);
  }

  private boolean isProfiling(Call inSegment) {
    Division division = division(inSegment.arguments().get(0)).orElseThrow();
    return inSegment.arguments().stream()
        .skip(1)
        .flatMapToInt(segment -> places(division, segment))
        .anyMatch(division::isProfiling);
  }

  /**
   * Makes sure that all segmentations that it needs have segments.
   *
   * @throws Refused where one has none
   */
  void requireAll(SegmentationSettings settings) throws Refused {
    for (String name : settings.needs()) {
      if (division(name).isEmpty()) {
        throw new Refused("it is made of %s, which has none".formatted(name));
      }
    }
  }

  /** Returns the segments that are named in conditions and that their segmentations do not have. */
  List<String> missing(SegmentationSettings settings) {
    var missing = new ArrayList<String>();
    for (Condition condition : settings.conditions()) {
      for (Call call : condition.segments()) {
        Division division = division(call.arguments().get(0)).orElseThrow();
        call.arguments().stream()
            .skip(1)
            .filter(segment -> places(division, segment).findAny().isEmpty())
            .forEach(segment -> missing.add(division.segmentation() + "." + segment));
      }
    }
    return missing;
  }

  private Column value(Call call) {
    String first = call.arguments().get(0);
    if (call.function().equals(Condition.SCORE)) {
      return Division.named(Candidates.score(first));
    }
    if (call.function().equals(Condition.DECILE)) {
      return Division.named(Candidates.decile(first));
    }
    Division division = division(first).orElseThrow();
    Object[] places =
        call.arguments().stream()
            .skip(1)
            .flatMapToInt(segment -> places(division, segment))
            .distinct()
            .boxed()
            .toArray();
    return places.length == 0
        ? lit(false)
        : exists(memberships(first), each -> each.getField(Division.INDEX.name()).isin(places));
  }

  /** A segment may be called by its id or by its name, which may be another's id. */
  private static IntStream places(Division division, String written) {
    List<Segment> segments = division.segments();
    return IntStream.range(0, segments.size()).filter(i -> segments.get(i).is(written));
  }
}
