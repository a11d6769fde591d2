package io.persegment.segments;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Segments by those of other segmentations together. A combination of too few customers is no
 * segment: they are in that of the largest segment of the parts that they are in, whatever they are
 * in of the others.
 */
final class Combinations {
  /** Joins the ids of parts, which have none. */
  private static final String AND = "+";

  /** Stands for the segment of a part, whichever it is. */
  private static final String ANY = "*";

  /**
   * A combination that was a segment the last time stays one until it has less than this part of
   * the least size, so that one near to it does not come and go.
   */
  private static final double STAYS = 0.5;

  private final CombinationSettings settings;
  private final Assigned before;
  private final List<Division> parts;
  private final Set<String> last;

  /** Where customers of one combination go: by its ids, those of the segment, and its name. */
  private record Target(String id, String name, String description) {}

  private Combinations(CombinationSettings settings, Assigned before, Set<String> last) {
    this.settings = settings;
    this.before = before;
    this.parts =
        settings.parts().stream().map(name -> before.division(name).orElseThrow()).toList();
    this.last = last;
  }

  /**
   * Returns the segmentation. An action: counts customers by combination.
   *
   * @param before customers, persisted, with the parts
   * @param last ids of the segments that had customers on the last date before
   */
  static Division division(CombinationSettings settings, Assigned before, Set<String> last) {
    return new Combinations(settings, before, last).division();
  }

  /** Returns the ids of all segments that there can be, whether anybody is in them or not. */
  static List<String> ids(CombinationSettings settings, Assigned before) {
    var ids = new ArrayList<String>();
    List<String> together = List.of("");
    int parts = settings.parts().size();
    for (int i = 0; i < parts; i++) {
      List<String> own =
          before.division(settings.parts().get(i)).orElseThrow().segments().stream()
              .filter(Segment::known)
              .map(Segment::id)
              .toList();
      String left = (ANY + AND).repeat(i);
      String right = (AND + ANY).repeat(parts - 1 - i);
      own.forEach(id -> ids.add(left + id + right));
      String and = i == 0 ? "" : AND;
      together =
          together.stream().flatMap(start -> own.stream().map(id -> start + and + id)).toList();
    }
    ids.addAll(together);
    return ids;
  }

  private Division division() {
    SortedMap<Long, Long> sizes = sizes();
    Set<Long> own = large(sizes);
    var places = new LinkedHashMap<String, Integer>();
    var segments = new ArrayList<Segment>();
    var targets = new ArrayList<Column>();
    for (long combination : sizes.keySet()) {
      target(combination, sizes, own)
          .ifPresent(
              target -> {
                if (!places.containsKey(target.id())) {
                  places.put(target.id(), segments.size());
                  segments.add(segment(target));
                }
                targets.add(lit(combination));
                targets.add(lit(places.get(target.id())));
              });
    }
    segments.add(
        Segment.unknown(
            settings.unknown(),
            "Where not enough is known for %s.".formatted(String.join(" or ", settings.parts()))));
    Column unknown = lit(segments.size() - 1);
    Column index =
        targets.isEmpty()
            ? unknown
            : coalesce(element_at(map(targets.toArray(new Column[0])), combination()), unknown);
    return DeclaredDivision.of(
        settings.name(),
        segments,
        parts.stream().flatMap(part -> part.features().stream()).distinct().toList(),
        before.isProfiling(settings),
        when(combination().isNotNull(), DeclaredDivision.only(index)));
  }

  private Segment segment(Target target) {
    String name = settings.names().getOrDefault(target.id(), target.name());
    return new Segment(
        target.id(), name, Optional.of(target.description()), true, Optional.empty());
  }

  /** Returns the number of the combination that a customer is in; null where a part has none. */
  private Column combination() {
    Column number = lit(0L);
    for (Division part : parts) {
      Column place =
          before.memberships(part.segmentation()).getItem(0).getField(Division.INDEX.name());
      number = number.multiply(part.segments().size()).plus(place);
    }
    return number;
  }

  /** Returns the places of the parts' segments, of which {@link #combination} makes the number. */
  private List<Integer> places(long combination) {
    var places = new ArrayList<Integer>();
    long rest = combination;
    for (int i = parts.size() - 1; i >= 0; i--) {
      int size = parts.get(i).segments().size();
      places.add(0, (int) (rest % size));
      rest /= size;
    }
    return places;
  }

  /** One row a combination that there is comes to the driver. */
  private SortedMap<Long, Long> sizes() {
    Dataset<Row> counted =
        before.customers().groupBy(combination().as("combination")).agg(count(lit(1)));
    var sizes = new TreeMap<Long, Long>();
    counted
        .where("combination is not null")
        .collectAsList()
        .forEach(row -> sizes.put(row.getLong(0), row.getLong(1)));
    return sizes;
  }

  /** Returns the combinations that are segments of their own: the largest of the large ones. */
  private Set<Long> large(Map<Long, Long> sizes) {
    return sizes.entrySet().stream()
        .filter(each -> isKnown(places(each.getKey())))
        .filter(each -> each.getValue() >= least(each.getKey()))
        // One that was a segment gives way to one that is twice as large only. Of equal ones ids
        // decide, as clusters come in another order after each fit.
        .sorted(
            Comparator.comparingDouble(
                    (Map.Entry<Long, Long> each) -> -each.getValue() / least(each.getKey()))
                .thenComparing(each -> target(places(each.getKey()), -1).id()))
        .limit(settings.mostCombinations())
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private double least(long combination) {
    return last.contains(target(places(combination), -1).id())
        ? STAYS * settings.leastSize()
        : settings.leastSize();
  }

  private boolean isKnown(List<Integer> places) {
    return IntStream.range(0, parts.size())
        .allMatch(i -> parts.get(i).segments().get(places.get(i)).known());
  }

  /** Returns where a combination's customers go; nowhere where a part does not know enough. */
  private Optional<Target> target(long combination, Map<Long, Long> sizes, Set<Long> own) {
    List<Integer> places = places(combination);
    if (!isKnown(places)) {
      return Optional.empty();
    }
    if (own.contains(combination)) {
      return Optional.of(target(places, -1));
    }
    return Optional.of(target(places, largest(places, sizes)));
  }

  private int largest(List<Integer> places, Map<Long, Long> sizes) {
    int largest = 0;
    long most = -1;
    for (int i = 0; i < parts.size(); i++) {
      int part = i;
      long size =
          sizes.entrySet().stream()
              .filter(each -> places(each.getKey()).get(part).equals(places.get(part)))
              .mapToLong(Map.Entry::getValue)
              .sum();
      if (size > most) {
        most = size;
        largest = i;
      }
    }
    return largest;
  }

  /**
   * @param only the one part that decides, or -1 where all do
   */
  private Target target(List<Integer> places, int only) {
    var ids = new ArrayList<String>();
    var names = new ArrayList<String>();
    for (int i = 0; i < parts.size(); i++) {
      Segment segment = parts.get(i).segments().get(places.get(i));
      boolean decides = only < 0 || only == i;
      ids.add(decides ? segment.id() : ANY);
      if (decides) {
        names.add(segment.name());
      }
    }
    String name = String.join(", ", names);
    if (only < 0) {
      String of = String.join(" and ", settings.parts());
      return new Target(String.join(AND, ids), name, "%s, of %s.".formatted(name, of));
    }
    String part = settings.parts().get(only);
    String others =
        settings.parts().stream()
            .filter(each -> !each.equals(part))
            .collect(Collectors.joining(" and "));
    // Two parts may have a segment of one name.
    return new Target(
        String.join(AND, ids),
        "%s, any %s".formatted(name, others),
        "%s of %s; no segments of their own with any of %s.".formatted(name, part, others));
  }
}
