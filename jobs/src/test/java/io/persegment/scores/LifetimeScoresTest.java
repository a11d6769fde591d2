package io.persegment.scores;

import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.max;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.persegment.conformed.Orders;
import io.persegment.conformed.Refunds;
import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import io.persegment.identity.Owners;
import io.persegment.run.StageReport;
import io.persegment.testing.LocalSpark;
import java.nio.file.Path;
import java.time.LocalDate;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalSpark.class)
class LifetimeScoresTest {
  private static final LocalDate AS_OF = LocalDate.parse("2026-06-30");
  private static final LocalDate THEN = LocalDate.parse("2026-03-31");

  /**
   * Made-up customers: each came on a day of their own in a year, and then every so many days,
   * until they had enough. The draws are hashes, the same on every machine.
   */
  private static final String MADE_UP =
      """
      select concat('o', id, '-', n) as order_id, concat('c', id) as contact_record_id,
        timestamp_seconds(unix_seconds(timestamp'2025-07-01') + int(86400 * (300 * u(1)
          + n * (3 + 40 * u(2)) + u(5)))) as ordered_at,
        'paid' as status, 20 + 60 * u(3) + 5 * (n % 3) as net
      from range(1500), lateral explode(sequence(0, int(8 * u(4) * u(4)))) as t(n)
      """
          .replaceAll("u\\((\\d)\\)", "(pmod(xxhash64(id, $1), 1000003) / 1000003)");

  private static BuyersShop shop;
  private static StageReport report;

  @BeforeAll
  static void score(@TempDir Path folder, LocalSpark.Handle spark) {
    shop = new BuyersShop(spark, folder);
    shop.write("select * from (%s) where ordered_at < '2026-07-01'".formatted(MADE_UP));
    report =
        shop.score(
            AS_OF,
            """
            targets { clv { kind = lifetime-value, horizon = 180 days }
              alive { kind = lifetime-value, of = alive, horizon = 180 days, model = mbg-nbd }
              orders { kind = lifetime-value, of = orders, horizon = 180 days }
              worth { kind = lifetime-value, of = order-value, horizon = 180 days } }""");
  }

  @Test
  void everyFigureIsPublished() {
    assertThat(report.warnings()).isEmpty();
    Row all =
        shop.lake()
            .read(CustomerScores.TABLE)
            .groupBy("customer_id")
            .pivot("target")
            .agg(max("score"))
            .selectExpr(
                "count(*)",
                "count_if(alive >= 1 or alive <= 0)",
                "max(clv / (orders * worth))",
                "min(clv / (orders * worth))")
            .head();
    assertThat(all.getLong(0)).isEqualTo(report.rows().get("clv.scored")).isPositive();
    assertThat(all.getLong(1)).as("of MBG/NBD, who bought once may have left").isZero();
    assertThat(all.getDouble(2)).as("discounted by at most 180 days").isBetween(.954, .999);
    assertThat(all.getDouble(3)).isBetween(.954, .999);
    assertThat(shop.lines(ScoreModels.TABLE, "target", "version", "algorithm", "path"))
        .contains(
            "alive|1|mbg-nbd|_models/scores/alive/1",
            "worth|1|%s + gamma-gamma|_models/scores/worth/1"
                .formatted(
                    report.metrics().get("worth.bg_nbd.log_likelihood")
                            > report.metrics().get("worth.mbg_nbd.log_likelihood")
                        ? "bg-nbd"
                        : "mbg-nbd"));
  }

  @Test
  void aModelStandsUntilItIsOldAndABackfillKeepsToWhatWasThere(
      @TempDir Path folder, LocalSpark.Handle spark) {
    var other = new BuyersShop(spark, folder);
    other.write(MADE_UP);
    String target = "targets.o { kind = lifetime-value, of = orders, horizon = 90 days }";
    String[] models = {"version", "trained_as_of", "champion"};
    other.score(LocalDate.parse("2026-05-01"), target);
    other.score(LocalDate.parse("2026-05-20"), target);
    assertThat(other.lines(ScoreModels.TABLE, models)).containsExactly("1|2026-05-01|true");
    other.score(LocalDate.parse("2026-06-20"), target);
    assertThat(other.lines(ScoreModels.TABLE, models))
        .containsExactly("1|2026-05-01|false", "2|2026-06-20|true");
    var before = other.lines(CustomerScores.TABLE, "as_of", "customer_id", "score", "decile");

    other.score(LocalDate.parse("2026-05-20"), target);

    assertThat(other.lines(CustomerScores.TABLE, "as_of", "customer_id", "score", "decile"))
        .isEqualTo(before);
    assertThat(other.lines(ScoreModels.TABLE, models))
        .containsExactly("1|2026-05-01|false", "2|2026-06-20|true");
  }

  @Test
  void oneRowACustomerKnowsWhatWasBoughtAndNotWhatWasCancelledOrSentBack(
      @TempDir Path folder, LocalSpark.Handle spark) {
    var other = new BuyersShop(spark, folder);
    Dataset<Row> orders =
        other
            .orders(
                """
                select * from values
                  ('1', 'twice', timestamp'2026-01-01 09:00', 'paid', 40.0),
                  ('2', 'twice', timestamp'2026-01-01 21:00', 'paid', 10.0),
                  ('3', 'twice', timestamp'2026-03-01 09:00', 'paid', 100.0),
                  ('4', 'twice', timestamp'2026-05-01 09:00', 'paid', 50.0),
                  ('5', 'pends', timestamp'2026-05-01 09:00', 'pending', 50.0),
                  ('6', 'returns', timestamp'2026-01-01', 'paid', 80.0),
                  ('7', 'returns', timestamp'2026-02-01', 'paid', 120.0),
                  ('8', 'returns', timestamp'2026-02-11', 'return', -50.0),
                  ('9', 'cancels', timestamp'2026-01-01', 'paid', 80.0),
                  ('10', 'cancels', timestamp'2026-02-01', 'cancelled', 80.0),
                  ('11', 'later', timestamp'2026-07-01', 'paid', 80.0)
                  as (order_id, contact_record_id, ordered_at, status, net)""")
            .withColumn("cancelled_at", expr("if(order_id = '10', timestamp'2026-04-15', null)"))
            .withColumn(Owners.CUSTOMER_ID.name(), Orders.CONTACT_RECORD_ID.col())
            .repartition(4);
    Dataset<Row> refunds =
        spark.rows(
            Refunds.TABLE,
            "select 'r' as refund_id, '3' as order_id, timestamp'2026-05-15' as refunded_at,"
                + " 30 as amount, 'shop' as source, 'f' as source_file, now() as ingested_at");

    assertThat(
            Buyers.of(orders, refunds, AS_OF, THEN, 0)
                .selectExpr("customer_id", "now", "then", "later", "later_value")
                .collectAsList()
                .stream()
                .map(row -> row.mkString(" "))
                .sorted())
        .containsExactly(
            "cancels [0,0,180,null,80.0] [1,31,89,80.0,80.0] 0 0.0",
            "returns [1,31,180,90.0,75.0] [1,31,89,90.0,75.0] 0 0.0",
            "twice [2,120,180,60.0,56.666666666666664] [1,59,89,100.0,75.0] 1 50.0");
    assertThat(
            Buyers.of(orders, refunds, AS_OF, THEN, .1)
                .where("customer_id = 'twice'")
                .select(Buyers.LATER_VALUE.col())
                .head()
                .getDouble(0))
        .as("31 days later")
        .isCloseTo(50 * Math.pow(1.1, -31 / 365.0), within(1e-9));
  }

  @Test
  void whatWasSaidIsHeldAgainstWhatWasBought(@TempDir Path folder, LocalSpark.Handle spark) {
    var other = new BuyersShop(spark, folder);
    other.write(MADE_UP);
    String targets =
        """
        targets { clv { kind = lifetime-value, horizon = 60 days, discount-rate = 0.5 }
          orders { kind = lifetime-value, of = orders, horizon = 60 days }
          alive { kind = lifetime-value, of = alive, horizon = 60 days } }""";
    other.score(AS_OF, targets);
    assertThat(other.score(AS_OF.plusDays(59), targets).metrics())
        .doesNotContainKeys("clv.matured.said", "orders.matured.said");

    StageReport matured = other.score(AS_OF.plusDays(60), targets);

    Row bought =
        spark
            .session()
            .sql(
                """
                select sum(later), sum(value), count(*), count_if(later > 0) from (
                  select count(distinct if(day > date'2026-06-30', day, null)) as later,
                    sum(if(day > date'2026-06-30', cast(net as decimal(18, 4)) * pow(1.5, -datediff(day, date'2026-06-30') / 365), 0)) as value
                  from (select *, to_date(ordered_at) as day from (%s))
                  where day <= date'2026-08-29' group by contact_record_id having min(day) <= date'2026-06-30')"""
                    .formatted(MADE_UP))
            .head();
    double customers = bought.getLong(2);
    assertThat(matured.metrics().get("orders.matured.happened"))
        .isCloseTo(bought.getLong(0) / customers, within(1e-9));
    assertThat(matured.metrics().get("clv.matured.happened"))
        .isCloseTo(bought.getDouble(1) / customers, within(1e-6));
    assertThat(matured.metrics()).containsKeys("clv.matured.ratio", "orders.matured.mae");
    assertThat(other.lines(MaturedScores.TABLE, "target", "as_of", "customers", "events"))
        .containsExactly(
            "clv|2026-06-30|%d|%d".formatted(bought.getLong(2), bought.getLong(3)),
            "orders|2026-06-30|%d|%d".formatted(bought.getLong(2), bought.getLong(3)));
  }

  @Test
  void whoRefusedProfilingIsNeitherScoredNorLearntFrom(
      @TempDir Path folder, LocalSpark.Handle spark) {
    var other = new BuyersShop(spark, folder);
    other.write(
        """
        select * from (%s) where ordered_at < '2026-07-01' union all
        select concat('r', id), concat('refuses', id %% 20),
          timestamp'2026-01-01' + make_interval(0, 0, 0, id), 'paid', 1000.0 from range(150)"""
            .formatted(MADE_UP));
    StageReport again =
        other.score(AS_OF, "targets.clv { kind = lifetime-value, horizon = 180 days }");

    assertThat(again.metrics().get("clv.bg_nbd.r"))
        .isCloseTo(report.metrics().get("clv.bg_nbd.r"), within(1e-12));
    assertThat(again.rows()).containsEntry("clv.scored", report.rows().get("clv.scored"));
  }

  @Test
  void whatCannotBeForetoldIsSaidInASentence(@TempDir Path folder, LocalSpark.Handle spark) {
    var other = new BuyersShop(spark, folder);
    other.write("select * from (%s) where ordered_at < '2026-07-01'".formatted(MADE_UP));

    assertThat(
            other
                .score(
                    AS_OF,
                    """
                    targets { year { kind = lifetime-value, horizon = 400 days }
                      all { kind = lifetime-value, horizon = 30 days, holdout = 300 days }
                      few { kind = lifetime-value, horizon = 30 days, least-repeat-buyers = 5000 } }""")
                .warnings())
        .hasSize(3)
        .anyMatch(
            said ->
                said.matches(
                    "Cannot foretell year as of 2026-06-30: its horizon of 400 days is longer than"
                        + " the history of \\d+ days, which began on 2025-07-\\d+\\."))
        .anyMatch(
            said ->
                said.startsWith(
                    "Cannot foretell all as of 2026-06-30: its holdout of 300 days leaves "))
        .anyMatch(
            said ->
                said.matches(
                    "Cannot foretell few as of 2026-06-30: until 2026-04-01 only \\d+ customers"
                        + " bought on a second day; least-repeat-buyers asks for 5000\\."));
    assertThat(other.lines(CustomerScores.TABLE, "customer_id")).isEmpty();
    assertThatThrownBy(
            () ->
                other.score(
                    AS_OF,
                    "targets.year { kind = lifetime-value, horizon = 400 days, on-refusal = stop }"))
        .isInstanceOfSatisfying(
            PersegmentException.class, e -> assertThat(e.fault()).isEqualTo(Fault.GATE));
  }
}
