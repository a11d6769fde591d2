package io.persegment.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.persegment.config.Section;
import io.persegment.config.TextSection;
import java.time.LocalDate;
import java.util.Optional;
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
                6,
                0.1,
                0.25,
                0.25,
                0.5,
                0,
                0.25,
                Severity.WARN,
                0.25,
                Severity.WARN,
                Optional.empty(),
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
                    + " 1, lines-without-order = 0.2, arrivals-z = 4, nothing-growth = 0.3,"
                    + " drift-psi = 0.5, segment-psi = 0.3, segments-new = 0.2,"
                    + " segment-stability = 0.7, feature-psi = 0.4, on-feature-psi = hold, matured-error = 0.2, on-matured-error = hold, reference = 2026-09-30, may-be-empty = [products] }"))
        .isEqualTo(
            new AuditSettings(
                14,
                0.1,
                1,
                0.2,
                4,
                0.3,
                0.5,
                0.3,
                0.2,
                0.7,
                0.4,
                Severity.HOLD,
                0.2,
                Severity.HOLD,
                Optional.of(LocalDate.parse("2026-09-30")),
                Set.of("products")));
  }

  @Test
  void aTableThatIsNoneIsAMistake() {
    assertThatThrownBy(() -> from("audits.may-be-empty = [product]"))
        .hasMessageContaining(
            "audits.may-be-empty names no table: product; did you mean products?");
  }

  @Test
  void aReferenceThatIsNoDateIsAMistake() {
    assertThatThrownBy(() -> from("audits.reference = yesterday"))
        .hasMessageContaining("audits.reference is yesterday; write a date such as 2026-09-30");
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
