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

  @Test
  void gapsAreLongOrShortAndTheirSpreadIrregularOrRegular() {
    assertThat(FEATURES.wording("purchase_gap"))
        .isEqualTo(
            new Wording(
                "Days between purchases", "long purchase gap", "short purchase gap", false));
    assertThat(FEATURES.wording("purchase_gap_spread"))
        .isEqualTo(
            new Wording(
                "Spread of these", "irregular purchase gaps", "regular purchase gaps", false));
  }

  @Test
  void anEarlierWindowIsSoLongAgo() {
    assertThat(FEATURES.wording("visited_91_180d"))
        .isEqualTo(
            new Wording(
                "Visits 91 to 180 days ago",
                "many visited 91 to 180 days ago",
                "few visited 91 to 180 days ago",
                false));
  }

  private static FeatureSettings read() {
    Section tree =
        TextSection.of(
            """
            features {
              share { from = order_lines, aggregate = share, by = category, values = [Garden chairs], meaning = Share }
              purchase_gap { from = orders, aggregate = gap, meaning = Days between purchases }
              purchase_gap_spread { from = orders, aggregate = gap_spread, meaning = Spread of these }
              visited { from = sessions, aggregate = count, windows = [90 days, 91..180 days], meaning = Visits }
            }""");
    FeatureSettings features = FeatureSettings.from(tree.section("features"));
    tree.problems().throwIfAny();
    return features;
  }
}
