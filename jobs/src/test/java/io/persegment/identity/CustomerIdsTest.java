package io.persegment.identity;

import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.testing.LocalSpark;
import java.sql.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalSpark.class)
class CustomerIdsTest {
  private static final String NONE = "(cast(null as string), null, null, 0L, null, null)";
  private static final Column TODAY = lit(Date.valueOf("2026-02-02"));

  @Test
  void aComponentKeepsTheIdOfMostOfItsRecords(LocalSpark.Handle spark) {
    var members =
        members(
            spark,
            "('a', 'contact', '1', 1L, 'x', date'2026-01-01')",
            "('a', 'contact', '2', 1L, 'x', date'2026-01-01')",
            "('a', 'contact', '3', 1L, 'y', date'2025-01-01')",
            "('a', 'contact', '4', 2L, 'z', date'2026-01-01')", // as many of each:
            "('a', 'contact', '5', 2L, 'w', date'2025-01-01')", // the older one
            "('a', 'contact', '6', 3L, null, null)");
    assertThat(ids(spark, members))
        .containsEntry(1L, "x")
        .containsEntry(2L, "w")
        .hasEntrySatisfying(3L, id -> assertThat(id).matches("c[0-9a-f]{16}"));
    assertThat(changes(spark, members))
        .containsExactlyInAnyOrder(
            "merged y -> x 1",
            "merged z -> w 1",
            "minted null -> %s 1".formatted(ids(spark, members).get(3L)));
  }

  @Test
  void anOldIdGoesToMostOfItsRecordsAndTheOthersGetANewOne(LocalSpark.Handle spark) {
    var members =
        members(
            spark,
            "('a', 'contact', '1', 1L, 'x', date'2026-01-01')",
            "('a', 'contact', '2', 2L, 'x', date'2026-01-01')",
            "('a', 'contact', '3', 2L, 'x', date'2026-01-01')",
            "('a', 'order', '4', 2L, null, null)");
    Map<Long, String> ids = ids(spark, members);
    assertThat(ids).containsEntry(2L, "x");
    assertThat(changes(spark, members))
        .containsExactlyInAnyOrder(
            "absorbed null -> x 1", "split x -> %s 1".formatted(ids.get(1L)));
  }

  @Test
  void aNewIdComesFromTheLeastContactAndAvoidsOnesInUse(LocalSpark.Handle spark) {
    String fresh = ids(spark, members(spark, "('b', 'contact', '1', 5L, null, null)")).get(5L);
    var withOthers =
        members(
            spark,
            "('b', 'contact', '1', 5L, null, null)",
            "('a', 'order', '1', 5L, null, null)",
            "('', 'address', 'a', 5L, null, null)",
            "('c', 'contact', '0', 5L, null, null)");
    assertThat(ids(spark, withOthers)).containsEntry(5L, fresh);
    var whenTaken =
        members(
            spark,
            "('b', 'contact', '1', 5L, null, null)",
            "('b', 'contact', '2', 6L, '%s', date'2026-01-01')".formatted(fresh),
            "('b', 'contact', '3', 7L, '%s-3', date'2026-01-01')".formatted(fresh));
    assertThat(ids(spark, whenTaken)).containsEntry(5L, fresh + "-4").containsEntry(6L, fresh);
  }

  private static Map<Long, String> ids(LocalSpark.Handle spark, Dataset<Row> members) {
    return CustomerIds.of(members, none(spark), oldMap(members)).collectAsList().stream()
        .collect(Collectors.toMap(row -> row.getLong(0), row -> row.getString(1)));
  }

  private static List<String> changes(LocalSpark.Handle spark, Dataset<Row> members) {
    var ids = CustomerIds.of(members, none(spark), oldMap(members));
    return Changes.of(members, ids, TODAY).collectAsList().stream()
        .map(
            row ->
                "%s %s -> %s %d"
                    .formatted(
                        row.getString(1), row.getString(2), row.getString(3), row.getLong(4)))
        .toList();
  }

  private static Dataset<Row> none(LocalSpark.Handle spark) {
    return members(spark, NONE).limit(0);
  }

  private static Dataset<Row> oldMap(Dataset<Row> members) {
    return members
        .where(Members.OLD_ID.col().isNotNull())
        .withColumn(IdentityMap.CUSTOMER_ID.name(), Members.OLD_ID.col())
        .withColumn(IdentityMap.SINCE.name(), Members.OLD_SINCE.col())
        .select(IdentityMap.TABLE.columns());
  }

  private static Dataset<Row> members(LocalSpark.Handle spark, String... rows) {
    return spark
        .session()
        .sql(
            "select * from values %s as t(source, record_type, record_id, component, old_id, old_since)"
                .formatted(String.join(", ", rows)))
        .select(
            IdentityMap.SOURCE.col(),
            IdentityMap.RECORD_TYPE.col(),
            IdentityMap.RECORD_ID.col(),
            Members.COMPONENT.col(),
            Members.OLD_ID.col().cast("string").as(Members.OLD_ID.name()),
            Members.OLD_SINCE.col().cast("date").as(Members.OLD_SINCE.name()));
  }
}
