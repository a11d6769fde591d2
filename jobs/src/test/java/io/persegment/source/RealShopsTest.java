package io.persegment.source;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.persegment.PersegmentSettings;
import io.persegment.Pipeline;
import io.persegment.config.SettingsFile;
import io.persegment.conformed.OrderLines;
import io.persegment.conformed.Orders;
import io.persegment.customer.Customers;
import io.persegment.identity.Owners;
import io.persegment.publish.Audience;
import io.persegment.publish.AudienceSuppressed;
import io.persegment.run.Stage;
import io.persegment.table.Lake;
import io.persegment.testing.LocalSpark;
import io.persegment.testing.SharedData;
import io.persegment.testing.TestLake;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Control totals of real files, counted independently. */
@ExtendWith(LocalSpark.class)
class RealShopsTest {
  private static final String SHOPS = "jobs/src/test/resources/shops/";

  @TempDir Path folder;

  /**
   * Every row is accounted for. 50 customers of the shop, of whom 8 are among Klaviyo's 10: 52
   * people. Seven more are known by an address that they only gave on the web site.
   */
  @Test
  void belleAndGlowAgreesToTheCentAndBecomesAnAudience(LocalSpark.Handle spark) {
    PersegmentSettings settings =
        settings("belle-glow.conf", SharedData.folder("belle_glow"), Map.of());
    var lake = new TestLake(spark, folder.resolve("lake"));

    lake.run(LocalDate.of(2026, 6, 30), false, Pipeline.stages(settings).toArray(new Stage[0]));

    assertThat(lake.rows("ingest"))
        .containsEntry("shopify-orders.orders.read", 9_009L)
        .containsEntry("shopify-orders.orders.quarantined", 26L)
        .containsEntry("shopify-orders.orders.in_table", 8_983L)
        .containsEntry("shopify-order-lines.order_lines.read", 20_603L)
        .containsEntry("shopify-order-lines.order_lines.quarantined", 30L)
        .containsEntry("shopify-order-lines.order_lines.in_table", 20_573L);
    Row totals =
        lake.lake().read(Orders.TABLE).selectExpr("sum(net)", "sum(gross)", "sum(tax)").head();
    assertThat(totals.getDecimal(0)).isEqualByComparingTo("425444.82");
    assertThat(totals.getDecimal(1)).isEqualByComparingTo("510533.62");
    assertThat(totals.getDecimal(2)).isEqualByComparingTo("85088.80");

    Lake tables = lake.lake();
    Dataset<Row> known = tables.read(Customers.TABLE).where("is_known");
    assertThat(known.where("arrays_overlap(sources, array('shopify', 'klaviyo'))").count())
        .isEqualTo(52);
    assertThat(known.count()).isEqualTo(52 + 7);
    assertThat(
            Owners.in(tables)
                .ofOrders(tables.read(Orders.TABLE))
                .agg(count(lit(1)), count_distinct(Owners.CUSTOMER_ID.col()))
                .head())
        .isEqualTo(RowFactory.create(8_983L, 50L));
    assertThat(tables.read(Audience.TABLE).count() + tables.read(AudienceSuppressed.TABLE).count())
        .isEqualTo(tables.read(Customers.TABLE).count());
  }

  @Test
  void aMalformedFileIsRefusedAndNotReadAskew(LocalSpark.Handle spark) {
    Path data = SharedData.folder("belle_glow");
    Map<String, String> malformed =
        Map.of(
            "sources.shopify-order-lines.path", data + "/shopify/order_lines.csv",
            "sources.shopify-order-lines.version", "null",
            "sources.shopify-order-lines.order_lines.line_no", "order_line_id",
            "sources.shopify-order-lines.order_lines.quantity", "quantity");

    List<SourceSettings> lines =
        settings("belle-glow.conf", data, malformed).sources().stream()
            .filter(source -> source.name().equals("shopify-order-lines"))
            .toList();
    var lake = new TestLake(spark, folder.resolve("lake"));

    assertThatThrownBy(
            () -> lake.run(LocalDate.of(2026, 6, 30), false, IngestStage.of(lines, Map.of())))
        .hasMessageContaining("for order_lines were refused")
        .hasMessageContaining("line_no is missing: 40 rows")
        .hasMessageContaining("quantity is no number: 10 rows");
  }

  @Test
  @Tag("long")
  void onlineRetailAgreesToTheCent(LocalSpark.Handle spark) {
    Path data = SharedData.folder("online_retail").resolve("by-day");

    PersegmentSettings settings = settings("online-retail.conf", data, Map.of());
    var lake = new TestLake(spark, folder.resolve("lake"));
    lake.run(LocalDate.of(2026, 6, 30), false, IngestStage.of(settings.sources(), Map.of()));

    assertThat(lake.rows("ingest"))
        .containsEntry("till.files", 219L)
        .containsEntry("till.order_lines.read", 320_705L)
        .containsEntry("till.order_lines.in_table", 320_705L)
        .containsEntry("till.orders.in_table", 16_459L)
        .containsEntry("till.contacts.in_table", 3_360L);
    Row lines =
        lake.lake()
            .read(OrderLines.TABLE)
            .selectExpr("sum(net)", "count_if(order_id like 'C%')")
            .head();
    assertThat(lines.getDecimal(0)).isEqualByComparingTo("5761931.382");
    assertThat(lines.getLong(1)).isEqualTo(5_847);
    Row known =
        lake.lake()
            .read(OrderLines.TABLE)
            .as("l")
            .join(lake.lake().read(Orders.TABLE), "order_id")
            .where("contact_record_id is not null")
            .selectExpr("count(*)", "round(sum(l.net), 2)")
            .head();
    assertThat(known.getLong(0)).isEqualTo(232_053);
    assertThat(known.getDecimal(1)).isEqualByComparingTo("4919107.73");
  }

  private static PersegmentSettings settings(String conf, Path data, Map<String, String> more) {
    var overrides = new LinkedHashMap<>(more);
    overrides.put("exports", data.toString());
    return PersegmentSettings.from(SettingsFile.read(List.of(Path.of(SHOPS + conf)), overrides));
  }
}
