package io.persegment.publish;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.PersegmentSettings;
import io.persegment.audit.Audits;
import io.persegment.config.SettingsFile;
import io.persegment.conformed.Consents;
import io.persegment.conformed.Contacts;
import io.persegment.conformed.EmailEvents;
import io.persegment.customer.Customers;
import io.persegment.identity.IdentityChanges;
import io.persegment.identity.IdentityMap;
import io.persegment.run.StageContext;
import io.persegment.run.StageReport;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import io.persegment.testing.LocalSpark;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nights of made-up people who come, consent, refuse, bounce, turn out to be one and are erased, of
 * which some are skipped, killed or gone back from, held against a reckoning of its own of who may
 * be written to.
 */
@ExtendWith(LocalSpark.class)
class RandomHistoryTest {
  private static final LocalDate FIRST = LocalDate.parse("2026-03-01");
  private static final List<String> REFUSALS = List.of("withdrawn", "unsubscribed", "complained");

  private static final PersegmentSettings SETTINGS =
      PersegmentSettings.from(
          SettingsFile.parse(
              "test.conf",
              """
              shop { name = S, currency = EUR }, lake.root = l
              publish { most-shrinkage = 1, most-growth = 1000 }
              """));

  private static final class Person {
    String mailed;
    String name;
    int seen;
    boolean isValid = true;
    final Set<String> addresses = new TreeSet<>();
  }

  /** What was said under an address at a time, in seconds since the first night. */
  private record Word(String address, String kind, long at) {}

  @TempDir Path folder;

  private final Map<String, Person> people = new TreeMap<>();
  private final List<Word> words = new ArrayList<>();
  private final List<String> merges = new ArrayList<>();
  private final List<String> addresses = new ArrayList<>();
  private LocalSpark.Handle spark;
  private Lake lake;
  private Random random;
  private int born;
  private int night;

  @Test
  void consentIsObeyedAndNothingIsLost(LocalSpark.Handle spark) throws IOException {
    live(spark, 11, List.of("publish", "skip", "publish", "kill", "back", "rebuild"));
  }

  @Test
  @Tag("long")
  void consentIsObeyedOverManyNights(LocalSpark.Handle spark) throws IOException {
    for (int seed = 1; seed <= 3; seed++) {
      var choice = new Random(seed);
      List<String> nights = new ArrayList<>(List.of("publish"));
      for (int i = 0; i < 11; i++) {
        double chance = choice.nextDouble();
        nights.add(
            chance < 0.5
                ? "publish"
                : chance < 0.65
                    ? "skip"
                    : chance < 0.75 ? "rebuild" : chance < 0.85 ? "kill" : "back");
      }
      live(spark, seed, nights);
    }
  }

  private void live(LocalSpark.Handle spark, int seed, List<String> nights) throws IOException {
    this.spark = spark;
    lake = new Lake(spark.session(), folder.resolve("lake-" + seed).toString());
    random = new Random(seed);
    people.clear();
    words.clear();
    merges.clear();
    addresses.clear();
    born = 0;
    for (night = 0; night < nights.size(); night++) {
      happen(night == 0 ? 120 : 15, 60);
      write();
      refusalsReachWhatWasPublished();
      String what = nights.get(night);
      if (what.equals("skip")) {
        continue;
      }
      if (what.equals("rebuild")) {
        for (Table each : List.of(Audience.TABLE, Releases.TABLE, AudienceSuppressed.TABLE)) {
          FileUtils.deleteDirectory(folder.resolve("lake-" + seed).resolve(each.name()).toFile());
        }
      }
      List<Released> all = Released.all(lake);
      if (what.equals("back") && !all.isEmpty()) {
        Released to = all.get(random.nextInt(all.size()));
        Set<String> then = ids(History.audience(lake, to.id(), List.of()).select("customer_id"));
        new Rollback(SETTINGS.publish()).to(to.id(), context());
        assertThat(mailable()).containsAll(audience());
        assertThat(then).containsAll(audience());
      } else {
        publish();
        assertThat(audience()).isEqualTo(firstOfMailboxes());
      }
      allIsAccountedFor();
      if (what.equals("kill")) { // all but its last row
        List<Row> kept = new ArrayList<>(lake.read(Releases.TABLE).collectAsList());
        kept.removeIf(row -> row.getString(0).equals(Released.all(lake).get(0).id()));
        lake.overwrite(
            Releases.TABLE, spark.session().createDataFrame(kept, Releases.TABLE.schema()));
      }
    }
  }

  /** Nobody who has said no since is in what is made of a release. */
  private void refusalsReachWhatWasPublished() {
    List<Released> all = Released.all(lake);
    if (all.isEmpty()) {
      return;
    }
    Map<String, String> published = new TreeMap<>();
    all.get(0)
        .audience(lake, List.of())
        .select("customer_id", "email")
        .collectAsList()
        .forEach(row -> published.put(row.getString(0), row.getString(1)));
    Set<String> refused = new TreeSet<>();
    published.forEach(
        (id, email) -> {
          Stream<String> parts = Stream.of(id);
          if (!people.containsKey(id)) { // or was taken into others
            parts =
                Stream.concat(
                    parts,
                    people.keySet().stream()
                        .filter(other -> people.get(other).addresses.contains(email)));
          }
          if (parts.anyMatch(part -> refuses(part, published.get(part)))) {
            refused.add(id);
          }
        });
    assertThat(ids(all.get(0).refused(lake, SETTINGS.publish()))).isEqualTo(refused);
  }

  /** Returns whether a customer says no, under any address or that of a release. */
  private boolean refuses(String id, String published) {
    Set<String> theirs = new TreeSet<>();
    if (people.containsKey(id)) {
      theirs.addAll(people.get(id).addresses);
    }
    if (published != null) {
      theirs.add(published);
    }
    return theirs.stream().anyMatch(this::isRefused)
        || (published != null && said(published, "bounced").isPresent());
  }

  private void allIsAccountedFor() {
    Set<String> suppressed = ids(lake.read(AudienceSuppressed.TABLE).select("customer_id"));
    assertThat(suppressed).doesNotContainAnyElementsOf(audience());
    assertThat(Stream.concat(suppressed.stream(), audience().stream()))
        .containsExactlyInAnyOrderElementsOf(people.keySet());

    Map<String, String> applied = new TreeMap<>();
    lake.read(AudienceChanges.TABLE)
        .selectExpr("customer_id", "change", "to_json(after)")
        .orderBy("release_id")
        .collectAsList()
        .forEach(
            row -> {
              String before =
                  row.getString(1).equals("removed")
                      ? applied.remove(row.getString(0))
                      : applied.put(row.getString(0), row.getString(2));
              assertThat(before == null).isEqualTo(row.getString(1).equals("added"));
            });
    String mapped =
        Audience.mapped(List.of()).stream().map(field -> field.name()).collect(joining(", "));
    Map<String, String> published = new TreeMap<>();
    lake.read(Audience.TABLE)
        .selectExpr("customer_id", "to_json(struct(%s))".formatted(mapped))
        .collectAsList()
        .forEach(row -> published.put(row.getString(0), row.getString(1)));
    assertThat(applied).isEqualTo(published);
  }

  private void happen(int come, int said) {
    for (int i = 0; i < come; i++) {
      var person = new Person();
      person.name = "Name " + random.nextInt(50);
      person.seen = random.nextInt(1_000);
      for (int each = random.nextInt(3); each >= 0; each--) {
        person.addresses.add(random.nextInt(6) == 0 ? anyAddress() : newAddress());
      }
      person.mailed = random.nextInt(15) == 0 ? null : any(person.addresses);
      person.isValid = random.nextInt(25) > 0;
      people.put("c%04d".formatted(born++), person);
    }
    List<String> kinds =
        List.of(
            "granted", "granted", "granted", "withdrawn", "unsubscribed", "complained", "bounced");
    for (String address : night == 0 ? List.copyOf(addresses) : List.<String>of()) {
      if (random.nextInt(10) > 0) {
        words.add(new Word(address, "granted", random.nextInt(1_000)));
      }
    }
    for (int i = 0; i < said; i++) {
      // Now and then two things are said at once, or in days to come.
      long at = night * 86_400L + 3_600L * random.nextInt(60);
      words.add(new Word(anyAddress(), kinds.get(random.nextInt(kinds.size())), at));
    }
    for (int i = 0; i < 4; i++) {
      String from = any(people.keySet());
      String into = any(people.keySet());
      if (!from.equals(into)) {
        people.get(into).addresses.addAll(people.remove(from).addresses);
        merges.add("('merged', '%s', '%s')".formatted(from, into));
      }
    }
    for (int i = 0; i < 2; i++) {
      String gone = any(people.keySet());
      people.remove(gone);
      merges.add("('erased', '%s', null)".formatted(gone));
      people.get(any(people.keySet())).name = "Other " + night;
    }
  }

  private String newAddress() {
    String address = "a%04d@example.com".formatted(addresses.size());
    addresses.add(address);
    return address;
  }

  private String anyAddress() {
    return addresses.isEmpty() ? newAddress() : addresses.get(random.nextInt(addresses.size()));
  }

  private String any(Collection<String> of) {
    return List.copyOf(of).get(random.nextInt(of.size()));
  }

  // --- who may be written to, reckoned anew

  private Set<String> mailable() {
    return people.entrySet().stream()
        .filter(each -> mayBeWritten(each.getValue()))
        .map(Map.Entry::getKey)
        .collect(toCollection(TreeSet::new));
  }

  private Set<String> firstOfMailboxes() {
    Map<String, String> first = new HashMap<>();
    for (String id : mailable()) {
      Person person = people.get(id);
      first.merge(
          person.mailed, id, (one, other) -> people.get(one).seen >= person.seen ? one : other);
    }
    return new TreeSet<>(first.values());
  }

  private boolean mayBeWritten(Person person) {
    return person.mailed != null
        && person.isValid
        && said(person.mailed, "bounced").isEmpty()
        && person.addresses.stream().noneMatch(this::isRefused)
        && person.addresses.stream().anyMatch(each -> said(each, "granted").isPresent());
  }

  private boolean isRefused(String address) {
    long granted = said(address, "granted").orElse(Long.MIN_VALUE);
    return REFUSALS.stream()
        .anyMatch(kind -> said(address, kind).filter(at -> at >= granted).isPresent());
  }

  private Optional<Long> said(String address, String kind) {
    return words.stream()
        .filter(word -> word.address().equals(address) && word.kind().equals(kind))
        .map(Word::at)
        .max(Long::compare);
  }

  // --- the lake as other stages leave it

  private void write() {
    table(
        Customers.TABLE,
        "select id as customer_id, email, first as first_name, true as is_known, status as email_status, 1 as"
            + " record_count, array('shop') as sources, cast(map() as map<string, string>) as"
            + " provenance, timestamp_seconds(seen) as last_seen_at, timestamp'2026-03-01' as updated_at"
            + " from values %s as t(id, email, first, status, seen)",
        people.entrySet().stream()
            .map(
                each -> {
                  Person person = each.getValue();
                  return "('%s', %s, '%s', %s, %d)"
                      .formatted(
                          each.getKey(),
                          person.mailed == null ? "null" : "'%s'".formatted(person.mailed),
                          person.name,
                          person.isValid ? "null" : "'invalid'",
                          person.seen);
                }));
    table(
        IdentityMap.TABLE,
        "select 'shop' as source, 'contact' as record_type, record as record_id, id as customer_id,"
            + " date'2026-03-01' as since from values %s as t(id, record, email)",
        records());
    table(
        Contacts.TABLE,
        "select 'shop' as source, record as record_id, email, 'f' as source_file,"
            + " timestamp'2026-03-01' as ingested_at from values %s as t(id, record, email)",
        records());
    table(
        Consents.TABLE,
        "select 'shop' as source, id as record_id, email, 'email' as channel, 'marketing' as"
            + " purpose, kind as status, timestamp_seconds(said) as observed_at, 'f' as"
            + " source_file, timestamp'2026-03-01' as ingested_at from values %s as t(id, email,"
            + " kind, said)",
        said(Set.of("granted", "withdrawn")));
    table(
        EmailEvents.TABLE,
        "select 'shop' as source, id as event_id, timestamp_seconds(said) as event_time, kind as"
            + " event_type, email, if(kind = 'bounced', 'hard', null) as bounce_kind, 'f' as"
            + " source_file, timestamp'2026-03-01' as ingested_at from values %s as t(id, email,"
            + " kind, said)",
        said(Set.of("unsubscribed", "complained", "bounced")));
    table(
        IdentityChanges.TABLE,
        "select date'2026-03-01' as as_of, change, a as from_customer_id, b as to_customer_id, 1L"
            + " as records from values %s as t(change, a, b)",
        merges.stream());
    table(
        Audits.TABLE,
        "select date'"
            + FIRST.plusDays(night)
            + "' as as_of, 'rows' as check, 'orders' as table, 3"
            + " as value, 'info' as severity, true as passed from values %s as t(id)",
        Stream.of("(1)"));
  }

  private Stream<String> records() {
    return people.entrySet().stream()
        .flatMap(
            each ->
                each.getValue().addresses.stream()
                    .map(
                        email ->
                            "('%s', '%s/%s', '%s')"
                                .formatted(each.getKey(), each.getKey(), email, email)));
  }

  private Stream<String> said(Set<String> kinds) {
    var number = new AtomicInteger();
    long first = FIRST.toEpochDay() * 86_400;
    return words.stream()
        .filter(word -> kinds.contains(word.kind()))
        .map(
            word ->
                "('%d', '%s', '%s', %d)"
                    .formatted(
                        number.incrementAndGet(), word.address(), word.kind(), first + word.at()));
  }

  private void table(Table table, String sql, Stream<String> values) {
    lake.overwrite(table, spark.rows(table, sql.formatted(values.collect(joining(", ")))));
  }

  private void publish() {
    new PublishStage(SETTINGS.publish(), SETTINGS.features()).run(context());
  }

  private StageContext context() {
    return new StageContext(
        lake,
        FIRST.plusDays(night),
        "run",
        Instant.parse("2026-04-01T02:00:00Z").plusSeconds(86_400L * night),
        new StageReport());
  }

  private Set<String> audience() {
    return ids(lake.read(Audience.TABLE).select("customer_id"));
  }

  private static Set<String> ids(Dataset<Row> rows) {
    return rows.collectAsList().stream()
        .map(row -> Objects.requireNonNull(row.getString(0)))
        .collect(toCollection(TreeSet::new));
  }
}
