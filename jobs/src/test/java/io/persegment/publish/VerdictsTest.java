package io.persegment.publish;

import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.conformed.Consents;
import io.persegment.conformed.Contacts;
import io.persegment.conformed.EmailEvents;
import io.persegment.conformed.Orders;
import io.persegment.customer.ConsentSettings;
import io.persegment.customer.ConsentSettings.Word;
import io.persegment.customer.CustomerAddresses;
import io.persegment.customer.Customers;
import io.persegment.identity.IdentityMap;
import io.persegment.publish.PublishSettings.Mailbox;
import io.persegment.testing.LocalSpark;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalSpark.class)
class VerdictsTest {
  private static final ConsentSettings STRICT = new ConsentSettings(Word.WITHDRAWN, Word.GRANTED);
  private static final ConsentSettings LENIENT = new ConsentSettings(Word.GRANTED, Word.GRANTED);

  private static final String CUSTOMERS =
      """
      select id as customer_id, email, known as is_known, status as email_status,
        consent as email_consent, seen as last_seen_at, profiling as profiling_consent
      from values
        ('visitor',    'visitor@example.com',  false, null,      'granted',   null, null),
        ('nameless',   null,                   true,  null,      'granted',   null, null),
        ('misspelt',   'misspelt@example.com', true,  'invalid', 'granted',   null, null),
        ('trapper',    'trapper@example.com',  true,  'spamtrap', 'granted', null, null),
        ('catcher',    'catcher@example.com',  true,  'catch_all', 'granted', null, null),
        ('bounced',    'bounced@example.com',  true,  null,      'granted',   null, null),
        ('softly',     'softly@example.com',   true,  null,      'granted',   null, null),
        ('moved',      'new@example.com',      true,  null,      'granted',   null, null),
        ('angry',      'angry@example.com',    true,  null,      'granted',   null, null),
        ('reconciled', 'again@example.com',    true,  null,      'granted',   null, null),
        ('leaver',     'leaver@example.com',   true,  null,      null,        null, null),
        ('contacted',  'contact@example.com',  true,  null,      'granted',   null, null),
        ('silent',     'silent@example.com',   true,  null,      null,        null, 'withdrawn'),
        ('refuser',    'refuser@example.com',  true,  null,      'withdrawn', null, null),
        ('merged',     'merged@example.com',   true,  null,      'granted',   null, null),
        ('fresh',      'fresh@example.com',    true,  null,      null,        null, null),
        ('early',      'home@example.com',     true,  null,      'granted',   '2026-01-01', null),
        ('late',       'home@example.com',     true,  null,      'granted',   '2026-02-01', null),
        ('same-b',     'flat@example.com',     true,  null,      'granted',   '2026-02-01', null),
        ('same-a',     'flat@example.com',     true,  null,      'granted',   '2026-02-01', null),
        ('outlived',   'cafe@example.com',     true,  null,      'withdrawn', '2026-02-01', null),
        ('survivor',   'cafe@example.com',     true,  null,      'granted',   '2026-01-01', null)
        as t(id, email, known, status, consent, seen, profiling)
      """;

  private static final String EVENTS =
      """
      select 'klaviyo' as source, email, contact as contact_record_id, type as event_type,
        kind as bounce_kind, at as event_time
      from values
        ('bounced@example.com', null, 'bounced',      'hard', '2025-01-01'),
        ('softly@example.com',  null, 'bounced',      'soft', '2026-01-01'),
        ('old@example.com',     null, 'bounced',      'hard', '2026-01-01'),
        ('angry@example.com',   null, 'complained',   null,   '2026-01-02'),
        ('again@example.com',   null, 'complained',   null,   '2026-01-02'),
        ('leaver@example.com',  null, 'unsubscribed', null,   '2026-01-02'),
        (null,                  'k1', 'unsubscribed', null,   '2026-01-02'),
        ('fresh@example.com',   null, 'opened',       null,   '2026-01-02')
        as t(email, contact, type, kind, at)
      """;

  private static final String CONSENTS =
      """
      select email, channel, purpose, status, at as observed_at
      from values
        ('angry@example.com',   'email', 'marketing', 'granted',   '2026-01-01'),
        ('again@example.com',   'email', 'marketing', 'granted',   '2026-01-03'),
        ('leaver@example.com',  'all',   'marketing', 'granted',   '2026-01-02'),
        ('merged@example.com',  'email', 'marketing', 'granted',   '2026-01-05'),
        ('second@example.com',  'email', 'marketing', 'withdrawn', '2026-01-01'),
        ('fresh@example.com',   'email', 'marketing', 'withdrawn', '2026-01-01'),
        ('fresh@example.com',   'all',   'marketing', 'granted',   '2026-01-02'),
        ('silent@example.com',  'sms',   'marketing', 'granted',   '2026-01-01'),
        ('silent@example.com',  'email', 'profiling', 'granted',   '2026-01-01')
        as t(email, channel, purpose, status, at)
      """;

  private static final String CONTACTS =
      """
      select source, id as record_id, email from values
        ('klaviyo', 'k1', 'contact@example.com'),
        ('crm',     'c1', 'second@example.com'),
        ('crm',     'c2', 'old@example.com')
        as t(source, id, email)
      """;

  private static final String IDENTITIES =
      """
      select source, type as record_type, id as record_id, customer as customer_id from values
        ('klaviyo', 'contact', 'k1', 'contacted'),
        ('crm',     'contact', 'c1', 'merged'),
        ('crm',     'contact', 'c2', 'moved'),
        ('',        'address', 'fresh@example.com', 'fresh')
        as t(source, type, id, customer)
      """;

  @Test
  void saysForEveryCustomerWhetherAndWhyNot(LocalSpark.Handle spark) {
    assertThat(reasons(spark, STRICT))
        .containsOnly(
            Map.entry("visitor", "no_email"),
            Map.entry("nameless", "no_email"),
            Map.entry("misspelt", "invalid_email"),
            Map.entry("trapper", "unsafe_email"),
            Map.entry("catcher", "mailed"),
            Map.entry("bounced", "bounced"),
            Map.entry("softly", "mailed"),
            Map.entry("moved", "mailed"),
            Map.entry("angry", "complained"),
            Map.entry("reconciled", "mailed"),
            Map.entry("leaver", "unsubscribed"),
            Map.entry("contacted", "unsubscribed"),
            Map.entry("silent", "no_consent"),
            Map.entry("refuser", "withdrawn"),
            Map.entry("merged", "withdrawn"),
            Map.entry("fresh", "mailed"),
            Map.entry("early", "shared_mailbox"),
            Map.entry("late", "mailed"),
            Map.entry("same-b", "shared_mailbox"),
            Map.entry("same-a", "mailed"),
            Map.entry("outlived", "withdrawn"),
            Map.entry("survivor", "mailed"));
  }

  @Test
  void silenceIsConsentOnlyWhereDeclared(LocalSpark.Handle spark) {
    assertThat(reasons(spark, LENIENT))
        .containsEntry("silent", "mailed")
        .containsEntry("refuser", "withdrawn")
        .containsEntry("leaver", "unsubscribed");
  }

  @Test
  void onlyDescribesItsResult(LocalSpark.Handle spark) throws Exception {
    assertThat(spark.jobsStartedBy(() -> verdicts(spark, STRICT))).isZero();
  }

  private static Map<String, String> reasons(LocalSpark.Handle spark, ConsentSettings settings) {
    return verdicts(spark, settings)
        .select(Customers.CUSTOMER_ID.col(), Verdicts.REASON.col())
        .collectAsList()
        .stream()
        .collect(
            Collectors.toMap(
                row -> row.getString(0), row -> row.isNullAt(1) ? "mailed" : row.getString(1)));
  }

  private static Dataset<Row> verdicts(LocalSpark.Handle spark, ConsentSettings settings) {
    Dataset<Row> customers = spark.rows(Customers.TABLE, CUSTOMERS);
    Dataset<Row> contacts = spark.rows(Contacts.TABLE, CONTACTS);
    Dataset<Row> words =
        Words.of(
            spark.rows(Consents.TABLE, CONSENTS), spark.rows(EmailEvents.TABLE, EVENTS), contacts);
    Dataset<Row> noOrders =
        spark.rows(Orders.TABLE).withColumn(Customers.CUSTOMER_ID.name(), lit("nobody"));
    Dataset<Row> emails =
        CustomerAddresses.emails(spark.rows(IdentityMap.TABLE, IDENTITIES), contacts, noOrders);
    Dataset<Row> addresses = Addresses.of(customers, emails);
    return Verdicts.of(customers, Standing.of(words, addresses), settings, Mailbox.LAST_SEEN);
  }
}
