package io.persegment.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.persegment.PersegmentSettings;
import io.persegment.config.SettingsFile;
import io.persegment.customer.ConsentSettings;
import io.persegment.customer.ConsentSettings.Word;
import io.persegment.publish.PublishSettings.Mailbox;
import io.persegment.table.Field;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;

class PublishSettingsTest {
  @Test
  void defaults() {
    PublishSettings settings = from("");
    assertThat(settings.mostShrinkage()).isEqualTo(0.3);
    assertThat(settings.mostGrowth()).isEqualTo(3);
    assertThat(settings.leastEmptied()).isEqualTo(20);
    assertThat(settings.scoreDigits()).isEqualTo(2);
    assertThat(settings.mailbox()).isEqualTo(Mailbox.LAST_SEEN);
    assertThat(settings.suppressions()).isEmpty();
    assertThat(settings.columns()).isEmpty();
    assertThat(settings.accepted()).isEmpty();
    assertThat(settings.consent()).isEqualTo(new ConsentSettings(Word.WITHDRAWN, Word.GRANTED));
  }

  @Test
  void everySettingCanBeSet() {
    PublishSettings settings =
        from(
            """
            publish {
              most-shrinkage = 0.5, most-growth = 1, least-emptied = 5, score-digits = 3
              shared-mailbox = most-records
              suppressions = ["a.csv"]
              columns {
                likely = "decile('purchase_30d') = 1"
                stage { value = "segment('lifecycle')", meaning = "Where in life" }
              }
            }
            consent.default { email = granted, profiling = withdrawn }
            """);
    assertThat(settings.mostShrinkage()).isEqualTo(0.5);
    assertThat(settings.mostGrowth()).isEqualTo(1);
    assertThat(settings.leastEmptied()).isEqualTo(5);
    assertThat(settings.scoreDigits()).isEqualTo(3);
    assertThat(settings.mailbox()).isEqualTo(Mailbox.MOST_RECORDS);
    assertThat(settings.suppressions()).containsExactly("a.csv");
    assertThat(settings.declared())
        .containsExactly(
            Field.optional("likely", DataTypes.BooleanType, "decile('purchase_30d') = 1"),
            Field.optional("stage", DataTypes.StringType, "Where in life"));
    assertThat(settings.consent()).isEqualTo(new ConsentSettings(Word.GRANTED, Word.WITHDRAWN));
  }

  @Test
  void mistakesAreToldTogether() {
    assertThatThrownBy(
            () ->
                from(
                    """
                    publish {
                      score-digits = 9
                      accept = always
                      columns { email = first_name, "a b" = first_name, all = attributes }
                    }
                    consent.default { email = grantd }
                    """))
        .hasMessageContaining("publish.score-digits must be at most 6, but is 9")
        .hasMessageContaining("publish.accept would let every night pass; say it for one")
        .hasMessageContaining("publish.columns.email is a column that every audience has")
        .hasMessageContaining("publish.columns.a b has a name that is not plain")
        .hasMessageContaining("publish.columns.all gives MAP<STRING, STRING>; write what gives")
        .hasMessageContaining("consent.default.email is grantd; did you mean granted?");
  }

  private static PublishSettings from(String text) {
    return PersegmentSettings.from(
            SettingsFile.parse(
                "test.conf", "shop { name = S, currency = EUR }, lake.root = l\n" + text))
        .publish();
  }
}
