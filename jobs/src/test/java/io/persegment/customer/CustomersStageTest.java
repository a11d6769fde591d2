package io.persegment.customer;

import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.config.Section;
import io.persegment.config.TextSection;
import io.persegment.conformed.Consents;
import io.persegment.conformed.Contacts;
import io.persegment.conformed.Orders;
import io.persegment.identity.IdentityMap;
import io.persegment.testing.LocalSpark;
import io.persegment.testing.TestLake;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ada has two contacts and an order, Bo is a guest, Cy only an address; Di and Ed share one, Flo's
 * is none; Gus is written in four ways; one visitor is unknown. Addresses were checked, and facts
 * bought.
 */
@ExtendWith(LocalSpark.class)
@TestInstance(Lifecycle.PER_CLASS)
class CustomersStageTest {
  private static final String MAP =
      """
      select source, record_type, record_id, customer_id, date'2026-01-01' as since from values
        ('shop', 'contact', '1', 'ada'), ('crm', 'contact', '9', 'ada'),
        ('shop', 'order', 'o2', 'bo'), ('crm', 'contact', '10', 'di'), ('crm', 'contact', '11', 'ed'),
        ('crm', 'contact', '12', 'flo'), ('crm', 'contact', '20', 'gus'), ('crm', 'contact', '21', 'gus'),
        ('shop', 'contact', '22', 'gus'), ('till', 'contact', '23', 'gus'), ('shop', 'order', 'o4', 'gus'),
        ('', 'address', 'cy@x.example', 'cy'),
        ('web', 'anonymous_id', 'v1', 'visitor')
        as t(source, record_type, record_id, customer_id)
      """;
  private static final String CONTACTS =
      """
      select *, 'f' as source_file, current_timestamp() as ingested_at from values
        ('shop', '1', 'ada@new.example', null, 'Ada', null, 'Rosenvej 1', null,
          timestamp'2026-03-01', timestamp'2025-01-01', map('vip', 'yes', 'size', 'M'), null, null, null),
        ('crm', '9', 'ada@old.example', 'Lovelace', 'A.', date'1980-02-03', 'Old Road 7', '2100',
          timestamp'2026-02-01', timestamp'2024-01-01', map('size', 'S', 'club', 'gold'), null, 'valid', null),
        ('bought', 'b1', 'ada@old.example', 'Byron', 'Augusta', date'1815-12-10', 'Piccadilly 1', '1000',
          timestamp'2026-05-01', timestamp'2020-01-01', map('title', 'Countess', 'size', 'XL'), 'female', null, true),
        ('bought', 'b2', 'cy@x.example', 'Young', 'Cy', null, null, null, null, null, null, null, null, true),
        ('bought', 'b3', 'office@x.example', 'Office', null, null, null, null, null, null, null, null, null, true),
        ('bought', 'b4', 'nobody@x.example', 'Nobody', null, null, null, null, null, null, null, null, null, true),
        ('check', 'c1', 'ada@new.example', null, null, null, null, null, null, null, null, null, 'do_not_mail', true),
        ('check', 'c2', 'ada@old.example', null, null, null, null, null, null, null, null, null, 'invalid', true),
        ('crm', '10', 'office@x.example', null, null, null, null, null, null, null, null, null, 'role', null),
        ('crm', '11', 'office@x.example', null, null, null, null, null, null, null, null, null, 'catch_all', null),
        ('crm', '12', null, null, null, null, null, null, null, null, null, null, 'invalid', null),
        ('crm', '20', null, null, 'Gus', null, 'Elm 1', null, timestamp'2026-01-01', null, null, null, null, null),
        ('crm', '21', null, null, 'Gus', null, null, null, timestamp'2026-01-02', null, null, null, null, null),
        ('shop', '22', null, null, 'Gustav', null, 'Oak 2', '2200', timestamp'2026-01-03', null, null, null, null, null),
        ('till', '23', null, null, 'G.', null, 'Fir 3', null, timestamp'2026-01-04', null, null, null, null, null)
        as t(source, record_id, email, last_name, first_name, birth_date, street, postcode,
          updated_at, created_at, attributes, gender, email_status, enrichment)
      """;
  private static final String ORDERS =
      """
      select *, 'paid' as status, 10 as net, 'f' as source_file, current_timestamp() as ingested_at
      from values
        ('shop', 'o1', '1', 'ada@third.example', null, 'Augusta', timestamp'2026-06-01'),
        ('shop', 'o2', null, 'bo@x.example', '+4520111111', 'Bo', timestamp'2026-05-01'),
        ('shop', 'o4', null, 'gus@x.example', null, 'Gustavus', timestamp'2026-05-01'),
        ('shop', 'o3', '1', 'ada@future.example', null, 'Future', timestamp'2026-07-01')
        as t(source, order_id, contact_record_id, email, phone, first_name, ordered_at)
      """;

  private static final String CONSENTS =
      """
      select *, 'news' as source, 'f' as source_file, current_timestamp() as ingested_at from values
        ('1', 'ada@new.example', null, 'email', 'marketing', 'withdrawn', timestamp'2026-01-01'),
        ('2', 'ada@new.example', null, 'email', 'marketing', 'granted', timestamp'2026-02-01'),
        ('3', 'ada@third.example', null, 'all', 'marketing', 'withdrawn', timestamp'2026-01-01'),
        ('4', 'bo@x.example', null, 'email', 'marketing', 'withdrawn', timestamp'2026-01-01'),
        ('5', 'bo@x.example', null, 'email', 'marketing', 'granted', timestamp'2026-03-01'),
        ('6', null, '+4520111111', 'sms', 'marketing', 'granted', timestamp'2026-03-01'),
        ('7', 'cy@x.example', null, 'email', 'profiling', 'granted', timestamp'2026-03-01'),
        ('8', 'cy@x.example', null, 'email', 'profiling', 'withdrawn', timestamp'2026-03-01')
        as t(record_id, email, phone, channel, purpose, status, observed_at)
      """;

  private Map<String, Row> customers;
  private Map<String, Row> declared;

  @BeforeAll
  void runOnce(@TempDir Path folder, LocalSpark.Handle spark) {
    var lake = new TestLake(spark, folder.resolve("lake"));
    lake.lake().append(IdentityMap.TABLE, spark.rows(IdentityMap.TABLE, MAP));
    lake.lake().append(Contacts.TABLE, spark.rows(Contacts.TABLE, CONTACTS));
    lake.lake().append(Orders.TABLE, spark.rows(Orders.TABLE, ORDERS));
    lake.lake().append(Consents.TABLE, spark.rows(Consents.TABLE, CONSENTS));
    customers = customers(lake, "");
    declared =
        customers(
            lake,
            """
            rule = most-complete
            fields {
              first_name { rule = most-frequent }
              email { sources = [crm] }
              last_name { sources = [bought] }
            }
            """);
  }

  private static Map<String, Row> customers(TestLake lake, String survivorship) {
    Section section =
        TextSection.of("customers.survivorship { %s }".formatted(survivorship))
            .section("customers")
            .section("survivorship");
    var stage =
        new CustomersStage(Survivorship.from(section, List.of("shop", "crm", "till", "bought")));
    lake.run(LocalDate.of(2026, 6, 30), true, stage);
    return lake.lake().read(Customers.TABLE).collectAsList().stream()
        .collect(Collectors.toMap(row -> row.getAs("customer_id"), row -> row));
  }

  @Test
  void whatSurvivesIsDeclared() {
    assertThat(customers.get("gus").<String>getAs("first_name")).isEqualTo("G.");
    assertThat(customers.get("gus").<String>getAs("street")).isEqualTo("Fir 3");
    assertThat(declared.get("gus").<String>getAs("first_name")).as("of two").isEqualTo("Gus");
    assertThat(declared.get("gus").<String>getAs("street")).as("of two parts").isEqualTo("Oak 2");
    assertThat(declared.get("gus").getJavaMap(declared.get("gus").fieldIndex("provenance")))
        .containsEntry("first_name", "crm/21")
        .containsEntry("postcode", "shop/22");
    assertThat(declared.get("ada").<String>getAs("email")).isEqualTo("ada@old.example");
    assertThat(declared.get("ada").<String>getAs("last_name"))
        .as("what others found out fills gaps only")
        .isEqualTo("Lovelace");
  }

  @Test
  void whatCountsComesFromTheMostRecentContact() {
    Row ada = customers.get("ada");
    assertThat(ada.<String>getAs("email")).isEqualTo("ada@new.example");
    assertThat(ada.<String>getAs("email_sha256")).hasSize(64);
    assertThat(ada.<String>getAs("first_name")).isEqualTo("Ada");
    assertThat(ada.<String>getAs("last_name")).isEqualTo("Lovelace");
    assertThat(ada.getJavaMap(ada.fieldIndex("provenance")))
        .containsEntry("email", "shop/1")
        .containsEntry("last_name", "crm/9")
        .containsEntry("street", "shop/1");
    assertThat(ada.getJavaMap(ada.fieldIndex("attributes")))
        .isEqualTo(Map.of("vip", "yes", "size", "M", "club", "gold", "title", "Countess"));
  }

  @Test
  void whatOthersFoundOutFillsGapsAndOverrulesNothing() {
    Row ada = customers.get("ada");
    assertThat(ada.<String>getAs("gender")).isEqualTo("female");
    assertThat(ada.getJavaMap(ada.fieldIndex("provenance"))).containsEntry("gender", "bought/b1");
    assertThat(ada.<String>getAs("last_name")).isEqualTo("Lovelace");
    assertThat(ada.<Long>getAs("record_count")).isEqualTo(2);
    assertThat(ada.<Timestamp>getAs("first_seen_at").toInstant())
        .isEqualTo(Instant.parse("2024-01-01T00:00:00Z"));
    assertThat(customers.get("cy").<String>getAs("last_name")).isEqualTo("Young");
    assertThat(customers.get("di").<String>getAs("last_name"))
        .as("an address of two people tells of neither")
        .isNull();
  }

  @Test
  void theWorstThatAnyRecordSaysOfTheAddressCounts() {
    assertThat(customers.get("ada").<String>getAs("email_status")).isEqualTo("do_not_mail");
    assertThat(customers.get("di").<String>getAs("email_status")).isEqualTo("role");
    assertThat(customers.get("ed").<String>getAs("email_status")).isEqualTo("role");
    assertThat(customers.get("flo").<String>getAs("email_status"))
        .as("no address, and why")
        .isEqualTo("invalid");
    assertThat(customers.get("bo").<String>getAs("email_status")).isNull();
  }

  @Test
  void anAddressIsNeverPutTogetherFromTwoRecords() {
    Row ada = customers.get("ada");

    assertThat(ada.<String>getAs("street")).isEqualTo("Rosenvej 1");
    assertThat(ada.<String>getAs("postcode")).isNull();
  }

  @Test
  void everyCustomerIsThereWithWhereTheyAreKnown() {
    assertThat(customers).containsOnlyKeys("ada", "bo", "cy", "di", "ed", "flo", "gus", "visitor");
    assertThat(customers.get("ada").getList(customers.get("ada").fieldIndex("sources")))
        .hasToString("[crm, shop]");
    assertThat(customers.get("ada").<Long>getAs("record_count")).isEqualTo(2);
    assertThat(customers.get("bo").<String>getAs("phone")).isEqualTo("+4520111111");
    assertThat(customers.get("cy").<String>getAs("email")).isEqualTo("cy@x.example");
    assertThat(customers.get("visitor").<Boolean>getAs("is_known")).isFalse();
    assertThat(customers.get("bo").<Boolean>getAs("is_known")).isTrue();
  }

  @Test
  void whatHappenedAfterTheDateIsNotKnown() {
    Row ada = customers.get("ada");

    assertThat(ada.<Timestamp>getAs("last_seen_at").toInstant())
        .isEqualTo(Instant.parse("2026-06-01T00:00:00Z"));
    assertThat(ada.<Timestamp>getAs("first_seen_at").toInstant())
        .isEqualTo(Instant.parse("2024-01-01T00:00:00Z"));
  }

  @Test
  void theLatestWordOfAnAddressCountsAndTheStrictestOfAllAddresses() {
    assertThat(customers.get("ada").<String>getAs("email_consent")).isEqualTo("withdrawn");
    assertThat(customers.get("ada").<String>getAs("sms_consent")).isEqualTo("withdrawn");
    assertThat(customers.get("bo").<String>getAs("email_consent")).isEqualTo("granted");
    assertThat(customers.get("bo").<String>getAs("sms_consent")).isEqualTo("granted");
    assertThat(customers.get("bo").<String>getAs("profiling_consent")).isNull();
    assertThat(customers.get("cy").<String>getAs("profiling_consent")).isEqualTo("withdrawn");
  }
}
