package io.persegment.matching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.persegment.config.Section;
import io.persegment.config.TextSection;
import io.persegment.sql.SqlExpression;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MatchingSettingsTest {
  private static final String OTHERS =
      """
      identity.comparisons {
        birth_date = null, email = null, phone = null, street = null, city = null, postcode = null
        first_name = null, last_name = null
      """;

  @Test
  void defaultsCompareNamesDatesAndAddresses() {
    MatchingSettings defaults = read("");
    assertThat(defaults.comparisons())
        .extracting(Comparison::name)
        .containsExactly(
            "birth_date",
            "city",
            "email",
            "first_name",
            "last_name",
            "phone",
            "postcode",
            "street");
    assertThat(defaults.threshold()).isEqualTo(0.8);
    assertThat(defaults.blocking()).contains(List.of(SqlExpression.parse("email")));
  }

  @Test
  void everySettingCanBeSet() {
    assertThat(
            read(
                OTHERS
                    + """
                      one { value = "attributes.one", levels = [exact], swaps-with = two }
                      two { levels = [exact, "damerau-levenshtein <= 1"], value = "upper(city)", term-frequency = true, shared-by = place }
                    }
                    identity { blocking = [[city, "substring(email, 1, 2)"]], pairs-per-record = 3, most-pairs = 4, threshold = 0.5, refit = always, seed = 6 }
                    """))
        .isEqualTo(
            new MatchingSettings(
                List.of(
                    List.of(
                        SqlExpression.parse("city"),
                        SqlExpression.parse("substring(email, 1, 2)"))),
                List.of(
                    new Comparison(
                        "one",
                        SqlExpression.parse("attributes.one"),
                        List.of(Level.parse("exact")),
                        false,
                        Kind.Scope.PERSON,
                        Optional.of("two")),
                    new Comparison(
                        "two",
                        SqlExpression.parse("upper(city)"),
                        List.of(Level.parse("exact"), Level.parse("damerau-levenshtein <= 1")),
                        true,
                        Kind.Scope.PLACE,
                        Optional.empty())),
                0.5,
                3,
                4,
                MatchingSettings.Refit.ALWAYS,
                6));
  }

  @Test
  void everyMistakeIsTold() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    identity {
                      blocking = [[], [surname], city]
                      comparisons {
                        first_name.swaps-with = surname
                        last_name.levels = ["jaro-winkler >= 92"]
                        street.value = "address"
                        city.levels = []
                      }
                    }
                    """))
        .hasMessageContaining("identity.blocking has a rule []")
        .hasMessageContaining("identity.blocking reads surname, which contacts do not have")
        .hasMessageContaining("identity.blocking has city, which is no list; write [[a, b], [c]]")
        .hasMessageContaining("first_name.swaps-with is surname; name another comparison")
        .hasMessageContaining("jaro-winkler")
        .hasMessageContaining("street.value reads address, which contacts do not have")
        .hasMessageContaining("city.levels has no level to compare by");
  }

  /** Each parses, and would end a run. */
  @Test
  void whatCannotBeEvaluatedIsRefused() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    identity {
                      blocking = [
                        ["count(*)"], [postcode, "max(phone)"], [city, "soundex(last_name, 2)"], ["attributes.no.x"],
                        ["'x'", 1], [city, "rand()"], ["upper("]
                        [attributes.no, "external_ids['till']"], ["transform(split(street, ' '), word -> left(word, 2))"]
                        ["'x'", city]
                      ]
                      comparisons.city.value = "collect_list(city)"
                      comparisons.street.value = "substring(street)"
                    }
                    """))
        .hasMessageContaining("9 mistakes")
        .hasMessageContaining(
            "test.conf:2: identity.blocking has the rule [count(*)], which looks at many contacts;"
                + " write an expression over one")
        .hasMessageContaining("has the rule [postcode, max(phone)], which looks at many contacts")
        .hasMessageContaining(
            "has the rule [city, soundex(last_name, 2)], which cannot be evaluated: The `soundex` requires 1")
        .hasMessageContaining("has the rule [attributes.no.x], which cannot be evaluated: ")
        .hasMessageContaining(
            "identity.blocking has a rule ['x', 1] that would compare every record with every other")
        .hasMessageContaining(
            "identity.blocking has \"rand()\", which cannot be used: rand() is not allowed: it gives")
        .hasMessageContaining("identity.blocking has \"upper(\", which is no SQL expression: ")
        .hasMessageContaining(
            "test.conf:8: identity.comparisons.city.value is collect_list(city), which looks at many")
        .hasMessageContaining(
            "identity.comparisons.street.value is substring(street), which cannot be evaluated: ");
  }

  @Test
  void wrongLevelsAreOneMistakeEach() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    identity.comparisons {
                      city.levels = [exakt, soundex]
                      postcode.levels = [exakt, "damerau-levenshtein <= 1"]
                    }
                    """))
        .hasMessageContaining("3 mistakes")
        .hasMessageContaining("city.levels \"exakt\" is no level; did you mean exact?")
        .hasMessageContaining("city.levels \"soundex\" is no level; there are: exact")
        .hasMessageContaining("postcode.levels \"exakt\" is no level; did you mean exact?");
  }

  private static MatchingSettings read(String text) {
    Section tree = TextSection.of(text);
    MatchingSettings settings = MatchingSettings.from(tree.section("identity"));
    tree.problems().throwIfAny();
    return settings;
  }
}
