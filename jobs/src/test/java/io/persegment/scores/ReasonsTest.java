package io.persegment.scores;

import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.config.TextSection;
import io.persegment.features.CustomerFeatures;
import io.persegment.features.FeatureSettings;
import io.persegment.testing.LocalSpark;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalSpark.class)
class ReasonsTest {
  private static final FeatureSettings FEATURES =
      FeatureSettings.from(TextSection.of("").section("features"));

  @Test
  void saysInWordsWhatMovedTheScoreMost(LocalSpark.Handle spark) {
    assertThat(
            reasons(
                spark,
                Map.of(
                    "recency", -2.0,
                    "orders_lifetime", 0.5,
                    "opens_30d", 0.1,
                    "spend_90d", 1.5,
                    "spend_30d", -0.25,
                    "visit_recency", 0.7)))
        .isEqualTo(
            "Days since the last purchase: 12 (lowers)"
                + "|Spent on purchases in the last 90 days: 1234.57 (raises)"
                + "|Days since the last visit: not known (raises)");
  }

  @Test
  void whatHardlyMovesAScoreIsNoReason(LocalSpark.Handle spark) {
    assertThat(reasons(spark, Map.of("recency", 0.0, "orders_lifetime", -0.02, "opens_30d", 1e-9)))
        .isEqualTo("Purchases: 3 (lowers)");
    assertThat(reasons(spark, Map.of())).isEmpty();
  }

  @Test
  void aShareIsToldInPerCent(LocalSpark.Handle spark) {
    FeatureSettings shares =
        FeatureSettings.from(
            TextSection.of(
                    "features.category_share { from = order_lines, aggregate = share, by = category,"
                        + " values = [Lounge], window = 365 days, meaning = Part of purchases }")
                .section("features"));
    Dataset<Row> customers =
        spark.rows(CustomerFeatures.table(shares), "select 0.456 as category_share_lounge");

    assertThat(told(customers, Map.of("category_share_lounge", lit(1.0)), shares))
        .isEqualTo("Part of purchases, last 365 days: Lounge: 46 % (raises)");
  }

  @Test
  void whatWasFilledInIsNotKnown(LocalSpark.Handle spark) {
    FeatureSettings filled =
        FeatureSettings.from(
            TextSection.of(
                    "features { age { from = customers, value = 1, missing = median, meaning = Age },"
                        + " danish { from = customers, value = \"true\", type = flag, meaning = Danish } }")
                .section("features"));
    Dataset<Row> customers =
        spark.rows(CustomerFeatures.table(filled), "select 43.0 as age, true as age_missing");

    assertThat(told(customers, Map.of("age", lit(2.0), "danish", lit(1.0)), filled))
        .isEqualTo("Age: not known (raises)|Danish: not known (raises)");
  }

  @Test
  void amountsAddUpToTheLogit(LocalSpark.Handle spark) {
    Dataset<Row> customers =
        spark.rows(CustomerFeatures.table(FEATURES), "select 12 as recency, 3 as orders_lifetime");
    Map<String, Column> adds =
        Map.of(
            "recency", lit(-2.0),
            "orders_lifetime", lit(.5),
            "opens_30d", lit(.4),
            "visit_recency", lit(.25));
    var logit = new Propensity.Logit(lit(-1.85), lit(-1.0), adds);

    assertThat(
            Reasons.with(customers, logit, FEATURES)
                .select(CustomerScores.CONTRIBUTIONS.col())
                .head()
                .<Double>getList(0))
        .usingComparatorForType(
            Comparator.comparingLong(each -> Math.round(each * 1e9)), Double.class)
        .containsExactly(-2.0, .5, .4, .25, -1.0);
  }

  private static String reasons(LocalSpark.Handle spark, Map<String, Double> contributions) {
    Dataset<Row> customers =
        spark.rows(
            CustomerFeatures.table(FEATURES),
            "select 12 as recency, 3 as orders_lifetime, 5 as opens_30d, 1234.567 as spend_90d");
    var columns = new TreeMap<String, Column>();
    contributions.forEach((feature, value) -> columns.put(feature, lit(value)));
    return told(customers, columns, FEATURES);
  }

  private static String told(
      Dataset<Row> customers, Map<String, Column> adds, FeatureSettings features) {
    Column sum = adds.values().stream().reduce(Column::plus).orElse(lit(0.0));
    return String.join(
        "|",
        Reasons.with(customers, new Propensity.Logit(sum, lit(0.0), adds), features)
            .select(CustomerScores.REASONS.col())
            .head()
            .<String>getList(0));
  }
}
