package io.persegment.content;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.PersegmentSettings;
import io.persegment.config.SettingsFile;
import io.persegment.testing.LocalSpark;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalSpark.class)
class DecisionsTest {
  private static final String SETTINGS =
      """
      shop { name = S, currency = EUR }, lake.root = l
      content {
        slots = [hero, offer]
        tokens {
          first_name { value = first_name, fallback = "there" }
          since { value = first_seen_at, format = "d MMM yyyy", fallback = "long" }
          spent { value = spend_365d, format = "#,##0.00", fallback = "nothing" }
          orders { value = orders_30d, fallback = "no" }
        }
        mapping {
          vip { priority = 1, when = "spend_365d > 1000", unless = "orders_30d > 0", show { hero = vip } }
          deal { priority = 2, when = "spend_365d > 10", is-offer = true, at-most = 3 days, rest = 5 days, show { hero = deal, offer = ten } }
        }
        otherwise { hero = news, offer = none }
      }
      """;

  @Test
  void theFirstRowThatHoldsSaysWhatASlotShows(LocalSpark.Handle spark) {
    assertThat(
            decided(
                    spark,
                    none(spark),
                    "2026-06-30",
                    "('rich', 'Ada', 2000, 0, true, true)",
                    "('just bought', 'Bo', 2000, 1, true, true)",
                    "('no offers', 'Cy', 2000, 1, true, false)",
                    "('no profile', 'Di', 2000, 0, false, true)",
                    "('poor', 'Ed', 5, 0, true, true)",
                    "('unknown', null, null, null, true, true)")
                .selectExpr("customer_id", "_content['hero']", "_content['offer']")
                .collectAsList())
        .extracting(row -> row.mkString("|"))
        .containsExactlyInAnyOrder(
            "rich|vip|ten",
            "just bought|deal|ten",
            "no offers|news|none",
            "no profile|news|none",
            "poor|news|none",
            "unknown|news|none");
  }

  @Test
  void tokensAreWrittenAsTheirFormatSaysOrFallBack(LocalSpark.Handle spark) {
    assertThat(
            decided(
                    spark,
                    none(spark),
                    "2026-06-30",
                    "('known', 'Ada', 1234.5, 2, true, true)",
                    "('blank', '  ', null, null, true, true)")
                .selectExpr("customer_id", "to_json(_tokens)", "to_json(_fallbacks)")
                .collectAsList())
        .extracting(row -> row.mkString("|"))
        .containsExactlyInAnyOrder(
            "known|{\"first_name\":\"Ada\",\"orders\":\"2\",\"since\":\"3 Mar 2026\",\"spent\":\"1,234.50\"}|[]",
            "blank|{\"first_name\":\"there\",\"orders\":\"no\",\"since\":\"3 Mar 2026\",\"spent\":\"nothing\"}|[\"first_name\",\"orders\",\"spent\"]");
  }

  /** For three days from the first, then not for five days after the last. */
  @Test
  void enoughIsEnoughAndComesAgainAfterARest(LocalSpark.Handle spark) {
    Dataset<Row> given = none(spark);
    var shown = new ArrayList<String>();
    LocalDate day = LocalDate.parse("2026-06-01");
    for (int i = 0; i < 12; i++, day = day.plusDays(1)) {
      for (int again = 0; again < 2; again++) { // a date that is done again comes out the same
        Dataset<Row> decided =
            decided(spark, given, day.toString(), "('one', 'Ada', 20, 0, true, true)")
                .localCheckpoint();
        String offer = decided.selectExpr("_content['offer']").head().getString(0);
        List<Row> now = Decisions.givenNow(decided).collectAsList();
        assertThat(now).hasSize(offer.equals("ten") ? 1 : 0);
        if (!now.isEmpty()) {
          given = spark.rows(ContentGiven.TABLE, now.toArray(Row[]::new));
        }
        if (again == 0) {
          shown.add(offer);
        } else {
          assertThat(offer).isEqualTo(shown.get(i));
        }
      }
    }
    assertThat(shown)
        .containsExactly(
            "ten", "ten", "ten", "none", "none", "none", "none", "none", "ten", "ten", "ten",
            "none");
  }

  private static Dataset<Row> none(LocalSpark.Handle spark) {
    return spark.rows(ContentGiven.TABLE);
  }

  private static Dataset<Row> decided(
      LocalSpark.Handle spark, Dataset<Row> given, String asOf, String... customers) {
    Dataset<Row> rows =
        spark
            .session()
            .sql(
                """
                select id as customer_id, first_name, cast(spend as double) as spend_365d,
                  cast(orders as bigint) as orders_30d, timestamp'2026-03-03 08:00' as first_seen_at,
                  profiled, offered
                from values %s as t(id, first_name, spend, orders, profiled, offered)
                """
                    .formatted(String.join(", ", customers)));
    var settings = PersegmentSettings.from(SettingsFile.parse("test.conf", SETTINGS));
    return new Decisions(settings.publish().content(), call -> lit(null), lit(Date.valueOf(asOf)))
        .decide(rows, given, col("profiled"), col("offered"));
  }
}
