package io.persegment.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.persegment.config.Section;
import io.persegment.config.TextSection;
import io.persegment.identity.IdentitySettings.Identifier;
import io.persegment.matching.MatchingSettings;
import java.util.List;
import org.junit.jupiter.api.Test;

class IdentitySettingsTest {
  static final IdentitySettings DEFAULTS =
      new IdentitySettings(
          new Identifier(List.of("^(test|noreply|no-reply|info)@"), 50),
          5,
          new Identifier(List.of(), 20),
          new Identifier(List.of(), 500),
          new Identifier(List.of(), 20),
          new Identifier(List.of(), 20),
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
          email { never = ["a"], most-records = 1, most-per-record = 2 }
          phone { never = ["b"], most-names = 3 }
          login { never = ["c"], most-records = 4 }
          loyalty-id { never = ["d"], most-records = 5 }
          external-id { never = ["e"], most-records = 6 }
        }
        """;
    assertThat(read(text))
        .isEqualTo(
            new IdentitySettings(
                new Identifier(List.of("a"), 1),
                2,
                new Identifier(List.of("b"), 3),
                new Identifier(List.of("c"), 4),
                new Identifier(List.of("d"), 5),
                new Identifier(List.of("e"), 6),
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
        """;
    assertThatThrownBy(() -> read(text))
        .hasMessageContaining("4 mistakes")
        .hasMessageContaining(
            "identity.identifiers.email.never has (open, which is no regular expression")
        .hasMessageContaining(
            "identity.identifiers.email.most-records must be at least 1, but is 0")
        .hasMessageContaining("there is no setting most-name in identity.identifiers.phone")
        .hasMessageContaining("there is no setting fax in identity.identifiers");
  }

  private static MatchingSettings matching(String text) {
    return MatchingSettings.from(TextSection.of(text).section("identity"));
  }

  private static IdentitySettings read(String text) {
    Section tree = TextSection.of(text);
    IdentitySettings settings = IdentitySettings.from(tree.section("identity"));
    tree.problems().throwIfAny();
    return settings;
  }
}
