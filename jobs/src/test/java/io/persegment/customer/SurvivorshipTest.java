package io.persegment.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.persegment.config.Section;
import io.persegment.config.TextSection;
import io.persegment.customer.Survivorship.Policy;
import io.persegment.customer.Survivorship.Rule;
import java.util.List;
import org.junit.jupiter.api.Test;

class SurvivorshipTest {
  private static final List<String> SYSTEMS = List.of("crm", "shop");

  @Test
  void aFieldTakesWhatIsNotItsOwnFromTheRest() {
    Survivorship survivorship =
        Survivorship.from(
            section(
                "rule = most-complete, sources = [crm], fields { phone { rule = most-recent } }"),
            SYSTEMS);

    assertThat(survivorship.of("email")).isEqualTo(new Policy(Rule.MOST_COMPLETE, List.of("crm")));
    assertThat(survivorship.of("phone")).isEqualTo(new Policy(Rule.MOST_RECENT, List.of("crm")));
  }

  @Test
  void saysWhatIsWrong() {
    Section section =
        section("rule = newest, sources = [cmr], fields { fist_name { sources = [shop] } }");
    Survivorship.from(section, SYSTEMS);

    assertThatThrownBy(() -> section.problems().throwIfAny())
        .hasMessageContaining("customers.survivorship.rule is newest; there are: most-complete")
        .hasMessageContaining("customers.survivorship.sources names cmr; did you mean crm?")
        .hasMessageContaining(
            "customers.survivorship.fields.fist_name is no field of a customer; did you mean first_name?");
  }

  private static Section section(String text) {
    return TextSection.of("customers.survivorship { %s }".formatted(text))
        .section("customers")
        .section("survivorship");
  }
}
