package io.persegment.scores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.persegment.config.Section;
import io.persegment.config.TextSection;
import io.persegment.features.FeatureSettings;
import io.persegment.scores.TargetSettings.OnRefusal;
import io.persegment.sql.SqlExpression;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetSettingsTest {
  @Test
  void defaults() {
    Section root = TextSection.of("");
    FeatureSettings features = FeatureSettings.from(root.section("features"));

    assertThat(all(""))
        .containsExactly(
            new TargetSettings(
                "purchase_30d",
                30,
                SqlExpression.parse("orders_lifetime > 0"),
                features.numeric(),
                "recency",
                4,
                28,
                7,
                100,
                OnRefusal.WARN,
                List.of(0.1, 0.03, 0.01, 0.003),
                0.5));
  }

  @Test
  void everySettingCanBeSet() {
    assertThat(
            all(
                """
                targets {
                  purchase_30d = null
                  soon {
                    kind = event, event = purchase, horizon = 2 weeks
                    population = "tenure > 30 and recency is not null", features = ["spend_*", tenure]
                    baseline = orders_30d, cuts = 3, spacing = 14 days, refit = 1 day
                    least-events = 20, on-refusal = stop, penalties = [0.5], l1-share = 0
                  }
                }"""))
        .containsExactly(
            new TargetSettings(
                "soon",
                14,
                SqlExpression.parse("tenure > 30 and recency is not null"),
                List.of("spend_30d", "spend_90d", "spend_365d", "spend_lifetime", "tenure"),
                "orders_30d",
                3,
                14,
                1,
                20,
                OnRefusal.STOP,
                List.of(0.5),
                0));
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
                      on-refusal = halt, baseline = recent
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
        .hasMessageContaining("test.conf:6: targets.purchase_30d.baseline is recent");
  }

  @ParameterizedTest(name = "as of {0}: {1}")
  @CsvSource({
    "2026-06-27, '2026-05-28, 2026-04-28, 2026-03-31', 2026-06-27",
    "2026-07-03, '2026-05-28, 2026-04-28, 2026-03-31', 2026-06-27",
    "2026-07-04, '2026-06-04, 2026-05-05, 2026-04-07', 2026-07-04",
    "1969-12-31, '1969-11-27, 1969-10-28, 1969-09-30', 1969-12-27"
  })
  void cutsStandStillBetweenRefits(LocalDate asOf, String cuts, LocalDate trainedAsOf) {
    TargetSettings target = all("targets.purchase_30d.cuts = 2").get(0);

    assertThat(target.cuts(asOf)).hasToString("[" + cuts + "]");
    assertThat(target.trainedAsOf(asOf)).isEqualTo(trainedAsOf);
  }

  @Test
  void noTrainingEventLiesAfterTheTestCut() {
    for (TargetSettings target :
        all("targets { purchase_90d { horizon = 90 days }, soon { horizon = 1 day } }")) {
      LocalDate asOf = LocalDate.parse("2026-06-30");
      LocalDate test = target.cuts(asOf).get(0);

      assertThat(test.plusDays(target.horizon())).isBeforeOrEqualTo(asOf);
      assertThat(target.cuts(asOf)).hasSize(5);
      assertThat(target.trainingCuts(asOf))
          .hasSize(4)
          .allSatisfy(cut -> assertThat(cut.plusDays(target.horizon())).isBeforeOrEqualTo(test));
    }
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
