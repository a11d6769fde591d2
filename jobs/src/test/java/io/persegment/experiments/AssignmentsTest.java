package io.persegment.experiments;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.persegment.PersegmentSettings;
import io.persegment.config.SettingsFile;
import io.persegment.identity.IdentityChanges;
import io.persegment.testing.LocalSpark;
import java.sql.Date;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalSpark.class)
class AssignmentsTest {
  private static final String ONE =
      """
      mail { population = "orders_30d > 0", arms { a = 0.2, b = 0.3, c = 0.5 }, control = a, start = 2026-06-01, end = 2026-06-30, by = lifecycle }
      """;

  private static final String GROUP =
      """
      one { arms { x = 0.5, y = 0.5 }, control = x, start = 2026-06-01, end = 2026-06-30, group = mails }
      two { arms { x = 0.5, y = 0.5 }, control = x, start = 2026-06-10, end = 2026-07-30, group = mails }
      """;

  @Test
  void armsAreAsLargeAsTheirSharesAndHaveOnlyThePopulation(LocalSpark.Handle spark) {
    List<Row> arms =
        assigned(spark, ONE, 0, "2026-06-30", 6_000, spark.rows(ExperimentAssignments.TABLE))
            .groupBy(col("orders_30d"), col("arms").getItem("mail"))
            .count()
            .collectAsList();
    Map<String, Long> sizes = new TreeMap<>();
    arms.forEach(row -> sizes.put(row.get(0) + " " + row.get(1), row.getLong(2)));

    assertThat(sizes.keySet()).containsExactly("0 null", "1 a", "1 b", "1 c");
    assertThat(sizes.get("1 a")).isCloseTo(600L, within(75L)); // three standard deviations
    assertThat(sizes.get("1 b")).isCloseTo(900L, within(80L));
    assertThat(sizes.get("1 c")).isCloseTo(1_500L, within(85L));
  }

  @Test
  void whoIsInAnArmStaysThereWhateverTheyDoAndWhateverSharesBecome(LocalSpark.Handle spark) {
    Dataset<Row> first =
        Assignments.made(
            assigned(spark, ONE, 0, "2026-06-10", 60, spark.rows(ExperimentAssignments.TABLE)),
            lit(Date.valueOf("2026-06-10")));
    Dataset<Row> later =
        assigned(
            spark,
            ONE.replace("a = 0.2, b = 0.3, c = 0.5", "a = 0.5, b = 0.3, c = 0.2")
                .replace("orders_30d > 0", "orders_30d = 0"),
            0,
            "2026-06-20",
            60,
            first);
    Map<String, String> before = new TreeMap<>();
    first.collectAsList().forEach(row -> before.put(row.getString(1), row.getString(2)));
    assertThat(before).hasSize(30);

    Dataset<Row> made = Assignments.made(later, lit(Date.valueOf("2026-06-20")));
    assertThat(made.select("customer_id").collectAsList())
        .hasSize(30)
        .noneMatch(row -> before.containsKey(row.getString(0)));
    later
        .selectExpr("customer_id", "arms['mail']")
        .collectAsList()
        .forEach(
            row -> {
              if (before.containsKey(row.getString(0))) {
                assertThat(row.getString(1)).isEqualTo(before.get(row.getString(0)));
              }
            });
    // Afterwards nobody is shown an arm, or taken in.
    assertThat(
            assigned(spark, ONE, 0, "2026-07-01", 60, first)
                .where("size(arms) > 0 or size(_assignments_made) > 0")
                .count())
        .isZero();
  }

  @Test
  void ofCustomersWhoBecomeOneTheEarlierAssignmentStays(LocalSpark.Handle spark) {
    Dataset<Row> before =
        spark.rows(
            ExperimentAssignments.TABLE,
            """
            select 'mail' as experiment, id as customer_id, arm, cast(at as date) as assigned_at
            from values ('late', 'b', '2026-06-05'), ('early', 'c', '2026-06-02'),
              ('first', 'a', '2026-06-01') as t(id, arm, at)
            """);
    Dataset<Row> changes =
        spark.rows(
            IdentityChanges.TABLE,
            """
            select date'2026-06-06' as as_of, change, a as from_customer_id, b as to_customer_id, 1 as records
            from values ('merged', 'early', 'late'), ('minted', null, 'new'), ('absorbed', 'first', 'early')
              as t(change, a, b)
            """);

    assertThat(
            Assignments.carried(before, changes).selectExpr("customer_id || arm").collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactlyInAnyOrder("firsta", "earlya", "latea");
  }

  @Test
  void experimentsOfAGroupNeverShareACustomer(LocalSpark.Handle spark) {
    Dataset<Row> first =
        Assignments.made(
            assigned(spark, GROUP, 0, "2026-06-05", 200, spark.rows(ExperimentAssignments.TABLE)),
            lit(Date.valueOf("2026-06-05")));
    assertThat(first.count()).isEqualTo(200); // one runs alone
    Dataset<Row> second = assigned(spark, GROUP, 0, "2026-06-15", 300, first);

    assertThat(second.where("size(arms) = 1").count()).isEqualTo(300);
    assertThat(second.where("arms['two'] is not null").count()).isBetween(30L, 70L);
  }

  @Test
  void whoIsHeldOutIsInNothing(LocalSpark.Handle spark) {
    Dataset<Row> rows =
        assigned(spark, ONE, 0.25, "2026-06-05", 2_000, spark.rows(ExperimentAssignments.TABLE));

    assertThat(rows.where("arms['holdout'] = 'holdout'").count()).isBetween(440L, 560L);
    assertThat(rows.where("size(arms) > 1").count()).isZero();
  }

  /** Arms that are compared where nothing was done: five of a hundred seem to differ. */
  @Test
  void theHashFavoursNoArm(LocalSpark.Handle spark) {
    assertThat(seemToDiffer(spark, 1_000, 100)).isBetween(0.029, 0.071); // within 3 errors
  }

  @Test
  @Tag("long")
  void theHashFavoursNoArmInOneHundredThousandTests(LocalSpark.Handle spark) {
    assertThat(seemToDiffer(spark, 100_000, 100)).isBetween(0.0479, 0.0521);
  }

  /** Returns in which part of the tests Welch's p is under .05: amounts stay, arms are drawn. */
  private static double seemToDiffer(LocalSpark.Handle spark, int tests, int customers) {
    Column isFirst = Assignments.share(concat(lit("persegment/e"), col("test"))).lt(0.5);
    Column amount = col("amount");
    List<Row> arms =
        spark
            .session()
            .range((long) tests * customers)
            .selectExpr(
                "id div %d as test".formatted(customers),
                "concat('c', id %% %d) as customer_id".formatted(customers),
                "pmod(xxhash64(id %% %d), 1000) / 10 as amount".formatted(customers))
            .groupBy("test")
            .agg(
                count(when(isFirst, amount)),
                sum(when(isFirst, amount)),
                sum(when(isFirst, amount.multiply(amount))),
                count(when(not(isFirst), amount)),
                sum(when(not(isFirst), amount)),
                sum(when(not(isFirst), amount.multiply(amount))))
            .collectAsList();
    assertThat(arms).hasSize(tests);
    return (double) arms.stream().filter(row -> lift(row).p() < 0.05).count() / tests;
  }

  private static Lift lift(Row row) {
    return Lift.of(sums(row, 1), sums(row, 4), 0, 0);
  }

  private static Sums sums(Row row, int at) {
    long n = row.getLong(at);
    double sum = row.getDouble(at + 1);
    return new Sums(n, sum, row.getDouble(at + 2), n, n, sum, 0, 0, 0);
  }

  private static Dataset<Row> assigned(
      LocalSpark.Handle spark,
      String experiments,
      double holdout,
      String asOf,
      int customers,
      Dataset<Row> before) {
    Dataset<Row> rows =
        spark
            .session()
            .range(customers)
            .selectExpr(
                "concat('c', id) as customer_id",
                "id % 2 as orders_30d",
                "map('lifecycle', 'New') as segments");
    var settings =
        PersegmentSettings.from(
            SettingsFile.parse(
                "test.conf",
                "shop { name = S, currency = EUR }, lake.root = l\nexperiments { %s }"
                    .formatted(experiments)));
    return new Assignments(
            settings.publish().experiments(),
            holdout,
            "persegment",
            LocalDate.parse(asOf),
            call -> lit(null))
        .assign(rows, before, spark.rows(IdentityChanges.TABLE), col("segments"), "arms");
  }
}
