package io.persegment.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.persegment.PersegmentSettings;
import io.persegment.config.SettingsFile;
import io.persegment.content.Mapping.Cap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ContentSettingsTest {
  private static final String SHOP = "shop { name = S, currency = EUR }, lake.root = l\n";

  @Test
  void nothingIsDeclaredUnlessTheShopDoes() {
    ContentSettings content = read("");

    assertThat(content.tokens()).isEmpty();
    assertThat(content.slots()).isEmpty();
  }

  @Test
  void mappingsComeInOrderOfPriority() {
    ContentSettings content =
        read(
            """
            content {
              slots = [hero, offer]
              mapping {
                b { priority = 2, when = "orders_30d = 0", show { hero = back } }
                a {
                  priority = 1
                  when = "in_segment('lifecycle', 'Lapsed') and score('purchase_30d') > 0.1"
                  unless = "orders_30d > 0"
                  is-offer = true
                  at-most = 2 weeks
                  rest = 60 days
                  show { hero = vip, offer = early }
                }
              }
              otherwise { hero = news, offer = none }
            }
            """);

    assertThat(content.mappings()).extracting(Mapping::name).containsExactly("a", "b");
    assertThat(content.mappings().get(0))
        .satisfies(
            a -> {
              assertThat(a.cap()).isEqualTo(Optional.of(new Cap(14, 60)));
              assertThat(a.isOffer()).isTrue();
              assertThat(a.show()).isEqualTo(Map.of("hero", "vip", "offer", "early"));
            });
    assertThat(content.otherwise()).isEqualTo(Map.of("hero", "news", "offer", "none"));
  }

  @Test
  void mistakesAreToldTogetherWithWhatWouldBeRight() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    content {
                      slots = [hero, "main body"]
                      tokens {
                        name { value = frist_name, fallback = "" }
                        last { value = first_name }
                        day { value = first_seen_at, format = "bb", fallback = "" }
                        much { value = spend_365d, format = "#.#.#", fallback = "" }
                        text { value = first_name, format = "d", fallback = "" }
                        kind { value = first_name, type = date, fallback = "" }
                        all { value = attributes, fallback = "" }
                        best { value = "decile('purchas_30d')", fallback = "" }
                        many { value = "segment('mails')", fallback = "" }
                      }
                      mapping {
                        a { priority = 1, when = "in_segment('lifecycle', 'Lapse')", show { hreo = x } }
                        b { priority = 1, when = "orders_30d > 3 and orders_30d < 2", show { hero = y } }
                        c { priority = 2, when = "orders_30d", at-most = 3 days, show {} }
                      }
                      otherwise { hero = z }
                    }
                    segmentations.mails { kind = rules, many = [ { name = A, when = "orders_30d > 1" } ] }
                    """))
        .hasMessageContaining("content.slots has a name that is not plain: main body")
        .hasMessageContaining(
            "content.tokens.name.value names no feature: frist_name; did you mean first_name?")
        .hasMessageContaining("content.tokens.last.fallback is missing; write what is read")
        .hasMessageContaining("content.tokens.day.format is no pattern of dates, such as d MMMM")
        .hasMessageContaining("content.tokens.much.format is no pattern of numbers")
        .hasMessageContaining("content.tokens.text.format is for dates and numbers; take it out")
        .hasMessageContaining("content.tokens.kind.value gives STRING; write what gives a date")
        .hasMessageContaining(
            "content.tokens.all.value gives MAP<STRING, STRING>; write what gives")
        .hasMessageContaining(
            "content.tokens.best.value names no target: purchas_30d; did you mean purchase_30d?")
        .hasMessageContaining("asks for the segment in mails, in which a customer may be in many")
        .hasMessageContaining("names no segment of lifecycle: Lapse; did you mean Lapsed?")
        .hasMessageContaining("content.mapping.a.show.hreo is no slot; did you mean hero?")
        .hasMessageContaining("content.mapping.b has the priority 1, as a has")
        .hasMessageContaining("content.mapping.b.when can never hold")
        .hasMessageContaining("content.mapping.c.rest is missing")
        .hasMessageContaining("content.mapping.c.show shows nothing; write { slot = variation }")
        .hasMessageContaining("content.mapping.c.when gives BIGINT; write a condition")
        .hasMessageContaining("content.otherwise has no variation of main body");
  }

  private static ContentSettings read(String text) {
    return PersegmentSettings.from(SettingsFile.parse("test.conf", SHOP + text))
        .publish()
        .content();
  }
}
