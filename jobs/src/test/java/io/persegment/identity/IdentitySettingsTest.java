package io.persegment.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.persegment.config.Section;
import io.persegment.config.TextSection;
import io.persegment.identity.IdentitySettings.Identifier;
import io.persegment.identity.IdentitySettings.Period;
import io.persegment.matching.MatchingSettings;
import io.persegment.sql.SqlExpression;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IdentitySettingsTest {
  static final IdentitySettings DEFAULTS =
      new IdentitySettings(
          new Identifier(List.of("^(test|noreply|no-reply|info)@"), 50, 4, 5, Period.EVER),
          8,
          5,
          new Identifier(List.of(), 20, 5, 5, Period.EVER),
          new Identifier(List.of(), 500, 1, 1, Period.EVER),
          5,
          new Identifier(List.of(), 20, 3, 5, Period.EVER),
          new Identifier(List.of(), 20, 2, 5, Period.EVER),
          List.of(),
          Optional.empty(),
          Optional.empty(),
          matching(""));

  @Test
  void defaults() {
    assertThat(read("")).isEqualTo(DEFAULTS);
  }

  @Test
  void everySettingCanBeSet() {
    String text =
        """
        identity.identifiers {
          email { never = ["a"], most-records = 1, most-persons = 3, most-per-record = 2, priority = 7, most-per-customer = 8 }
          phone { never = ["b"], most-names = 3, priority = 6 }
          login { never = ["c"], most-records = 4, most-per-device = 9, most-per-customer = 2 }
          loyalty-id { never = ["d"], most-records = 5 }
          external-id { never = ["e"], most-records = 6, per = month }
        }
        identity { without-duplicates = [till-customers, crm], decisions = "pairs.csv" }
        identity.labels { file = "labels.csv", grain = pair, match = "score" }
        """;
    assertThat(read(text))
        .isEqualTo(
            new IdentitySettings(
                new Identifier(List.of("a"), 1, 7, 8, Period.EVER),
                3,
                2,
                new Identifier(List.of("b"), 3, 6, 5, Period.EVER),
                new Identifier(List.of("c"), 4, 1, 2, Period.EVER),
                9,
                new Identifier(List.of("d"), 5, 3, 5, Period.EVER),
                new Identifier(List.of("e"), 6, 2, 5, Period.MONTH),
                List.of("till", "crm"),
                Optional.of("pairs.csv"),
                Optional.of(
                    new Truth(
                        "labels.csv",
                        Truth.Grain.PAIR,
                        Map.of(Truth.MATCH, SqlExpression.parse("score")),
                        "identity.labels.")),
                matching("")));
  }

  @Test
  void everyMistakeIsTold() {
    String text =
        """
        identity.identifiers {
          email { never = ["(open"], most-records = 0 }
          phone.most-name = 3
          fax.never = []
        }
        identity.without-duplicates = [till, crn]
        identity.labels { file = "labels.csv", cluster = "(", match = "score" }
        """;
    assertThatThrownBy(() -> read(text))
        .hasMessageContaining("7 mistakes")
        .hasMessageContaining("identity.without-duplicates names no source: crn; did you mean crm?")
        .hasMessageContaining(
            "identity.identifiers.email.never has (open, which is no regular expression")
        .hasMessageContaining(
            "identity.identifiers.email.most-records must be at least 1, but is 0")
        .hasMessageContaining("there is no setting most-name in identity.identifiers.phone")
        .hasMessageContaining("identity.labels.cluster is no SQL expression")
        .hasMessageContaining("there is no setting match in identity.labels")
        .hasMessageContaining("there is no setting fax in identity.identifiers");
  }

  private static MatchingSettings matching(String text) {
    return MatchingSettings.from(TextSection.of(text).section("identity"));
  }

  private static IdentitySettings read(String text) {
    Section tree = TextSection.of(text);
    IdentitySettings settings =
        IdentitySettings.from(
            tree.section("identity"), Map.of("till-customers", "till", "crm", "crm"));
    tree.problems().throwIfAny();
    return settings;
  }
}
