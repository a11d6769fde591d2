package io.persegment.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.table.Lake;
import io.persegment.testing.LocalSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

class GuardTest {
  private static final double THRESHOLD = 0.8;

  /** Two namesakes, each with two records that go together; 2 and 3 lack what tells them apart. */
  private static final List<Row> NAMESAKES =
      List.of(
          pair(1, 2, 12.0), pair(3, 4, 12.0), pair(2, 3, 3.0), pair(1, 4, -9.0), pair(1, 3, -2.0));

  @Test
  void namesakesStayApartWhoseOtherRecordsDoNotMatch() {
    assertThat(verdicts(NAMESAKES)).containsExactly("0: 2 1", "0: 4 3", "1: 3 2");
  }

  @Test
  void aWeakLinkCountsWhereNothingSpeaksAgainstIt() {
    assertThat(verdicts(List.of(pair(1, 2, 12.0), pair(3, 4, 12.0), pair(2, 3, 3.0))))
        .containsExactly("0: 2 1", "0: 3 1", "0: 4 1");
  }

  @Test
  void whatIsCertainLinksWhateverSpeaksAgainstIt() {
    assertThat(verdicts(List.of(pair(1, 2, null), pair(1, 2, -10.0), pair(2, 3, 2.5))))
        .containsExactly("0: 2 1", "0: 3 1");
  }

  @Test
  void theOrderOfLinksDoesNotMatter() {
    for (int seed = 0; seed < 20; seed++) {
      List<Row> shuffled = new ArrayList<>(NAMESAKES);
      Collections.shuffle(shuffled, new Random(seed));
      assertThat(verdicts(shuffled)).isEqualTo(verdicts(NAMESAKES));
    }
  }

  /** The same by tables: a component without a match is left as it is. */
  @Test
  @ExtendWith(LocalSpark.class)
  void judgesComponentsWithAMatchInThem(LocalSpark.Handle spark, @TempDir Path folder) {
    var lake = new Lake(spark.session(), folder.toString());
    Dataset<Row> certain =
        edges(spark, "(2, 1), (4, 3), (8, 7), (9, 8), (7, 7)"); // larger, smaller
    Dataset<Row> matched = edges(spark, "(3, 2)");
    Dataset<Row> compared =
        spark
            .session()
            .sql(
                "select bigint(l) left_node, bigint(r) right_node, double(w) match_weight from values (2, 3, 3), (1, 4, -9), (5, 6, -9) as t(l, r, w)");
    Components all = Components.find(lake, certain.union(matched));
    Guard guard = Guard.judge(lake, all, certain, matched, compared, THRESHOLD);
    assertThat(texts(guard.groups())).containsExactly("[2,1]", "[4,3]", "[8,7]", "[9,7]");
    assertThat(texts(guard.cut())).containsExactly("[2,3]");
  }

  private static Dataset<Row> edges(LocalSpark.Handle spark, String values) {
    return spark
        .session()
        .sql(
            "select bigint(a) larger, bigint(b) smaller from values %s as t(a, b)"
                .formatted(values));
  }

  private static Set<String> texts(Dataset<Row> rows) {
    var texts = new TreeSet<String>();
    rows.collectAsList().forEach(row -> texts.add(row.toString()));
    return texts;
  }

  private static Row pair(long left, long right, Double weight) {
    return RowFactory.create(1L, left, right, weight);
  }

  private static Set<String> verdicts(List<Row> pairs) {
    var texts = new TreeSet<String>();
    Guard.verdicts(pairs.iterator(), THRESHOLD)
        .forEachRemaining(
            row ->
                texts.add("%d: %d %d".formatted(row.getLong(0), row.getLong(1), row.getLong(2))));
    return texts;
  }
}
