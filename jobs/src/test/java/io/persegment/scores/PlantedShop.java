package io.persegment.scores;

import io.persegment.config.Section;
import io.persegment.config.TextSection;
import io.persegment.conformed.EmailEvents;
import io.persegment.conformed.Orders;
import io.persegment.customer.ConsentSettings;
import io.persegment.customer.Customers;
import io.persegment.features.CustomerFeatures;
import io.persegment.features.FeatureSettings;
import io.persegment.identity.IdentityMap;
import io.persegment.run.StageContext;
import io.persegment.run.StageReport;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import io.persegment.testing.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A shop whose customers' chances to buy within 30 days are planted: {@code 1 / (1 + exp(0.5 -
 * log1p(visits_30d) + 0.4 log1p(recency)))}. The draws are hashes, the same on every machine.
 */
final class PlantedShop {
  static final LocalDate AS_OF = LocalDate.parse("2026-06-30");
  static final int CUSTOMERS = 1_200;

  /** Those of customers whose id ends in 7 refuse to be profiled: every tenth. */
  static final int PROFILED = CUSTOMERS / 10 * 9;

  private static final String CHANCE =
      "1 / (1 + exp(0.5 - log1p(visits_30d) + 0.4 * log1p(recency)))";
  private static final String TARGET =
      "targets.purchase_30d { features = [recency, orders_30d, visits_30d, opens_30d], cuts = 3,"
          + " penalties = [0.003], algorithms = logistic-regression }\n";

  private final LocalSpark.Handle spark;
  private final Lake lake;

  PlantedShop(LocalSpark.Handle spark, String folder) {
    this.spark = spark;
    this.lake = new Lake(spark.session(), folder);
  }

  Lake lake() {
    return lake;
  }

  /**
   * Returns a shop of its own in {@code folder}, with all tables of this one but {@code without}.
   */
  PlantedShop copiedTo(Path folder, Table... without) throws IOException {
    Path from = Path.of(lake.root());
    Set<String> left = Stream.of(without).map(Table::name).collect(Collectors.toSet());
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.sorted().toList()) {
        Path inside = from.relativize(file);
        if (!left.contains(inside.getName(0).toString())) {
          Files.copy(file, folder.resolve(inside), StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
    return new PlantedShop(spark, folder.toString());
  }

  /** Returns a customer, the date, what is known of them, and their {@code chance}. */
  Dataset<Row> customers(LocalDate... dates) {
    String days =
        List.of(dates).stream().map("date'%s'"::formatted).collect(Collectors.joining(", "));
    return spark
        .session()
        .sql(
            """
            select *, %s as chance from (
              select as_of, format_string('c%%04d', id) as customer_id,
                cast(10 * u(1) as int) as visits_30d, cast(100 * u(2) as int) as recency,
                if(id %% 10 = 3, null, u(4) < %s) as opens_90d,
                cast(3 * u(3) as int) as orders_30d, cast(1 + 3 * u(3) as int) as orders_lifetime,
                u(4) as luck, u(5) as hour
              from range(%d), (select explode(array(%s)) as as_of))"""
                .formatted(CHANCE, CHANCE, CUSTOMERS, days)
                .replaceAll("u\\((\\d)\\)", "(pmod(xxhash64(id, as_of, $1), 1000003) / 1000003)"));
  }

  /** Writes all that scores are made from, features of {@code asOf} and of its cuts included. */
  void fill(LocalDate asOf) {
    List<LocalDate> cuts = targets("").get(0).cuts(asOf);
    writeFeatures(asOf, cuts.toArray(new LocalDate[0]));
    writeOrders(cuts.toArray(new LocalDate[0]));
    people().createOrReplaceTempView("people");
    lake.overwrite(
        Customers.TABLE,
        spark.rows(
            Customers.TABLE,
            "select customer_id, true as is_known, 1 as record_count, array('shop') as sources,"
                + " cast(map() as map<string, string>) as provenance, now() as updated_at,"
                + " if(customer_id like '%7', 'withdrawn', null) as profiling_consent from people"));
    lake.overwrite(
        IdentityMap.TABLE,
        spark.rows(
            IdentityMap.TABLE,
            "select 'shop' as source, 'contact' as record_type, customer_id as record_id,"
                + " customer_id, date'2025-01-01' as since from people"));
  }

  void writeFeatures(LocalDate asOf, LocalDate... cuts) {
    customers(with(asOf, cuts)).createOrReplaceTempView("known");
    lake.overwrite(
        table(),
        spark.rows(
            table(), "select *, '%s' as definition from known".formatted(features().definition())));
  }

  /**
   * Writes what followed each of {@code cuts}: an order of who was lucky, two days to four weeks
   * later, so that it lies in the horizon of one cut alone; and the shop's first purchase of all.
   */
  void writeOrders(LocalDate... cuts) {
    customers(cuts).where("luck < chance").createOrReplaceTempView("lucky");
    lake.overwrite(
        Orders.TABLE,
        orders(
            "select concat(as_of, customer_id) as order_id, customer_id as contact_record_id,"
                + " timestamp_seconds(unix_seconds(timestamp(as_of)) + 259200 + int(hour * 2160000))"
                + " as ordered_at, 'paid' as status from lucky union all"
                + " select 'first', 'c0001', timestamp'2025-06-01', 'paid'"));
  }

  /**
   * Writes what followed each of {@code cuts}: an e-mail to every second customer three days later,
   * none of whom refuses to be profiled, which who was lucky opens within a day; the shop's first
   * e-mail of all; and one too late in the horizon of the last cut to be the next.
   */
  void writeEmails(LocalDate... cuts) {
    customers(cuts)
        .where("pmod(substr(customer_id, 2), 2) = 0")
        .selectExpr("*", "timestamp(as_of + interval 3 days) as sent")
        .createOrReplaceTempView("mailed");
    lake.overwrite(
        EmailEvents.TABLE,
        spark.rows(
            EmailEvents.TABLE,
            "select *, 'shop' as source, uuid() as event_id, 'f' as source_file, now() as ingested_at from ("
                + "select 'sent' as event_type, customer_id as contact_record_id, sent as event_time from mailed"
                + " union all select 'opened', customer_id,"
                + " timestamp_seconds(unix_seconds(sent) + int(hour * 86000)) from mailed where luck < chance"
                + " union all select 'sent', 'c0001', explode(array(timestamp'2025-06-01',"
                + " timestamp'2026-06-27 12:00')))"));
  }

  /** Returns orders of {@code sql}, which gives order id, contact, time and status. */
  Dataset<Row> orders(String sql) {
    return spark.rows(
        Orders.TABLE,
        "select *, 'shop' as source, 10 as net, 'f' as source_file, now() as ingested_at from (%s)"
            .formatted(sql));
  }

  private Dataset<Row> people() {
    return customers(AS_OF).select("customer_id");
  }

  StageReport score(LocalDate asOf, String settings) {
    var report = new StageReport();
    new ScoresStage(targets(settings), lifetimes(settings), "EUR", features(), consent())
        .run(new StageContext(lake, asOf, "run", Instant.parse("2026-07-05T02:00:00Z"), report));
    return report;
  }

  /** Lets another model score from now on. */
  void use(int version, String settings) {
    ScoresStage.use(lake, targets(settings).get(0), features(), version);
  }

  List<String> lines(Table table, String... expressions) {
    return lake.read(table).selectExpr(expressions).collectAsList().stream()
        .map(row -> row.mkString("|"))
        .sorted()
        .toList();
  }

  static ConsentSettings consent() {
    return ConsentSettings.from(root("").section("consent"));
  }

  static FeatureSettings features() {
    return FeatureSettings.from(root("").section("features"));
  }

  static Table table() {
    return CustomerFeatures.table(features());
  }

  static List<TargetSettings> targets(String settings) {
    Section root = root(settings);
    List<TargetSettings> targets =
        TargetSettings.all(root.section("targets"), root.section("target-defaults"), features());
    root.problems().throwIfAny();
    return targets;
  }

  static List<LifetimeSettings> lifetimes(String settings) {
    Section root = root(settings);
    List<LifetimeSettings> lifetimes =
        LifetimeSettings.all(
            root.section("targets"),
            root.section("target-defaults").section("lifetime-value"),
            features());
    root.problems().throwIfAny();
    return lifetimes;
  }

  private static Section root(String settings) {
    return TextSection.of(TARGET + settings);
  }

  private static LocalDate[] with(LocalDate asOf, LocalDate... cuts) {
    LocalDate[] all = Arrays.copyOf(cuts, cuts.length + 1);
    all[cuts.length] = asOf;
    return all;
  }
}
