package io.persegment.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.persegment.config.Section;
import io.persegment.config.SettingsFile;
import io.persegment.config.TextSection;
import io.persegment.sql.Cases.Domain;
import io.persegment.table.Field;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  @Test
  void whatIsMissingIsToldInAColumnOfItsOwn() {
    FeatureSettings features =
        read(
            """
            features {
              last { from = orders, aggregate = recency, windows = [90 days, lifetime], missing = median, meaning = Days }
              age { from = customers, value = record_count, missing { by = [last_90d, orders_90d] }, meaning = Age, unit = years }
            }""");

    assertThat(features.names())
        .contains("last_90d", "last_90d_missing", "last_lifetime_missing", "age_missing")
        .doesNotContain("orders_90d_missing", "last_missing");
    assertThat(features.numeric()).contains("last_90d").doesNotContain("last_90d_missing");
    assertThat(comment(features, "last_90d_missing"))
        .isEqualTo("Whether last_90d was missing, and is the median");
    assertThat(comment(features, "age_missing"))
        .isEqualTo(
            "Whether age was missing, and is a guess by last_90d, orders_90d, or the median");
    assertThat(comment(features, "spend_30d_missing"))
        .isEqualTo("Whether spend_30d was missing, and is 0");
    assertThat(features.wording("last_90d_missing"))
        .isEqualTo(
            new Wording(
                "Not known: days in the last 90 days",
                "unknown: days in the last 90 days",
                "known: days in the last 90 days",
                false));
    assertThat(features.domain("last_90d_missing"))
        .isEqualTo(
            new Domain(
                DataTypes.BooleanType, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, false));
    assertThat(features.domain("last_90d"))
        .isEqualTo(new Domain(DataTypes.IntegerType, 0, Double.POSITIVE_INFINITY, false));
  }

  @Test
  void aDefinitionMovesWithWhatItsGuessesAreMadeBy() {
    String settings =
        """
        features {
          last { from = orders, where = "%s", aggregate = recency, missing = 0, meaning = Days }
          age { from = customers, value = record_count, missing { by = [last] }, meaning = Age }
          young { from = features, value = "age < 30", type = flag, meaning = Young }
        }""";
    FeatureSettings features = read(settings.formatted("net > 0"));
    FeatureSettings others = read(settings.formatted("net > 1"));

    assertThat(features.definition(List.of("young")))
        .isNotEqualTo(others.definition(List.of("young")));
    assertThat(features.definition(List.of("orders_30d")))
        .isEqualTo(others.definition(List.of("orders_30d")));
  }

  @Test
  void aGuessIsMadeByNumbersThatAreThereAndNotGuessed() {
    String age =
        "features { age { from = customers, value = record_count, meaning = Age, missing %s }\n";

    assertMistakes(
        age.formatted("{ by = [order_30d] } }"),
        "test.conf:1: features.age.missing.by names no feature: order_30d; did you mean orders_30d?");
    assertMistakes(
        age.formatted("{ by = [recency, spend_30d_missing, age] } }"),
        "features.age.missing.by names recency, which can be null; give it a missing = median",
        "features.age.missing.by names spend_30d_missing, which is no number",
        "features.age.missing.by names age, which is guessed itself; name features that are not");
    assertMistakes(
        age.formatted("{ by = [height] }")
            + "height { from = customers, value = record_count, meaning = H, missing { by = [age] } } }",
        "test.conf:1: features.age.missing.by names height, which is guessed itself",
        "test.conf:2: features.height.missing.by names age, which is guessed itself");
    assertMistakes(
        age.formatted("{ by = [older] }")
            + "older { from = features, value = \"age + 1\", missing = 0, meaning = O } }",
        "names older, which is made of features after they are filled; name those it is made of");
    assertMistakes(
        age.formatted("{ by = [], of = 3 } }"),
        "features.age.missing.by is missing: list the features to guess it by",
        "there is no setting of in features.age.missing");
  }

  @Test
  void whatStandsForTheUnknownFitsTheColumn() {
    assertMistakes(
        "features.age { from = customers, value = record_count, meaning = Age, missing = mean }",
        "features.age.missing is mean; write a number, median, or { by = [features to guess it by] }");
    assertMistakes(
        "features.land { from = customers, value = country, type = text, meaning = L, missing = 0 }",
        "features.land.missing is there, but is for numbers, and this is none; leave it out");
    assertMistakes(
        "features.buys { from = orders, aggregate = count, meaning = B, missing = 0 }",
        "features.buys.missing is there, but a count is 0 where nothing happened; leave it out");
    assertMistakes(
        "features { age { from = customers, value = record_count, meaning = A, missing = 0 }\n"
            + "age_missing { from = orders, aggregate = count, meaning = B } }",
        "makes a column age_missing, which age makes as well; give it another name");
  }

  @Test
  void anEarlierWindowIsDeclaredFromItsNearestDay() {
    String visits =
        "features.visited { from = sessions, aggregate = count, meaning = V, windows = [%s] }";

    assertThat(comment(read(visits.formatted("90 days, 91..180 days")), "visited_91_180d"))
        .isEqualTo("V, 91 to 180 days ago");
    assertThat(read(visits.formatted("90 days, 1..90 days")).names()).contains("visited");
    for (String wrong : List.of("180..91 days", "0..90 days", "13..26 weeks", "90..")) {
      assertMistakes(
          visits.formatted(wrong),
          "test.conf:1: features.visited.windows has %s; write an earlier span from its nearest day, such as 91..180 days"
              .formatted(wrong));
    }
  }

  @Test
  void ofWindowAndWindowsNoneIsPassedOver(@TempDir Path folder) throws IOException {
    Path base = folder.resolve("base.conf");
    Path shop = folder.resolve("shop.conf");
    String feature = "features.visited { from = sessions, aggregate = count, meaning = V, %s }";
    Files.writeString(base, feature.formatted("window = 30 days"));
    Files.writeString(shop, "features { visited.windows = [90 days], orders.window = 7 days }");

    assertThatThrownBy(() -> read(SettingsFile.read(List.of(base, shop), Map.of()).root()))
        .hasMessageContaining(
            "base.conf:1: features.visited.window and windows are both there; write one of them, and"
                + " null for one that is in another file")
        .hasMessageNotContaining("features.orders");

    Files.writeString(shop, "features.visited { window = null, windows = [90 days] }");
    FeatureSettings features = read(SettingsFile.read(List.of(base, shop), Map.of()).root());
    assertThat(comment(features, "visited")).isEqualTo("V, last 90 days");
  }

  @Test
  void gapsAreDaysAndNeverBelowZero() {
    FeatureSettings features =
        read("features.gap { from = orders, aggregate = gap, meaning = Days between purchases }");

    assertThat(comment(features, "gap")).isEqualTo("Days between purchases, ever; in days");
    assertThat(features.domain("gap"))
        .isEqualTo(new Domain(DataTypes.DoubleType, 0, Double.POSITIVE_INFINITY, true));
    assertMistakes(
        "features.gap { from = orders, aggregate = gaps, meaning = M }",
        "features.gap.aggregate is gaps; write count, recency, tenure, gap, gap_spread, share,"
            + " favourite, or an SQL aggregate such as sum(net)");
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
    return read(TextSection.of(settings));
  }

  private static FeatureSettings read(Section root) {
    Section section = root.section("features");
    FeatureSettings features = FeatureSettings.from(section);
    section.close();
    root.problems().throwIfAny();
    return features;
  }
}
