package io.persegment.matching;

import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.config.TextSection;
import io.persegment.table.Lake;
import io.persegment.testing.LocalSpark;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalSpark.class)
class BlocksTest {
  private static final MatchingSettings SETTINGS =
      MatchingSettings.from(
          TextSection.of("identity { blocking = [[email]], pairs-per-record = 1 }")
              .section("identity"));

  @TempDir Path folder;

  @Test
  void aFreshRecordMeetsEachOtherOnce(LocalSpark.Handle spark) {
    Blocks blocks = ofFresh(spark, records(spark, 10, 3), none(spark));
    assertThat(blocks.rules().get(0).pairs()).isEqualTo(3 * 9);
    List<Row> pairs = blocks.pairs().collectAsList();
    assertThat(pairs)
        .hasSize(3 * 7 + 3)
        .allMatch(pair -> pair.getLong(0) < pair.getLong(1))
        .allMatch(pair -> pair.getLong(0) < 3);
    assertThat(blocks.areTooMany(SETTINGS)).isFalse();
  }

  @Test
  void aBlockThatOutgrewItsModelIsTold(LocalSpark.Handle spark) {
    Blocks blocks = ofFresh(spark, records(spark, 900, 900), none(spark)); // 404,550 pairs
    assertThat(blocks.areTooMany(SETTINGS)).isTrue();
    Blocks all = Blocks.ofAll(lake(spark), records(spark, 900, 0), 5_000, SETTINGS);
    assertThat(all.pairs().count()).isZero();
    assertThat(all.leftOut().count()).isEqualTo(1);
    Dataset<Row> key = all.leftOut().localCheckpoint();
    assertThat(ofFresh(spark, records(spark, 900, 900), key).areTooMany(SETTINGS)).isFalse();
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
            "select id node, array(bigint(7)) block_keys, id < %d is_fresh from range(%d)"
                .formatted(fresh, records));
  }
}
