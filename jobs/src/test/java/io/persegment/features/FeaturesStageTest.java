package io.persegment.features;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.rand;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.config.Section;
import io.persegment.config.TextSection;
import io.persegment.conformed.EmailEvents;
import io.persegment.conformed.OrderLines;
import io.persegment.conformed.Orders;
import io.persegment.conformed.Products;
import io.persegment.conformed.Refunds;
import io.persegment.conformed.WebEvents;
import io.persegment.customer.ConsentSettings;
import io.persegment.customer.Customers;
import io.persegment.identity.IdentityMap;
import io.persegment.run.StageContext;
import io.persegment.run.StageReport;
import io.persegment.table.Lake;
import io.persegment.testing.LocalSpark;
import io.persegment.testing.TestLake;
import java.nio.file.Path;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One run on one made-up shop; what it wrote is read once and looked at by every test. */
@ExtendWith(LocalSpark.class)
@TestInstance(Lifecycle.PER_CLASS)
class FeaturesStageTest {
  private static final LocalDate TODAY = LocalDate.of(2026, 6, 30);
  private static final LocalDate EARLIER = LocalDate.of(2026, 5, 31);
  private static final String COMMON =
      "'f' as source_file, current_timestamp() as ingested_at from values ";
  private static final String CUSTOMERS =
      """
      select *, 1 as record_count, array('shop') as sources, map() as provenance, true as is_known,
        current_timestamp() as updated_at from values
        ('ada', 'DK', timestamp'2026-01-01'), ('bo', 'DE', timestamp'2026-06-20'), ('cy', null, null),
        ('di', 'DK', timestamp'2026-07-01 00:30:00')
        as t(customer_id, country, first_seen_at)
      """;
  private static final String MAP =
      """
      select *, date'2026-01-01' as since from values
        ('shop', 'contact', '1', 'ada'), ('shop', 'order', 'o9', 'bo'), ('web', 'login', 'L', 'ada'),
        ('web', 'anonymous_id', 'v', 'cy'), ('web', 'anonymous_id', 'w', 'cy'), ('web', 'login', 'C', 'cy'), ('', 'address', 'ada@x.example', 'ada')
        as t(source, record_type, record_id, customer_id)
      """;
  private static final String ORDERS =
      "select 'shop' as source, *, "
          + COMMON
          + """
        ('o1', '1', timestamp'2026-05-31 23:59:59.999999', 'paid', null, 100.00),
        ('o2', '1', timestamp'2026-06-01 00:00:00', 'paid', null, 50.00),
        ('o3', '1', timestamp'2026-06-10', 'cancelled', timestamp'2026-06-12', 70.00),
        ('o4', '1', timestamp'2026-05-10', 'cancelled', timestamp'2026-06-20', 30.00),
        ('o5', '1', timestamp'2026-06-11', 'pending', null, 9.00),
        ('o6', '1', timestamp'2026-06-11', 'return', null, -20.00),
        ('o7', '1', timestamp'2026-07-01 00:00:00', 'paid', null, 999.00),
        ('o9', null, timestamp'2026-06-25', 'paid', null, 40.00)
        as t(order_id, contact_record_id, ordered_at, status, cancelled_at, net)
      """;
  private static final String REFUNDS =
      "select 'shop' as source, *, "
          + COMMON
          + """
        ('r1', 'o1', timestamp'2026-06-05', 60.00), ('r2', 'o1', timestamp'2026-07-02', 5.00)
        as t(refund_id, order_id, refunded_at, amount)
      """;
  private static final String LINES =
      "select 'shop' as source, *, "
          + COMMON
          + """
        ('o1', '1', 'p1', 1, 90.00), ('o1', '2', 'p2', 2, 10.00), ('o2', '1', 'p2', 5, 50.00),
        ('o2', '2', null, 1, 4.00), ('o9', '1', 'p3', 1, 40.00)
        as t(order_id, line_no, product_id, quantity, net)
      """;
  private static final String PRODUCTS =
      "select 'catalogue' as source, *, "
          + COMMON
          + "('p1', 'Lounging'), ('p2', 'Growing'), ('p3', null) as t(product_id, category)";
  private static final String WEB_EVENTS =
      "select 'web' as source, *, "
          + COMMON
          + """
        ('e1', timestamp'2026-06-30 23:00:00', 'product_view', 'L', null, null, 'p1', false),
        ('e2', timestamp'2026-06-30 23:01:00', 'page_view', 'L', null, null, null, null),
        ('e3', timestamp'2026-05-02', 'product_view', null, 'v', 's2', 'p2', null),
        ('e4', timestamp'2026-07-01', 'product_view', 'L', null, 's3', 'p1', null),
        ('e5', timestamp'2026-06-29', 'product_view', 'L', null, 's4', 'p1', true),
        ('e6', timestamp'2026-05-20', 'search', null, 'w', 's5', null, null),
        ('e7', timestamp'2026-06-05', 'login', 'C', 'w', 's6', null, null)
        as t(event_id, event_time, event_type, user_id, anonymous_id, session_id, product_id, bot)
      """;
  private static final String EMAIL_EVENTS =
      "select 'mail' as source, *, "
          + COMMON
          + """
        ('m1', timestamp'2026-06-15', 'opened', 'ada@x.example', false),
        ('m2', timestamp'2026-06-15', 'opened', 'ada@x.example', true),
        ('m3', timestamp'2026-06-16', 'opened', 'ada@x.example', null)
        as t(event_id, event_time, event_type, email, machine)
      """;
  private static final String SETTINGS =
      """
      features {
        recency { from = orders, aggregate = recency, meaning = "Days" }
        orders { from = orders, aggregate = count, windows = [30 days, lifetime], meaning = "Purchases" }
        spend { from = orders, aggregate = "sum(net - refunded)", windows = [30 days, lifetime], missing = 0, meaning = "Spent" }
        returned { from = returns, aggregate = "sum(net)", window = lifetime, meaning = "Sent back" }
        share { from = order_lines, aggregate = share, by = category, values = [Lounging, Growing], of = net, meaning = "Share" }
        favourite { from = order_lines, aggregate = favourite, by = category, values = [Lounging, Growing], of = net, meaning = "Favourite" }
        looks { from = web_events, where = "event_type = 'product_view' and category = 'Lounging'", aggregate = count, meaning = "Loungers looked at" }
        visits { from = web_events, aggregate = "count(distinct session_id)", window = 30 days, missing = 0, meaning = "Visits" }
        on_site { from = web_events, aggregate = "sum(seconds_on_page)", window = 30 days, missing = 0, meaning = "Seconds" }
        searches { from = web_events, where = "event_type = 'search'", aggregate = count, meaning = "Searches" }
        long_visits { from = sessions, where = "seconds >= 60", aggregate = count, window = 30 days, meaning = "Long visits" }
        opens { from = email_events, where = "event_type = 'opened'", aggregate = count, window = 30 days, meaning = "Opens" }
        city { from = orders, where = "status = 'paid' and cancelled_at is null", aggregate = count, meaning = "Paid purchases" }
        is_danish { from = customers, value = "country = 'DK'", type = flag, meaning = "Lives in Denmark" }
        gone { from = orders, aggregate = recency, missing = median, meaning = "Days" }
        odd { from = customers, value = "if(country = 'DK', double('NaN'), double('Infinity'))", missing = 7, meaning = "No number" }
        gone_weeks { from = features, value = "gone / 7", meaning = "Weeks" }
        average { from = features, value = "spend_lifetime / nullif(orders_lifetime, 0)", meaning = "Average" }
      }
      """;

  private static final ConsentSettings CONSENT =
      ConsentSettings.from(TextSection.of("").section("consent"));

  private TestLake lake;
  private Map<String, Row> rows;
  private Map<String, Long> counted;

  @BeforeAll
  void runOnce(@TempDir Path folder, LocalSpark.Handle spark) {
    lake = lake(folder, spark);
    run(SETTINGS);
    rows = rows(lake.lake());
    counted = lake.rows("features");
  }

  @Test
  void whatHappenedByTheEndOfTheDayCountsAndNothingAfter() {
    Row ada = rows.get("2026-06-30 ada");
    assertThat(value(ada, "orders_30d")).isEqualTo(1L); // o2: o1 is a microsecond too old
    assertThat(value(ada, "orders_lifetime")).isEqualTo(2L);
    assertThat(value(ada, "recency")).isEqualTo(30);
    assertThat(value(ada, "returned")).isEqualTo(-20.0);
    assertThat(value(ada, "looks")).isEqualTo(1L);
    assertThat(value(ada, "visits")).isEqualTo(1.0);
    assertThat(value(ada, "is_danish")).isEqualTo(true);
  }

  @Test
  void whatAVisitorDidIsNobodysUntilTheySayWhoTheyAre() {
    assertThat(value(rows.get("2026-05-31 cy"), "searches")).isEqualTo(0L);
    assertThat(value(rows.get("2026-06-30 cy"), "searches")).isEqualTo(1L);
  }

  @Test
  void whatBotsDoIsLeftOutAndVisitsAreMadeWhereTheSourceHasNone() {
    Row ada = rows.get("2026-06-30 ada");
    assertThat(value(ada, "looks")).isEqualTo(1L);
    assertThat(value(ada, "visits")).isEqualTo(1.0);
    assertThat(value(ada, "on_site")).isEqualTo(60.0);
    assertThat(value(ada, "long_visits")).isEqualTo(1L);
    assertThat(counted).containsEntry("web_events_by_bots", 1L);
  }

  @Test
  void refundsAndCancellationsCountFromTheirOwnDateOn() {
    assertThat(value(rows.get("2026-06-30 ada"), "spend_lifetime")).isEqualTo(90.0);
    assertThat(value(rows.get("2026-05-31 ada"), "spend_lifetime")).isEqualTo(130.0);
    assertThat(value(rows.get("2026-05-31 ada"), "orders_lifetime")).isEqualTo(2L);
    assertThat(value(rows.get("2026-05-31 ada"), "city"))
        .as("o4 was paid then, and a feature may be called as a column of customers")
        .isEqualTo(2L);
  }

  @Test
  void sharesAreOfProductsAndNothingBoughtIsNoShare() {
    Row ada = rows.get("2026-06-30 ada");
    assertThat((double) value(ada, "share_lounging")).isCloseTo(0.6, within());
    assertThat((double) value(ada, "share_growing")).isCloseTo(0.4, within());
    assertThat(value(ada, "favourite")).isEqualTo("Lounging");
    assertThat(value(rows.get("2026-06-30 bo"), "share_growing")).isEqualTo(0.0);
    assertThat(value(rows.get("2026-06-30 bo"), "favourite")).isNull();
    assertThat(value(rows.get("2026-06-30 cy"), "share_growing")).isNull();
  }

  @Test
  void whatMailProgramsOpenIsLeftOut() {
    assertThat(value(rows.get("2026-06-30 ada"), "opens")).isEqualTo(2L);
  }

  @Test
  void whoDidNothingHasZerosWhereZeroIsTrueAndNothingElse() {
    Row cy = rows.get("2026-06-30 cy");

    assertThat(value(cy, "orders_30d")).isEqualTo(0L);
    assertThat(value(cy, "spend_30d")).isEqualTo(0.0);
    assertThat(value(cy, "recency")).isNull();
    assertThat(value(cy, "average")).isNull();
  }

  @Test
  void whatIsNotKnownIsFilledAndToldAndWhatIsMadeOfItIsMadeOfTheFilled() {
    Row cy = rows.get("2026-06-30 cy");
    assertThat(value(cy, "gone")).isEqualTo(6); // bo's, the lower of two; ada has 30
    assertThat(value(cy, "gone_missing")).isEqualTo(true);
    assertThat((double) value(cy, "gone_weeks")).isCloseTo(6 / 7.0, within());
    assertThat(value(cy, "spend_30d_missing")).isEqualTo(true);
    assertThat(value(rows.get("2026-06-30 bo"), "gone_missing")).isEqualTo(false);
    assertThat(value(rows.get("2026-05-31 cy"), "gone")).isEqualTo(0);
  }

  @Test
  void whatIsNoNumberOrHasNoEndIsNotKnown() {
    for (String customer : List.of("ada", "bo")) {
      Row row = rows.get("2026-06-30 " + customer);
      assertThat(value(row, "odd")).isEqualTo(7.0);
      assertThat(value(row, "odd_missing")).isEqualTo(true);
    }
  }

  @Test
  void aDateHasThoseSeenByThenTheLastOneAsAnyOther() {
    assertThat(rows)
        .containsOnlyKeys(
            "2026-05-31 ada", "2026-05-31 cy", "2026-06-30 ada", "2026-06-30 bo", "2026-06-30 cy");
  }

  @Test
  void anEarlierDateOfTheSameSettingsStaysAsItIs(LocalSpark.Handle spark) {
    String late = ORDERS.replace("'o2'", "'late'").replace("2026-06-01 00:00:00", "2026-05-01");
    lake.lake().append(Orders.TABLE, spark.rows(Orders.TABLE, late).where("order_id = 'late'"));

    night(SETTINGS);
    Map<String, Row> again = rows(lake.lake());
    assertThat(value(again.get("2026-05-31 ada"), "orders_lifetime")).isEqualTo(2L);
    assertThat(value(again.get("2026-06-30 ada"), "orders_lifetime")).isEqualTo(3L);

    night(SETTINGS.replace("meaning = \"Opens\"", "meaning = \"Opened\", unit = e-mails"));
    assertThat(value(rows(lake.lake()).get("2026-05-31 ada"), "orders_lifetime")).isEqualTo(2L);
    assertThat(
            lake.lake().stored(CustomerFeatures.TABLE).schema().apply("opens").getComment().get())
        .as("what it is said to mean now")
        .isEqualTo("Opened, last 30 days; in e-mails");

    String others = SETTINGS.replace("event_type = 'opened'", "event_type in ('opened')");
    night(others);
    assertThat(value(rows(lake.lake()).get("2026-05-31 ada"), "orders_lifetime")).isEqualTo(3L);

    lake.lake()
        .append(
            Orders.TABLE,
            spark
                .rows(Orders.TABLE, late.replace("'late'", "'later'"))
                .where("order_id = 'later'"));
    night(others);
    assertThat(value(rows(lake.lake()).get("2026-05-31 ada"), "orders_lifetime")).isEqualTo(3L);
    run(others);
    assertThat(value(rows(lake.lake()).get("2026-05-31 ada"), "orders_lifetime"))
        .as("done again by force")
        .isEqualTo(4L);
  }

  /**
   * Adds random events after the end of the earlier date, has an order of before cancelled then,
   * and stores everything in another order and in other files.
   */
  @Test
  void whatComesLaterMovesNothingOfThePast(@TempDir Path folder, LocalSpark.Handle spark) {
    whatComesLaterMovesNothing(1, folder, spark);
  }

  @Tag("long")
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4})
  void whateverComesLaterMovesNothingOfThePast(
      int seed, @TempDir Path folder, LocalSpark.Handle spark) {
    whatComesLaterMovesNothing(seed, folder, spark);
  }

  private void whatComesLaterMovesNothing(int seed, Path folder, LocalSpark.Handle spark) {
    TestLake other = lake(folder, spark);
    FeatureSettings features = settings(SETTINGS);
    List<Row> before = asOfEarlier(other.lake(), features);

    String later = "timestamp'2026-06-01' + make_dt_interval(0, 0, 0, rand(%d) * 5e6)";
    other
        .lake()
        .append(
            Orders.TABLE,
            spark.rows(
                Orders.TABLE,
                """
                select 'shop' as source, concat('f', id) as order_id, '1' as contact_record_id,
                  %s as ordered_at, array('paid', 'return', 'cancelled', 'pending')[int(rand(%d) * 4)] as status,
                  timestamp'2026-08-09' as cancelled_at, rand(%d) * 500 as net, 'f' as source_file,
                  current_timestamp() as ingested_at from range(60)
                """
                    .formatted(later.formatted(seed), seed + 10, seed + 20)));
    other
        .lake()
        .append(
            OrderLines.TABLE,
            spark.rows(
                OrderLines.TABLE,
                """
                select 'shop' as source, concat('f', id) as order_id, '1' as line_no,
                  concat('p', 1 + int(rand(%d) * 3)) as product_id, 1 as quantity, rand(%d) * 500 as net,
                  'f' as source_file, current_timestamp() as ingested_at from range(60)
                """
                    .formatted(seed + 30, seed + 40)));
    other
        .lake()
        .append(
            Refunds.TABLE,
            spark.rows(
                Refunds.TABLE,
                """
                select 'shop' as source, concat('f', id) as refund_id, if(id %% 2 = 0, 'o1', 'o2') as order_id,
                  %s as refunded_at, rand(%d) * 9 as amount, 'f' as source_file,
                  current_timestamp() as ingested_at from range(20)
                """
                    .formatted(later.formatted(seed + 50), seed + 60)));
    other
        .lake()
        .append(
            WebEvents.TABLE,
            spark.rows(
                WebEvents.TABLE,
                """
                select 'web' as source, concat('f', id) as event_id, %s as event_time,
                  if(rand(%d) < 0.5, 'product_view', 'page_view') as event_type,
                  if(id %% 2 = 0, 'L', null) as user_id, if(id %% 2 = 0, null, 'v') as anonymous_id,
                  if(id %% 3 = 0, 's2', null) as session_id, 'p1' as product_id, id %% 7 = 0 as bot,
                  'f' as source_file, current_timestamp() as ingested_at from range(60)
                """
                    .formatted(later.formatted(seed + 70), seed + 80)));
    other
        .lake()
        .append(
            EmailEvents.TABLE,
            spark.rows(
                EmailEvents.TABLE,
                """
                select 'mail' as source, concat('f', id) as event_id, %s as event_time, 'opened' as event_type,
                  'ada@x.example' as email, false as machine, 'f' as source_file,
                  current_timestamp() as ingested_at from range(60)
                """
                    .formatted(later.formatted(seed + 90))));
    Dataset<Row> orders = other.lake().read(Orders.TABLE);
    Column isCancelled = Orders.ORDER_ID.col().equalTo("o1");
    other
        .lake()
        .overwrite(
            Orders.TABLE,
            other
                .lake()
                .scratch(
                    "orders",
                    orders
                        .withColumn(
                            Orders.STATUS.name(),
                            when(isCancelled, Orders.CANCELLED).otherwise(Orders.STATUS.col()))
                        .withColumn(
                            Orders.CANCELLED_AT.name(),
                            when(isCancelled, lit(Timestamp.valueOf("2026-06-02 00:00:00")))
                                .otherwise(Orders.CANCELLED_AT.col()))
                        .orderBy(rand(seed))
                        .repartition(5)));

    assertThat(asOfEarlier(other.lake(), features)).isEqualTo(before);
    run(SETTINGS, other);
    assertThat(rows(other.lake()).get("2026-06-30 ada"))
        .as("the events are seen by a later date")
        .isNotEqualTo(rows.get("2026-06-30 ada"));
  }

  private static List<Row> asOfEarlier(Lake lake, FeatureSettings features) {
    return FeaturesStage.asOf(lake, features, CONSENT, List.of(EARLIER), new StageReport())
        .orderBy(CustomerFeatures.CUSTOMER_ID.col())
        .collectAsList();
  }

  private void run(String settings) {
    run(settings, lake);
  }

  /** Runs it as a night does, by which nothing is done again. */
  private void night(String settings) {
    new FeaturesStage(settings(settings), CONSENT, date -> List.of(EARLIER))
        .run(new StageContext(lake.lake(), TODAY, "night", Instant.now(), new StageReport()));
  }

  private static void run(String settings, TestLake lake) {
    lake.run(TODAY, true, new FeaturesStage(settings(settings), CONSENT, date -> List.of(EARLIER)));
  }

  private static FeatureSettings settings(String settings) {
    Section root = TextSection.of(settings);
    var features = FeatureSettings.from(root.section("features"));
    root.problems().throwIfAny();
    return features;
  }

  private static TestLake lake(Path folder, LocalSpark.Handle spark) {
    var lake = new TestLake(spark, folder.resolve("lake"));
    Lake tables = lake.lake();
    tables.append(Customers.TABLE, spark.rows(Customers.TABLE, CUSTOMERS));
    tables.append(IdentityMap.TABLE, spark.rows(IdentityMap.TABLE, MAP));
    tables.append(Orders.TABLE, spark.rows(Orders.TABLE, ORDERS));
    tables.append(Refunds.TABLE, spark.rows(Refunds.TABLE, REFUNDS));
    tables.append(OrderLines.TABLE, spark.rows(OrderLines.TABLE, LINES));
    tables.append(Products.TABLE, spark.rows(Products.TABLE, PRODUCTS));
    tables.append(WebEvents.TABLE, spark.rows(WebEvents.TABLE, WEB_EVENTS));
    tables.append(EmailEvents.TABLE, spark.rows(EmailEvents.TABLE, EMAIL_EVENTS));
    return lake;
  }

  private static Map<String, Row> rows(Lake lake) {
    var rows = new TreeMap<String, Row>();
    lake.stored(CustomerFeatures.TABLE)
        .collectAsList()
        .forEach(row -> rows.put(row.<Date>getAs("as_of") + " " + row.getAs("customer_id"), row));
    return rows;
  }

  private static Object value(Row row, String column) {
    return row.get(row.fieldIndex(column));
  }

  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.data.Offset.offset(1e-12);
  }
}
