package io.persegment.scores;

import static io.persegment.scores.PlantedShop.AS_OF;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.rand;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.persegment.conformed.Orders;
import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import io.persegment.run.StageReport;
import io.persegment.testing.LocalSpark;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalSpark.class)
class ScoresStageTest {
  private static final String[] ALL = {
    "as_of", "customer_id", "target", "score", "decile", "reasons", "model_version"
  };

  private static PlantedShop scored;
  private static StageReport report;

  @TempDir Path folder;

  /** The same for all tests, which change none of it. */
  @BeforeAll
  static void score(@TempDir Path folder, LocalSpark.Handle spark) {
    scored = new PlantedShop(spark, folder.toString());
    scored.fill(AS_OF);
    report = scored.score(AS_OF, "");
  }

  @Test
  void foretellsWhoBuysAndSaysHowWell() {
    double truth = auc(scored.customers(LocalDate.parse("2026-05-28")));
    assertThat(report.metrics())
        .containsEntry("purchase_30d.customers", (double) PlantedShop.PROFILED)
        .containsEntry("purchase_30d.baseline.base_rate.auc", 0.5)
        .hasEntrySatisfying(
            "purchase_30d.auc", auc -> assertThat(auc).isCloseTo(truth, within(.02)))
        .hasEntrySatisfying(
            "purchase_30d.baseline.recency.auc", auc -> assertThat(auc).isBetween(.5, truth - .05));
    for (String measure :
        List.of(
            "auc",
            "brier",
            "log_loss",
            "baseline.recency.auc",
            "baseline.recency.brier",
            "baseline.base_rate.log_loss")) {
      String name = "purchase_30d." + measure;
      assertThat(report.metrics().get(name))
          .as(name)
          .isStrictlyBetween(
              report.metrics().get(name + ".low"), report.metrics().get(name + ".high"));
    }
    assertThat(
            scored.lines(
                ScoreModels.TABLE,
                "size(lifts)",
                "deciles[0].lift between lifts[0].low and lifts[0].high",
                "lifts[0].low > 1"))
        .containsExactly("10|true|true");
    assertThat(report.metrics().get("purchase_30d.brier"))
        .isLessThan(report.metrics().get("purchase_30d.baseline.recency.brier"));
    assertThat(report.rows())
        .containsEntry("purchase_30d.scored", (long) PlantedShop.PROFILED)
        .containsEntry("purchase_30d.cut.2026-05-28", (long) PlantedShop.PROFILED)
        .containsEntry("purchase_30d.cut.2026-02-01", (long) PlantedShop.PROFILED);
    assertThat(report.warnings())
        .containsExactly(
            "purchase_30d does without opens_30d: in training they are the same for nearly every"
                + " customer, or never known.");
    assertThat(
            scored.lines(
                ScoreModels.TABLE, "target", "version", "trained_as_of", "champion", "path"))
        .containsExactly("purchase_30d|1|2026-06-27|true|_models/scores/purchase_30d/1");
  }

  @Test
  void everyScoreLiesAtTheTrueChanceAndHasItsDecileAndReasons() {
    Dataset<Row> scores =
        scored.lake().read(CustomerScores.TABLE).join(scored.customers(AS_OF), "customer_id");
    Row all =
        scores
            .selectExpr(
                "avg(abs(score - chance))",
                "corr(score, decile)",
                "max(size(reasons))",
                "count_if(customer_id like '%7')",
                "max(abs(aggregate(contributions, 0D, (a, b) -> a + b) - ln(score / (1 - score))))",
                "count_if(size(contributions) = size(reasons) + 2)")
            .head();
    assertThat(all.getDouble(0)).isLessThan(.04);
    assertThat(all.getDouble(1)).isLessThan(-.9);
    assertThat(all.getInt(2)).isBetween(2, 3);
    assertThat(all.getLong(3)).isZero();
    assertThat(all.getDouble(4)).as("what reasons add up to").isLessThan(1e-9);
    assertThat(all.getLong(5)).isEqualTo(PlantedShop.PROFILED);
    Foretold one =
        Foretold.of(
                scored.lake(), PlantedShop.targets(""), List.of(), PlantedShop.consent(), "c0001")
            .get(0);
    assertThat(one.score())
        .isCloseTo(
            1 / (1 + Math.exp(-one.contributions().stream().mapToDouble(each -> each).sum())),
            within(1e-9));
    assertThat(scores.groupBy("decile").count().collectAsList())
        .hasSize(10)
        .allMatch(row -> row.getLong(1) == PlantedShop.PROFILED / 10);
    Row often =
        scores
            .where("visits_30d = 9 and recency between 60 and 90")
            .select("reasons", "recency")
            .head();
    assertThat(often.<String>getList(0))
        .contains(
            "Visits to the web site in the last 30 days: 9 (raises)",
            "Days since the last purchase: %d (lowers)".formatted(often.getInt(1)));
  }

  @Test
  void runAgainTheTablesAreTheSame() throws IOException {
    PlantedShop again = scored.copiedTo(folder);
    again.score(AS_OF, "");

    assertThat(again.lines(CustomerScores.TABLE, ALL))
        .isEqualTo(scored.lines(CustomerScores.TABLE, ALL))
        .hasSize(PlantedShop.PROFILED);
    String[] models = {"* except (metrics)", "to_json(metrics)"};
    assertThat(again.lines(ScoreModels.TABLE, models))
        .isEqualTo(scored.lines(ScoreModels.TABLE, models))
        .hasSize(1);
  }

  @Test
  void neitherTheOrderOfRowsNorTheFutureMatters(LocalSpark.Handle spark) throws IOException {
    PlantedShop other = scored.copiedTo(folder, ScoreModels.TABLE, CustomerScores.TABLE);
    Dataset<Row> later =
        other.orders(
            "select concat('later', customer_id) as order_id, customer_id as contact_record_id,"
                + " timestamp'2026-07-01' as ordered_at, 'paid' as status from people");
    Dataset<Row> known =
        spark.rows(
            PlantedShop.table(),
            ("select customer_id, date'2026-07-01' as as_of, 99 as visits_30d, '%s' as definition"
                    + " from people")
                .formatted(PlantedShop.features().definition()));
    other.lake().overwrite(Orders.TABLE, shuffled(other.lake().read(Orders.TABLE).union(later)));
    other
        .lake()
        .overwrite(
            PlantedShop.table(), shuffled(other.lake().read(PlantedShop.table()).union(known)));
    other.score(AS_OF, "");

    Row apart =
        scored
            .lake()
            .read(CustomerScores.TABLE)
            .join(
                other.lake().read(CustomerScores.TABLE).withColumnRenamed("score", "other"),
                new String[] {"customer_id", "decile", "reasons", "model_version"})
            .selectExpr("count(*)", "max(abs(score - other))")
            .head();
    assertThat(apart.getLong(0)).isEqualTo(PlantedShop.PROFILED);
    assertThat(apart.getDouble(1)).isLessThan(1e-9);
  }

  @Test
  void aModelStandsUntilItsCutsMove() throws IOException {
    PlantedShop shop = scored.copiedTo(folder);
    LocalDate lastOfWeek = LocalDate.parse("2026-07-03");
    LocalDate nextWeek = LocalDate.parse("2026-07-04");
    LocalDate[] cuts = PlantedShop.targets("").get(0).cuts(nextWeek).toArray(new LocalDate[0]);
    String hard = "targets.purchase_30d.margin = 0.5";
    shop.writeFeatures(lastOfWeek);
    assertThat(shop.score(lastOfWeek, "").metrics())
        .as("scored without features of any cut")
        .containsEntry("purchase_30d.model_version", 1.0);
    assertThat(shop.score(lastOfWeek, "targets.purchase_30d.penalties = [0.05]").metrics())
        .as("by other settings none can be made, and it knows what it knew")
        .containsEntry("purchase_30d.model_version", 1.0);

    shop.writeFeatures(nextWeek);
    StageReport without = shop.score(nextWeek, "");
    assertThat(without.warnings())
        .as("none can be made without features of its cuts")
        .last()
        .asString()
        .endsWith("Version 1 foretells purchase_30d still.");
    assertThat(without.metrics()).containsEntry("purchase_30d.model_version", 1.0);

    shop.writeFeatures(nextWeek, cuts);
    shop.writeOrders(cuts);
    StageReport challenged = shop.score(nextWeek, hard);
    assertThat(challenged.warnings().get(1))
        .matches(
            "purchase_30d is foretold by version 1 still: version 2 was made, but its AUC is"
                + " 0\\.\\d{4}, and the standing one's 0\\.\\d{4}; margin asks for 0\\.5 more\\.");
    String[] models = {"version", "trained_as_of", "champion", "lost_to"};
    assertThat(shop.lines(ScoreModels.TABLE, models))
        .containsExactly("1|2026-06-27|true|null", "2|2026-07-04|false|1");
    assertThat(shop.score(nextWeek, hard).metrics())
        .as("another night of the week")
        .containsEntry("purchase_30d.model_version", 1.0);

    shop.use(2, hard);
    shop.score(nextWeek, hard);
    shop.writeFeatures(AS_OF);
    shop.score(AS_OF, hard);
    assertThat(shop.lines(ScoreModels.TABLE, models))
        .as("a backfill takes nothing from the model that scores")
        .containsExactly("1|2026-06-27|false|null", "2|2026-07-04|true|1");
    assertThat(shop.lines(CustomerScores.TABLE, "as_of", "model_version").stream().distinct())
        .containsExactly("2026-06-30|1", "2026-07-03|1", "2026-07-04|2");
  }

  @Test
  void aModelNoBetterThanItsBaselineIsRefusedAndStopsWhereItIsAsked() throws IOException {
    PlantedShop shop = unscored();
    String settings =
        "targets.purchase_30d { features = [visits_30d], baselines = visits_30d, on-refusal = stop }";

    assertThatThrownBy(() -> shop.score(AS_OF, settings))
        .isInstanceOfSatisfying(
            PersegmentException.class, e -> assertThat(e.fault()).isEqualTo(Fault.GATE))
        .hasMessageMatching(
            "Cannot foretell purchase_30d: on the test of the cut 2026-05-28 the model's AUC is (0\\.\\d+),"
                + " no better than the \\1 of visits_30d alone\\. Give it features that say more\\."
                + " Its setting on-refusal = stop ends the run here\\.");
    assertThat(shop.lake().exists(CustomerScores.TABLE)).isFalse();
  }

  @Test
  void aModelOfOtherSettingsOrOfNoVersionCannotBeUsed() {
    assertThatThrownBy(() -> scored.use(7, ""))
        .hasMessage("There is no version 7 of purchase_30d; there are [1].");
    assertThatThrownBy(() -> scored.use(1, "targets.purchase_30d.features = [recency]"))
        .hasMessageStartingWith(
            "Version 1 of purchase_30d was made by other settings of the target or its features than"
                + " are declared now.");
  }

  @Test
  void whatWasSaidIsHeldAgainstWhatHappened() throws IOException {
    PlantedShop shop = scored.copiedTo(folder);
    LocalDate later = AS_OF.plusDays(30);
    shop.writeFeatures(later);
    shop.writeOrders(AS_OF);

    assertThat(shop.score(later.minusDays(1), "").metrics())
        .as("a day before the horizon has passed")
        .doesNotContainKey("purchase_30d.matured.auc");
    StageReport matured = shop.score(later, "");
    double truth = auc(shop.customers(AS_OF));
    assertThat(matured.metrics().get("purchase_30d.matured.auc")).isCloseTo(truth, within(.03));
    assertThat(matured.metrics().get("purchase_30d.matured.said"))
        .isCloseTo(matured.metrics().get("purchase_30d.matured.happened"), within(.06));
    assertThat(
            shop.lines(
                MaturedScores.TABLE,
                "as_of",
                "model_version",
                "matured_on",
                "customers",
                "events",
                "auc between auc_low and auc_high",
                "size(deciles)"))
        .containsExactly(
            "2026-06-30|1|2026-07-30|%d|%d|true|10"
                .formatted(
                    PlantedShop.PROFILED,
                    shop.customers(AS_OF)
                        .where("luck < chance and customer_id not like '%7'")
                        .count()));
  }

  @Test
  void ofTheNextEmailThoseTeachAndAreHeldAgainstWhoWereSentOne() throws IOException {
    PlantedShop shop = unscored();
    LocalDate later = AS_OF.plusDays(30);
    String opens =
        "targets { purchase_30d = null, opens { event = open, of = next-email, within = 3 days,"
            + " horizon = 30 days, cuts = 3, features = [recency, visits_30d], baselines = [recency],"
            + " penalties = [0.003], algorithms = logistic-regression } }";
    LocalDate[] cuts = PlantedShop.targets("").get(0).cuts(AS_OF).toArray(new LocalDate[0]);
    shop.writeEmails(cuts);
    StageReport report = shop.score(AS_OF, opens);

    long even = PlantedShop.CUSTOMERS / 2;
    assertThat(report.warnings()).isEmpty();
    assertThat(report.metrics())
        .containsEntry("opens.customers", (double) even)
        .hasEntrySatisfying("opens.auc", auc -> assertThat(auc).isGreaterThan(.65));
    assertThat(report.rows())
        .containsEntry("opens.cut.2026-05-28", even)
        .containsEntry("opens.scored", (long) PlantedShop.PROFILED);

    shop.writeFeatures(later);
    assertThat(shop.score(later, opens).metrics())
        .as("nobody was sent anything")
        .doesNotContainKey("opens.matured.said");
    shop.writeEmails(AS_OF);
    shop.score(later, opens);
    assertThat(shop.lines(MaturedScores.TABLE, "as_of", "customers", "events"))
        .containsExactly(
            "2026-06-30|%d|%d"
                .formatted(
                    even,
                    shop.customers(AS_OF)
                        .where("luck < chance and pmod(substr(customer_id, 2), 2) = 0")
                        .count()));
  }

  @Test
  void whatIsLearntFromNoiseIsRefused() throws IOException {
    PlantedShop shop = unscored();
    shop.lake()
        .overwrite(
            Orders.TABLE,
            shop.lake()
                .read(Orders.TABLE)
                .withColumn(
                    "contact_record_id",
                    expr("format_string('c%04d', pmod(xxhash64(order_id), 1200))")));

    assertThat(shop.score(AS_OF, "").warnings())
        .last()
        .asString()
        .startsWith("Cannot foretell purchase_30d: on the test of the cut 2026-05-28");
    assertThat(shop.lines(CustomerScores.TABLE, "customer_id")).isEmpty();
  }

  @Test
  void whatComesFromTheFutureIsLeftOutOrRefusesTheTarget() throws IOException {
    PlantedShop shop = unscored();
    String leaky =
        "targets.purchase_30d { features = [recency, visits_30d, opens_90d], on-leak = %s,"
            + " algorithms = logistic-regression }";
    assertThat(shop.score(AS_OF, leaky.formatted("refuse")).warnings())
        .containsExactly(
            "Cannot foretell purchase_30d: opens_90d (AUC 1.000) tells by itself who had the event,"
                + " as only what is made from the outcome does. Take it out of features, or set"
                + " on-leak = drop.");
    assertThat(shop.lines(CustomerScores.TABLE, "customer_id")).isEmpty();
    assertThat(shop.score(AS_OF.plusDays(1), leaky.formatted("refuse")).warnings())
        .singleElement()
        .asString()
        .startsWith("Cannot foretell purchase_30d: opens_90d")
        .endsWith(
            " That was found on 2026-06-30, and is tried again when refit asks for a model or the"
                + " settings change.");

    assertThat(shop.score(AS_OF, leaky.formatted("drop")).warnings())
        .containsExactly(
            "purchase_30d does without opens_90d (AUC 1.000): it tells by itself who had the event,"
                + " as only what is made from the outcome does.");
    assertThat(shop.lines(ScoreModels.TABLE, "array_join(features, ' ')"))
        .containsExactly("recency visits_30d");
  }

  @Test
  void aLabelIsForetoldOfThoseOfWhomItIsNotKnown() throws IOException {
    PlantedShop shop = unscored();
    StageReport labelled =
        shop.score(
            AS_OF,
            "targets { purchase_30d = null, liked { kind = label, label = \"opens_90d = 1\","
                + " features = [recency, visits_30d, orders_30d], algorithms = xgboost,"
                + " depths = [3], most-trees = 60 } }");

    assertThat(labelled.warnings()).isEmpty();
    assertThat(labelled.metrics().get("liked.auc")).isGreaterThan(.65);
    Row unknown =
        shop.lake()
            .read(CustomerScores.TABLE)
            .join(shop.customers(AS_OF), "customer_id")
            .where("opens_90d is null")
            .selectExpr("count(*)", "corr(score, chance)")
            .head();
    assertThat(unknown.getLong(0)).isEqualTo(PlantedShop.CUSTOMERS / 10);
    assertThat(unknown.getDouble(1)).isGreaterThan(.8);
  }

  @Test
  void whatIsSpentIsForetoldAndItsReasonsMultiply() throws IOException {
    PlantedShop shop = unscored();
    String spend =
        "targets { purchase_30d = null, spend_30d { kind = spend, horizon = 30 days, cuts = 3,"
            + " features = [recency, visits_30d, orders_30d], baselines = [recency], penalties = [0.003] } }";
    StageReport report = shop.score(AS_OF, spend);

    assertThat(report.warnings()).isEmpty();
    Map<String, Double> metrics = report.metrics();
    assertThat(metrics.get("spend_30d.deviance"))
        .isLessThan(metrics.get("spend_30d.baseline.recency.deviance"))
        .isLessThan(metrics.get("spend_30d.baseline.mean.deviance"));
    assertThat(metrics.get("spend_30d.expected_value"))
        .isCloseTo(metrics.get("spend_30d.actual_value"), withinPercentage(15));
    // Every order is of 10.
    Row apart =
        shop.lake()
            .read(CustomerScores.TABLE)
            .join(shop.customers(AS_OF), "customer_id")
            .selectExpr(
                "avg(abs(score - 10 * chance))",
                "corr(score, decile)",
                "max(abs(aggregate(contributions, 0D, (a, b) -> a + b) - ln(score)))",
                "count(*)")
            .head();
    assertThat(apart.getDouble(0)).isLessThan(1);
    assertThat(apart.getDouble(1)).isLessThan(-.9);
    assertThat(apart.getDouble(2)).isLessThan(1e-9);
    assertThat(apart.getLong(3)).isEqualTo(PlantedShop.PROFILED);
    assertThat(shop.score(AS_OF.plusDays(1), spend).metrics())
        .as("the features of the next day are not there; the model is read again")
        .containsKey("spend_30d.model_version");
  }

  @Test
  void whatWasSaidToBeSpentIsHeldAgainstWhatWas() throws IOException {
    PlantedShop shop = unscored();
    String spend =
        "targets { purchase_30d = null, spend_30d { kind = spend, horizon = 30 days, cuts = 3,"
            + " features = [recency, visits_30d, orders_30d], baselines = [recency], penalties = [0.003] } }";
    shop.score(AS_OF, spend);
    LocalDate later = AS_OF.plusDays(30);
    shop.writeFeatures(later);
    shop.writeOrders(AS_OF);

    Map<String, Double> metrics = shop.score(later, spend).metrics();

    long buyers =
        shop.customers(AS_OF).where("luck < chance and customer_id not like '%7'").count();
    double mean = 10.0 * buyers / PlantedShop.PROFILED;
    assertThat(metrics.get("spend_30d.matured.happened")).isCloseTo(mean, within(1e-9));
    assertThat(metrics.get("spend_30d.matured.said")).isCloseTo(mean, withinPercentage(15));
    assertThat(metrics.get("spend_30d.matured.correlation")).isBetween(.2, .6);
    assertThat(metrics).doesNotContainKey("spend_30d.matured.auc");
    // Of amounts of 0 and 10 the deviation is that of a rate.
    double rate = mean / 10;
    double side = 1.96 * 10 * Math.sqrt(rate * (1 - rate) / (PlantedShop.PROFILED - 1));
    Row row = shop.lake().read(MaturedScores.TABLE).head();
    assertThat(row.<Double>getAs("low")).isCloseTo(mean - side, within(1e-6));
    assertThat(row.<Double>getAs("high")).isCloseTo(mean + side, within(1e-6));
    assertThat(row.<Double>getAs("ratio"))
        .isCloseTo(row.<Double>getAs("said") / mean, within(1e-9))
        .isBetween(row.<Double>getAs("ratio_low"), row.<Double>getAs("ratio_high"));
    assertThat(
            shop.lines(
                MaturedScores.TABLE,
                "as_of",
                "customers",
                "events",
                "auc",
                "size(deciles)",
                "abs(aggregate(deciles, 0D, (a, b) -> a + b.customers * b.lift * happened) - 10 * events) < 1e-6",
                "deciles[0].said > deciles[9].said",
                "deciles[0].lift between lifts[0].low and lifts[0].high"))
        .containsExactly(
            "2026-06-30|%d|%d|null|10|true|true|true".formatted(PlantedShop.PROFILED, buyers));
  }

  @Test
  void aShortHistoryIsRefusedAndOldScoresOfTheDateGo() throws IOException {
    PlantedShop shop = scored.copiedTo(folder, ScoreModels.TABLE);
    shop.lake()
        .overwrite(
            Orders.TABLE, shop.lake().read(Orders.TABLE).where("ordered_at >= '2026-04-01'"));

    StageReport refused = shop.score(AS_OF, "");

    assertThat(refused.warnings())
        .singleElement()
        .asString()
        .startsWith("Cannot foretell purchase_30d as of 2026-06-30: its history is too short.");
    assertThat(shop.lines(CustomerScores.TABLE, "customer_id")).isEmpty();
  }

  @Test
  void aHorizonLongerThanTheHistoryIsAMistake() {
    String far =
        "targets { purchase_30d.horizon = 1000 days, worth { kind = lifetime-value, horizon = 900 days } }";
    assertThatThrownBy(
            () ->
                Horizons.check(scored.lake(), PlantedShop.targets(far), PlantedShop.lifetimes(far)))
        .hasMessage(
            "targets.purchase_30d.horizon is 1000 days, longer than the 389 days of events from"
                + " 2025-06-01 to 2026-06-24; targets.worth.horizon is 900 days, longer than the 389"
                + " days of events from 2025-06-01 to 2026-06-24. Nothing can be learnt of what had"
                + " no time to happen; shorten the horizon, or take in older events.")
        .extracting(e -> ((PersegmentException) e).fault())
        .isEqualTo(Fault.SETTINGS);
    Horizons.check(scored.lake(), PlantedShop.targets(""), PlantedShop.lifetimes(""));
  }

  @Test
  void featuresOfOtherSettingsAreAMistake(LocalSpark.Handle spark) throws IOException {
    PlantedShop shop = unscored();
    shop.lake()
        .append(
            PlantedShop.table(),
            spark.rows(
                PlantedShop.table(),
                "select 'new' as customer_id, date'2026-06-30' as as_of, 'other' as definition"));

    assertThatThrownBy(() -> shop.score(AS_OF, ""))
        .hasMessage(
            "Cannot score 2026-06-30: customer_features of this date was written with other features"
                + " than are declared now. Run the stage features for this date with --force.")
        .extracting(e -> ((PersegmentException) e).fault())
        .isEqualTo(Fault.DATA);
  }

  private PlantedShop unscored() throws IOException {
    return scored.copiedTo(folder, ScoreModels.TABLE, CustomerScores.TABLE);
  }

  private static Dataset<Row> shuffled(Dataset<Row> rows) {
    return rows.repartition(5).orderBy(rand(3));
  }

  private static double auc(Dataset<Row> customers) {
    return Evaluation.of(
            customers
                .where("customer_id not like '%7'")
                .selectExpr("chance as score", "if(luck < chance, 1D, 0D) as _label"))
        .auc();
  }
}
