package io.persegment.segments;

import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.config.Section;
import io.persegment.config.TextSection;
import io.persegment.conformed.Orders;
import io.persegment.customer.ConsentSettings;
import io.persegment.customer.Customers;
import io.persegment.features.FeatureSettings;
import io.persegment.identity.IdentityMap;
import io.persegment.run.StageReport;
import io.persegment.segments.Backtest.Size;
import io.persegment.table.Lake;
import io.persegment.testing.LocalSpark;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What segmentations would have been on the last days of some months. */
@ExtendWith(LocalSpark.class)
class BacktestTest {
  private static final String SETTINGS =
      """
      segmentations {
        stage {
          kind = rules, otherwise = Once
          first-match = [{ name = Never, when = "orders_lifetime = 0" }, { name = Often, when = "orders_lifetime > 1" }]
        }
        hopes { kind = rules, many = [
          { name = Warm, when = "score('purchase_30d') > 0.5" }, { name = Loyal, when = "in_segment('stage', 'Often')" }
        ] }
      }
      """;

  @TempDir Path folder;
  private Lake lake;

  @BeforeEach
  void fillTheLake(LocalSpark.Handle spark) {
    lake = new Lake(spark.session(), folder.toString());
    lake.overwrite(
        Customers.TABLE,
        spark.rows(
            Customers.TABLE,
            """
            select *, 1 as record_count, array('shop') as sources, map() as provenance, true as is_known,
              current_timestamp() as updated_at from values
              ('ada', timestamp'2026-01-01'), ('bo', timestamp'2026-03-10') as t(customer_id, first_seen_at)
            """));
    lake.overwrite(
        IdentityMap.TABLE,
        spark.rows(
            IdentityMap.TABLE,
            """
            select *, date'2026-01-01' as since from values
              ('shop', 'contact', '1', 'ada'), ('shop', 'contact', '2', 'bo')
              as t(source, record_type, record_id, customer_id)
            """));
    lake.overwrite(
        Orders.TABLE,
        spark.rows(
            Orders.TABLE,
            """
            select 'shop' as source, *, 'paid' as status, 10 as net, 'f' as source_file,
              current_timestamp() as ingested_at from values
              ('o1', '1', timestamp'2026-02-01'), ('o2', '1', timestamp'2026-03-01'), ('o3', '2', timestamp'2026-04-01')
              as t(order_id, contact_record_id, ordered_at)
            """));
  }

  @Test
  void tellsWhoEnteredAndLeft() {
    assertThat(backtest("stage", new StageReport()))
        .containsExactly(
            "2026-01-31 Never: 1, 1.0, -, -",
            "2026-01-31 Often: 0, 0.0, -, -",
            "2026-01-31 Once: 0, 0.0, -, -",
            "2026-02-28 Never: 0, 0.0, 0, 1",
            "2026-02-28 Often: 0, 0.0, 0, 0",
            "2026-02-28 Once: 1, 1.0, 1, 0",
            "2026-03-31 Never: 1, 0.5, 1, 0",
            "2026-03-31 Often: 1, 0.5, 1, 0",
            "2026-03-31 Once: 0, 0.0, 0, 1");
  }

  @Test
  void whatCannotBeToldIsSaid() {
    var report = new StageReport();

    assertThat(backtest("hopes", report))
        .contains("2026-03-31 Warm: 0, 0.0, 0, 0", "2026-03-31 Loyal: 1, 0.5, 1, 0");
    assertThat(backtest("value", report)).isEmpty();
    assertThat(report.warnings())
        .contains(
            "Nobody was given a score for purchase_30d on 2026-01-31: what asks for one holds for"
                + " nobody.",
            "The segmentation value has no segments on 2026-02-28: no run has fitted a model of"
                + " these settings.");
    assertThat(lake.exists(SegmentMembership.TABLE)).isFalse();
  }

  private List<String> backtest(String name, StageReport report) {
    Section root = TextSection.of(SETTINGS);
    List<LocalDate> dates =
        Stream.of("2026-01-31", "2026-02-28", "2026-03-31").map(LocalDate::parse).toList();
    return Backtest.of(
            lake,
            SegmentationSettingsTest.all(root),
            FeatureSettings.from(root.section("features")),
            ConsentSettings.from(root.section("consent")),
            name,
            dates,
            report)
        .stream()
        .map(BacktestTest::line)
        .toList();
  }

  private static String line(Size size) {
    return "%s %s: %d, %s, %s, %s"
        .formatted(
            size.asOf(),
            size.segment(),
            size.size(),
            size.share(),
            size.entered().map(String::valueOf).orElse("-"),
            size.left().map(String::valueOf).orElse("-"));
  }
}
