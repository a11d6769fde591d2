package io.persegment.identity;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.LongType;

import io.persegment.matching.Matching;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.spark.api.java.function.FlatMapGroupsFunction;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * Keeps apart what only seems to hang together. Two records may match well though those that go
 * with them for certain do not match at all: two namesakes of one town, of whom one tool has no
 * street and no phone. So the links of a component are taken from the strongest to the weakest, and
 * two groups are united only where all pairs between them that were compared speak for it together.
 * What comes of it depends on the links alone, not on the order in which records came.
 *
 * @param groups from each node that has another in its component, but the least of its group, to
 *     that one, as edges of {@link Components}
 * @param cut the links that were not followed, in {@link Matching#LEFT} and {@link Matching#RIGHT}
 */
record Guard(Dataset<Row> groups, Dataset<Row> cut) {
  static final String REASON = "the other records of both do not match";

  /** A pair speaks for or against with so many bits at most. */
  private static final double MOST_BITS = 10;

  private static final Field COMPONENT = Members.COMPONENT;
  private static final Field NODE = Records.NODE;
  private static final Field WEIGHT =
      Field.optional("weight", DoubleType, "Match weight in bits; null for what links for certain");
  private static final Field IS_CUT =
      Field.required("is_cut", LongType, "1 for a link that is cut, 0 for a node and its group");
  private static final StructType VERDICT =
      new StructType()
          .add(IS_CUT.name(), LongType)
          .add(Components.LARGER.name(), LongType)
          .add(Components.SMALLER.name(), LongType);

  /**
   * Judges every component that has a match in it. An action.
   *
   * @param certain edges that always link
   * @param matches pairs that link by what is known of them, as edges
   * @param compared all pairs of {@link Matching}
   */
  static Guard judge(
      Lake lake,
      Components components,
      Dataset<Row> certain,
      Dataset<Row> matches,
      Dataset<Row> compared,
      double threshold) {
    if (matches.isEmpty()) {
      return new Guard(
          components.edges(), compared.select(Matching.LEFT.col(), Matching.RIGHT.col()).limit(0));
    }
    Dataset<Row> doubtful =
        lake.scratch("identity/doubtful", doubtful(components.edges(), matches));
    Dataset<Row> verdicts =
        lake.scratch(
            "identity/verdicts",
            inside(doubtful, certain, compared)
                .groupByKey((MapFunction<Row, Long>) row -> row.getLong(0), Encoders.LONG())
                .flatMapGroups(
                    (FlatMapGroupsFunction<Long, Row, Row>)
                        (component, rows) -> verdicts(rows, threshold),
                    Encoders.row(VERDICT)));
    Dataset<Row> judged =
        verdicts
            .where(IS_CUT.col().equalTo(0))
            .select(Components.LARGER.col(), Components.SMALLER.col());
    Dataset<Row> left =
        components
            .edges()
            .join(
                doubtful.select(NODE.col().as(Components.LARGER.name())),
                Members.names(List.of(Components.LARGER)),
                "left_anti");
    Dataset<Row> cut =
        verdicts
            .where(IS_CUT.col().equalTo(1))
            .select(
                Components.SMALLER.col().as(Matching.LEFT.name()),
                Components.LARGER.col().as(Matching.RIGHT.name()));
    return new Guard(judged.union(left.select(judged.columns()[0], judged.columns()[1])), cut);
  }

  /** Returns the nodes of all components with a match in them: node and component. */
  private static Dataset<Row> doubtful(Dataset<Row> edges, Dataset<Row> matches) {
    Dataset<Row> members =
        edges
            .select(
                Components.LARGER.col().as(NODE.name()),
                Components.SMALLER.col().as(COMPONENT.name()))
            .union(
                edges
                    .select(
                        Components.SMALLER.col().as(NODE.name()),
                        Components.SMALLER.col().as(COMPONENT.name()))
                    .distinct());
    Dataset<Row> matched =
        matches
            .join(members, Components.LARGER.col().equalTo(NODE.col()))
            .select(COMPONENT.col())
            .distinct();
    return members
        .join(matched, Members.names(List.of(COMPONENT)), "left_semi")
        .select(NODE.col(), COMPONENT.col());
  }

  /** Returns all that was compared or links inside of the doubtful components. */
  private static Dataset<Row> inside(
      Dataset<Row> doubtful, Dataset<Row> certain, Dataset<Row> compared) {
    Dataset<Row> left = doubtful.select(NODE.col().as(Matching.LEFT.name()), COMPONENT.col());
    Dataset<Row> right = doubtful.select(NODE.col().as(Matching.RIGHT.name()), COMPONENT.col());
    return compared
        .select(Matching.LEFT.col(), Matching.RIGHT.col(), Matching.WEIGHT.col().as(WEIGHT.name()))
        .union(
            certain
                .where(Components.LARGER.col().notEqual(Components.SMALLER.col()))
                .select(
                    Components.SMALLER.col(), Components.LARGER.col(), lit(null).cast(DoubleType)))
        .join(left, Matching.LEFT.name())
        .join(right, Members.names(List.of(Matching.RIGHT, COMPONENT)))
        .select(COMPONENT.col(), Matching.LEFT.col(), Matching.RIGHT.col(), WEIGHT.col());
  }

  /**
   * Returns the group of each node of one component, and the links that are cut.
   *
   * @param rows as {@link #inside}
   */
  static Iterator<Row> verdicts(Iterator<Row> rows, double threshold) {
    var groups = new Groups();
    List<Link> links = new ArrayList<>();
    while (rows.hasNext()) {
      Row row = rows.next();
      long left = row.getLong(1);
      long right = row.getLong(2);
      boolean certain = row.isNullAt(3);
      double weight = certain ? Double.POSITIVE_INFINITY : row.getDouble(3);
      groups.add(left, right, weight);
      if (weight >= Matching.bits(threshold)) {
        links.add(new Link(left, right, weight));
      }
    }
    links.sort(
        Comparator.comparingDouble(Link::weight)
            .reversed()
            .thenComparingLong(Link::left)
            .thenComparingLong(Link::right));
    List<Row> verdicts = new ArrayList<>();
    for (Link link : links) {
      if (!groups.unite(link)) {
        verdicts.add(RowFactory.create(1L, link.right(), link.left()));
      }
    }
    groups.forEach((node, group) -> verdicts.add(RowFactory.create(0L, node, group)));
    return verdicts.iterator();
  }

  private record Link(long left, long right, double weight) {}

  /** The groups of one component, and what speaks for and against each pair of its records. */
  private static final class Groups {
    private final Map<Long, List<Long>> groupOf = new HashMap<>();
    private final Map<Long, Map<Long, Double>> evidence = new HashMap<>();

    void add(long left, long right, double weight) {
      for (long node : new long[] {left, right}) {
        groupOf.computeIfAbsent(node, alone -> new ArrayList<>(List.of(alone)));
      }
      double bounded = Math.max(-MOST_BITS, Math.min(MOST_BITS, weight));
      evidence
          .computeIfAbsent(Math.min(left, right), node -> new HashMap<>())
          .merge(Math.max(left, right), bounded, Math::max);
    }

    /** Unites the groups of the link's ends, or returns false where more speaks against it. */
    boolean unite(Link link) {
      List<Long> one = groupOf.get(link.left());
      List<Long> other = groupOf.get(link.right());
      if (one == other) { // the same list, not one like it
        return true;
      }
      if (link.weight() < Double.POSITIVE_INFINITY && between(one, other) <= 0) {
        return false;
      }
      List<Long> larger = one.size() >= other.size() ? one : other;
      List<Long> smaller = larger == one ? other : one;
      larger.addAll(smaller);
      smaller.forEach(node -> groupOf.put(node, larger));
      return true;
    }

    private double between(List<Long> one, List<Long> other) {
      double sum = 0;
      for (long node : one) {
        for (long against : other) {
          Map<Long, Double> its = evidence.get(Math.min(node, against));
          sum += its == null ? 0 : its.getOrDefault(Math.max(node, against), 0.0);
        }
      }
      return sum;
    }

    void forEach(BiConsumer<Long, Long> nodeAndGroup) {
      groupOf.forEach(
          (node, group) -> {
            long least = group.stream().min(Comparator.naturalOrder()).orElseThrow();
            if (node != least) {
              nodeAndGroup.accept(node, least);
            }
          });
    }
  }
}
