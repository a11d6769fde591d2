package io.persegment.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.config.Section;
import io.persegment.config.TextSection;
import io.persegment.conformed.Consents;
import io.persegment.conformed.ContactMerges;
import io.persegment.conformed.Contacts;
import io.persegment.conformed.EmailEvents;
import io.persegment.conformed.Orders;
import io.persegment.conformed.SurveyAnswers;
import io.persegment.conformed.WebEvents;
import io.persegment.run.StageContext;
import io.persegment.run.StageReport;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import io.persegment.testing.LocalSpark;
import io.persegment.testing.Town;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A night links anew what it must, and comes to the same as if it linked all anew. */
@ExtendWith(LocalSpark.class)
class NightTest {
  private static final String ADDED = "%02d";

  /** A third more contacts, of which something can be learnt. */
  private static final int OF_A_VILLAGE = 120;

  /** So many that rules of blocking say who is compared. */
  private static final int OF_A_TOWN = 860;

  /**
   * Few records of a value, so that a value is soon one of too many. Women are so many that the
   * rule of the gender leaves them out.
   */
  private static final String SETTINGS =
      """
      identity {
        identifiers {
          email { most-records = 5, most-persons = 3, most-per-record = 2 }
          phone.most-names = 3
          login { most-per-device = 2, per = month }
        }
        without-duplicates = [till]
        blocking = [
          [email], [last_name, birth_date], [first_name, birth_date], ["attributes.club"]
          [first_name, postcode], [street], [gender]
        ]
        decisions = "%s"
      }
      """;

  @TempDir Path folder;
  private Random random;
  private final Map<String, String> contacts = new TreeMap<>();
  private final Map<String, String> orders = new TreeMap<>();
  private final Map<String, String> visits = new TreeMap<>();
  private final Map<String, String> mails = new TreeMap<>();
  private final Map<String, String> merges = new TreeMap<>();
  private final Map<String, String> consents = new TreeMap<>();
  private final Map<String, String> answers = new TreeMap<>();
  private final List<String> decisions = new ArrayList<>();
  private final List<String> reserve = new ArrayList<>();
  private final Map<String, Long> happened = new TreeMap<>();
  private int persons;

  @Test
  void aNightComesToTheSameAsAllAtOnce(LocalSpark.Handle spark) throws IOException {
    nights(spark, 1, OF_A_VILLAGE, 1);
  }

  @Test
  @Tag("long")
  void manyNightsComeToTheSameAsAllAtOnce(LocalSpark.Handle spark) throws IOException {
    nights(spark, 2, Town.PERSONS, 10);
  }

  @Test
  @Tag("long")
  void nightsWhereRulesSayWhoIsComparedComeToTheSame(LocalSpark.Handle spark) throws IOException {
    assertThat(nights(spark, 1, OF_A_TOWN, 2).rows())
        .as("rules of blocking, of which one leaves out a block")
        .containsKeys("pairs_by [street]", "pairs_by [gender] left out");
  }

  /** Links all, and then night by night both ways; returns what was said of the first. */
  private StageReport nights(LocalSpark.Handle spark, long seed, int personsOfTown, int nights)
      throws IOException {
    random = new Random(seed);
    settle(personsOfTown);
    Lake lake = lake(spark, "night");
    write(spark, lake);
    StageReport first = run(lake, 0, 1);
    assertThat(first.rows()).doesNotContainKey("records_linked_anew");
    for (int night = 1; night <= nights; night++) {
      change(lake, night);
      write(spark, lake);
      assertNightIsLikeAll(spark, lake, night);
    }
    assertAllHappened();
    return first;
  }

  @Test
  @Tag("long")
  void whereANightCannotBuildOnTheLastAllAreLinkedAnew(LocalSpark.Handle spark) throws IOException {
    random = new Random(5);
    settle(Town.PERSONS);
    Lake lake = lake(spark, "lake");
    write(spark, lake);
    run(lake, 0, 1);
    assertThat(run(lake, 1, 1).rows()).containsEntry("records_linked_anew", 0L);
    assertThat(run(lake, 2, 0).rows()).doesNotContainKey("records_linked_anew");
    lake.delete(IdentityRecords.TABLE, lake.read(IdentityRecords.TABLE).select("node").limit(1));
    assertThat(run(lake, 3, 1).notes())
        .containsExactly(
            "All records are linked anew: identity_records does not have the records of identity_map");

    // A broken delivery, of too few contacts to compare, and the next one.
    List<String> pairs = matched(lake);
    var delivered = new TreeMap<>(contacts);
    contacts.keySet().retainAll(contacts.keySet().stream().limit(60).toList());
    write(spark, lake);
    run(lake, 4, 1);
    contacts.putAll(delivered);
    write(spark, lake);
    assertThat(run(lake, 5, 2).notes())
        .containsExactly(
            "All records are linked anew: the model does not stand by which they were compared, or not all were");
    assertThat(matched(lake)).isEqualTo(pairs);
  }

  @Test
  @Tag("long")
  void aNightThatEndedBetweenItsWritesIsMadeGoodByTheNext(LocalSpark.Handle spark)
      throws IOException {
    random = new Random(7);
    settle(Town.PERSONS);
    Lake lake = lake(spark, "night");
    write(spark, lake);
    run(lake, 0, 1);
    change(lake, 1);
    write(spark, lake);
    copy("night", "ended");
    run(lake, 1, 1);
    for (Table written :
        List.of(IdentityLinks.TABLE, IdentityCompared.TABLE, IdentityChanges.TABLE)) {
      copy("night/" + written.name(), "ended/" + written.name());
    }
    Lake ended = lake(spark, "ended");
    assertThat(run(ended, 1, 1).notes()).hasSize(1);
    assertAreTheSame(ended, lake);
  }

  /** Runs a night, and beside it the same with all records linked anew. */
  private void assertNightIsLikeAll(LocalSpark.Handle spark, Lake lake, int night)
      throws IOException {
    copy("night", "all-" + night);
    Lake all = lake(spark, "all-" + night);
    StageReport report = run(lake, night, 1);
    StageReport ofAll = run(all, night, 0);
    assertThat(report.rows())
        .as("notes: %s", report.notes())
        .containsKeys("records_linked_anew")
        .containsEntry("records", ofAll.rows().get("records"))
        .containsEntry("customers", ofAll.rows().get("customers"));
    assertThat(report.rows().get("records_touched"))
        .as("what is not read of contacts, and changes each night, touches none")
        .isLessThan(contacts.size() / 2);
    assertThat(report.rows().get("records_linked_anew")).isLessThan(ofAll.rows().get("records"));
    assertAreTheSame(lake, all);
    count(report);
  }

  private static void assertAreTheSame(Lake one, Lake other) {
    for (Table table :
        List.of(
            IdentityMap.TABLE,
            IdentityLinks.TABLE,
            IdentityChanges.TABLE,
            IdentityCompared.TABLE)) {
      assertThat(rows(one, table)).as(table.name()).isEqualTo(rows(other, table));
    }
    assertThat(records(one)).isEqualTo(records(other));
  }

  private void count(StageReport report) {
    report.rows().forEach((name, count) -> happened.merge(name, count, Long::sum));
  }

  private void assertAllHappened() {
    assertThat(happened.entrySet().stream().filter(count -> count.getValue() > 0))
        .extracting(Map.Entry::getKey)
        .as("what happened in those nights")
        .contains(
            "customers_minted",
            "customers_grown",
            "customers_merged",
            "customers_split",
            "links_cut: " + Links.JUNK,
            "links_cut: " + Mailboxes.CROWDED,
            "links_cut: " + Judgement.NEVER);
  }

  private static List<String> matched(Lake lake) {
    return lake
        .read(IdentityLinks.TABLE)
        .where(IdentityLinks.RULE.col().equalTo(Matches.RULE))
        .select(IdentityLinks.LEFT_KEY.col(), IdentityLinks.RIGHT_KEY.col())
        .collectAsList()
        .stream()
        .map(Row::toString)
        .sorted()
        .toList();
  }

  /** Makes the shop as it is before the first night; some contacts come later. */
  private void settle(int personsOfTown) {
    persons = personsOfTown;
    List<String> town = Town.contacts(persons);
    for (int i = 0; i < town.size(); i++) {
      String row = town.get(i).substring(0, town.get(i).length() - 1);
      String id = row.substring(row.indexOf('\'', 5) + 1, row.indexOf('\'', 8));
      String contact = contact(id, i % 9 == 4 ? row.replaceFirst("'s'", "'till'") : row);
      if (i % 10 == 0) {
        reserve.add(contact);
      } else {
        contacts.put(key(contact), contact);
      }
    }
    Collections.shuffle(reserve, random);
    for (int i = 0; i < 30; i++) {
      order();
      visit();
      mail();
      consent();
      answer();
    }
    decisions.add("left_key,right_key,decision");
  }

  private static String key(String row) {
    return row.substring(1, row.indexOf(',', 8));
  }

  /** Adds e-mail, phone, ids elsewhere, a date and more to a contact of the town. */
  private String contact(String id, String row) {
    int person = Integer.parseInt(id.replaceAll("/.*", ""));
    return "%s, %s, %s, %s, timestamp'2026-0%d-01 08:00:00', '%s', map('club', 'c%d', 'read', string(now())))"
        .formatted(
            row,
            text(email(person)),
            random.nextInt(3) > 0 ? "null" : text("+45" + person / 3),
            random.nextInt(4) > 0 ? "null" : "map('login', 'u%d')".formatted(person / 2),
            1 + random.nextInt(6),
            person % 5 < 3 ? "f" : "m",
            person / 6);
  }

  private String email(int person) {
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> "p%d@example.com".formatted(person);
      case 3 -> "home%d@example.com".formatted(person / 4);
      case 4 -> "none%d@example.com".formatted(person % 6);
      default -> null;
    };
  }

  private static String text(String value) {
    return value == null ? "null" : "'%s'".formatted(value);
  }

  private void order() {
    String id = ADDED.formatted(orders.size());
    int person = random.nextInt(persons);
    boolean isGuest = random.nextInt(3) > 0;
    orders.put(
        id,
        "('s', 'o%s', timestamp'2026-06-%02d 10:00:00', %s, %s, %s, 'Ann', 'Lee%d')"
            .formatted(
                id,
                1 + random.nextInt(28),
                isGuest ? "null" : "'%d/a'".formatted(person),
                text(email(person)),
                random.nextInt(2) > 0 ? "null" : text("+45" + person / 3),
                person % 2));
  }

  private void visit() {
    String id = ADDED.formatted(visits.size());
    int person = random.nextInt(40);
    visits.put(
        id,
        "('web', '%s', timestamp'2026-06-%02d 10:00:00', 'd%d', %s, %s)"
            .formatted(
                id,
                1 + random.nextInt(28),
                random.nextInt(30),
                random.nextInt(2) > 0 ? "null" : "'u%d'".formatted(person / 2),
                text(email(person))));
  }

  private void mail() {
    String id = ADDED.formatted(mails.size());
    int person = random.nextInt(persons);
    mails.put(
        id,
        "('mail', '%s', timestamp'2026-06-%02d 10:00:00', %s, 'p%d@example.com')"
            .formatted(
                id,
                1 + random.nextInt(28),
                random.nextBoolean() ? "null" : "'m%d'".formatted(person / 9),
                person));
  }

  /** An address that nobody else has may be a contact's later. */
  private void consent() {
    String id = ADDED.formatted(consents.size());
    consents.put(id, "('news', '%s', 'only%d@example.com')".formatted(id, random.nextInt(20)));
  }

  private void answer() {
    String id = ADDED.formatted(answers.size());
    answers.put(
        id,
        "('survey', '%s', timestamp'2026-06-%02d 10:00:00', 'asked%d@example.com')"
            .formatted(id, 1 + random.nextInt(28), random.nextInt(40)));
  }

  /** Changes the shop: records come, change and go, and somebody decides. */
  private void change(Lake lake, int night) {
    for (int i = 0; i < 4 && !reserve.isEmpty(); i++) {
      String contact = reserve.remove(0);
      contacts.put(key(contact), contact);
    }
    List<String> ids = new ArrayList<>(contacts.keySet());
    Collections.shuffle(ids, random);
    reserve.add(contacts.remove(ids.get(0)));
    contacts.remove(ids.get(1));
    contacts.computeIfPresent(ids.get(2), (id, row) -> row.replaceFirst("p\\d+@", "none1@"));
    contacts.computeIfPresent(ids.get(3), (id, row) -> row.replaceFirst("'Gade [^']*'", "'Vej 9'"));
    contacts.computeIfPresent(ids.get(4), (id, row) -> row.replaceFirst("2026-0\\d", "2026-07"));
    contacts.computeIfPresent(
        ids.get(5),
        (id, row) ->
            row.replaceFirst("null, (null|'\\+)", "'none%d@example.com', $1".formatted(night % 6)));
    contacts.computeIfPresent(ids.get(8), (id, row) -> row.replaceFirst("'c\\d+'", "'c1'"));
    contacts.computeIfPresent(
        ids.get(9),
        (id, row) -> row.replaceFirst("'\\w+@", "'only%d@".formatted(random.nextInt(20))));
    order();
    visit();
    mail();
    consent();
    answer();
    consents.remove(new ArrayList<>(consents.keySet()).get(random.nextInt(20)));
    List<String> guests =
        orders.keySet().stream().filter(id -> orders.get(id).contains("00', null")).toList();
    String given = guests.get(random.nextInt(guests.size()));
    orders.computeIfPresent(
        given,
        (id, row) ->
            row.replaceFirst("00', null", "00', '%d/a'".formatted(random.nextInt(persons))));
    List<String> merged = List.of(ids.get(6), ids.get(7));
    merges.put("" + night, "('s', '%s', '%s')".formatted(idOf(merged.get(0)), idOf(merged.get(1))));
    if (merges.size() > 2) {
      merges.remove(merges.keySet().iterator().next());
    }
    decide(lake);
  }

  private static String idOf(String key) {
    return key.replaceAll(".*'(.*)'", "$1");
  }

  /** Takes two records of a customer for two, two customers for one, and one decision back. */
  private void decide(Lake lake) {
    Map<String, List<String>> together =
        lake.read(IdentityMap.TABLE).collectAsList().stream()
            .filter(row -> row.getString(1).equals(IdentityMap.CONTACT))
            .collect(
                Collectors.groupingBy(
                    row -> row.getString(3),
                    TreeMap::new,
                    Collectors.mapping(
                        row -> "%s/contact/%s".formatted(row.getString(0), row.getString(2)),
                        Collectors.toList())));
    List<List<String>> several =
        together.values().stream().filter(keys -> keys.size() > 1).collect(Collectors.toList());
    List<List<String>> customers = new ArrayList<>(together.values());
    List<String> one = several.get(random.nextInt(several.size()));
    decisions.add("%s,%s,different".formatted(one.get(0), one.get(1)));
    decisions.add(
        "%s,%s,same"
            .formatted(
                customers.get(random.nextInt(customers.size())).get(0),
                customers.get(random.nextInt(customers.size())).get(0)));
    if (decisions.size() > 5) {
      decisions.remove(1);
    }
  }

  private void write(LocalSpark.Handle spark, Lake lake) throws IOException {
    write(
        spark,
        lake,
        Contacts.TABLE,
        "source, record_id, first_name, last_name, birth_date, street, city, postcode,"
            + " email, phone, external_ids, created_at, gender, attributes",
        contacts.values());
    write(
        spark,
        lake,
        Orders.TABLE,
        "source, order_id, ordered_at, contact_record_id, email, phone, first_name, last_name",
        orders.values());
    write(
        spark,
        lake,
        WebEvents.TABLE,
        "source, event_id, event_time, anonymous_id, user_id, email",
        visits.values());
    write(
        spark,
        lake,
        EmailEvents.TABLE,
        "source, event_id, event_time, contact_record_id, email",
        mails.values());
    write(spark, lake, Consents.TABLE, "source, record_id, email", consents.values());
    write(
        spark,
        lake,
        SurveyAnswers.TABLE,
        "source, response_id, answered_at, email",
        answers.values());
    if (!merges.isEmpty()) {
      write(spark, lake, ContactMerges.TABLE, "source, record_id, merged_into", merges.values());
    }
    Files.write(folder.resolve("decisions.csv"), decisions);
  }

  private static void write(
      LocalSpark.Handle spark, Lake lake, Table table, String columns, Collection<String> rows) {
    lake.overwrite(
        table,
        spark.rows(
            table,
            "select *, 'paid' as status, 1 as net, 'seen' as event_type, 'f' as source_file, now() as ingested_at,"
                + " 'email' as channel, 'marketing' as purpose, now() as observed_at, 'q' as question"
                + " from values %s as t(%s)".formatted(String.join(", ", rows), columns)));
  }

  private StageReport run(Lake lake, int night, double mostOfANight) {
    var report = new StageReport();
    new IdentityStage(settings(), mostOfANight).run(context(lake, night, report));
    return report;
  }

  private IdentitySettings settings() {
    Section tree = TextSection.of(SETTINGS.formatted(folder.resolve("decisions.csv")));
    return IdentitySettings.from(tree.section("identity"), Map.of("till", "till"));
  }

  private static StageContext context(Lake lake, int night, StageReport report) {
    LocalDate asOf = LocalDate.parse("2026-07-01").plusDays(night);
    return new StageContext(lake, asOf, "run", Instant.parse("2026-08-01T02:00:00Z"), report);
  }

  private Lake lake(LocalSpark.Handle spark, String name) {
    return new Lake(spark.session(), folder.resolve(name).toString());
  }

  private static List<String> rows(Lake lake, Table table) {
    return lake.read(table).collectAsList().stream().map(Row::toString).sorted().toList();
  }

  /** Returns what the next night builds on; the order of values does not count. */
  private static List<String> records(Lake lake) {
    return lake
        .read(IdentityRecords.TABLE)
        .selectExpr("node", "content", "array_sort(values)", "component", "as_of")
        .collectAsList()
        .stream()
        .map(Row::toString)
        .sorted()
        .toList();
  }

  /** Copies what is not there. */
  private void copy(String from, String to) throws IOException {
    Path source = folder.resolve(from);
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : files.toList()) {
        Path copy = folder.resolve(to).resolve(source.relativize(file));
        if (!Files.exists(copy)) {
          Files.copy(file, copy);
        }
      }
    }
  }
}
