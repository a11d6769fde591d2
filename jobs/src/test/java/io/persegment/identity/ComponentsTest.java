package io.persegment.identity;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.xxhash64;
import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.table.Lake;
import io.persegment.testing.LocalSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalSpark.class)
class ComponentsTest {
  @TempDir Path folder;

  @Test
  void aLongChainIsOneComponentInFewRounds(LocalSpark.Handle spark) {
    var edges = new ArrayList<long[]>();
    for (long node = 1; node < 2_000; node++) {
      edges.add(new long[] {node - 1, node});
    }
    Collections.shuffle(edges, new Random(1));
    Components found = inRounds(spark, edges, 2);
    assertThat(leastOf(found)).hasSize(1_999).containsValue(0L);
    assertThat(leastOf(found).values()).containsOnly(0L);
    assertThat(found.rounds()).isBetween(3, 14);
  }

  @Test
  void aStarIsOneComponentWhicheverEndIsWrittenFirst(LocalSpark.Handle spark) {
    var edges = new ArrayList<long[]>();
    for (long node = 0; node < 500; node++) {
      edges.add(node % 2 == 0 ? new long[] {7_000, node} : new long[] {node, 7_000});
    }
    Components found = inRounds(spark, edges, 3);
    assertThat(leastOf(found)).hasSize(500).containsEntry(7_000L, 0L);
    assertThat(leastOf(found).values()).containsOnly(0L);
  }

  @Test
  void randomGraphsAgreeWithUnionFindInAnyOrder(LocalSpark.Handle spark) {
    for (long seed = 1; seed <= 2; seed++) {
      var random = new Random(seed);
      var edges = new ArrayList<long[]>();
      for (int i = 0; i < 700; i++) { // 1,000 nodes: about as many as make one large component
        edges.add(new long[] {random.nextInt(1_000) - 500, random.nextInt(1_000) - 500});
      }
      edges.addAll(edges.subList(0, 50)); // said twice
      Map<Long, Long> expected = unionFind(edges);
      assertThat(leastOf(find(spark, edges, 1))).isEqualTo(expected);
      Collections.shuffle(edges, random);
      assertThat(leastOf(find(spark, edges, 5))).isEqualTo(expected);
      edges.removeIf(edge -> edge[0] == edge[1]);
      assertThat(leastOf(inRounds(spark, edges, 5))).isEqualTo(expected);
    }
  }

  @Test
  void noEdgesAndLoopsMakeNoComponents(LocalSpark.Handle spark) {
    assertThat(leastOf(find(spark, List.of(), 1))).isEmpty();
    assertThat(leastOf(find(spark, List.of(new long[] {4, 4}), 1))).isEmpty();
  }

  /** As a chain of shared identifiers, and an address of everybody, would be. */
  @Test
  @Tag("long")
  void aMillionLinksInAChainOrAStarAreOneComponentInALogarithmicNumberOfRounds(
      LocalSpark.Handle spark) {
    long size = 1_000_000;
    Column node = xxhash64(col("id")); // neighbours in the chain are anywhere in the order
    Dataset<Row> ids = spark.session().range(1, size + 1, 1, 4).toDF();
    Map<String, Column> others =
        Map.of("chain", xxhash64(col("id").minus(1)), "star", xxhash64(lit(0L)));
    others.forEach(
        (shape, other) -> {
          Dataset<Row> edges =
              ids.select(node.as(Components.LARGER.name()), other.as(Components.SMALLER.name()));
          Components found = Components.inRounds(lake(spark), edges);
          assertThat(found.edges().count()).as(shape).isEqualTo(size);
          assertThat(found.edges().select(Components.SMALLER.col()).distinct().count())
              .as(shape)
              .isEqualTo(1);
          assertThat(found.rounds()).as(shape).isLessThan(2 * 20); // two to the 20th is a million
        });
  }

  private Components find(LocalSpark.Handle spark, List<long[]> edges, int partitions) {
    return Components.find(lake(spark), rows(spark, edges, partitions));
  }

  private Components inRounds(LocalSpark.Handle spark, List<long[]> edges, int partitions) {
    return Components.inRounds(lake(spark), rows(spark, edges, partitions));
  }

  private Lake lake(LocalSpark.Handle spark) {
    return new Lake(spark.session(), folder.toString());
  }

  private static Dataset<Row> rows(LocalSpark.Handle spark, List<long[]> edges, int partitions) {
    var schema =
        new StructType()
            .add(Components.LARGER.name(), Components.LARGER.type())
            .add(Components.SMALLER.name(), Components.SMALLER.type());
    List<Row> rows = edges.stream().map(edge -> RowFactory.create(edge[0], edge[1])).toList();
    return spark.session().createDataFrame(rows, schema).repartition(partitions);
  }

  private static Map<Long, Long> leastOf(Components found) {
    var least = new HashMap<Long, Long>();
    for (Row edge : found.edges().collectAsList()) {
      assertThat(least.put(edge.getLong(0), edge.getLong(1))).as("said twice").isNull();
    }
    return least;
  }

  /** Returns the least node of each node's component, but for that node itself. */
  private static Map<Long, Long> unionFind(List<long[]> edges) {
    var parent = new HashMap<Long, Long>();
    for (long[] edge : edges) {
      long left = root(parent, edge[0]);
      long right = root(parent, edge[1]);
      parent.put(Math.max(left, right), Math.min(left, right));
    }
    var least = new HashMap<Long, Long>();
    for (long node : List.copyOf(parent.keySet())) {
      if (root(parent, node) != node) {
        least.put(node, root(parent, node));
      }
    }
    return least;
  }

  private static long root(Map<Long, Long> parent, long node) {
    long at = node;
    while (parent.computeIfAbsent(at, Long::longValue) != at) {
      at = parent.get(at);
    }
    return at;
  }
}
