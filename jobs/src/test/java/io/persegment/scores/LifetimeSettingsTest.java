package io.persegment.scores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.persegment.config.Section;
import io.persegment.config.TextSection;
import io.persegment.features.FeatureSettings;
import io.persegment.scores.LifetimeSettings.Figure;
import io.persegment.scores.LifetimeSettings.Model;
import io.persegment.scores.LifetimeSettings.OnRefusal;
import io.persegment.sql.SqlExpression;
import java.util.List;
import org.junit.jupiter.api.Test;

class LifetimeSettingsTest {
  @Test
  void defaults() {
    assertThat(all("targets.clv { kind = lifetime-value }"))
        .containsExactly(
            new LifetimeSettings(
                "clv",
                Figure.VALUE,
                365,
                .1,
                SqlExpression.parse("orders_lifetime > 0"),
                Model.BEST,
                90,
                28,
                100,
                OnRefusal.WARN));
  }

  @Test
  void everySettingCanBeSet() {
    assertThat(
            all(
                """
                targets.soon {
                  kind = lifetime-value, of = order-value, horizon = 26 weeks, discount-rate = 0
                  population = "tenure > 30", model = mbg-nbd, holdout = 60 days, refit = 7 days
                  least-repeat-buyers = 20, on-refusal = stop
                }"""))
        .containsExactly(
            new LifetimeSettings(
                "soon",
                Figure.ORDER_VALUE,
                182,
                0,
                SqlExpression.parse("tenure > 30"),
                Model.MBG_NBD,
                60,
                7,
                20,
                OnRefusal.STOP));
  }

  @Test
  void targetsOfOtherKindsAreNotItsOwn() {
    assertThat(all("")).isEmpty();
    assertThat(all("targets.clv = null")).isEmpty();
  }

  @Test
  void namesEveryMistakeWithItsPlace() {
    assertThatThrownBy(
            () ->
                all(
                    """
                    targets.clv {
                      kind = lifetime-value, of = worth, model = pareto
                      discount-rate = 10
                      population = "order_lifetime > 0"
                      horizon = a year, least-repeat-buyers = 0, margin = 0.3
                    }"""))
        .hasMessageContaining("test.conf:2: targets.clv.of is worth; ")
        .hasMessageContaining("test.conf:2: targets.clv.model is pareto; ")
        .hasMessageContaining(
            "test.conf:3: targets.clv.discount-rate must be between 0.0 and 1.0, but is 10.0")
        .hasMessageContaining(
            "test.conf:4: targets.clv.population names no feature: order_lifetime; did you mean"
                + " orders_lifetime?")
        .hasMessageContaining("test.conf:5: targets.clv.horizon is a year; write a span")
        .hasMessageContaining("test.conf:5: targets.clv.least-repeat-buyers must be at least 1")
        .hasMessageContaining("test.conf:5: there is no setting margin in targets.clv");
  }

  @Test
  void anotherDeclarationIsAnotherModel() {
    String one = all("targets.clv { kind = lifetime-value }").get(0).definition();
    assertThat(all("targets.clv { kind = lifetime-value }").get(0).definition()).isEqualTo(one);
    assertThat(all("targets.clv { kind = lifetime-value, model = bg-nbd }").get(0).definition())
        .isNotEqualTo(one);
  }

  private static List<LifetimeSettings> all(String text) {
    Section root = TextSection.of(text);
    List<LifetimeSettings> all =
        LifetimeSettings.all(
            root.section("targets"),
            root.section("target-defaults").section("lifetime-value"),
            FeatureSettings.from(root.section("features")));
    root.problems().throwIfAny();
    return all;
  }
}
