package io.persegment.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.config.Section;
import io.persegment.config.TextSection;
import io.persegment.conformed.ContactMerges;
import io.persegment.conformed.Contacts;
import io.persegment.conformed.EmailEvents;
import io.persegment.conformed.Orders;
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

  /** Few records of a value, so that a value is soon one of too many. */
  private static final String SETTINGS =
      """
      identity {
        identifiers {
          email { most-records = 5, most-persons = 3, most-per-record = 2 }
          phone.most-names = 3
          login { most-per-device = 2, per = month }
        }
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
  private final List<String> decisions = new ArrayList<>();
  private final List<String> reserve = new ArrayList<>();

  @Test
  void aNightComesToTheSameAsAllAtOnce(LocalSpark.Handle spark) throws IOException {
    nights(spark, 1, 2);
  }

  @Test
  @Tag("long")
  void manyNightsComeToTheSameAsAllAtOnce(LocalSpark.Handle spark) throws IOException {
    nights(spark, 2, 12);
  }

  private void nights(LocalSpark.Handle spark, long seed, int nights) throws IOException {
    random = new Random(seed);
    settle();
    Lake lake = lake(spark, "night");
    write(spark, lake);
    assertThat(run(lake, 0, 1).rows()).doesNotContainKey("records_linked_anew");
    var changed = new TreeMap<String, Long>();
    for (int night = 1; night <= nights; night++) {
      change(lake, night);
      write(spark, lake);
      copy(folder.resolve("night"), folder.resolve("all"));
      Lake all = lake(spark, "all");
      StageReport report = run(lake, night, 1);
      StageReport ofAll = run(all, night, 0);
      assertThat(report.rows())
          .as("notes: %s", report.notes())
          .containsKeys("records_linked_anew")
          .containsEntry("records", ofAll.rows().get("records"))
          .containsEntry("customers", ofAll.rows().get("customers"));
      assertThat(report.rows().get("records_linked_anew")).isLessThan(ofAll.rows().get("records"));
      for (Table table :
          List.of(
              IdentityMap.TABLE,
              IdentityLinks.TABLE,
              IdentityChanges.TABLE,
              IdentityCompared.TABLE)) {
        assertThat(rows(lake, table)).as(table.name()).isEqualTo(rows(all, table));
      }
      assertThat(records(lake)).isEqualTo(records(all));
      report.rows().forEach((name, count) -> changed.merge(name, count, Long::sum));
    }
    assertThat(changed.entrySet().stream().filter(count -> count.getValue() > 0))
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

  @Test
  void otherSettingsOrTablesLinkAllAnew(LocalSpark.Handle spark) throws IOException {
    random = new Random(5);
    settle();
    Lake lake = lake(spark, "lake");
    write(spark, lake);
    run(lake, 0, 1);
    assertThat(run(lake, 0, 1).notes()).as("the same date").hasSize(1);
    assertThat(run(lake, 1, 1).rows()).containsEntry("records_linked_anew", 0L);
    lake.delete(IdentityMap.TABLE, lake.read(IdentityMap.TABLE).select("record_id").limit(1));
    assertThat(run(lake, 2, 1).notes()).as("somebody touched the map").hasSize(1);
    Section other = TextSection.of("identity.identifiers.email.most-records = 3");
    var report = new StageReport();
    new IdentityStage(IdentitySettings.from(other.section("identity"), Map.of()), 1)
        .run(context(lake, 3, report));
    assertThat(report.notes()).as("other settings").hasSize(1);
  }

  /** Makes the shop as it is before the first night; some contacts come later. */
  private void settle() {
    List<String> town = Town.contacts();
    for (int i = 0; i < town.size(); i++) {
      String row = town.get(i).substring(0, town.get(i).length() - 1);
      String id = row.substring(row.indexOf('\'', 5) + 1, row.indexOf('\'', 8));
      String contact = contact(id, row);
      if (i % 5 == 0) {
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
    }
    decisions.add("left_key,right_key,decision");
  }

  private static String key(String row) {
    return row.substring(1, row.indexOf(',', 6));
  }

  /** Adds e-mail, phone, ids elsewhere and a date to a contact of the town. */
  private String contact(String id, String row) {
    int person = Integer.parseInt(id.replaceAll("/.*", ""));
    return "%s, %s, %s, %s, timestamp'2026-0%d-01 08:00:00')"
        .formatted(
            row,
            text(email(person)),
            random.nextInt(3) > 0 ? "null" : text("+45" + person / 3),
            random.nextInt(4) > 0 ? "null" : "map('login', 'u%d')".formatted(person / 2),
            1 + random.nextInt(6));
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
    int person = random.nextInt(Town.PERSONS);
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
    int person = random.nextInt(Town.PERSONS);
    mails.put(
        id,
        "('mail', '%s', timestamp'2026-06-%02d 10:00:00', %s, 'p%d@example.com')"
            .formatted(
                id,
                1 + random.nextInt(28),
                random.nextBoolean() ? "null" : "'m%d'".formatted(person / 9),
                person));
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
        (id, row) -> row.replaceFirst("null", "'none%d@example.com'".formatted(night % 6)));
    order();
    visit();
    mail();
    List<String> guests =
        orders.keySet().stream().filter(id -> orders.get(id).contains("00', null")).toList();
    String given = guests.get(random.nextInt(guests.size()));
    orders.computeIfPresent(
        given,
        (id, row) ->
            row.replaceFirst("00', null", "00', '%d/a'".formatted(random.nextInt(Town.PERSONS))));
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
            + " email, phone, external_ids, created_at",
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
            "select *, 'paid' as status, 1 as net, 'seen' as event_type, 'f' as source_file, now() as ingested_at"
                + " from values %s as t(%s)".formatted(String.join(", ", rows), columns)));
  }

  private StageReport run(Lake lake, int night, double mostOfANight) {
    var report = new StageReport();
    new IdentityStage(settings(), mostOfANight).run(context(lake, night, report));
    return report;
  }

  private IdentitySettings settings() {
    Section tree = TextSection.of(SETTINGS.formatted(folder.resolve("decisions.csv")));
    return IdentitySettings.from(tree.section("identity"), Map.of());
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

  private static void copy(Path from, Path to) throws IOException {
    if (Files.exists(to)) {
      try (Stream<Path> files = Files.walk(to)) {
        for (Path file : files.sorted(Collections.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }
}
