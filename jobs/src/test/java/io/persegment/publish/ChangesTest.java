package io.persegment.publish;

import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.testing.LocalSpark;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalSpark.class)
class ChangesTest {
  private static final Changes CHANGES = new Changes(Audience.mapped(List.of()));

  @Test
  void saysWhoWasAddedChangedAndRemovedAndInWhat(LocalSpark.Handle spark) {
    Dataset<Row> before =
        audience(
            spark,
            "('stays', 'a@example.com', 'Ada', 'DK', map('garden', 'Food'))",
            "('moves', 'b@example.com', 'Bo', 'DK', map('garden', 'Food'))",
            "('goes', 'c@example.com', 'Cy', 'DK', map('garden', 'Food'))");
    Dataset<Row> after =
        audience(
            spark,
            "('moves', 'b@example.com', 'Bo', null, map('garden', 'Loungers'))",
            "('comes', 'd@example.com', 'Di', 'DK', map())",
            "('stays', 'a@example.com', 'Ada', 'DK', map('garden', 'Food'))");
    assertThat(
            CHANGES
                .between(before, after, "r000002")
                .selectExpr(
                    "customer_id", "change", "array_join(changed_columns, ',')", "after.email")
                .orderBy("customer_id")
                .collectAsList())
        .extracting(Row::mkString)
        .containsExactly(
            "comesaddedd@example.com",
            "goesremovednull",
            "moveschangedcountry,segmentsb@example.com");
  }

  /** Whatever happens to whom, the changes of all releases lead to the audience of the last. */
  @Test
  void allChangesAppliedInOrderToNothingGiveTheAudience(LocalSpark.Handle spark) {
    var random = new Random(7);
    Dataset<Row> before = audience(spark, "('nobody', 'n@example.com', '', '', map())").limit(0);
    var replayed = new TreeMap<String, String>();
    for (int release = 1; release <= 5; release++) {
      Dataset<Row> after = audience(spark, randomPeople(random)).localCheckpoint();
      CHANGES
          .between(before, after, "r" + release)
          .selectExpr("customer_id", "change", "to_json(after)")
          .collectAsList()
          .forEach(change -> apply(replayed, change));
      assertThat(replayed).as("after release %d", release).isEqualTo(contents(after));
      before = after;
    }
  }

  private static void apply(Map<String, String> audience, Row change) {
    if (change.getString(1).equals(AudienceChanges.REMOVED)) {
      assertThat(audience.remove(change.getString(0))).isNotNull();
      return;
    }
    boolean known = audience.put(change.getString(0), change.getString(2)) != null;
    assertThat(known).isEqualTo(change.getString(1).equals(AudienceChanges.CHANGED));
  }

  private static Map<String, String> contents(Dataset<Row> audience) {
    var contents = new TreeMap<String, String>();
    audience
        .selectExpr(
            "customer_id",
            "to_json(struct(email, first_name, last_name, country, language, segments, scores,"
                + " deciles, tokens, fallbacks, content, experiments))")
        .collectAsList()
        .forEach(row -> contents.put(row.getString(0), row.getString(1)));
    return contents;
  }

  private static String[] randomPeople(Random random) {
    var people = new ArrayList<String>();
    for (int id = 0; id < 12; id++) {
      if (random.nextInt(4) > 0) {
        people.add(
            "('%02d', '%d-%d@example.com', 'A', %s, map('garden', '%s'))"
                .formatted(
                    id,
                    id,
                    random.nextInt(2),
                    List.of("'DK'", "null").get(random.nextInt(2)),
                    List.of("Food", "Loungers").get(random.nextInt(2))));
      }
    }
    return people.toArray(String[]::new);
  }

  private static Dataset<Row> audience(LocalSpark.Handle spark, String... people) {
    String sql =
        """
        select id as customer_id, email, first as first_name, country,
          cast(segments as map<string, string>) as segments,
          cast(map() as map<string, double>) as scores, cast(map() as map<string, int>) as deciles
        from values %s as t(id, email, first, country, segments)
        """
            .formatted(String.join(", ", people));
    return spark
        .rows(Audience.TABLE, sql)
        .withColumn(Audience.ROW_HASH.name(), AudienceRows.hash(Audience.mapped(List.of())))
        .withColumn(Audience.RELEASE_ID.name(), lit("r"));
  }
}
