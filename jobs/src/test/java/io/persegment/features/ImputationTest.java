package io.persegment.features;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.persegment.config.Section;
import io.persegment.config.TextSection;
import io.persegment.run.StageReport;
import io.persegment.table.Lake;
import io.persegment.testing.LocalSpark;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** On made-up customers whose income is 100 + 10 for each order, give or take 5. */
@ExtendWith(LocalSpark.class)
class ImputationTest {
  private static final LocalDate TODAY = LocalDate.of(2026, 6, 30);
  private static final String ORDERS =
      "orders = null, orders { from = orders, aggregate = count, meaning = Orders },";
  private static final String BY_ORDERS =
      ORDERS
          + "income { from = customers, value = record_count, meaning = Income, missing { by = [orders] } }";
  private static final String BY_MEDIAN =
      ORDERS
          + "income { from = customers, value = record_count, meaning = Income, missing = median }";

  private final StageReport report = new StageReport();
  private String mayProfile = "true";

  @TempDir Path folder;

  @Test
  void aGuessIsNearTheTruthAndItsErrorIsToldBesideThatOfTheMedian(LocalSpark.Handle spark) {
    Row ofMissing =
        filled(BY_ORDERS, customers(spark, 1_000))
            .where("income_missing and as_of = date'2026-06-30'")
            .selectExpr(
                "count(*)", "max(abs(income - truth))", "avg(abs(income - 100 - 10 * orders))")
            .head();

    assertThat(ofMissing.getLong(0)).isBetween(250L, 420L);
    assertThat(ofMissing.getDouble(1)).isLessThan(7);
    assertThat(ofMissing.getDouble(2)).isLessThan(1);
    assertThat(report.metrics())
        .containsOnlyKeys(
            "income.rmse",
            "income.median_rmse",
            "income.rmse.2026-05-31",
            "income.median_rmse.2026-05-31");
    assertThat(report.metrics().get("income.rmse")).isCloseTo(10 / Math.sqrt(12), within(.4));
    assertThat(report.metrics().get("income.median_rmse")).isGreaterThan(20);
    assertThat(report.warnings()).isEmpty();
  }

  @Test
  void theSameRowsComeToTheSameHoweverTheyLieAndWhateverDateIsBesideThem(LocalSpark.Handle spark) {
    Dataset<Row> rows = customers(spark, 1_000);
    List<String> both = lines(filled(BY_ORDERS, rows).where("as_of = date'2026-05-31'"));

    assertThat(
            lines(
                filled(
                    BY_ORDERS,
                    rows.where("as_of = date'2026-05-31'").repartition(7).orderBy("truth"))))
        .isEqualTo(both);
  }

  @Test
  void whoRefusedProfilingHasTheMedianAndTeachesNothing(LocalSpark.Handle spark) {
    mayProfile = "customer_id not like '%7'";
    Dataset<Row> rows =
        customers(spark, 1_000)
            .withColumn("income", expr("if(customer_id like '%7', income * 9, income)"));

    Dataset<Row> missing = filled(BY_ORDERS, rows).where("income_missing");

    assertThat(missing.where("customer_id like '%7'").select("as_of", "income").distinct().count())
        .as("one median a date")
        .isEqualTo(2);
    assertThat(
            missing
                .where("customer_id not like '%7' and as_of = date'2026-06-30'")
                .selectExpr("avg(abs(income - 100 - 10 * orders))")
                .head()
                .getDouble(0))
        .isLessThan(1);
  }

  @Test
  void whereNobodyMayBeProfiledNobodyIsGuessedAbout(LocalSpark.Handle spark) {
    mayProfile = "false";
    Dataset<Row> rows = customers(spark, 1_000);

    assertThat(lines(filled(BY_ORDERS, rows))).isEqualTo(lines(filled(BY_MEDIAN, rows)));
    assertThat(report.warnings()).anyMatch(each -> each.contains("0 customers have it that may"));
  }

  @Test
  void noGuessGoesBeyondWhatIsKnown(LocalSpark.Handle spark) {
    Dataset<Row> rows =
        customers(spark, 1_000)
            .selectExpr(
                "as_of",
                "customer_id",
                "if(income is null, 1000, orders) as orders",
                "income",
                "truth");

    Row filled =
        filled(BY_ORDERS, rows)
            .selectExpr(
                "max(income) filter (where income_missing)",
                "max(income) filter (where not income_missing)")
            .head();

    assertThat(filled.getDouble(0)).isEqualTo(filled.getDouble(1));
  }

  @Test
  void theMedianIsOfThoseOfTheDateWhoHaveAValue(LocalSpark.Handle spark) {
    Dataset<Row> rows =
        spark
            .session()
            .sql(
                "select *, 0L as orders from values (date'2026-06-30', 'a', 1.0D), (date'2026-06-30', 'b', 5.0D),"
                    + " (date'2026-06-30', 'c', null), (date'2026-05-31', 'a', 7.0D), (date'2026-05-31', 'c', null),"
                    + " (date'2026-04-30', 'c', null) as t(as_of, customer_id, income)");

    assertThat(
            lines(
                filled(BY_MEDIAN, rows)
                    .where("customer_id = 'c'")
                    .select("as_of", "income", "income_missing")))
        .containsExactlyInAnyOrder(
            "[2026-06-30,1.0,true]", "[2026-05-31,7.0,true]", "[2026-04-30,0.0,true]");
    assertThat(report.warnings())
        .containsExactly("income as of 2026-04-30: nobody has it; 0 was taken");
  }

  @Test
  void whereThereIsTooLittleToLearnFromOrNothingToLearnTheMedianIsTaken(LocalSpark.Handle spark) {
    Dataset<Row> few = customers(spark, 90).where("as_of = date'2026-06-30'");
    assertThat(lines(filled(BY_ORDERS, few))).isEqualTo(lines(filled(BY_MEDIAN, few)));

    Dataset<Row> unrelated =
        customers(spark, 1_000)
            .where("as_of = date'2026-06-30'")
            .selectExpr(
                "as_of",
                "customer_id",
                "orders",
                "if(income is null, null, pmod(hash(customer_id, 4), 2) * 2D - 1) as income",
                "truth");
    assertThat(lines(filled(BY_ORDERS, unrelated))).isEqualTo(lines(filled(BY_MEDIAN, unrelated)));

    assertThat(report.warnings())
        .satisfiesExactly(
            tooFew ->
                assertThat(tooFew)
                    .matches(
                        "income as of 2026-06-30: \\d\\d customers have it that may be learnt from, too few to guess it by"
                            + " orders; the median was taken"),
            noBetter ->
                assertThat(noBetter)
                    .matches(
                        "income as of 2026-06-30: a guess by orders is no better than one value for all,"
                            + " \\d\\.?\\d* off against \\d\\.?\\d* \\(RMSE, held out\\); the median was taken"));
  }

  @Test
  void wholeNumbersStayWholeAndConstantsAreNotLookedFor(LocalSpark.Handle spark) throws Exception {
    String days = ORDERS + "days { from = orders, aggregate = recency, meaning = D, missing = %s }";
    Dataset<Row> rows =
        spark
            .session()
            .sql(
                "select date'2026-06-30' as as_of, *, 0L as orders from values"
                    + " ('a', 2), ('b', 5), ('c', null) as t(customer_id, days)");

    assertThat(lines(filled(days.formatted("median"), rows).where("days_missing").select("days")))
        .containsExactly("[2]");
    assertThat(spark.jobsStartedBy(() -> filled(days.formatted("999"), rows))).isZero();
    assertThat(lines(filled(days.formatted("999"), rows).where("days_missing").select("days")))
        .containsExactly("[999]");
  }

  private Dataset<Row> filled(String features, Dataset<Row> rows) {
    Section root = TextSection.of("features { " + features + " }");
    FeatureSettings settings = FeatureSettings.from(root.section("features"));
    root.problems().throwIfAny();
    List<Feature> own =
        settings.features().stream()
            .filter(feature -> List.of(rows.columns()).contains(feature.name()))
            .toList();
    return new Imputation(new Lake(rows.sparkSession(), folder.toString()), report, TODAY)
        .filled(
            "test-" + System.identityHashCode(rows),
            rows.withColumn(Imputation.MAY_PROFILE.name(), expr(mayProfile)),
            own)
        .drop(Imputation.MAY_PROFILE.name());
  }

  /** Returns the same customers on two dates; of a third no income is known. */
  private static Dataset<Row> customers(LocalSpark.Handle spark, int customers) {
    return spark
        .session()
        .range(customers)
        .selectExpr("concat('c', id) as customer_id", "pmod(hash(id), 13L) as orders", "id")
        .selectExpr(
            "explode(array(date'2026-05-31', date'2026-06-30')) as as_of",
            "customer_id",
            "orders",
            "100 + 10D * orders + pmod(hash(id, 2), 1000) / 100D - 5 as truth",
            "id")
        .selectExpr(
            "as_of",
            "customer_id",
            "orders",
            "if(pmod(hash(id, 3), 3) = 0, null, truth) as income",
            "truth");
  }

  private static List<String> lines(Dataset<Row> rows) {
    return rows.collectAsList().stream().map(Row::toString).sorted().toList();
  }
}
