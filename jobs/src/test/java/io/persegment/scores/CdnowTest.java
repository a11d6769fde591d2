package io.persegment.scores;

import static org.apache.spark.sql.functions.rand;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.persegment.conformed.Orders;
import io.persegment.run.StageReport;
import io.persegment.testing.LocalSpark;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The shop by whose first 39 weeks buying models are judged: parameters as Fader, Hardie and Lee
 * published them (2005, table 2, and 2013), to three figures; and its next 39 weeks, foretold.
 */
@ExtendWith(LocalSpark.class)
class CdnowTest {
  private static final LocalDate WEEK_39 = LocalDate.parse("1997-09-30");
  private static final LocalDate WEEK_78 = LocalDate.parse("1998-06-30");
  private static final String TARGET =
      "targets.clv { kind = lifetime-value, horizon = 39 weeks, holdout = 39 weeks, model = %s }";

  private static BuyersShop shop;
  private static StageReport report;

  @BeforeAll
  static void score(@TempDir Path folder, LocalSpark.Handle spark) {
    shop = BuyersShop.cdnow(spark, folder);
    report = shop.score(WEEK_78, TARGET.formatted("best"));
  }

  @Test
  void parametersAreThosePublished(@TempDir Path folder, LocalSpark.Handle spark) {
    Map<String, Double> found =
        BuyersShop.cdnow(spark, folder)
            .score(
                WEEK_39,
                "targets.clv { kind = lifetime-value, horizon = 39 weeks, holdout = 13 weeks,"
                    + " model = bg-nbd }")
            .metrics();
    assertThat(found.get("clv.bg_nbd.r")).isCloseTo(.2426, within(5e-5));
    assertThat(found.get("clv.bg_nbd.alpha")).isCloseTo(4.4136, within(5e-4));
    assertThat(found.get("clv.bg_nbd.a")).isCloseTo(.7929, within(5e-5));
    assertThat(found.get("clv.bg_nbd.b")).isCloseTo(2.4259, within(5e-4));
    assertThat(found.get("clv.bg_nbd.log_likelihood")).isCloseTo(-9582.4, within(.05));
    assertThat(found.get("clv.gamma_gamma.p")).isCloseTo(6.25, within(.01));
    assertThat(found.get("clv.gamma_gamma.q")).isCloseTo(3.74, within(.01));
    assertThat(found.get("clv.gamma_gamma.v")).isCloseTo(15.44, within(.03));
    assertThat(found.get("clv.training.frequency_value_correlation")).isCloseTo(.114, within(.001));
    assertThat(found)
        .containsEntry("clv.training.customers", 2357.0)
        .containsEntry("clv.training.repeat_buyers", 946.0)
        .containsEntry("clv.training.days_a_unit", 1.0);
    assertThat(found.get("clv.bg_nbd.r.low")).isBetween(.2, .2426);
    assertThat(found.get("clv.bg_nbd.r.high")).isBetween(.2426, .3);
  }

  @Test
  void theNextWeeksAreForetold() {
    Map<String, Double> found = report.metrics();
    assertThat(found.get("clv.bg_nbd.correlation")).isBetween(.62, .63);
    assertThat(found.get("clv.bg_nbd.mae")).isBetween(.78, .79);
    assertThat(found.get("clv.bg_nbd.expected_orders")).isCloseTo(1653, within(1.0));
    assertThat(found.get("clv.mbg_nbd.mae")).isLessThan(.79);
    assertThat(found)
        .containsEntry("clv.customers", 2357.0)
        .containsEntry("clv.actual_orders", 1882.0);
    assertThat(found.get("clv.correlation")).isGreaterThanOrEqualTo(.62);
    assertThat(found.get("clv.mae")).isLessThanOrEqualTo(.79);
    assertThat(found.get("clv.rmse")).isLessThan(found.get("clv.baseline.rate_so_far.rmse"));
    assertThat(found.get("clv.rmse")).isLessThan(found.get("clv.baseline.mean.rmse"));
    assertThat(found.get("clv.value_rmse")).isLessThan(found.get("clv.baseline.mean.value_rmse"));
  }

  @Test
  void scoresAreAmountsWithTheirTenthsAndReasons() {
    Row all =
        shop.lake()
            .read(CustomerScores.TABLE)
            .selectExpr(
                "count(*)",
                "min(score)",
                "count_if(decile = 1)",
                "corr(score, decile)",
                "min_by(decile, score)",
                "max_by(decile, score)",
                "max(score)")
            .head();
    assertThat(all.getLong(0)).isEqualTo(2357);
    assertThat(all.getDouble(1)).isPositive();
    assertThat(all.getLong(2)).isEqualTo(236);
    assertThat(all.getDouble(3)).isNegative();
    assertThat(all.getInt(4)).isEqualTo(10);
    assertThat(all.getInt(5)).isEqualTo(1);
    assertThat(
            shop.lines(
                    CustomerScores.TABLE, "customer_id", "reasons[0]", "reasons[1]", "reasons[2]")
                .get(0))
        .isEqualTo(
            "c0001|bought 4 times in 545 days|last bought 200 days ago|orders of 25 EUR on average");
  }

  @Test
  void neitherTheOrderOfRowsNorHowTheyLieMatters(@TempDir Path folder, LocalSpark.Handle spark) {
    var other = new BuyersShop(spark, folder);
    other
        .lake()
        .overwrite(Orders.TABLE, shop.lake().read(Orders.TABLE).repartition(7).orderBy(rand(3)));
    StageReport again = other.score(WEEK_78, TARGET.formatted("best"));

    assertThat(again.metrics().get("clv.bg_nbd.r")).isEqualTo(report.metrics().get("clv.bg_nbd.r"));
    String[] all = {"customer_id", "score", "decile", "reasons"};
    assertThat(other.lines(CustomerScores.TABLE, all))
        .isEqualTo(shop.lines(CustomerScores.TABLE, all));
  }
}
