package io.persegment.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.persegment.config.Section;
import io.persegment.config.TextSection;
import io.persegment.table.Field;
import org.junit.jupiter.api.Test;

class FeatureSettingsTest {

  @Test
  void aColumnsCommentEndsWithItsUnit() {
    FeatureSettings features =
        read(
            """
            shop.currency = DKK
            features {
              last { from = orders, aggregate = recency, meaning = "Days since the last purchase" }
              rooms { from = order_lines, aggregate = share, by = category, values = [Sofas], meaning = Spent }
              seats { from = order_lines, aggregate = "sum(quantity)", window = 30 days, meaning = Bought, unit = seats }
            }""");

    assertThat(comment(features, "last")).isEqualTo("Days since the last purchase, ever; in days");
    assertThat(comment(features, "rooms_sofas")).isEqualTo("Spent, ever: Sofas; in parts of 1");
    assertThat(comment(features, "seats")).isEqualTo("Bought, last 30 days; in seats");
    assertThat(comment(features, "orders_30d")).isEqualTo("Purchases, last 30 days");
    assertThat(comment(features, "spend_30d")).endsWith("less refunds, last 30 days; in DKK");
    assertThat(features.meaning("rooms_sofas")).isEqualTo("Spent, ever: Sofas");
  }

  @Test
  void aUnitIsShort() {
    assertMistakes(
        "features.seats { from = orders, aggregate = count, meaning = M, unit = \" \" }",
        "features.seats.unit is  ; write a short one such as EUR or days");
  }

  @Test
  void wordsChangeNoDefinition() {
    String words = "features.seats { from = orders, aggregate = count, meaning = %s, unit = %s }";

    assertThat(read(words.formatted("Orders", "orders")).definition())
        .isEqualTo(read(words.formatted("Purchases", "parcels")).definition())
        .isNotEqualTo(read("").definition());
  }

  private static String comment(FeatureSettings features, String column) {
    return features.columns().stream()
        .filter(field -> field.name().equals(column))
        .map(Field::meaning)
        .findFirst()
        .orElseThrow();
  }

  private static void assertMistakes(String settings, String... mistakes) {
    assertThatThrownBy(() -> read(settings)).hasMessageContainingAll(mistakes);
  }

  private static FeatureSettings read(String settings) {
    Section root = TextSection.of(settings);
    Section section = root.section("features");
    FeatureSettings features = FeatureSettings.from(section);
    section.close();
    root.problems().throwIfAny();
    return features;
  }
}
