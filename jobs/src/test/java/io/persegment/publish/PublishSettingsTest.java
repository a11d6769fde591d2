package io.persegment.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.persegment.config.Section;
import io.persegment.config.TextSection;
import io.persegment.customer.ConsentSettings;
import io.persegment.customer.ConsentSettings.Word;
import org.junit.jupiter.api.Test;

class PublishSettingsTest {
  @Test
  void defaults() {
    assertThat(from(""))
        .isEqualTo(new PublishSettings(0.3, 2, new ConsentSettings(Word.WITHDRAWN, Word.GRANTED)));
  }

  @Test
  void everySettingCanBeSet() {
    assertThat(
            from(
                "publish { most-shrinkage = 0.5, score-digits = 3 }, consent.default { email ="
                    + " granted, profiling = withdrawn }"))
        .isEqualTo(new PublishSettings(0.5, 3, new ConsentSettings(Word.GRANTED, Word.WITHDRAWN)));
  }

  @Test
  void mistakesAreToldTogether() {
    assertThatThrownBy(
            () -> from("publish { score-digits = 9 }, consent.default { email = grantd }"))
        .hasMessageContaining("publish.score-digits must be at most 6, but is 9")
        .hasMessageContaining("consent.default.email is grantd; did you mean granted?");
  }

  private static PublishSettings from(String text) {
    Section root = TextSection.of(text);
    Section publish = root.section("publish");
    Section consent = root.section("consent");
    var settings = PublishSettings.from(publish, ConsentSettings.from(consent));
    publish.close();
    consent.close();
    root.problems().throwIfAny();
    return settings;
  }
}
