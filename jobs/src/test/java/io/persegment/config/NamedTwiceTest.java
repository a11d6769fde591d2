package io.persegment.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamedTwiceTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "targets { a { k = 1 }, a { k = 2 } }",
        "targets { a { k = 1 } }, targets { a { k = 2 } }",
        "targets.a { k = 1 }, targets { a = { k = 2 } }",
        "targets.a = { k = 1 }, targets : { a : { k = 2 } }",
        "{ targets { \"a\" { k = 1 }, a { k = 2 } } }",
        "{ \"targets\" : { \"a\" : { \"k\" : 1 }, \"a\" : { \"k\" : 2 } } }",
        "targets { a\n{ k = 1 }\na =\n{ k = 2 } }",
        "targets.a { k = { l = [{ a { k = 1 } }] } }, targets.a { }",
        "b { }, targets { a { k = 1 }, a = ${b} { k = 2 } }",
        "targets { include \"no such file\"\n a { k = \"}\" } # }\n a { k = 2 } }",
        "targets { a { k = \"\"\"a \" }\n\"\"\"\"\n }, // }\n a { k = ${?\"}\"} } }",
        "included { k = 1 }, targets { a { k = \"\\\"}\" }, a { } }"
      })
  void twoBlocksOfOneName(String text) {
    ConfigFactory.parseString(text); // HOCON has nothing against it

    assertThat(NamedTwice.in(text))
        .extracting(NamedTwice.Twice::path)
        .as(text)
        .containsExactly("targets.a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "targets { a { k = 1 }, b { k = 2 } }",
        "targets { a { k = 1 } }, targets { b { k = 2 } }",
        "targets { a { k = 1 } }, targets.a.k = 2",
        "targets { a { k { l = 1 } } }, targets.a.k { l = 2 }",
        "targets { a { k = 1 } }, segmentations { a { k = 2 } }",
        "targets { a = { k = 1 } { l = 2 } }",
        "targets { a { k = 1 }, b = ${targets.a} { k = 2 } }",
        "targets { a { k = [{ a { } }, { a { } }] } }",
        "targets { a { k = 1 } # a { k = 2 }\n // a { k = 2 }\n }",
        "targets { a { k = \"} a { k = 2 }\" } }",
        "targets { a { k = \"\"\"} a { k = 2 } \"\"\" } }",
        "targets { a { targets { a { } } } }",
        "targets { \"a.b\" { }, a { } }",
        "lake { root = x }, lake { }",
        "targets { a = null }, targets { a { k = 2 } }",
        "targets.a += { k = 1 }, targets.b { }"
      })
  void otherwiseNothingIsTold(String text) {
    ConfigFactory.parseString(text);

    assertThat(NamedTwice.in(text)).as(text).isEmpty();
  }

  @Test
  void everythingThatAShopNamesIsLookedAt() {
    String two = "%1$s { x { k = 1 } }\n\n%1$s.x { k = 2 }\n";

    for (String section :
        List.of(
            "features",
            "segmentations",
            "sources",
            "targets",
            "identity.identifiers",
            "identity.comparisons",
            "customers.survivorship.fields",
            "sources.crm.lookups")) {
      assertThat(NamedTwice.in(two.formatted(section)))
          .containsExactly(new NamedTwice.Twice(section + ".x", 1, 3));
    }
  }

  @Test
  void eachLaterBlockIsTold() {
    String text =
        """
        targets {
          a { k = 1 } # one
          b { k = \"""
        two lines\""" }
          a {
            k = 2
          }
          b { k = 3 }
          a { k = 4 }
        }
        """;

    assertThat(NamedTwice.in(text))
        .containsExactly(
            new NamedTwice.Twice("targets.a", 2, 5),
            new NamedTwice.Twice("targets.b", 3, 8),
            new NamedTwice.Twice("targets.a", 2, 9));
  }
}
