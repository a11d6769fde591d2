package io.persegment.scores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.persegment.config.Section;
import io.persegment.config.TextSection;
import io.persegment.features.FeatureSettings;
import io.persegment.scores.Learning.Algorithm;
import io.persegment.scores.TargetSettings.Goal;
import io.persegment.scores.TargetSettings.OnLeak;
import io.persegment.scores.TargetSettings.OnRefusal;
import io.persegment.sql.SqlExpression;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetSettingsTest {
  @Test
  void defaults() {
    Section root = TextSection.of("");
    FeatureSettings features = FeatureSettings.from(root.section("features"));

    TargetSettings target = all("").get(0);

    assertThat(target)
        .isEqualTo(
            new TargetSettings(
                "purchase_30d",
                target.goal(),
                30,
                0,
                SqlExpression.parse("orders_lifetime > 0"),
                features.usable(),
                List.of("recency", "orders_lifetime"),
                4,
                28,
                7,
                100,
                OnRefusal.WARN,
                OnLeak.DROP,
                0,
                new Learning(
                    List.of(Algorithm.LOGISTIC_REGRESSION, Algorithm.XGBOOST),
                    List.of(0.1, 0.03, 0.01, 0.003),
                    0.5,
                    List.of(3, 6),
                    0.05,
                    400,
                    List.of(),
                    List.of())));
    assertThat(((Goal.Happens) target.goal()).happens()).isTrue();
  }

  @Test
  void everySettingCanBeSet() {
    List<TargetSettings> targets =
        all(
            """
            targets {
              purchase_30d = null
              soon {
                kind = event, event = churn, where = "brand_tier = 'premium'", horizon = 2 weeks
                gap = 2 days, population = "tenure > 30 and recency is not null"
                features = ["spend_*", tenure], baselines = orders_30d, cuts = 3
                spacing = 14 days, refit = 1 day, least-events = 20, on-refusal = stop
                on-leak = refuse, margin = 0.01, algorithms = xgboost, penalties = [0.5]
                l1-share = 0, depths = [2], learning-rate = 0.3, most-trees = 7
                rises-with = ["spend_*"], falls-with = tenure
              }
              answered { kind = label, label = "orders_30d > 0", split-by = tenure }
            }""");

    assertThat(targets.get(1))
        .isEqualTo(
            new TargetSettings(
                "soon",
                targets.get(1).goal(),
                14,
                2,
                SqlExpression.parse("tenure > 30 and recency is not null"),
                List.of(
                    "spend_30d",
                    "spend_30d_missing",
                    "spend_90d",
                    "spend_90d_missing",
                    "spend_365d",
                    "spend_365d_missing",
                    "spend_lifetime",
                    "spend_lifetime_missing",
                    "tenure"),
                List.of("orders_30d"),
                3,
                14,
                1,
                20,
                OnRefusal.STOP,
                OnLeak.REFUSE,
                0.01,
                new Learning(
                    List.of(Algorithm.XGBOOST),
                    List.of(0.5),
                    0,
                    List.of(2),
                    0.3,
                    7,
                    List.of("spend_30d", "spend_90d", "spend_365d", "spend_lifetime"),
                    List.of("tenure"))));
    assertThat(((Goal.Happens) targets.get(1).goal()).happens()).isFalse();
    assertThat(targets.get(0).goal())
        .isEqualTo(new Goal.Labelled(SqlExpression.parse("orders_30d > 0"), Optional.of("tenure")));
    assertThat(targets.get(0).features())
        .doesNotContain("orders_30d", "tenure")
        .contains("recency");
    assertThat(targets.get(0).cuts(LocalDate.parse("2026-06-30"))).isEmpty();
  }

  @Test
  void namesEveryMistakeWithItsPlace() {
    assertThatThrownBy(
            () ->
                all(
                    """
                    targets.purchase_30d {
                      event = purchases, spacing = 7 days, cut = 3
                      population = "order_lifetime > 0"
                      features = [recncy, "visit_*"]
                      penalties = [], l1-share = 2
                      on-refusal = halt, baselines = [recent], gap = soon, where = "catgory = 1"
                      algorithms = [trees], depths = [0], rises-with = tenure, falls-with = tenure
                      horizon = 30 days
                    }"""))
        .hasMessageContaining(
            "test.conf:2: targets.purchase_30d.event is purchases; did you mean purchase?")
        .hasMessageContaining(
            "test.conf:2: targets.purchase_30d.spacing must be at least 14 days, but is 7: cuts"
                + " closer together see the same events")
        .hasMessageContaining(
            "test.conf:2: there is no setting cut in targets.purchase_30d; did you mean cuts?")
        .hasMessageContaining(
            "test.conf:3: targets.purchase_30d.population names no feature: order_lifetime; did you"
                + " mean orders_lifetime?")
        .hasMessageContaining(
            "test.conf:4: targets.purchase_30d.features names no feature: recncy; did you mean"
                + " recency?")
        .hasMessageContaining(
            "test.conf:5: targets.purchase_30d.penalties must be a list of numbers, each at least"
                + " 0, such as [0.1, 0.01]")
        .hasMessageContaining(
            "test.conf:5: targets.purchase_30d.l1-share must be between 0.0 and 1.0, but is 2.0")
        .hasMessageContaining("test.conf:6: targets.purchase_30d.on-refusal is halt")
        .hasMessageContaining(
            "test.conf:6: targets.purchase_30d.baselines names no feature: recent")
        .hasMessageContaining("test.conf:6: targets.purchase_30d.gap is soon")
        .hasMessageContaining(
            "test.conf:6: targets.purchase_30d.where names no column: catgory; did you mean category?")
        .hasMessageContaining("test.conf:7: targets.purchase_30d.algorithms has trees")
        .hasMessageContaining("test.conf:7: targets.purchase_30d.depths must be a list of whole")
        .hasMessageContaining(
            "test.conf:7: targets.purchase_30d.falls-with names tenure, as rises-with");
    assertThatThrownBy(
            () ->
                all(
                    "targets.a { kind = event, horizon = 3 days, features = [recency], rises-with = [tenure] }"))
        .hasMessageContaining("targets.a.rises-with names tenure, which features does not");
    assertThatThrownBy(
            () ->
                all("targets.purchase_30d { algorithms = random-forest, rises-with = visits_30d }"))
        .hasMessageContaining(
            "targets.purchase_30d.algorithms names random-forest, which cannot keep to rises-with"
                + " and falls-with");
    assertThatThrownBy(() -> all("targets.a { kind = label, label = tenur, horizon = 3 days }"))
        .hasMessageContaining("targets.a.label names no feature: tenur; did you mean tenure?")
        .hasMessageContaining("targets.a.horizon is of kind = event; a label is known already");
    assertThatThrownBy(
            () -> all("targets.a { horizon = 9 days, of = next-email, within = 3 days }"))
        .hasMessageContaining("targets.a.of is of event = open and event = click; leave it out");
    assertThatThrownBy(() -> all("targets.a { kind = spend, horizon = 9 days, of = next-email }"))
        .hasMessageContaining("targets.a.of says nothing of kind = spend; leave it out");
    assertThatThrownBy(() -> all("targets.a { kind = label, label = tenure, within = 3 days }"))
        .hasMessageContaining("targets.a.within is of kind = event; a label is known already");
  }

  @Test
  void theNextEmailIsAnEventOfItsOwn() {
    Goal goal =
        all("targets.a { event = open, of = next-email, within = 3 days, horizon = 14 days }")
            .get(0)
            .goal();

    assertThat(((Goal.Happens) goal).outcome().isOfEverybody()).isFalse();
    assertThat(goal)
        .isNotEqualTo(all("targets.a { event = open, horizon = 14 days }").get(0).goal());
  }

  @Test
  void whatComesNearestTakesThePlaceOfXgboost() {
    Learning learning = all("").get(0).learning();
    assertThat(learning.withoutXgboost().algorithms())
        .containsExactly(Algorithm.LOGISTIC_REGRESSION, Algorithm.RANDOM_FOREST);
    assertThat(
            all("targets.purchase_30d.rises-with = visits_30d")
                .get(0)
                .learning()
                .withoutXgboost()
                .algorithms())
        .containsExactly(Algorithm.LOGISTIC_REGRESSION);
  }

  @ParameterizedTest(name = "as of {0}: {1}")
  @CsvSource({
    "2026-06-27, '2026-05-28, 2026-04-28, 2026-03-29, 2026-02-27', 2026-06-27",
    "2026-07-03, '2026-05-28, 2026-04-28, 2026-03-29, 2026-02-27', 2026-06-27",
    "2026-07-04, '2026-06-04, 2026-05-05, 2026-04-05, 2026-03-06', 2026-07-04",
    "1969-12-31, '1969-11-27, 1969-10-28, 1969-09-28, 1969-08-29', 1969-12-27"
  })
  void cutsStandStillBetweenRefits(LocalDate asOf, String cuts, LocalDate trainedAsOf) {
    TargetSettings target = all("targets.purchase_30d.cuts = 2").get(0);

    assertThat(target.cuts(asOf)).hasToString("[" + cuts + "]");
    assertThat(target.trainedAsOf(asOf)).isEqualTo(trainedAsOf);
  }

  @Test
  void noTrainingEventLiesAfterTheTestCut() {
    for (TargetSettings target :
        all(
            "targets { purchase_90d { horizon = 90 days, gap = 3 days }, soon { horizon = 1 day }, late { horizon = 180 days } }")) {
      LocalDate asOf = LocalDate.parse("2026-06-30");
      LocalDate test = target.cuts(asOf).get(0);

      LocalDate calibration = target.cuts(asOf).get(1);
      assertThat(test.plusDays(target.span())).isBeforeOrEqualTo(asOf);
      assertThat(calibration.plusDays(target.span())).isBeforeOrEqualTo(test);
      List<LocalDate> training = target.trainingCuts(asOf);
      assertThat(target.cuts(asOf)).hasSize(2 + training.size());
      assertThat(training)
          .hasSize(target.name().equals("late") ? 5 : 4)
          .allSatisfy(
              cut -> assertThat(cut.plusDays(target.span())).isBeforeOrEqualTo(calibration));
      assertThat(training.get(training.size() - 1).plusDays(target.span()))
          .as("of one it is known by the latest what came of it")
          .isBeforeOrEqualTo(training.get(0));
    }
  }

  @Test
  void whatIsOfThePresentTellsNothingOfThePast() {
    String present =
        """
        features {
          agreed { from = customers, value = "email_consent = 'granted'", type = flag, meaning = Agreed }
          records { from = customers, value = record_count, missing = 0, meaning = Records }
          known { from = customers, value = "datediff(as_of, first_seen_at)", lasting = true, meaning = Known }
          per_day { from = features, value = "records / known", meaning = Records a day }
        }
        """;
    assertThat(all(present).get(0).features())
        .contains("known", "recency")
        .doesNotContain("agreed", "records", "records_missing", "per_day");
    assertThat(
            all(present + "targets.asked { kind = label, label = \"agreed\" }").get(0).features())
        .as("a label is of the present itself")
        .contains("records", "per_day")
        .doesNotContain("agreed");
    assertThat(
            all(present + "targets.asked { kind = label, label = \"records > 1\" }")
                .get(0)
                .features())
        .as("nor by what is made of it")
        .doesNotContain("records", "records_missing", "per_day");
    assertThatThrownBy(
            () ->
                all(
                    present
                        + "targets.purchase_30d { features = [recency, agreed], population = agreed, baselines = [per_day] }"))
        .hasMessageContaining(
            "targets.purchase_30d.features names agreed, which is what customers are now, which may"
                + " tell a past date what came later; where it never changes, set lasting = true for"
                + " the feature")
        .hasMessageContaining("targets.purchase_30d.population names agreed, which is what")
        .hasMessageContaining("targets.purchase_30d.baselines names per_day, which is what");
  }

  @Test
  void anotherDefinitionIsAnotherModel() {
    FeatureSettings features = features("");
    TargetSettings target = all("").get(0);

    assertThat(all("").get(0).definition(features("")))
        .isEqualTo(target.definition(features))
        .isNotEqualTo(all("targets.purchase_30d.cuts = 5").get(0).definition(features))
        .isNotEqualTo(target.definition(features("features.orders.windows = [30 days, lifetime]")));
  }

  private static FeatureSettings features(String text) {
    return FeatureSettings.from(TextSection.of(text).section("features"));
  }

  private static List<TargetSettings> all(String text) {
    Section root = TextSection.of(text);
    FeatureSettings features = FeatureSettings.from(root.section("features"));
    List<TargetSettings> targets =
        TargetSettings.all(root.section("targets"), root.section("target-defaults"), features);
    root.problems().throwIfAny();
    return targets;
  }
}
