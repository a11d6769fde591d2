package io.persegment.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.config.Section;
import io.persegment.config.TextSection;
import io.persegment.conformed.Orders;
import io.persegment.features.CustomerFeatures;
import io.persegment.features.FeatureSettings;
import io.persegment.run.Runs;
import io.persegment.run.StageContext;
import io.persegment.run.StageReport;
import io.persegment.segments.Segments;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import io.persegment.testing.LocalSpark;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Encoders;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A shop of which nothing is odd until 30 June; a week later, three things are. */
@ExtendWith(LocalSpark.class)
class AuditStageTest {
  private static final String ORDERS =
      """
      select 'shop' as source, 'o' || id as order_id, 'f' as source_file,
        %s as ordered_at, %s as status, 'EUR' as currency, if(id %% 2 = 0, 1, id %% 50) as net,
        if(id %% 100 < %d, null, id || '@example.com') as email,
        timestamp'2026-06-30' as ingested_at
      from range(400)
      """;
  private static final String RUNS =
      """
      select 'run-' || id as run_id, 'ingest' as stage, date_add(date'2026-06-20', int(id)) as as_of,
        'done' as status, timestamp'2026-07-01' as started_at, timestamp'2026-07-01' as finished_at,
        'hash' as config_hash, cast(map() as map<string, long>) as input_versions,
        cast(map() as map<string, long>) as output_versions,
        map('till.orders.read', if(id = 17, 12L, 100 + id %% 3), 'till.orders.accepted', 5L) as rows,
        cast(map() as map<string, double>) as metrics
      from range(%d)
      """;

  @TempDir Path folder;
  private LocalSpark.Handle spark;
  private Lake lake;

  @BeforeEach
  void open(LocalSpark.Handle spark) {
    this.spark = spark;
    lake = new Lake(spark.session(), folder.toString());
  }

  @Test
  void tellsWhatIsOddAgainstItsOwnHistory() {
    fill(
        Orders.TABLE,
        ORDERS.formatted("timestamp'2026-06-25'", "if(id < 40, 'pending', 'paid')", 5));
    fill(Runs.TABLE, RUNS.formatted(11));
    assertThat(audit("2026-06-30", "").warnings()).as("calm").isEmpty();
    assertThat(
            lake.read(AuditReference.TABLE)
                .where("table = 'orders' and column in ('net', 'status')")
                .orderBy("column", "bin")
                .selectExpr("concat_ws('|', bin, as_of, value, share)")
                .collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactly(
            "0|2026-06-30|0.0",
            "1|2026-06-30|1.0|0.52",
            "2|2026-06-30|9.0|0.08",
            "3|2026-06-30|19.0|0.1",
            "4|2026-06-30|29.0|0.1",
            "5|2026-06-30|39.0|0.1",
            "21|2026-06-30|0.1",
            "0|2026-06-30|0.0",
            "1|2026-06-30|paid|0.9",
            "2|2026-06-30|pending|0.1",
            "21|2026-06-30|0.0");

    // The older half of the orders is of more than four weeks before.
    fill(
        Orders.TABLE,
        ORDERS.formatted(
            "if(id < 200, timestamp'2026-06-01', timestamp'2026-07-06')",
            "if(id < 200 or id >= 300, 'paid', 'cancelled')",
            30));
    fill(Runs.TABLE, RUNS.formatted(18));
    assertThat(audit("2026-07-07", "").warnings())
        .containsExactlyInAnyOrder(
            "orders: arrivals is 8.8558, but should be at most 6: till brought 12 rows as of"
                + " 2026-07-07, and usually brings 101 (the median of 17 loads). Look whether its"
                + " export is whole",
            "orders: nothing is 0.25, but should be at most 0.1: email is empty in 30 % of the"
                + " rows of the last 28 days, and was in 5 % as of 2026-06-30. Look what changed in the sources; if it"
                + " is to stay so, set audits.reference = 2026-07-07",
            "orders: drift is 5.1829, but should be at most 0.25: status is another value in 50 % of"
                + " the rows of the last 28 days, and was in 0 % as of 2026-06-30. Look what"
                + " changed in the sources; if it is to stay so, set audits.reference ="
                + " 2026-07-07");
    assertThat(
            lake.read(Audits.TABLE)
                .where("not passed")
                .selectExpr("check || table")
                .collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactlyInAnyOrder("arrivalsorders", "nothingorders", "driftorders");

    assertThat(audit("2026-07-07", "audits.reference = 2026-07-07").warnings())
        .singleElement()
        .asString()
        .startsWith("orders: arrivals");
  }

  @Test
  void segmentsThatAreNotWhatTheyWereHoldThePublish() {
    String rows =
        """
        select date'%s' as as_of, 'garden' as segmentation, id as segment_id, id as name, '' as description,
          bigint(1000 * share) as size, share, array() as profile, stability, 1 as model_version, true as is_profiling
          from values %s as t(id, share, stability)
        """;
    String before =
        rows.formatted(
            "2026-06-03", "('Growing', double(0.6), double(0.9)), ('Lounging', 0.4, 0.8)");
    fill(
        Segments.TABLE,
        before
            + " union all "
            + rows.formatted(
                "2026-06-29", "('Growing', double(0.2), double(0.9)), ('Lounging', 0.8, 0.5)")
            + " union all "
            + rows.formatted(
                "2026-06-30", "('Growing', double(0.3), double(0.9)), ('Sheds', 0.7, 0.5)"));

    assertThat(audit("2026-06-29", "audits.segment-stability = 0.6").warnings())
        .containsExactlyInAnyOrder(
            "segments: segment_psi.garden is 0.7167, but should be at most 0.25: Growing went from"
                + " 60 % on 2026-06-03 to 20 %. Look what changed; if it is to stay so, set"
                + " audits.reference = 2026-06-29 and run audit for that date again, with --force",
            "segments: segment_stability.garden is 0.5, but should be at least 0.6: Lounging is not"
                + " found again in samples of the customers; take other features or fewer clusters");
    assertThat(held()).containsExactly("segment_psi.garden", "segment_stability.garden");
    assertThat(audit("2026-06-30", "").warnings())
        .containsExactlyInAnyOrder(
            "segments: segments_new.garden is 0.7, but should be at most 0.5: so many customers are in"
                + " segments that were not there on 2026-06-03: Sheds. Look what changed; if it is to stay"
                + " so, set audits.reference = 2026-06-30 and run audit for that date again, with"
                + " --force");
    assertThat(audit("2026-06-30", "audits.reference = 2026-06-30").warnings()).isEmpty();
    assertThat(audit("2026-07-01", "").warnings())
        .contains(
            "segments: segments.garden is 0, but should be at least 1: it has no segments, and had some"
                + " on 2026-06-30; the ledger's row of the stage segments says why");
    assertThat(audit("2026-06-03", "").warnings()).isEmpty();

    String after = rows.formatted("2026-09-01", "('Sheds', double(1), double(0.9))");
    fill(Segments.TABLE, before + " union all " + after);
    assertThat(audit("2026-09-01", "").warnings())
        .as("after a pause of months")
        .singleElement()
        .asString()
        .startsWith("segments: segments_new.garden is 1, but should be at most 0.5");
    assertThat(audit("2026-09-01", "audits.reference = 2026-08-31").warnings()).isEmpty();
  }

  @Test
  void aFeatureThatSegmentsAreMadeByHasBecomeAnother() {
    String dates = "(values (date'2026-06-03'), (date'2026-06-30')) as t (as_of)";
    Table features =
        CustomerFeatures.table(FeatureSettings.from(TextSection.of("").section("features")));
    fill(
        features,
        "select as_of, 'c' || id as customer_id, '' as definition, pmod(id, 7) as orders_30d,"
            + " pmod(id, 50) + if(as_of < '2026-06-30', 0, 40) as recency from range(300), "
            + dates);
    fill(
        Segments.TABLE,
        """
        select as_of, 'garden' as segmentation, 'all' as segment_id, 'All' as name, '' as description,
          300L as size, 1D as share, array() as profile, cast(null as double) as stability,
          1 as model_version, true as is_profiling from %s"""
            .formatted(dates));

    assertThat(audit("2026-06-30", "").warnings())
        .singleElement()
        .asString()
        .startsWith("customer_features: segment_feature_psi.garden is ")
        .contains(
            "of the features that segments are made by, recency changed most since 2026-06-03");
    assertThat(held()).isEmpty();
    audit("2026-06-30", "audits.on-feature-psi = hold");
    assertThat(held()).containsExactly("segment_feature_psi.garden");
  }

  private List<String> held() {
    return lake.read(Audits.TABLE)
        .where("not passed and severity = 'hold'")
        .orderBy("check")
        .select("check")
        .as(Encoders.STRING())
        .collectAsList();
  }

  private void fill(Table table, String sql) {
    lake.overwrite(table, spark.rows(table, sql).coalesce(1));
  }

  private StageReport audit(String asOf, String settings) {
    Section root = TextSection.of(settings);
    var report = new StageReport();
    new AuditStage(
            AuditSettings.from(root.section("audits")),
            Map.of("garden", List.of("orders_30d", "recency"), "brand", List.of()))
        .run(
            new StageContext(
                lake, LocalDate.parse(asOf), "run", Instant.parse("2026-07-08T02:00:00Z"), report));
    return report;
  }
}
