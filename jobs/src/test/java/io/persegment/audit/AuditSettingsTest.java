package io.persegment.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.persegment.config.Section;
import io.persegment.config.TextSection;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AuditSettingsTest {
  @Test
  void defaults() {
    assertThat(from(""))
        .isEqualTo(
            new AuditSettings(
                7,
                0.05,
                0.05,
                0.01,
                Set.of(
                    "quarantine",
                    "refunds",
                    "survey_answers",
                    "identity_links",
                    "identity_changes",
                    "customer_scores")));
  }

  @Test
  void everySettingCanBeSet() {
    assertThat(
            from(
                "audits { freshness-days = 2 weeks, quarantine-share = 0.1, orders-without-lines ="
                    + " 1, lines-without-order = 0.2, may-be-empty = [products] }"))
        .isEqualTo(new AuditSettings(14, 0.1, 1, 0.2, Set.of("products")));
  }

  @Test
  void aTableThatIsNoneIsAMistake() {
    assertThatThrownBy(() -> from("audits.may-be-empty = [product]"))
        .hasMessageContaining(
            "audits.may-be-empty names no table: product; did you mean products?");
  }

  private static AuditSettings from(String text) {
    Section root = TextSection.of(text);
    Section audits = root.section("audits");
    var settings = AuditSettings.from(audits);
    audits.close();
    root.problems().throwIfAny();
    return settings;
  }
}
