package io.persegment.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.persegment.PersegmentSettings;
import io.persegment.config.SettingsFile;
import io.persegment.conformed.Consents;
import io.persegment.conformed.ContactMerges;
import io.persegment.conformed.Contacts;
import io.persegment.conformed.EmailEvents;
import io.persegment.conformed.OrderLines;
import io.persegment.conformed.Orders;
import io.persegment.conformed.Products;
import io.persegment.conformed.Refunds;
import io.persegment.conformed.SurveyAnswers;
import io.persegment.conformed.WebEvents;
import io.persegment.table.Table;
import io.persegment.testing.LocalSpark;
import io.persegment.testing.SharedData;
import io.persegment.testing.TestLake;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The templates of {@code conf/sources}, all in one ingest: on files of the vendors where these lie
 * beside the project, and on rows made up after the vendors' documented fields.
 */
@Tag("long")
@ExtendWith(LocalSpark.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TemplatesTest {
  private static final Path SHOPS = Path.of("jobs/src/test/resources/shops");
  private static final Path VENDORS = Path.of("../shared/data/vendor");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;
  private TestLake lake;
  private List<SourceSettings> sources;
  private Map<String, Long> books;

  @BeforeAll
  void ingestsEveryTemplate(LocalSpark.Handle spark) throws IOException {
    var confs = new ArrayList<>(List.of(SHOPS.resolve("templates.conf")));
    var overrides = new LinkedHashMap<String, String>();
    if (Files.isDirectory(VENDORS)) {
      confs.add(SHOPS.resolve("templates-vendors.conf"));
      overrides.put("exports.unwrapped", unwrapped().toString());
    }
    sources = PersegmentSettings.from(SettingsFile.read(confs, overrides)).sources();
    lake = new TestLake(spark, folder.resolve("lake"));
    lake.run(LocalDate.of(2026, 6, 30), false, IngestStage.of(sources, Map.of()));
    books = lake.rows("ingest");
  }

  @Test
  void everyRowIsAccountedFor() {
    for (SourceSettings source : sources) {
      for (TargetSettings target : source.targets()) {
        String name = source.name() + "." + target.into().table().name();
        assertThat(book(name, "read")).as(name).isPositive();
        assertThat(book(name, "left_out") + book(name, "quarantined") + book(name, "accepted"))
            .as(name)
            .isEqualTo(book(name, "read"));
        assertThat(
                book(name, "in_table")
                    + book(name, "replaced")
                    + book(name, "repeated")
                    + book(name, "folded"))
            .as(name)
            .isEqualTo(book(name, "accepted"));
      }
    }
  }

  @Test
  void refusesNothingButWhatAnApiSaysInPlaceOfAPage() {
    assertThat(rows(Quarantine.TABLE, "true", "source_name", "reasons", "row_json"))
        .containsExactly(
            "surveymonkey|[the row does not have the columns of its file's header]|{\"corrupt\":\"there is no array data\"}");
  }

  @Test
  void mailchimp() {
    SharedData.folder("vendor/mailchimp_fivetran");
    assertThat(books)
        .containsEntry("mailchimp-members.contacts.in_table", 9L)
        .containsEntry("mailchimp-members.consents.in_table", 9L)
        .containsEntry("mailchimp-sent.email_events.in_table", 10L)
        .containsEntry("mailchimp-activity.email_events.in_table", 17L)
        .containsEntry("mailchimp-automation-activity.email_events.in_table", 8L)
        .containsEntry("mailchimp-unsubscribes.email_events.in_table", 1L);
    assertThat(
            rows(
                Contacts.TABLE,
                "record_id = '8e423a4179.09be851d30b8958f7de29f22e8bed310'",
                "email",
                "first_name",
                "last_name",
                "country",
                "language",
                "created_at",
                "updated_at"))
        .containsExactly("me@example.com|Me|null|DE|de|2019-11-07 10:03:37|2019-11-26 23:55:32");
    assertThat(
            rows(
                Consents.TABLE,
                "source = 'mailchimp' and email like 'dylan%'",
                "email",
                "channel",
                "purpose",
                "status",
                "observed_at"))
        .as("one address in two lists is two words")
        .containsExactly(
            "dylan+testing2@example.co|email|marketing|granted|2020-04-21 14:52:45",
            "dylan+testing2@example.co|email|marketing|granted|2020-04-21 14:52:45",
            "dylan+testing@example.co|email|marketing|withdrawn|2020-04-17 16:32:51");
    assertThat(
            rows(
                EmailEvents.TABLE,
                "source = 'mailchimp' and email = 'ben@example.com' and event_type <> 'opened'",
                "event_time",
                "event_type",
                "contact_record_id",
                "campaign_id",
                "link"))
        .contains(
            "2019-11-27 16:59:27|sent|8e423a4179.37cc8cad6a75f018d69632984d8caf38|c2b4c1c0d9|null",
            "2019-12-02 14:38:57|clicked|8e423a4179.37cc8cad6a75f018d69632984d8caf38|c2b4c1c0d9|https://example.com")
        .hasSize(4);
  }

  @Test
  void salesforce() {
    SharedData.folder("vendor/salesforce_fivetran");
    assertThat(books)
        .containsEntry("salesforce-contacts.contacts.in_table", 4L)
        .containsEntry("salesforce-contacts.consents.left_out", 4L)
        .containsEntry("salesforce-leads.contacts.in_table", 1L)
        .containsEntry("salesforce-orders.orders.in_table", 10L)
        .containsEntry("salesforce-opportunities.orders.left_out", 9L);
    assertThat(
            rows(
                Contacts.TABLE,
                "source like 'salesforce%' and email is not null",
                "source",
                "email",
                "first_name",
                "last_name",
                "city",
                "external_ids",
                "updated_at"))
        .containsExactly(
            "salesforce-leads|h@gmail.com|H|Croc|null|{salesforce -> 0031G00001QtDPlQAN}|2019-11-11 17:23:34",
            "salesforce|hi@google.com|X|G|Chicago|null|2019-11-11 17:23:34");
    assertThat(
            rows(
                Orders.TABLE,
                "order_id in ('8011G000000XFePQAW', '006q000000HddohAAB')",
                "source",
                "ordered_at",
                "status",
                "net",
                "country"))
        .containsExactly(
            "salesforce-opportunities|2018-12-19 00:00:00|paid|24120000.0000|null",
            "salesforce|2019-11-11 17:23:34|paid|27998.6000|US");
  }

  @Test
  void stripe() {
    SharedData.folder("vendor/stripe");
    assertThat(rows(Contacts.TABLE, "source = 'stripe'", "record_id", "created_at"))
        .containsExactly("cus_QXg1o8vcGmoR32|2009-02-13 23:31:30");
    assertThat(
            rows(
                Orders.TABLE,
                "source = 'stripe'",
                "order_id",
                "first_name",
                "last_name",
                "ordered_at",
                "status",
                "currency",
                "gross",
                "net"))
        .containsExactly(
            "ch_1PgafuB7WZ01zgkWXYmPNZs8|Jenny|Rosen|2009-02-13 23:31:30|test|USD|1.0000|1.0000");
    assertThat(rows(Refunds.TABLE, "source = 'stripe'", "order_id", "amount"))
        .containsExactly("ch_1PgafuB7WZ01zgkWXYmPNZs8|1.0000");
  }

  @Test
  void shopifysApi() {
    SharedData.folder("vendor/shopify_rest");
    assertThat(
            rows(
                Contacts.TABLE,
                "source = 'shopify'",
                "record_id",
                "email",
                "first_name",
                "street",
                "postcode",
                "country",
                "external_ids"))
        .containsExactly(
            "207119551|bob.norman@hostmail.com|Bob|Chestnut Street 92|40202|US|{login -> 207119551}");
    assertThat(books)
        .as("accepts_marketing = false is no word")
        .containsEntry("shopify-rest-customers.consents.left_out", 1L);
    assertThat(
            rows(
                Orders.TABLE,
                "order_id = '450789469'",
                "source",
                "contact_record_id",
                "ordered_at",
                "status",
                "gross",
                "discount",
                "shipping",
                "tax",
                "net",
                "coupon",
                "channel",
                "country"))
        .containsExactly(
            "shopify-pages|207119551|2008-01-10 16:00:00|paid|598.9400|10.0000|null|11.9400|597.0000|null|null|US",
            "shopify-vendor|207119551|2008-01-10 16:00:00|pending|409.9400|0.0000|0.0000|11.9400|398.0000|TENOFF|web|US");
    assertThat(books)
        .as("an order without lines or refunds has none")
        .containsEntry("shopify-rest-pages.order_lines.left_out", 1L)
        .containsEntry("shopify-rest-pages.refunds.left_out", 1L);
    assertThat(
            rows(
                OrderLines.TABLE,
                "source = 'shopify-vendor'",
                "line_no",
                "product_id",
                "quantity",
                "unit_price",
                "discount",
                "net"))
        .hasSize(3)
        .contains("466157049|632910392|1.0000|199.0000|null|199.0000");
    assertThat(
            rows(
                Refunds.TABLE,
                "source = 'shopify-vendor'",
                "refund_id",
                "order_id",
                "line_no",
                "refunded_at",
                "quantity",
                "amount"))
        .containsExactly(
            "104689539|450789469|703073504|2016-06-20 17:35:06|1.0000|199.0000",
            "709875399|450789469|466157049|2016-06-20 17:35:06|1.0000|199.0000");
    assertThat(
            rows(
                Products.TABLE,
                "product_id = '1'",
                "name",
                "category",
                "brand",
                "price",
                "in_stock",
                "image_url"))
        .containsExactly(
            "IPod Nano - 8GB|Cult Products|Apple|199.0000|true|http://static.shopify.com/s/files/1/6909/3384/products/ipod-nano.png?0");
    assertThat(books).containsEntry("shopify-rest-products.products.in_table", 4L);
  }

  @Test
  void shopifysApiTakesTaxAndDiscountsOutOfPrices() {
    assertThat(
            rows(
                Orders.TABLE,
                "source = 'shopify' and order_id = '1001'",
                "gross",
                "discount",
                "shipping",
                "tax",
                "net",
                "status",
                "coupon"))
        .containsExactly("275.0000|25.0000|50.0000|55.0000|180.0000|paid|SPRING");
    assertThat(rows(OrderLines.TABLE, "source = 'shopify'", "line_no", "discount", "net"))
        .containsExactly("5001|25.0000|180.0000");
    assertThat(
            rows(Refunds.TABLE, "source = 'shopify'", "refund_id", "order_id", "line_no", "amount"))
        .containsExactly("6001|1001|5001|90.0000");
  }

  @Test
  void hubspotsEmailEvents() {
    assertThat(
            rows(
                EmailEvents.TABLE,
                "source = 'hubspot'",
                "event_id",
                "event_time",
                "event_type",
                "email",
                "campaign_id",
                "link",
                "bounce_kind",
                "machine"))
        .containsExactly(
            "h1|2026-05-06 10:00:00.5|sent|ada@example.com|77|null|null|null",
            "h2|2026-05-06 10:01:00|opened|ada@example.com|77|null|null|true",
            "h3|2026-05-06 10:02:00|clicked|ada@example.com|77|https://shop.example.com/p/1|null|false",
            "h4|2026-05-06 10:00:02|bounced|bo@example.com|77|null|hard|null",
            "h5|2026-05-06 10:03:00|unsubscribed|ada@example.com|77|null|null|null");
    assertThat(rows(Consents.TABLE, "source = 'hubspot'", "email", "status", "observed_at"))
        .containsExactly(
            "ada@example.com|withdrawn|2026-05-06 10:03:00",
            "cy@example.com|granted|2026-05-06 10:04:00");
  }

  @Test
  void hubspotsMergedContacts() {
    assertThat(
            rows(
                ContactMerges.TABLE, "source = 'hubspot'", "record_id", "merged_into", "merged_at"))
        .containsExactly("102|101|2026-05-06 15:50:57");
  }

  @Test
  void hubspotsOwnFile() {
    SharedData.folder("vendor/hubspot_fivetran");
    assertThat(books)
        .as("all but three that were only PROCESSED")
        .containsEntry("hubspot-vendor-events.email_events.left_out", 3L)
        .containsEntry("hubspot-vendor-events.email_events.in_table", 97L);
  }

  @Test
  void segment() {
    assertThat(
            rows(
                Contacts.TABLE,
                "source = 'segment'",
                "record_id",
                "email",
                "first_name",
                "last_name",
                "external_ids",
                "attributes['plan']"))
        .containsExactly("u1|ada@example.com|Ada|Prøve|{login -> u1}|gold");
    assertThat(
            rows(
                WebEvents.TABLE,
                "source = 'segment'",
                "event_id",
                "event_time",
                "event_type",
                "user_id",
                "email",
                "page",
                "campaign"))
        .as("four tables of one system")
        .containsExactly(
            "ajs-1|2026-05-01 09:59:00.123|page_view|null|null|https://shop.example.com/|spring",
            "ajs-2|2026-05-01 10:01:00|page_view|u1|null|https://shop.example.com/p/1|null",
            "ajs-3|2026-05-01 10:01:01|product_view|u1|null|https://shop.example.com/p/1|null",
            "ajs-4|2026-05-01 10:02:01|other|u1|null|https://shop.example.com/p/1|null",
            "ajs-5|2026-05-01 10:00:00|other|u1|ada@example.com|null|null");
  }

  @Test
  void botsAreKnownByTheirUserAgent() {
    assertThat(rows(WebEvents.TABLE, "bot", "source", "event_time"))
        .containsExactlyInAnyOrder(
            "segment|2026-05-01 10:02:01",
            "gtm|2026-05-01 10:01:00",
            "snowplow|2026-05-01 10:00:11");
    assertThat(rows(WebEvents.TABLE, "event_id = 'e1'", "bot"))
        .as("a phone of the brand Cubot")
        .containsExactly("false");
  }

  @Test
  void googleTagManager() {
    assertThat(
            rows(
                WebEvents.TABLE,
                "source = 'gtm'",
                "event_time",
                "event_type",
                "anonymous_id",
                "user_id",
                "email",
                "session_id",
                "product_id",
                "category",
                "quantity",
                "value",
                "campaign",
                "medium"))
        .containsExactly(
            "2026-05-01 10:00:00|add_to_cart|c.1|u1|ada@example.com|c.1.77|p1|Chairs|2.0000|20.5000|spring|email",
            "2026-05-01 10:01:00|other|c.2|null|null|null|null|null|null|null|null|null");
  }

  @Test
  void typeform() {
    assertThat(
            rows(
                SurveyAnswers.TABLE,
                "source = 'typeform'",
                "response_id",
                "question",
                "email",
                "answer",
                "answered_at"))
        .containsExactly(
            "t1|How big is it?|ada@example.com|120|2026-05-02 08:00:00",
            "t1|May we ask again?|ada@example.com|true|2026-05-02 08:00:00",
            "t1|What do you grow?|ada@example.com|Roses; Beans; Hops|2026-05-02 08:00:00",
            "t1|Your address?|ada@example.com|Ada@Example.com|2026-05-02 08:00:00",
            "t2|What do you grow?|null|Nothing|2026-05-02 09:00:00");
    assertThat(rows(Contacts.TABLE, "source = 'typeform'", "record_id", "email"))
        .containsExactly("t1|ada@example.com");
    assertThat(books)
        .as("a form that nobody answered")
        .containsEntry("typeform.survey_answers.left_out", 1L)
        .containsEntry("typeform.survey_answers.read", 6L);
  }

  @Test
  void surveyMonkey() {
    assertThat(
            rows(
                SurveyAnswers.TABLE,
                "source = 'surveymonkey'",
                "response_id",
                "question",
                "email",
                "answer",
                "answered_at"))
        .containsExactly(
            "5007154325|How did you like it?|bo@example.com|Very much|2026-05-03 17:58:26",
            "5007154325|What else?|bo@example.com|r1.c1; r1.c2|2026-05-03 17:58:26",
            "5007154325|Why?|bo@example.com|It is green|2026-05-03 17:58:26");
    assertThat(books)
        .containsEntry("surveymonkey.survey_answers.read", 5L)
        .containsEntry("surveymonkey.survey_answers.left_out", 1L)
        .containsEntry("surveymonkey.survey_answers.quarantined", 1L);
  }

  @Test
  void magento() {
    assertThat(
            rows(
                Contacts.TABLE,
                "source = 'magento'",
                "record_id",
                "email",
                "phone",
                "birth_date",
                "gender",
                "street",
                "city",
                "region",
                "country"))
        .containsExactly(
            "7|ada@example.com|+4520123456|1990-02-03|female|Vej 1, 2. th|København|Hovedstaden|DK",
            "8|bo@example.com|null|null|null|null|null|null|null");
    assertThat(rows(Consents.TABLE, "source = 'magento'", "email", "status", "observed_at"))
        .containsExactly("ada@example.com|granted|2026-01-02 03:04:05");
    assertThat(
            rows(
                Orders.TABLE,
                "source = 'magento'",
                "order_id",
                "contact_record_id",
                "status",
                "discount",
                "net",
                "coupon",
                "country"))
        .containsExactly(
            "11|7|paid|10.0000|90.0000|TEN|SE", "12|null|cancelled|0.0000|40.0000|null|DK");
    assertThat(
            rows(
                OrderLines.TABLE,
                "source = 'magento'",
                "order_id",
                "line_no",
                "product_id",
                "quantity",
                "net"))
        .as("the variant below a line is no line of its own")
        .containsExactly("11|21|31|2.0000|90.0000", "12|23|31|1.0000|40.0000");
    assertThat(
            rows(
                Refunds.TABLE,
                "source = 'magento'",
                "refund_id",
                "order_id",
                "line_no",
                "refunded_at",
                "amount"))
        .containsExactly("51|11|21|2026-05-06 07:00:00|45.0000");
  }

  @Test
  void salesforceMarketingCloud() {
    assertThat(rows(Contacts.TABLE, "source = 'sfmc'", "record_id", "email", "created_at"))
        .containsExactly(
            "k1|ada@example.com|2026-01-31 22:05:06", "k2|bo@example.com|2026-02-01 06:00:00");
    assertThat(rows(Consents.TABLE, "source = 'sfmc'", "email", "status", "observed_at"))
        .containsExactly("bo@example.com|withdrawn|2026-05-05 12:00:00");
    assertThat(
            rows(
                EmailEvents.TABLE,
                "source = 'sfmc'",
                "event_time",
                "event_type",
                "contact_record_id",
                "campaign_id",
                "link",
                "bounce_kind"))
        .containsExactly(
            "2026-05-05 11:00:00|sent|k1|900|null|null",
            "2026-05-05 11:00:00|sent|k2|900|null|null",
            "2026-05-05 11:00:09|bounced|k2|901|null|hard",
            "2026-05-05 11:30:00|opened|k1|900|null|null",
            "2026-05-05 11:31:00|clicked|k1|900|https://shop.example.com/p/1|null",
            "2026-05-05 11:59:00|complained|k2|900|null|null",
            "2026-05-05 12:00:00|unsubscribed|k2|900|null|null");
  }

  @Test
  void shopifysExportByHand() {
    assertThat(
            rows(
                Orders.TABLE,
                "source = 'shopify-csv'",
                "order_id",
                "email",
                "first_name",
                "last_name",
                "ordered_at",
                "status",
                "cancelled_at",
                "gross",
                "net",
                "coupon"))
        .containsExactly(
            "#1001|ada@example.com|Ada Maria|Prøve|2026-05-07 08:00:00|paid|null|65.0000|50.0000|TEN",
            "#1002|bo@example.com|null|Bo|2026-05-07 09:00:00|cancelled|2026-05-07 10:00:00|24.0000|20.0000|null");
    assertThat(rows(OrderLines.TABLE, "source = 'shopify-csv'", "order_id", "product_id", "net"))
        .containsExactly("#1001|SKU-1|40.0000", "#1001|SKU-2|10.0000", "#1002|SKU-1|20.0000");
  }

  @Test
  void tablesOfAShopsOwnMaking() {
    assertThat(
            rows(
                Contacts.TABLE,
                "source = 'own'",
                "record_id",
                "email",
                "first_name",
                "external_ids['login']"))
        .containsExactly("1|ada@example.com|Ada|1", "2|bo@example.com|Bo|2", "3|null|null|3");
    assertThat(rows(Consents.TABLE, "source = 'own'", "record_id", "email", "status"))
        .containsExactly("1|ada@example.com|granted", "3|null|withdrawn");
    assertThat(
            rows(
                WebEvents.TABLE,
                "source = 'own'",
                "event_id",
                "event_type",
                "anonymous_id",
                "user_id",
                "product_id",
                "campaign",
                "device"))
        .containsExactly(
            "1|page_view|v1|null|null|spring|desktop",
            "2|product_view|v1|null|p1|spring|desktop",
            "3|add_to_cart|v1|1|p1|null|mobile",
            "4|other|null|2|null|null|null");
    assertThat(
            rows(
                Orders.TABLE,
                "source = 'own'",
                "order_id",
                "contact_record_id",
                "email",
                "status",
                "cancelled_at",
                "currency",
                "net"))
        .containsExactly(
            "o1|1|ada@example.com|paid|null|EUR|40.0000",
            "o2|null|cy@example.com|cancelled|2026-05-04 10:10:00|EUR|18.0000");
    assertThat(rows(OrderLines.TABLE, "source = 'own'", "order_id", "line_no", "quantity", "net"))
        .containsExactly("o1|i1|2.0000|40.0000", "o2|i2|1.0000|18.0000");
    assertThat(books).containsEntry("own-products.products.in_table", 1L);
  }

  @Test
  void segmentsCompletedOrders() {
    assertThat(
            rows(
                Orders.TABLE,
                "source = 'segment'",
                "order_id",
                "contact_record_id",
                "ordered_at",
                "gross",
                "discount",
                "net",
                "coupon"))
        .as("tracked twice is one order")
        .containsExactly("5001|u1|2026-05-01 10:06:00|50.0000|4.0000|36.0000|SPRING");
    assertThat(rows(OrderLines.TABLE, "source = 'segment'", "line_no", "product_id", "net"))
        .containsExactly("1|p1|40.0000");
  }

  @Test
  void snowplow() {
    assertThat(
            rows(
                WebEvents.TABLE,
                "source = 'snowplow'",
                "event_id",
                "event_time",
                "event_type",
                "anonymous_id",
                "user_id",
                "email",
                "session_id",
                "product_id",
                "value",
                "campaign",
                "attributes['tr_orderid']"))
        .as("the warehouse's table, and enriched events without a header")
        .containsExactly(
            "e1|2026-05-01 10:00:00.25|page_view|d1|null|null|s1|null|null|spring|null",
            "e2|2026-05-01 10:00:11|other|d1|null|null|s1|null|null|null|null",
            "e3|2026-05-01 10:01:00|add_to_cart|d1|u1|null|s1|null|20.5000|null|null",
            "e4|2026-05-01 10:02:00|search|d1|Ada@Example.com|ada@example.com|s1|null|null|null|null",
            "e5|2026-05-01 10:03:00|purchase|d1|u1|null|s1|null|51.2500|null|1001",
            "e6|2026-05-01 10:03:00|other|d1|u1|null|s1|SKU-1|41.0000|null|null",
            "t1|2026-05-02 10:00:00|page_view|d2|null|null|s2|null|null|null|null",
            "t2|2026-05-02 10:01:00|checkout|d2|null|null|s2|null|null|null|null");
    assertThat(rows(WebEvents.TABLE, "event_id = 't1'", "page"))
        .containsExactly("https://shop.example.com/a \"quoted\" page");
    assertThat(books)
        .as("an event collected twice")
        .containsEntry("snowplow-events.web_events.repeated", 1L);
  }

  @Test
  void surveyMonkeysFileWithTwoRowsOfHeader() {
    assertThat(
            rows(
                SurveyAnswers.TABLE,
                "source = 'surveymonkey-csv'",
                "response_id",
                "question",
                "email",
                "answer",
                "answered_at",
                "attributes"))
        .containsExactly(
            "118052219061|How do you like\nour \"Rosen|Duft\"?|bo@example.com|Very much|2026-05-03 15:58:26|null",
            "118052219061|Please rate|bo@example.com|Delivery: Good; Price: Poor|2026-05-03 15:58:26|null",
            "118052219061|What do you grow?|bo@example.com|Roses; Beans; Other (please specify): Hops|2026-05-03 15:58:26|null",
            "118052219061|Why?|bo@example.com|It is green, and\nit grows|2026-05-03 15:58:26|null",
            "118052219062|Contact information|cy@example.com|Name: Cy Test; Email: cy@example.com|2026-05-04 06:01:00|null",
            "118052219062|What do you grow?|cy@example.com|Beans|2026-05-04 06:01:00|null");
    assertThat(books)
        .as("the header's second row is no response; one who answered nothing is left out")
        .containsEntry("surveymonkey-csv.survey_answers.read", 7L)
        .containsEntry("surveymonkey-csv.survey_answers.left_out", 1L);
  }

  @Test
  void hotjar() {
    assertThat(
            rows(
                SurveyAnswers.TABLE,
                "source = 'hotjar-surveys'",
                "response_id",
                "question",
                "email",
                "answer",
                "answered_at"))
        .containsExactly(
            "a1b2c3d4-0000-4000-8000-000000000001.1.2026-05-05 10:20:30|How did you find us?|ada@example.com|A friend|2026-05-05 10:20:30",
            "a1b2c3d4-0000-4000-8000-000000000001.1.2026-05-05 10:20:30|What is your e-mail address?|ada@example.com|Ada@Example.com|2026-05-05 10:20:30");
  }

  @Test
  void webhooks() {
    assertThat(
            rows(
                Contacts.TABLE,
                "source = 'webhook-contacts'",
                "record_id",
                "email",
                "phone",
                "last_name",
                "updated_at"))
        .as("an object a file, and an array")
        .containsExactly(
            "7|ada@example.com|null|Prøve|2026-05-02 10:00:00",
            "8|bo@example.com|+4520123457|null|2026-05-02 11:00:00");
    assertThat(rows(Consents.TABLE, "source = 'webhook-contacts'", "record_id", "status"))
        .containsExactly("7|withdrawn");
    assertThat(
            rows(
                WebEvents.TABLE,
                "source = 'webhook-events'",
                "event_id",
                "event_time",
                "event_type",
                "email"))
        .as("an object a line")
        .containsExactly(
            "w1|2026-05-02 10:00:00|product_view|null",
            "w2|2026-05-02 08:00:05|other|ada@example.com");
  }

  @Test
  void zeroBounce() {
    assertThat(
            rows(
                Contacts.TABLE,
                "source = 'zerobounce'",
                "record_id",
                "email",
                "email_status",
                "enrichment",
                "attributes"))
        .as("the address' column is found by its name")
        .containsExactly(
            "ada@example.com|ada@example.com|valid|true|null",
            "bo@example.com|bo@example.com|do_not_mail|true|null",
            "cy@example.com|cy@example.com|catch_all|true|null",
            "di@exmaple.com|di@exmaple.com|invalid|true|null",
            "ed@example.com|ed@example.com|unknown|true|null");
  }

  @Test
  void clearbitAndFullContact() {
    assertThat(
            rows(
                Contacts.TABLE,
                "source in ('clearbit', 'fullcontact')",
                "source",
                "email",
                "first_name",
                "last_name",
                "gender",
                "city",
                "country",
                "updated_at",
                "enrichment"))
        .containsExactly(
            "clearbit|ada@example.com|Ada|Prove|female|Copenhagen|DK|2026-04-01 10:20:30|true",
            "clearbit|bo@example.com|Bo|null|null|null|SE|2026-04-02 00:00:00|true",
            "fullcontact|ada@example.com|Ada|Prove|female|Copenhagen|DK|2026-03-04 00:00:00|true",
            "fullcontact|cy@example.com|Cy|null|null|null|null|2026-03-05 00:00:00|true");
    assertThat(
            rows(
                Contacts.TABLE,
                "source in ('clearbit', 'fullcontact') and email = 'ada@example.com'",
                "get_json_object(attributes['company'], '$.metrics.employees')",
                "attributes['ageRange']"))
        .containsExactly("120|null", "null|35-44");
    assertThat(books)
        .as("a company alone, and an answer without an address")
        .containsEntry("clearbit.contacts.left_out", 1L)
        .containsEntry("fullcontact.contacts.left_out", 1L);
  }

  private long book(String name, String measure) {
    return books.get(name + "." + measure);
  }

  /** Returns the columns of the rows that fulfil {@code where}, one text a row, in order. */
  private List<String> rows(Table table, String where, String... columns) {
    var texts =
        Stream.of(columns)
            .map(name -> functions.expr("coalesce(cast(%s as string), 'null')".formatted(name)))
            .toArray(org.apache.spark.sql.Column[]::new);
    return lake
        .lake()
        .read(table)
        .where(where)
        .select(functions.concat_ws("|", texts))
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .sorted()
        .toList();
  }

  /** Takes what a vendor's examples hold of the records that a template reads out of the rest. */
  private static Path unwrapped() throws IOException {
    Path unwrapped = folder.resolve("unwrapped");
    JsonNode stripe = JSON.readTree(VENDORS.resolve("stripe/fixtures3.json").toFile());
    for (String object : List.of("customer", "charge", "refund")) {
      write(unwrapped.resolve("stripe"), object, stripe.get("resources").get(object));
      if (!object.equals("charge")) {
        Path file = VENDORS.resolve("shopify_rest/%s.json".formatted(object));
        write(unwrapped.resolve("shopify"), object, JSON.readTree(file.toFile()).get(object));
      }
    }
    Path order = VENDORS.resolve("shopify_rest/order.json");
    write(unwrapped.resolve("shopify"), "order", JSON.readTree(order.toFile()).get("order"));
    return unwrapped;
  }

  private static void write(Path folder, String name, JsonNode record) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(name + ".json"), record.toString());
  }
}
