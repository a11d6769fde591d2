package io.persegment.scores;

import io.persegment.config.Section;
import io.persegment.config.TextSection;
import io.persegment.conformed.Orders;
import io.persegment.conformed.Refunds;
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
import io.persegment.testing.SharedData;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A shop of which nothing is known but its orders. */
final class BuyersShop {
  private final LocalSpark.Handle spark;
  private final Lake lake;

  BuyersShop(LocalSpark.Handle spark, Path folder) {
    this.spark = spark;
    this.lake = new Lake(spark.session(), folder.toString());
  }

  Lake lake() {
    return lake;
  }

  /** Returns a shop of the orders of CDNOW, each at noon. */
  static BuyersShop cdnow(LocalSpark.Handle spark, Path folder) {
    Path file = SharedData.folder("cdnow").resolve("CDNOW_sample.txt");
    spark
        .session()
        .read()
        .text(file.toString())
        .selectExpr("split(trim(value), ' +') as of")
        .where("size(of) = 5")
        .selectExpr(
            "uuid() as order_id",
            "concat('c', of[1]) as contact_record_id",
            "to_timestamp(concat(of[2], ' 12'), 'yyyyMMdd HH') as ordered_at",
            "'paid' as status",
            "cast(of[4] as double) as net")
        .createOrReplaceTempView("cdnow");
    var shop = new BuyersShop(spark, folder);
    shop.write("select * from cdnow");
    return shop;
  }

  /** Writes orders of {@code sql}, which gives order id, contact, time, status and net. */
  void write(String sql) {
    lake.overwrite(Orders.TABLE, orders(sql));
  }

  Dataset<Row> orders(String sql) {
    return spark.rows(
        Orders.TABLE,
        "select *, 'shop' as source, 'f' as source_file, now() as ingested_at from (%s)"
            .formatted(sql));
  }

  /** Writes refunds of {@code sql}, which gives order id, time and amount. */
  void refund(String sql) {
    lake.overwrite(
        Refunds.TABLE,
        spark.rows(
            Refunds.TABLE,
            ("select *, order_id as refund_id, 'shop' as source, 'f' as source_file,"
                    + " now() as ingested_at from (%s)")
                .formatted(sql)));
  }

  /** Makes each contact that ordered a customer, and foretells. */
  StageReport score(LocalDate asOf, String target) {
    lake.read(Orders.TABLE)
        .selectExpr("contact_record_id as customer_id")
        .distinct()
        .createOrReplaceTempView("people");
    lake.overwrite(
        Customers.TABLE,
        spark.rows(
            Customers.TABLE,
            "select customer_id, true as is_known, 1 as record_count, array('shop') as sources,"
                + " cast(map() as map<string, string>) as provenance, now() as updated_at,"
                + " if(customer_id like 'refuses%', 'withdrawn', null) as profiling_consent"
                + " from people"));
    lake.overwrite(
        IdentityMap.TABLE,
        spark.rows(
            IdentityMap.TABLE,
            "select 'shop' as source, 'contact' as record_type, customer_id as record_id,"
                + " customer_id, date'1997-01-01' as since from people"));
    lake.overwrite(
        features(),
        spark.rows(
            features(),
            ("select customer_id, date'%s' as as_of, 1 as orders_lifetime, '%s' as definition"
                    + " from people")
                .formatted(asOf, featureSettings().definition())));
    var report = new StageReport();
    Section root = root(target);
    List<LifetimeSettings> targets =
        LifetimeSettings.all(
            root.section("targets"),
            root.section("target-defaults").section("lifetime-value"),
            featureSettings());
    root.problems().throwIfAny();
    new ScoresStage(
            List.of(),
            targets,
            "EUR",
            featureSettings(),
            ConsentSettings.from(root("").section("consent")))
        .run(new StageContext(lake, asOf, "run", Instant.parse("2026-07-05T02:00:00Z"), report));
    return report;
  }

  List<String> lines(Table table, String... expressions) {
    return lake.read(table).selectExpr(expressions).collectAsList().stream()
        .map(row -> row.mkString("|"))
        .sorted()
        .toList();
  }

  private static Table features() {
    return CustomerFeatures.table(featureSettings());
  }

  private static FeatureSettings featureSettings() {
    return FeatureSettings.from(root("").section("features"));
  }

  private static Section root(String target) {
    return TextSection.of("targets.purchase_30d = null\n" + target);
  }
}
