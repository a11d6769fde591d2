package io.persegment.matching;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.config.TextSection;
import io.persegment.table.Lake;
import io.persegment.testing.LocalSpark;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalSpark.class)
class BlocksTest {
  private static final MatchingSettings SETTINGS =
      MatchingSettings.from(
          TextSection.of(
                  """
                  identity { blocking = [[email]], pairs-per-record = 1 }
                  identity.comparisons = null
                  identity.comparisons { email { levels = [exact] } }
                  """)
              .section("identity"));

  @TempDir Path folder;

  @Test
  void aFreshRecordMeetsEachOtherOnce(LocalSpark.Handle spark) {
    Dataset<Row> records = records(spark, 10, 3);
    Blocks blocks = ofFresh(spark, records, none(spark));
    assertThat(blocks.rules().get(0).pairs()).isEqualTo(3 * 9);
    assertThat(pairs(blocks.places(), records))
        .hasSize(3 * 7 + 3)
        .allMatch(pair -> pair.left() < pair.right())
        .allMatch(pair -> pair.left() < 3);
    assertThat(blocks.areTooMany(SETTINGS)).isFalse();
  }

  @Test
  void aBlockThatOutgrewItsModelIsTold(LocalSpark.Handle spark) {
    Blocks blocks = ofFresh(spark, records(spark, 900, 900), none(spark)); // 404,550 pairs
    assertThat(blocks.areTooMany(SETTINGS)).isTrue();
    Blocks all = Blocks.ofAll(lake(spark), records(spark, 900, 0), 5_000, SETTINGS);
    assertThat(all.places().count()).isZero();
    assertThat(all.leftOut().count()).isEqualTo(1);
    Dataset<Row> key = all.leftOut().localCheckpoint();
    assertThat(ofFresh(spark, records(spark, 900, 900), key).areTooMany(SETTINGS)).isFalse();
  }

  @Test
  void aPairInSeveralBlocksIsComparedOnce(LocalSpark.Handle spark) {
    Dataset<Row> places =
        spark
            .session()
            .sql(
                """
                select node, keys, true is_fresh
                from values (1L, array(-5L, 3L, 8L)), (2L, array(-5L, 8L)), (3L, array(8L)) as t(node, keys)
                """);
    Dataset<Row> records = records(spark, 10, 0);
    assertThat(pairs(places, records))
        .containsExactlyInAnyOrder(new Pair(1, 2), new Pair(1, 3), new Pair(2, 3));
    Dataset<Row> members = Pairs.members(places, records, SETTINGS);
    assertThat(blocks(members, Pairs.KEYS.col())).containsExactly(1, 1, 2);
    assertThat(blocks(members, array(lit(8L)))).containsExactly(1, 1);
    assertThat(blocks(members, array(lit(-5L)))).containsExactly(2);
  }

  private record Pair(long left, long right) {}

  private static List<Pair> pairs(Dataset<Row> places, Dataset<Row> records) {
    var frequencies = new Frequencies(List.of(0L), List.of(0.5), List.of());
    return Pairs.explained(Pairs.members(places, records, SETTINGS), frequencies, SETTINGS)
        .collectAsList()
        .stream()
        .map(row -> new Pair(row.getLong(0), row.getLong(1)))
        .toList();
  }

  /** Returns of each pair in how many blocks both are. */
  private static List<Integer> blocks(Dataset<Row> members, Column in) {
    return Pairs.patterns(members, in, SETTINGS).collectAsList().stream()
        .map(row -> row.getInt(1))
        .sorted()
        .toList();
  }

  private Blocks ofFresh(LocalSpark.Handle spark, Dataset<Row> records, Dataset<Row> leftOut) {
    return Blocks.ofFresh(lake(spark), records, 5_000, leftOut, false, SETTINGS);
  }

  private Lake lake(LocalSpark.Handle spark) {
    return new Lake(spark.session(), folder.toString());
  }

  private static Dataset<Row> none(LocalSpark.Handle spark) {
    return spark.session().sql("select bigint(0) key where false");
  }

  /** Returns records of one block, of which the first are fresh. */
  private static Dataset<Row> records(LocalSpark.Handle spark, int records, int fresh) {
    return spark
        .session()
        .sql(
            "select id node, array(bigint(7)) block_keys, 'a@b.example' value_0, id < %d is_fresh from range(%d)"
                .formatted(fresh, records));
  }
}
