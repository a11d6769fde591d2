package io.persegment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.persegment.config.SettingsFile;
import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import io.persegment.segments.RuleSettings;
import io.persegment.source.Unlinked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PersegmentSettingsTest {
  private static final String SHOP = "shop { name = Test, currency = EUR }\nlake.root = lake\n";

  @Test
  void defaults() {
    PersegmentSettings settings = read(SHOP);

    assertThat(settings.shop().timezone()).isEqualTo("UTC");
    assertThat(settings.shop().country()).isEmpty();
    assertThat(settings.sources()).isEmpty();
    assertThat(settings.spark()).isEmpty();
  }

  @Test
  void namesEveryMistakeWithItsPlace() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    shop { name = Test, currency = euro, contry = DK }
                    lake { }
                    sources.crm {
                      read { format = cvs, path = "crm.csv" }
                      contacts { record_id = "id", emial = "mail", phone = "concat(" }
                      quarantine-limit = 7
                      orders { order_id = "id" }
                      order-lines { order_id = "id" }
                    }"""))
        .isInstanceOfSatisfying(
            PersegmentException.class, e -> assertThat(e.fault()).isEqualTo(Fault.SETTINGS))
        .hasMessageContaining("test.conf:1: shop.currency is euro; write it as ISO 4217 does")
        .hasMessageContaining("there is no setting contry in shop; did you mean country?")
        .hasMessageContaining("lake.root is missing")
        .hasMessageContaining("test.conf:4: sources.crm.read.format is cvs; did you mean csv?")
        .hasMessageContaining(
            "there is no setting emial in sources.crm.contacts; did you mean email?")
        .hasMessageContaining("test.conf:5: sources.crm.contacts.phone is no SQL expression")
        .hasMessageContaining(
            "sources.crm.quarantine-limit must be between 0.0 and 1.0, but is 7.0")
        .hasMessageContaining(
            "there is no setting order-lines in sources.crm; did you mean order_lines?")
        .hasMessageContaining("sources.crm.orders.ordered_at is missing: when it was ordered");
  }

  @Test
  void aPathIsNotLostByAnIncludeBelowIt(@TempDir Path folder) throws IOException {
    String include = "include \"sources/shopify-fivetran.conf\"\n";
    String path = SHOP + "exports = e\nsources.shopify-orders.path = ${exports}\"/x.csv\"\n";
    Path above = Files.writeString(folder.resolve("above.conf"), include + path);
    Path below = Files.writeString(folder.resolve("below.conf"), path + include);

    assertThat(SettingsFile.read(List.of(above), Map.of()).root().section("sources").keys())
        .contains("shopify-orders");
    assertThatThrownBy(() -> SettingsFile.read(List.of(below), Map.of()))
        .isInstanceOf(PersegmentException.class)
        .hasMessageContaining("sources.shopify-orders.path is given, but an include below it");
  }

  @Test
  void aSourceOfATemplateIsUsedOnceItHasAPath() {
    String included = "include \"sources/shopify-fivetran.conf\"\n" + SHOP;

    assertThat(read(included).sources()).isEmpty();
    assertThat(read(included + "sources.shopify-orders.path = \"orders/*.csv\"").sources())
        .extracting(source -> source.name() + " of " + source.system())
        .containsExactly("shopify-orders of shopify");
  }

  @Test
  void twoOfOneNameAreToldWithAllOtherMistakes(@TempDir Path folder) throws IOException {
    Path own =
        Files.writeString(
            folder.resolve("own.conf"),
            """
            targets {
              repeat_60d { horizon = 60 days }
              repeat_60d { event = churn, horizon = 90 days }
            }
            """);
    String text =
        SHOP
            + """
            include "own.conf"
            targets.lapses { event = churn, horizon = 60 days }
            targets { lapses { horizon = 90 days, event = chrun } }
            targets.repeat_60d { horizon = 30 days }
            """;
    Path shop = Files.writeString(folder.resolve("shop.conf"), text);

    assertThatThrownBy(() -> PersegmentSettings.from(SettingsFile.read(List.of(shop), Map.of())))
        .isInstanceOfSatisfying(
            PersegmentException.class, e -> assertThat(e.fault()).isEqualTo(Fault.SETTINGS))
        .hasMessageContaining("The settings have 3 mistakes")
        .hasMessageContaining(
            shop
                + ":5: targets.lapses has a block of its own here and on line 4, and both would be"
                + " made one. Rename one of them, or write all of it in one block.")
        .hasMessageContaining(own + ":3: targets.repeat_60d has a block of its own here and on")
        .hasMessageContaining("targets.lapses.event is chrun");
  }

  @Test
  void aFileMayChangeWhatAnotherOneDeclares(@TempDir Path folder) throws IOException {
    Path own =
        Files.writeString(
            folder.resolve("own.conf"), "targets.lapses { event = churn, horizon = 60 days }\n");
    String text =
        SHOP
            + """
            include "own.conf"
            targets { lapses { horizon = 90 days }, purchase_30d { refit = 14 days } }
            targets.lapses.gap = 2 days
            """;
    Path shop = Files.writeString(folder.resolve("shop.conf"), text);

    PersegmentSettings settings =
        PersegmentSettings.from(SettingsFile.read(List.of(own, shop), Map.of()));

    assertThat(settings.targets())
        .extracting(each -> each.name() + " " + each.horizon() + " " + each.gap())
        .containsExactly("lapses 90 2", "purchase_30d 30 0");
  }

  @Test
  void aFileWithoutAHeaderNeedsNamesForItsColumns() {
    String source =
        "sources.s { read { format = csv, path = s, %s }, products { product_id = id } }\n";

    assertThatThrownBy(() -> read(SHOP + source.formatted("header-rows = 0")))
        .hasMessageContaining("sources.s.read.columns is missing: files without a header need");
    assertThatThrownBy(() -> read(SHOP + source.formatted("columns = [id]")))
        .hasMessageContaining("sources.s.read.columns is for files without a header");
    assertThatThrownBy(() -> read(SHOP + source.formatted("format = json, header-rows = 2")))
        .hasMessageContaining("sources.s.read.header-rows is for CSV");
  }

  @Test
  void idsThatLeadNowhereAreTold() {
    String shop =
        SHOP
            + """
            sources.visits { read { format = csv, path = "v.csv" }, web_events { event_time = at, event_type = "'other'", user_id = u } }
            sources.sales { system = till, read { format = csv, path = "s.csv" }, orders { order_id = no, ordered_at = at, status = "'paid'", net = net, contact_record_id = c } }
            """;

    assertThat(Unlinked.of(read(shop).sources()))
        .satisfiesExactly(
            sales ->
                assertThat(sales)
                    .startsWith("sales gives contact_record_id, but no source of system till"),
            visits ->
                assertThat(visits)
                    .startsWith(
                        "visits gives web_events.user_id, which is a login, but no contact"));
    assertThat(
            Unlinked.of(
                read(shop
                        + "sources.cards { system = till, read { format = csv, path = c.csv },"
                        + " contacts { record_id = c, external_ids = \"map('login', c)\" } }")
                    .sources()))
        .isEmpty();
  }

  @Test
  void theCommandLineWins() {
    SettingsFile file =
        SettingsFile.read(
            List.of(Path.of("conf/garden.conf")),
            Map.of("lake.root", "s3a://shop/lake", "shop.currency", "DKK"));

    PersegmentSettings settings = PersegmentSettings.from(file);

    assertThat(settings.lakeRoot()).isEqualTo("s3a://shop/lake");
    assertThat(settings.shop().currency()).isEqualTo("DKK");
    assertThat(settings.shop().name()).isEqualTo("The Garden Company");
  }

  @Test
  void aSegmentationOfAnotherKindTakesNothingFromTheStarterOfItsName() {
    var settings =
        read(
            SHOP
                + """
                segmentations.value {
                  kind = rules
                  first-match = [{ name = Big, when = "spend_365d > 100" }]
                  otherwise = Small
                }""");

    assertThat(settings.segmentations())
        .filteredOn(each -> each.name().equals("value"))
        .singleElement()
        .isInstanceOf(RuleSettings.class);
  }

  @Test
  void anIncludeThatDoesNotExistIsAMistake() {
    assertThatThrownBy(() -> read("include \"sources/shopfy.conf\"\n" + SHOP))
        .hasMessageContaining("sources/shopfy.conf");
  }

  @Test
  void aFileNamedWithoutAFolderFindsItsIncludes() throws IOException {
    Path file = Files.createTempFile(Path.of("").toAbsolutePath(), "shop-", ".conf");
    try {
      Files.writeString(file, "include \"sources/stripe.conf\"\n" + SHOP);
      SettingsFile.read(List.of(file.getFileName()), Map.of());
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void aSourcesHashTellsOfItsRowsNotOfWhereTheyAreKept() {
    String source =
        SHOP
            + """
            sources.crm {
              read { format = jdbc, url = "jdbc:postgresql://%s/crm", table = people }
              contacts { record_id = "%s" }
            }""";

    assertThat(hash(source.formatted("old", "id")))
        .isEqualTo(hash(source.formatted("new", "id")))
        .isNotEqualTo(hash(source.formatted("old", "no")));
  }

  private static String hash(String text) {
    return read(text).sources().get(0).hash();
  }

  private static PersegmentSettings read(String text) {
    return PersegmentSettings.from(SettingsFile.parse("test.conf", text));
  }
}
