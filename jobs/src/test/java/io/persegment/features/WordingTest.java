package io.persegment.features;

import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.config.Section;
import io.persegment.config.TextSection;
import org.junit.jupiter.api.Test;

class WordingTest {
  private static final FeatureSettings FEATURES = read();

  @Test
  void countsAreManyOrFew() {
    assertThat(FEATURES.wording("orders_30d"))
        .isEqualTo(
            new Wording(
                "Purchases in the last 30 days",
                "many orders in 30 days",
                "few orders in 30 days",
                false));
    assertThat(FEATURES.wording("orders_lifetime"))
        .isEqualTo(new Wording("Purchases", "many orders", "few orders", false));
  }

  @Test
  void recencyIsRecentOrLongAgo() {
    assertThat(FEATURES.wording("recency"))
        .isEqualTo(new Wording("Days since the last purchase", "long ago", "recent", false));
    assertThat(FEATURES.wording("visit_recency"))
        .isEqualTo(
            new Wording("Days since the last visit", "visit long ago", "recent visit", false));
    assertThat(FEATURES.wording("tenure"))
        .isEqualTo(new Wording("Days since the first purchase", "long-standing", "new", false));
  }

  @Test
  void amountsAreHighOrLow() {
    assertThat(FEATURES.wording("spend_lifetime"))
        .isEqualTo(new Wording("Spent on purchases", "high spend", "low spend", false));
  }

  @Test
  void aShareIsSpokenOfByItsValue() {
    assertThat(FEATURES.wording("share_garden_chairs"))
        .isEqualTo(new Wording("Garden chairs", "Garden chairs", "little Garden chairs", true));
  }

  private static FeatureSettings read() {
    Section tree =
        TextSection.of(
            "features.share { from = order_lines, aggregate = share, by = category, values ="
                + " [Garden chairs], meaning = Share }");
    FeatureSettings features = FeatureSettings.from(tree.section("features"));
    tree.problems().throwIfAny();
    return features;
  }
}
