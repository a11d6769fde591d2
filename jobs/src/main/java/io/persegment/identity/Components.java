package io.persegment.identity;

import static org.apache.spark.sql.functions.bit_xor;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;
import static org.apache.spark.sql.types.DataTypes.LongType;

import io.persegment.table.Field;
import io.persegment.table.Lake;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * Connected components of a graph too large for one machine, by alternating large-star and
 * small-star steps: Kiveris et al., Connected Components in MapReduce and Beyond, SoCC 2014. Each
 * round costs two shuffles of the edges; rounds grow with the logarithm of the longest path. Where
 * there are few edges, one task finds them at once.
 *
 * @param edges from each node that has a neighbour, but the least of its component, to that one
 * @param rounds how many rounds it took, the last of which changed nothing; 0 where one task did
 */
record Components(Dataset<Row> edges, int rounds) {
  static final Field LARGER = Field.required("larger", LongType, "The end with the larger number");
  static final Field SMALLER =
      Field.required("smaller", LongType, "The end with the smaller number");

  private static final Field LEAST =
      Field.required("least_neighbour", LongType, "Least of the node and its neighbours");

  /** So many take one task some hundred megabytes and a second or two. */
  private static final long FEW = 4_000_000;

  /** Far more than any graph takes that fits on disks. */
  private static final int MOST_ROUNDS = 100;

  /**
   * Finds the components. An action: every round is written aside, which cuts the plan.
   *
   * @param edges pairs of nodes in {@link #LARGER} and {@link #SMALLER}, in either order; may
   *     repeat, and may join a node to itself
   */
  static Components find(Lake lake, Dataset<Row> edges) {
    Column isLoop = LARGER.col().equalTo(SMALLER.col());
    Dataset<Row> proper =
        lake.scratch(
            name(0), edges.select(LARGER.col(), SMALLER.col()).where(isLoop.equalTo(false)));
    return proper.count() <= FEW
        ? new Components(lake.scratch(name(1), atOnce(proper)), 0)
        : inRounds(lake, proper);
  }

  /** Finds the components in one task. */
  static Dataset<Row> atOnce(Dataset<Row> edges) {
    return edges
        .coalesce(1)
        .mapPartitions(
            (MapPartitionsFunction<Row, Row>)
                rows -> {
                  var graph = new SmallGraph();
                  rows.forEachRemaining(edge -> graph.add(edge.getLong(0), edge.getLong(1)));
                  return graph.edges();
                },
            Encoders.row(edges.schema()));
  }

  /** Finds the components in rounds. An action. */
  static Components inRounds(Lake lake, Dataset<Row> edges) {
    Dataset<Row> now = edges;
    Row before = checksum(now);
    for (int round = 1; round <= MOST_ROUNDS; round++) {
      now = lake.scratch(name(round), smallStar(largeStar(now)));
      Row after = checksum(now);
      if (after.equals(before)) {
        return new Components(now, round);
      }
      before = after;
    }
    throw IdentityErrors.notConnected(MOST_ROUNDS);
  }

  /** Ties each node's larger neighbours to its least one. Takes edges in either order. */
  static Dataset<Row> largeStar(Dataset<Row> edges) {
    Dataset<Row> turned =
        edges.select(SMALLER.col().as(LARGER.name()), LARGER.col().as(SMALLER.name()));
    return withLeast(edges.union(turned))
        .where(SMALLER.col().gt(LARGER.col()))
        .select(SMALLER.col().as(LARGER.name()), LEAST.col().as(SMALLER.name()));
  }

  /** Ties each node and its smaller neighbours to the least of them. */
  static Dataset<Row> smallStar(Dataset<Row> edges) {
    Column isLeast = SMALLER.col().equalTo(LEAST.col());
    return withLeast(edges)
        .select(
            when(isLeast, LARGER.col()).otherwise(SMALLER.col()).as(LARGER.name()),
            LEAST.col().as(SMALLER.name()));
  }

  /** One shuffle: what follows it keeps to the same nodes. */
  private static Dataset<Row> withLeast(Dataset<Row> edges) {
    Column neighbour = min(SMALLER.col()).over(Window.partitionBy(LARGER.col()));
    return edges
        .repartition(LARGER.col())
        .distinct()
        .withColumn(LEAST.name(), least(LARGER.col(), neighbour));
  }

  /** Returns what is the same for the same edges, in whatever order and partitions they are. */
  private static Row checksum(Dataset<Row> edges) {
    return edges
        .agg(
            count(lit(1)),
            bit_xor(xxhash64(LARGER.col(), SMALLER.col())),
            bit_xor(xxhash64(SMALLER.col(), LARGER.col())))
        .head();
  }

  private static String name(int round) {
    return "identity/round-" + round;
  }
}
