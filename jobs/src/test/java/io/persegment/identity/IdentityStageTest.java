package io.persegment.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.config.Section;
import io.persegment.config.TextSection;
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
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Three nights of a small shop, from its conformed tables to who is who. */
@ExtendWith(LocalSpark.class)
class IdentityStageTest {
  private static final String COMMON = ", 'f' as source_file, now() as ingested_at ";

  @TempDir Path folder;

  @Test
  void idsLastFromNightToNight(LocalSpark.Handle spark) {
    var lake = new Lake(spark.session(), folder.toString());
    contacts(
        spark,
        lake,
        "('shop', '1', 'a@example.com')",
        "('crm', '7', 'b@example.com')",
        "('check', 'c', 'never-heard-of@example.com')"); // enrichment makes nobody a customer
    write(
        spark,
        lake,
        EmailEvents.TABLE,
        "select *, 'opened' as event_type"
            + COMMON
            + "from values ('mail', '1', timestamp'2026-01-05 10:00:00', 'late@example.com')"
            + " as t(source, event_id, event_time, email)");
    write(
        spark,
        lake,
        Orders.TABLE,
        "select *, 'paid' as status, 1 as net"
            + COMMON
            + "from values ('shop', 'o1', timestamp'2026-01-05 10:00:00', 'b@example.com'),"
            + " ('shop', 'o2', timestamp'2026-01-05 10:00:00', null),"
            + " ('shop', 'future', timestamp'2026-01-06 00:00:00', 'd@example.com')"
            + " as t(source, order_id, ordered_at, email)");
    StageReport first = run(lake, "2026-01-05");
    Map<String, String> before = map(lake);
    assertThat(before.keySet())
        .containsExactly(
            "/address/late@example.com", "crm/contact/7", "shop/contact/1", "shop/order/o1");
    assertThat(before.get("crm/contact/7")).isEqualTo(before.get("shop/order/o1"));
    assertThat(changes(lake)).hasSize(3).allMatch(change -> change.startsWith("minted null"));
    assertThat(first.rows())
        .containsEntry("records", 4L)
        .containsEntry("customers", 3L)
        .containsEntry("orders_without_identifier", 1L)
        .containsEntry("web_events_without_identifier", 0L)
        .containsEntry("customers_minted", 3L);

    run(lake, "2026-01-05");
    assertThat(map(lake)).isEqualTo(before);
    assertThat(changes(lake)).hasSize(3);

    // A contact turns up for the address, and one that is both of the others.
    contacts(
        spark,
        lake,
        "('shop', '1', 'a@example.com')",
        "('crm', '7', 'b@example.com')",
        "('shop', '2', 'late@example.com')",
        "('shop', '3', 'b@example.com')");
    write(
        spark,
        lake,
        WebEvents.TABLE,
        "select *, 'signup' as event_type"
            + COMMON
            + "from values ('web', '1', timestamp'2026-01-06 01:00:00', 'u', 'a@example.com'),"
            + " ('web', '2', timestamp'2026-01-06 02:00:00', 'u', 'b@example.com')"
            + " as t(source, event_id, event_time, user_id, email)");
    WouldBe would =
        WouldBe.of(context(lake, "2026-01-06", new StageReport()), IdentitySettingsTest.DEFAULTS);
    assertThat(List.of(would.before(), would.after(), would.merged(), would.split()))
        .containsExactly(3L, 3L, 1L, 0L);
    assertThat(would.minted()).as("an order's; whose was only an address goes on").isEqualTo(1);
    run(lake, "2026-01-06");
    Map<String, String> after = map(lake);
    String kept = before.get("crm/contact/7");
    String lost = before.get("shop/contact/1");
    String late = before.get("/address/late@example.com");
    assertThat(after)
        .containsEntry("shop/contact/2", late.replace("2026-01-05", "2026-01-06"))
        .containsEntry("crm/contact/7", kept)
        .containsEntry("shop/order/o1", kept)
        .containsEntry("web/login/u", kept.replace("2026-01-05", "2026-01-06"))
        .containsEntry("shop/contact/1", kept.replace("2026-01-05", "2026-01-06"))
        .doesNotContainKey("/address/late@example.com");
    assertThat(changes(lake))
        .hasSize(7)
        .contains(
            "merged %s -> %s 1".formatted(id(lost), id(kept)),
            "absorbed null -> %s 2".formatted(id(kept)),
            "absorbed null -> %s 1".formatted(id(late)));
  }

  /** Only what is new is compared; all at once by the same model comes to the same. */
  @Test
  @Tag("long")
  void aNightComparesWhatIsNewAndComesToTheSameAsAllAtOnce(LocalSpark.Handle spark) {
    var lake = new Lake(spark.session(), folder.toString());
    List<String> town = Town.contacts();
    int before = town.size() - 20;
    town(spark, lake, town.subList(0, before));
    assertThat(run(lake, "2026-01-05").rows())
        .containsEntry("pairs_compared", before * (before - 1L) / 2)
        .containsKey("matches_kept");
    String moved = town.get(1).replaceFirst("'Gade [^']*'", "'Vej 9'");
    List<String> next = new ArrayList<>(town);
    next.set(1, moved);
    town(spark, lake, next);
    StageReport night = run(lake, "2026-01-06");
    long fresh = 20L + (moved.equals(town.get(1)) ? 0 : 1);
    long old = town.size() - fresh;
    assertThat(night.rows()).containsEntry("pairs_compared", fresh * old + fresh * (fresh - 1) / 2);
    assertThat(night.metrics()).containsEntry("matching.model", 1.0);
    Map<String, String> map = map(lake);
    List<String> links = links(lake);
    assertThat(new TreeSet<>(map.values())).hasSizeBetween(Town.PERSONS - 12, Town.PERSONS + 12);

    compareAgain(lake);
    run(lake, "2026-01-06");
    assertThat(map(lake)).isEqualTo(map);
    assertThat(links(lake)).isEqualTo(links);
    assertThat(lake.read(IdentityModels.TABLE).count()).isEqualTo(1);

    var sizes = new TreeMap<String, Integer>();
    map.values().forEach(customer -> sizes.merge(id(customer), 1, Integer::sum));
    WouldBe without = WouldBe.of(context(lake, "2026-01-06", new StageReport()), withoutMatching());
    assertThat(without.before()).isEqualTo(sizes.size());
    assertThat(without.after()).isEqualTo(town.size()); // nothing but matching links the town
    assertThat(without.split())
        .isEqualTo(sizes.values().stream().filter(records -> records > 1).count());
    assertThat(without.splits())
        .hasSize(20)
        .allMatch(ids -> ids.size() == 1 + sizes.get(ids.get(0)));
    assertThat(List.of(without.merged(), without.minted())).containsOnly(0L);
    assertThat(map(lake)).isEqualTo(map);
  }

  /** The model is learnt anew on the way, as often as there are twice as many records. */
  @Test
  @Tag("long")
  void twelveMonthsComeToTheSameAsAllAtOnce(LocalSpark.Handle spark) {
    var lake = new Lake(spark.session(), folder.toString());
    List<String> town = Town.contacts();
    Collections.shuffle(town, new Random(3));
    for (int month = 1; month <= 12; month++) {
      town(spark, lake, town.subList(0, town.size() * month / 12));
      run(lake, "2026-%02d-01".formatted(month));
    }
    assertThat(lake.read(IdentityModels.TABLE).count()).as("learnt at 100 and at 200").isEqualTo(2);
    Map<String, String> map = map(lake);
    List<String> links = links(lake);
    Set<Set<String>> together = together(map);
    assertThat(together).hasSizeBetween(Town.PERSONS - 12, Town.PERSONS + 12);

    Collections.shuffle(town, new Random(4));
    town(spark, lake, town);
    compareAgain(lake);
    run(lake, "2026-12-01");
    assertThat(map(lake)).as("the same ids").isEqualTo(map);
    assertThat(links(lake)).isEqualTo(links);

    lake.delete(IdentityMap.TABLE, lake.read(IdentityMap.TABLE).select("record_id"));
    compareAgain(lake);
    run(lake, "2026-12-01");
    assertThat(together(map(lake))).as("the same customers without the map").isEqualTo(together);
  }

  /** What was compared is forgotten, the model is not. */
  private static void compareAgain(Lake lake) {
    lake.delete(IdentityLinks.TABLE, lake.read(IdentityLinks.TABLE).select("left_key"));
    lake.delete(IdentityCompared.TABLE, lake.read(IdentityCompared.TABLE).select("node"));
  }

  private static Set<Set<String>> together(Map<String, String> map) {
    return Set.copyOf(
        map.keySet().stream()
            .collect(Collectors.groupingBy(key -> id(map.get(key)), Collectors.toSet()))
            .values());
  }

  private static List<String> links(Lake lake) {
    return lake.read(IdentityLinks.TABLE).collectAsList().stream()
        .map(
            row ->
                "%s %s %s %.6f %s"
                    .formatted(
                        row.getString(0),
                        row.getString(1),
                        row.getString(2),
                        row.getDouble(4),
                        row.getString(6)))
        .sorted()
        .toList();
  }

  private static void town(LocalSpark.Handle spark, Lake lake, List<String> rows) {
    write(spark, lake, Contacts.TABLE, Town.select(rows));
  }

  private void contacts(LocalSpark.Handle spark, Lake lake, String... rows) {
    write(
        spark,
        lake,
        Contacts.TABLE,
        "select *, source = 'check' as enrichment"
            + COMMON
            + "from values %s as t(source, record_id, email)".formatted(String.join(", ", rows)));
  }

  private static void write(LocalSpark.Handle spark, Lake lake, Table table, String sql) {
    lake.overwrite(table, spark.rows(table, sql));
  }

  private static StageReport run(Lake lake, String date) {
    var report = new StageReport();
    new IdentityStage(IdentitySettingsTest.DEFAULTS).run(context(lake, date, report));
    return report;
  }

  private static StageContext context(Lake lake, String date, StageReport report) {
    Instant now = Instant.parse("2026-01-07T02:00:00Z");
    return new StageContext(lake, LocalDate.parse(date), "run", now, report);
  }

  private static IdentitySettings withoutMatching() {
    Section tree = TextSection.of("identity.blocking = []");
    return IdentitySettings.from(tree.section("identity"), Map.of());
  }

  /** Returns each record's customer id and since when it is that. */
  private static Map<String, String> map(Lake lake) {
    var map = new TreeMap<String, String>();
    for (Row row : lake.read(IdentityMap.TABLE).collectAsList()) {
      map.put(
          "%s/%s/%s".formatted(row.getString(0), row.getString(1), row.getString(2)),
          row.getString(3) + " " + row.getDate(4));
    }
    return map;
  }

  private static List<String> changes(Lake lake) {
    return lake.read(IdentityChanges.TABLE).collectAsList().stream()
        .map(
            row ->
                "%s %s -> %s %d"
                    .formatted(
                        row.getString(1), row.getString(2), row.getString(3), row.getLong(4)))
        .toList();
  }

  private static String id(String idAndDate) {
    return idAndDate.substring(0, idAndDate.indexOf(' '));
  }
}
