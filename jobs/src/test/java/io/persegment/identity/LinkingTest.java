package io.persegment.identity;

import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.conformed.Consents;
import io.persegment.conformed.ContactMerges;
import io.persegment.conformed.Contacts;
import io.persegment.conformed.EmailEvents;
import io.persegment.conformed.Orders;
import io.persegment.conformed.SurveyAnswers;
import io.persegment.conformed.WebEvents;
import io.persegment.identity.IdentitySettings.Identifier;
import io.persegment.identity.IdentitySettings.Period;
import io.persegment.matching.MatchingSettings;
import io.persegment.run.StageReport;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import io.persegment.testing.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Small shops, and who is one person in them. */
@ExtendWith(LocalSpark.class)
class LinkingTest {
  @TempDir Path folder;
  private final Map<Table, String> tables = new HashMap<>();
  private Graph graph;
  private final StageReport report = new StageReport();
  private Optional<String> decisions = Optional.empty();
  private Period perLogin = Period.EVER;

  @Test
  void contactsAreLinkedByEmailAndIdsOfEveryKind(LocalSpark.Handle spark) {
    contacts(
        "source, record_id, email, loyalty_id, external_ids",
        "('shop', '1', 'a@example.com', null, null)",
        "('crm', '1', 'a@example.com', null, null)", // same e-mail
        "('crm', '2', 'b@example.com', null, map('shop', '1'))", // names shop's record 1
        "('pos', '1', null, 'L1', map('erp', '77'))",
        "('crm', '3', null, 'L1', null)", // same card
        "('mail', '1', null, null, map('ERP', '77'))", // same id in a third system
        "('mail', '2', 'c@example.com', null, map('erp', '78'))",
        "('shop', '2', 'c@example.com ', null, null)"); // not the same to the letter
    assertThat(people(spark, 1))
        .containsExactlyInAnyOrder(
            "crm/contact/1 crm/contact/2 shop/contact/1",
            "crm/contact/3 mail/contact/1 pos/contact/1",
            "mail/contact/2",
            "shop/contact/2");
  }

  @Test
  void anAddressOfMorePersonsThanAHouseholdLinksNobody(LocalSpark.Handle spark) {
    contacts(
        "source, record_id, email, first_name, last_name",
        "('shop', '1', 'none@example.com', 'Anna', 'Berg')",
        "('shop', '2', 'none@example.com', 'Anna', 'Holm')",
        "('shop', '3', 'none@example.com', 'Bert', 'Lund')",
        "('shop', '4', 'none@example.com', 'Carl', 'Dahl')",
        "('shop', '5', 'none@example.com', 'Dora', 'Vik')",
        "('shop', '6', 'three@example.com', 'Anna', 'Berg')",
        "('shop', '7', 'three@example.com', 'Anna', 'Berg')",
        "('shop', '8', 'three@example.com', 'Bert', 'Berg')",
        "('shop', '9', 'three@example.com', 'Carl', 'Berg')");
    assertThat(people(spark, 1))
        .hasSize(8)
        .contains("shop/contact/6 shop/contact/7", "shop/contact/1", "shop/contact/2");
  }

  @Test
  void aContactThatItsSystemMergedIsOneWithTheOtherHoweverManyThereAre(LocalSpark.Handle spark) {
    contacts("source, record_id, email", "('hubspot', '5', 'a@example.com')");
    String[] merges = new String[12];
    for (int i = 0; i < merges.length; i++) {
      merges[i] = "('hubspot', 'old%02d', '5')".formatted(i);
    }
    with(ContactMerges.TABLE, "source, record_id, merged_into", merges);
    orders(
        "source, order_id, contact_record_id, email",
        "('hubspot', 'o1', 'old01', null)",
        "('shop', 'o2', '5', null)"); // another system's 5

    assertThat(people(spark, 1))
        .hasSize(2)
        .contains("shop/contact/5")
        .anyMatch(records -> records.startsWith("hubspot/contact/5 hubspot/contact/old00 "));
  }

  @Test
  void ordersAndEventsBelongToWhoeverHoldsTheirEmail(LocalSpark.Handle spark) {
    contacts("source, record_id, email", "('shop', '1', 'a@example.com')");
    orders(
        "source, order_id, contact_record_id, email, phone",
        "('shop', 'o1', null, 'a@example.com', null)", // a guest with the contact's e-mail
        "('shop', 'o2', '9', 'n@example.com', null)", // of a contact that is not there
        "('shop', 'o3', null, 'n@example.com', null)",
        "('shop', 'o4', null, null, null)", // nobody's
        "('shop', 'till1', 'till', 'x@example.com', null)", // three e-mails of one contact
        "('shop', 'till2', 'till', 'y@example.com', null)",
        "('shop', 'till3', 'till', 'z@example.com', null)");
    with(
        EmailEvents.TABLE,
        "source, event_id, event_type, email, contact_record_id",
        "('mail', '1', 'opened', 'a@example.com', '5')",
        "('mail', '2', 'opened', 'only@example.com', null)");
    with(Consents.TABLE, "email, phone", "('a@example.com', null)", "('yes@example.com', null)");
    with(SurveyAnswers.TABLE, "email", "('yes@example.com')");
    assertThat(people(spark, 1))
        .containsExactlyInAnyOrder(
            "mail/contact/5 shop/contact/1 shop/order/o1",
            "shop/contact/9 shop/order/o3",
            "shop/contact/till",
            "/address/x@example.com",
            "/address/y@example.com",
            "/address/z@example.com",
            "/address/only@example.com",
            "/address/yes@example.com");
    assertThat(cut())
        .containsExactlyInAnyOrderEntriesOf(Map.of("shop/contact/till", Addresses.TOO_MANY));
  }

  @Test
  void loginsTieDevicesButADeviceNeverTiesTwoLogins(LocalSpark.Handle spark) {
    contacts("source, record_id, email, external_ids", "('shop', '1', null, map('login', 'u1'))");
    with(
        WebEvents.TABLE,
        "source, event_id, anonymous_id, user_id, email",
        "('web', '1', 'd1', 'u1', null)",
        "('web', '2', 'd1', 'u1', null)",
        "('web', '3', 'd1', 'u2', null)", // d1 is u1's, where u2 once logged in
        "('web', '4', 'd2', 'u2', 'b@example.com')",
        "('web', '5', 'd3', null, 'b@example.com')",
        "('web', '6', 'd3', null, 'b@example.com')",
        "('web', '7', 'd3', null, 'c@example.com')", // d3 is b's
        "('web', '8', 'd4', null, null)",
        "('app', '9', 'd1', 'u1', null)", // another system's device, the same login
        "('web', '10', 'd5', 'u4', null)", // a tie goes to the lesser login
        "('web', '11', 'd5', 'u3', null)");
    assertThat(people(spark, 1))
        .containsExactlyInAnyOrder(
            "app/anonymous_id/d1 app/login/u1 shop/contact/1 web/anonymous_id/d1 web/login/u1",
            "/address/b@example.com web/anonymous_id/d2 web/anonymous_id/d3 web/login/u2",
            "/address/c@example.com",
            "web/anonymous_id/d4",
            "web/anonymous_id/d5 web/login/u3",
            "web/login/u4");
    assertThat(cut().keySet())
        .containsExactlyInAnyOrder(
            "web/anonymous_id/d1", "web/anonymous_id/d3", "web/anonymous_id/d5");
  }

  @Test
  void aPhoneLinksOnlyNamesThatDoNotContradict(LocalSpark.Handle spark) {
    contacts(
        "source, record_id, phone, first_name, last_name",
        "('a', '1', '+451', 'Søren', 'Jensen')",
        "('b', '1', '+451', 'soren', 'JENSSEN')", // a letter apart
        "('c', '1', '+451', null, null)", // can be nobody else
        "('a', '2', '+452', 'John', 'Berg')",
        "('b', '2', '+452', 'John', 'Berg')",
        "('c', '2', '+452', 'Jane', 'Berg')",
        "('d', '2', '+452', 'J.', 'Berg')", // may be either
        "('e', '2', '+452', null, null)", // may be anyone
        "('f', '2', '+452', null, null)",
        "('a', '3', '+453', 'A', 'A')",
        "('b', '3', '+453', 'A', 'A')",
        "('c', '3', '+453', 'B', 'B')",
        "('d', '3', '+453', 'C', 'C')",
        "('e', '3', '+453', 'D', 'D')",
        "('f', '3', '+453', 'E', 'E')"); // five names: a call centre's number
    orders(
        "source, order_id, phone, first_name, last_name", "('shop', 'o1', '+452', 'Jane', 'Berg')");
    assertThat(people(spark, 1).stream().filter(person -> person.contains(" ")))
        .containsExactlyInAnyOrder(
            "a/contact/1 b/contact/1 c/contact/1",
            "a/contact/2 b/contact/2",
            "c/contact/2 shop/order/o1");
    assertThat(cut())
        .hasSize(8)
        .containsEntry("e/contact/2", Phones.UNCLEAR)
        .containsEntry("a/contact/3", Phones.JUNK);
  }

  @Test
  void anEmailOfSeveralPersonsLinksThoseWhoseFirstNamesAgree(LocalSpark.Handle spark) {
    contacts(
        "source, record_id, email, first_name, last_name",
        "('a', '1', 'berg@example.com', 'Jonathan', 'Berg')",
        "('c', '1', 'berg@example.com', 'Jon', 'Olsen')", // short for it; married
        "('a', '2', 'berg@example.com', 'Elisabeth', 'Berg')");
    orders(
        "source, order_id, email, first_name, last_name",
        "('shop', 'o1', 'berg@example.com', 'Lisa', 'Berg')"); // short for Elisabeth
    assertThat(people(spark, 1))
        .containsExactly("a/contact/1 c/contact/1", "a/contact/2 shop/order/o1");
    assertThat(cut().values()).containsOnly(Judgement.OTHER_NAME);
    Map<String, Set<String>> holders = new TreeMap<>();
    for (Row link : graph.links().where("kept").collectAsList()) {
      String key = link.getAs(IdentityLinks.RIGHT_KEY.name());
      holders
          .computeIfAbsent(key.replaceFirst(":[0-9a-f]{64}", ""), each -> new TreeSet<>())
          .add(link.getAs(IdentityLinks.LEFT_KEY.name()));
    }
    assertThat(holders.keySet()).containsExactly("identifier:email", "identifier:email#2");
    assertThat(holders.values())
        .as("each of the two links its own")
        .containsExactlyInAnyOrder(
            Set.of("a/contact/1", "c/contact/1"), Set.of("a/contact/2", "shop/order/o1"));
  }

  @Test
  void whatAPersonDecidedWins(LocalSpark.Handle spark) throws IOException {
    contacts(
        "source, record_id, email",
        "('a', '1', 'a@example.com')",
        "('b', '1', 'a@example.com')",
        "('a', '2', 'b@example.com')",
        "('b', '2', 'c@example.com')");
    Path pairs =
        Files.write(
            folder.resolve("pairs.csv"),
            List.of(
                "left_key,right_key,decision",
                "b/contact/1,a/contact/1,different",
                "a/contact/1,b/contact/1,same",
                " a/contact/2 ,b/contact/2,same",
                "a/contact/1,a/contact/9,same",
                "a/contact/1,b/contact/2,"));
    decisions = Optional.of(pairs.toString());
    assertThat(people(spark, 1))
        .containsExactly("a/contact/1", "a/contact/2 b/contact/2", "b/contact/1");
    assertThat(new TreeSet<>(cut().values())).containsExactly(Judgement.NEVER);
    assertThat(
            graph
                .links()
                .where(IdentityLinks.RULE.col().equalTo(Decisions.RULE))
                .selectExpr(
                    "least(left_key, right_key)", "greatest(left_key, right_key)", "cut_reason")
                .collectAsList())
        .extracting(row -> row.mkString(" "))
        .containsExactlyInAnyOrder(
            "a/contact/1 b/contact/1 " + Judgement.NEVER, "a/contact/2 b/contact/2 null");
    assertThat(report.warnings())
        .containsExactly(
            ("1 of 4 pairs in %s name a record that the lake has not, the first in row 4 below"
                    + " its header; they say nothing")
                .formatted(pairs),
            "1 pairs in %s are both same and different; they are taken as different"
                .formatted(pairs));
  }

  @Test
  void whatAPersonDecidedWinsOverLimits(LocalSpark.Handle spark) throws IOException {
    contacts(
        "source, record_id, email, first_name, external_ids",
        "('a', '1', 'a@example.com', 'Anna', map('login', 'u1'))",
        "('b', '1', 'a@example.com', 'Bert', map('login', 'u2'))");
    Path pairs =
        Files.write(
            folder.resolve("pairs.csv"),
            List.of("left_key,right_key,decision", "a/contact/1,b/contact/1,same"));
    decisions = Optional.of(pairs.toString());
    assertThat(people(spark, 1)).containsExactly("a/contact/1 b/contact/1");
  }

  @Test
  void nobodyHasTwoLoginsOrTwoRecordsOfASourceWithoutDuplicates(LocalSpark.Handle spark) {
    contacts(
        "source, record_id, email, loyalty_id, external_ids",
        "('a', '1', 'a@example.com', null, map('login', 'u1'))",
        "('a', '2', 'a@example.com', null, map('login', 'u2'))",
        "('till', '1', null, 'L1', null)",
        "('till', '2', null, 'L1', null)");
    assertThat(people(spark, 1))
        .containsExactly("a/contact/1", "a/contact/2", "till/contact/1", "till/contact/2");
    assertThat(new TreeSet<>(cut().values()))
        .containsExactly(Judgement.MORE_THAN + "1 login", Judgement.MORE_THAN + "1 record of till");
  }

  @Test
  void aLimitOfAPeriodCountsWhatWasFirstSeenInIt(LocalSpark.Handle spark) {
    contacts(
        "source, record_id, email, external_ids, created_at",
        "('a', '1', 'a@example.com', map('login', 'u1'), timestamp'2025-12-31 12:00:00')",
        "('a', '2', 'a@example.com', map('login', 'u2'), timestamp'2026-02-01 12:00:00')",
        "('a', '3', 'c@example.com', map('login', 'u1'), timestamp'2026-02-01 12:00:00')",
        "('b', '1', 'b@example.com', map('login', 'u3'), timestamp'2026-02-01 12:00:00')",
        "('b', '2', 'b@example.com', map('login', 'u4'), timestamp'2026-03-01 12:00:00')",
        "('c', '1', 'd@example.com', map('login', 'u5'), null)",
        "('c', '2', 'd@example.com', map('login', 'u6'), null)");
    perLogin = Period.YEAR;
    assertThat(people(spark, 1))
        .containsExactly(
            "a/contact/1 a/contact/2 a/contact/3",
            "b/contact/1",
            "b/contact/2",
            "c/contact/1",
            "c/contact/2");
    assertThat(new TreeSet<>(cut().values()))
        .containsExactly(
            Judgement.MORE_THAN + "1 login of no known time",
            Judgement.MORE_THAN + "1 login of one year");
    perLogin = Period.EVER;
    assertThat(people(spark, 1)).contains("a/contact/1 a/contact/3", "a/contact/2");
  }

  @Test
  void aLoginOnFarMoreDevicesIsNobodysAndADeviceOfManyHasNoOwner(LocalSpark.Handle spark) {
    String[] events = new String[70];
    for (int i = 0; i < 60; i++) {
      events[i] = "('web', '%d', 'd%02d', 'shop', null)".formatted(i, i);
    }
    for (int i = 60; i < 70; i++) {
      events[i] =
          "('web', '%d', 'd%02d', 'u%d', null)".formatted(i, i < 66 ? 0 : 1, i < 66 ? i : 66);
    }
    with(WebEvents.TABLE, "source, event_id, anonymous_id, user_id, email", events);
    assertThat(people(spark, 1))
        .contains("web/login/shop", "web/anonymous_id/d00", "web/login/u60")
        .contains("web/anonymous_id/d01 web/login/u66")
        .contains("web/anonymous_id/d59");
  }

  @Test
  void junkAddressesLinkNothingButAFaithfulGuestIsOnePerson(LocalSpark.Handle spark) {
    contacts(
        "source, record_id, email",
        "('a', '1', 'info@example.com')",
        "('b', '1', 'info@example.com')",
        "('a', '2', 'none@example.com')",
        "('a', '3', 'none@example.com')",
        "('a', '4', 'none@example.com')",
        "('a', '5', 'none@example.com')",
        "('a', '6', 'none@example.com')",
        "('a', '7', 'none@example.com')"); // on six records, one more than may be
    orders(
        "source, order_id, email, first_name, last_name",
        "('shop', 'o1', 'g@example.com', 'Ann', 'Lee')",
        "('shop', 'o2', 'g@example.com', 'ann', 'lee')",
        "('shop', 'o3', 'g@example.com', 'Ann', 'Lee')",
        "('shop', 'o4', 'g@example.com', 'Ann', 'Lee ')");
    assertThat(people(spark, 1))
        .hasSize(9)
        .contains("shop/order/o1 shop/order/o2 shop/order/o3 shop/order/o4");
    assertThat(cut())
        .hasSize(8)
        .containsEntry("a/contact/1", Links.NEVER)
        .containsEntry("a/contact/2", Links.JUNK);
  }

  @Test
  void orderPartitionsAndNamesOfSourcesChangeNothing(LocalSpark.Handle spark) {
    String[] rows = new String[40];
    for (int i = 0; i < rows.length; i++) {
      rows[i] =
          "('s%d', '%d', 'm%d@example.com', '+45%d', '%s', map('login', %s))"
              .formatted(
                  i % 3,
                  i,
                  i * 7 % 13,
                  i * 5 % 29,
                  List.of("Anna", "Bert", "Cecil").get(i % 3),
                  i % 4 == 0 ? "'u" + i % 8 + "'" : "null");
    }
    String columns = "source, record_id, email, phone, first_name, external_ids";
    contacts(columns, rows);
    Set<String> once = people(spark, 1);
    Collections.shuffle(Arrays.asList(rows), new Random(5));
    contacts(columns, rows);
    assertThat(once).hasSizeBetween(10, 35);
    assertThat(people(spark, 7)).isEqualTo(once);
    Arrays.setAll(rows, i -> rows[i].replace("('s0'", "('z9'"));
    contacts(columns, rows);
    Set<String> renamed = people(spark, 2);
    assertThat(renamed.stream().map(LinkingTest::withFormerNames).collect(Collectors.toSet()))
        .isEqualTo(once);
  }

  private static String withFormerNames(String person) {
    return Arrays.stream(person.replace("z9/", "s0/").split(" "))
        .sorted()
        .collect(Collectors.joining(" "));
  }

  @Test
  void linksShowNoIdentifierInClear(LocalSpark.Handle spark) {
    contacts(
        "source, record_id, email", "('a', '1', 'a@example.com')", "('b', '1', 'a@example.com')");
    with(WebEvents.TABLE, "source, event_id, user_id, email", "('w', '1', 'u', 'b@example.com')");
    people(spark, 1);
    List<String> links = graph.links().toJSON().collectAsList();
    assertThat(links).isNotEmpty().noneMatch(link -> link.contains("@"));
  }

  private void contacts(String columns, String... rows) {
    with(Contacts.TABLE, columns, rows);
  }

  private void orders(String columns, String... rows) {
    with(Orders.TABLE, columns, rows);
  }

  private void with(Table table, String columns, String... rows) {
    tables.put(
        table, "select * from values %s as t(%s)".formatted(String.join(", ", rows), columns));
  }

  private IdentitySettings settings() {
    return new IdentitySettings(
        new Identifier(List.of("^info@"), 5, 4, 5, Period.EVER),
        3,
        2,
        new Identifier(List.of(), 4, 5, 5, Period.EVER),
        new Identifier(List.of(), 100, 1, 1, perLogin),
        3,
        new Identifier(List.of(), 10, 3, 5, Period.EVER),
        new Identifier(List.of(), 10, 2, 5, Period.EVER),
        List.of("till"),
        decisions,
        Optional.empty(),
        new MatchingSettings(List.of(), List.of(), 1, 1, 1, MatchingSettings.Refit.NEVER, 1));
  }

  /** Returns the persons, each written as the keys of its records. */
  private Set<String> people(LocalSpark.Handle spark, int partitions) {
    var inputs =
        new Inputs(
            rows(spark, Contacts.TABLE, partitions),
            rows(spark, ContactMerges.TABLE, partitions),
            rows(spark, Orders.TABLE, partitions),
            Sightings.of(rows(spark, WebEvents.TABLE, partitions)),
            Mailings.of(rows(spark, EmailEvents.TABLE, partitions)),
            rows(spark, Consents.TABLE, partitions),
            rows(spark, SurveyAnswers.TABLE, partitions));
    graph = Graph.build(new Lake(spark.session(), folder.toString()), inputs, settings(), report);
    Dataset<Row> nobody = spark.rows(IdentityMap.TABLE);
    var people = new TreeMap<Long, TreeSet<String>>();
    for (Row row :
        Members.of(graph.records(), graph.components().edges(), nobody).collectAsList()) {
      people
          .computeIfAbsent(row.getAs(Members.COMPONENT.name()), component -> new TreeSet<>())
          .add("%s/%s/%s".formatted(row.getString(0), row.getString(1), row.getString(2)));
    }
    return people.values().stream()
        .map(records -> String.join(" ", records))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Dataset<Row> rows(LocalSpark.Handle spark, Table table, int partitions) {
    return tables.containsKey(table)
        ? spark.rows(table, tables.get(table)).repartition(partitions)
        : spark.rows(table);
  }

  /** Returns the reason of the cut of each record that has one. */
  private Map<String, String> cut() {
    return graph
        .links()
        .where(IdentityLinks.KEPT.col().equalTo(lit(false)))
        .collectAsList()
        .stream()
        .collect(
            Collectors.toMap(
                row -> row.getAs(IdentityLinks.LEFT_KEY.name()),
                row -> row.getAs(IdentityLinks.CUT_REASON.name()),
                (one, other) -> one));
  }
}
