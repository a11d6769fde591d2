package io.persegment.audit;

import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.config.TextSection;
import io.persegment.features.CustomerFeatures;
import io.persegment.features.FeatureSettings;
import io.persegment.run.StageContext;
import io.persegment.run.StageReport;
import io.persegment.scores.CustomerScores;
import io.persegment.scores.MaturedScores;
import io.persegment.scores.ScoreModels;
import io.persegment.table.Lake;
import io.persegment.testing.LocalSpark;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalSpark.class)
class ScoreFindingsTest {
  private static final FeatureSettings FEATURES =
      FeatureSettings.from(TextSection.of("").section("features"));

  @TempDir Path folder;
  private Lake lake;
  private LocalSpark.Handle spark;

  @BeforeEach
  void open(LocalSpark.Handle handle) {
    spark = handle;
    lake = new Lake(handle.session(), folder.toString());
  }

  @Test
  void whatWasSaidIsWrongBeyondChanceByAPartOfTheRate() {
    mature("twice", .02, .0085, .0117);
    mature("well", .011, .0085, .0117);
    mature("rare", .02, .001, .03);
    mature("gone", .02, .0085, .0117);
    score("twice", "well", "rare");

    assertThat(sentences("matured_error"))
        .containsExactly(
            "matured_error.rare 0.0 true",
            "matured_error.twice 0.415 false",
            "matured_error.well 0.0 true");
  }

  @Test
  void amountsAreMissedByAPartOfTheMean() {
    matureAmounts("much", 30, 18, 22);
    matureAmounts("well", 21.5, 18, 22);
    score("much", "well");

    assertThat(sentences("matured_error"))
        .containsExactly("matured_error.much 0.2667 false", "matured_error.well 0.0 true");
    assertThat(findings())
        .filteredOn(each -> each.check().equals("matured_error.much"))
        .singleElement()
        .satisfies(
            each ->
                assertThat(each.sentence())
                    .contains(
                        "on 2026-05-31 30 a customer was foretold, and it came to 20; deciles tell"));
  }

  /** Writes amounts of which each tenth of 15,000 customers was said the same, and spent 20. */
  private void matureAmounts(String target, double said, double low, double high) {
    mature(target, said, low, high);
    lake.upsert(
        MaturedScores.TABLE,
        lake.read(MaturedScores.TABLE)
            .where(MaturedScores.TARGET.col().equalTo(target))
            .withColumn("happened", lit(20.0))
            .withColumn("mae", lit(9.0)));
  }

  @Test
  void aFeatureThatIsNotKnownAnyMoreHasChangedWhicheverModelScores() {
    lake.overwrite(
        CustomerScores.TABLE,
        spark.rows(
            CustomerScores.TABLE,
            "select as_of, 'c' || id as customer_id, 'buys' as target, pmod(id, 10) / 10D as score,"
                + " 1 as decile, array() as reasons, version as model_version from range(300),"
                + " (values (date'2026-06-20', 1), (date'2026-06-30', 2)) as t (as_of, version)"));
    lake.overwrite(
        CustomerFeatures.table(FEATURES),
        spark.rows(
            CustomerFeatures.table(FEATURES),
            "select as_of, 'c' || id as customer_id, '' as definition, pmod(id, 7) as orders_30d,"
                + " if(as_of < '2026-06-30', pmod(id, 50), null) as recency from range(300),"
                + " (values (date'2026-06-20'), (date'2026-06-30')) as t (as_of)"));
    lake.overwrite(
        ScoreModels.TABLE,
        spark.rows(
            ScoreModels.TABLE,
            "select 'buys' as target, explode(array(1, 2)) as version, date'2026-06-27' as trained_as_of, 'l' as"
                + " algorithm, true as champion, cast(map() as map<string, double>) as metrics, 'p'"
                + " as path, 'd' as definition, array('orders_30d', 'recency') as features"));

    assertThat(sentences("score_psi")).containsExactly("score_psi.buys 0.0 true");
    Finding feature =
        findings().stream()
            .filter(each -> each.check().equals("feature_psi.buys"))
            .findFirst()
            .orElseThrow();
    assertThat(feature.passed()).isFalse();
    assertThat(feature.sentence()).contains("recency changed most since 2026-06-20");
  }

  /** Writes a target of which each tenth of 15,000 customers was said the same. */
  private void mature(String target, double said, double low, double high) {
    lake.upsert(
        MaturedScores.TABLE,
        spark.rows(
            MaturedScores.TABLE,
            ("select date'2026-05-31' as as_of, '%1$s' as target, 1 as model_version, date'2026-06-30' as"
                    + " matured_on, 150000L as customers, 1500L as events, %2$sD as said, .009D as"
                    + " low, .011D as high, .01D as calibration_error, transform(sequence(1, 10), i ->"
                    + " named_struct('decile', i, 'customers', 15000L, 'events', 150L, 'said', %2$sD,"
                    + " 'low', %3$sD, 'high', %4$sD, 'lift', 1D)) as deciles")
                .formatted(target, said, low, high)));
  }

  /** Writes a score of the as-of date for each target. */
  private void score(String... targets) {
    lake.overwrite(
        CustomerScores.TABLE,
        spark.rows(
            CustomerScores.TABLE,
            "select date'2026-06-30' as as_of, 'c' as customer_id, explode(split('%s', ' ')) as target,"
                    .formatted(String.join(" ", targets))
                + " .1D as score, 1 as decile, array() as reasons, 1 as model_version"));
  }

  private List<String> sentences(String check) {
    return findings().stream()
        .filter(each -> each.check().startsWith(check))
        .map(
            each ->
                "%s %s %s"
                    .formatted(each.check(), Math.round(each.value() * 1e4) / 1e4, each.passed()))
        .toList();
  }

  private List<Finding> findings() {
    return new ScoreFindings(
            new StageContext(
                lake,
                LocalDate.parse("2026-06-30"),
                "run",
                Instant.parse("2026-07-01T02:00:00Z"),
                new StageReport()),
            AuditSettings.from(TextSection.of("").section("audits")))
        .findings();
  }
}
