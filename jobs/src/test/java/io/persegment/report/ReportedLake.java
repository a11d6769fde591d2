package io.persegment.report;

import io.persegment.audit.Audits;
import io.persegment.customer.Customers;
import io.persegment.identity.IdentityMap;
import io.persegment.publish.Audience;
import io.persegment.publish.AudienceChanges;
import io.persegment.publish.AudienceSuppressed;
import io.persegment.publish.Releases;
import io.persegment.run.Runs;
import io.persegment.run.Stage;
import io.persegment.run.StageContext;
import io.persegment.scores.CustomerScores;
import io.persegment.scores.ScoreModels;
import io.persegment.segments.SegmentModels;
import io.persegment.segments.Segments;
import io.persegment.source.Quarantine;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import io.persegment.testing.LocalSpark;
import java.nio.file.Path;
import java.util.List;

/** A lake as a run leaves it, made up table by table. */
final class ReportedLake {
  /** The stages that write what a report shows. */
  static final List<Stage> STAGES =
      List.of(
          new Writer("ingest", List.of(Quarantine.TABLE)),
          new Writer("identity", List.of(IdentityMap.TABLE)),
          new Writer("customers", List.of(Customers.TABLE)),
          new Writer("scores", List.of(ScoreModels.TABLE, CustomerScores.TABLE)),
          new Writer("segments", List.of(SegmentModels.TABLE, Segments.TABLE)),
          new Writer("audit", List.of(Audits.TABLE)),
          new Writer("publish", List.of(AudienceSuppressed.TABLE, Audience.TABLE)));

  private final LocalSpark.Handle spark;
  private final Lake lake;

  ReportedLake(LocalSpark.Handle spark, Path root) {
    this.spark = spark;
    this.lake = new Lake(spark.session(), root.toString());
  }

  Lake lake() {
    return lake;
  }

  /**
   * Enters stages in the ledger.
   *
   * @param entries stage, status, when it ended on 1 July, and its error
   */
  void ran(String... entries) {
    add(
        Runs.TABLE,
        """
        select 'run' as run_id, stage, date'2026-06-30' as as_of, status,
          timestamp('2026-07-01 ' || time) - interval 75 seconds as started_at,
          timestamp('2026-07-01 ' || time) as finished_at, 'hash' as config_hash,
          cast(map() as map<string, long>) as input_versions,
          cast(map() as map<string, long>) as output_versions,
          map('rows_of_' || stage, 12345L) as rows, cast(map() as map<string, double>) as metrics,
          error
        from values %s as t(stage, status, time, error)
        """
            .formatted(String.join(", ", entries)));
  }

  /** Six customers of eight records; three may be written to. */
  ReportedLake full() {
    ran(
        "('ingest', 'done', '02:01:15', null)",
        "('identity', 'failed', '02:02:00', 'It failed first.')",
        "('identity', 'done', '02:03:00', null)",
        "('customers', 'done', '02:04:00', null)",
        "('scores', 'warned', '02:05:00', 'Target clv_365d was refused: 12 events.\\nTwo lines.')",
        "('segments', 'done', '02:06:00', null)",
        "('audit', 'warned', '02:07:00', 'orders: freshness_days.shop is 9, but should be <7>')",
        "('publish', 'done', '02:08:00', null)");
    customers();
    segments();
    scores();
    audience();
    checks();
    return this;
  }

  private void customers() {
    add(
        IdentityMap.TABLE,
        """
        select source, type as record_type, id as record_id, customer as customer_id,
          date'2026-06-30' as since
        from values ('shop', 'contact', '1', 'ada'), ('crm', 'contact', 'x1', 'ada'),
          ('shop', 'contact', '2', 'bea'), ('shop', 'contact', '3', 'cat'),
          ('shop', 'order', '900', 'dan'), ('', 'address', 'eva@example.com', 'eva'),
          ('web', 'anonymous_id', 'w1', 'ada'), ('web', 'anonymous_id', 'w2', 'fay')
          as t(source, type, id, customer)
        """);
    add(
        Customers.TABLE,
        """
        select id as customer_id, if(email, id || '@example.com', null) as email,
          if(id = 'ada', '+4520123456', null) as phone, 'Nomen' || id as first_name,
          known as is_known, consent as email_consent, records as record_count,
          if(sources = '', array(), split(sources, ',')) as sources,
          cast(map() as map<string, string>) as provenance, timestamp'2026-07-01' as updated_at
        from values ('ada', true, true, 'granted', 3L, 'crm,shop,web'),
          ('bea', true, true, 'granted', 1L, 'shop'),
          ('cat', true, true, 'granted', 1L, 'shop'),
          ('dan', false, true, null, 1L, 'shop'),
          ('eva', true, true, null, 1L, ''),
          ('fay', false, false, null, 1L, 'web')
          as t(id, email, known, consent, records, sources)
        """);
  }

  private void segments() {
    add(
        Segments.TABLE,
        """
        select date'2026-06-30' as as_of, segmentation, id as segment_id, name, description, size,
          size / 6 as share, profile, stability, model as model_version
        from values
          ('garden', 'g1', 'Growing', 'Buys seed & soil', 1L, array(), 0.5, 2),
          ('garden', 'g2', '<b>Lounging</b>', 'Buys deck chairs', 5L, array(
            named_struct('feature', 'orders_30d', 'mean', 0.5, 'overall', 2.0, 'lift', 0.25),
            named_struct('feature', 'dropped_since', 'mean', 3.0, 'overall', 1.0, 'lift', 3.0),
            named_struct('feature', 'tenure', 'mean', null, 'overall', 2.0, 'lift', null)), 0.912, 2),
          ('lifecycle', 'n', 'New', 'Came lately', 6L, array(), null, null)
          as t(segmentation, id, name, description, size, profile, stability, model)
        """);
    add(
        SegmentModels.TABLE,
        """
        select 'garden' as segmentation, version, date'2026-06-02' as trained_as_of,
          'k-means' as algorithm, version as k, array() as evidence,
          map('silhouette', version / 4) as metrics, 'p' as path
        from values (1), (2) as t(version)
        """);
  }

  private void scores() {
    add(
        CustomerScores.TABLE,
        """
        select date'2026-06-30' as as_of, 'c' || id as customer_id, 'purchase_30d' as target,
          1 / (id + 1) as score, int((id + 1) / 2) as decile, array() as reasons,
          3 as model_version
        from range(1, 5) as t(id)
        """);
    add(
        ScoreModels.TABLE,
        """
        select 'purchase_30d' as target, version, date'2026-05-31' as trained_as_of,
          'logistic-regression' as algorithm, true as champion,
          map('test.auc', 0.8 + version / 1000, 'baseline.recency.auc', 0.7312, 'baseline.recency.auc.low', 0.71,
            'baseline.recency.auc.high', 0.752, 'baseline.base_rate.auc', 0.5,
            'test.brier', 0.15,
            'test.base_rate', 0.2381, 'test.customers', 3148.0) as metrics, 'p' as path,
          array(named_struct('decile', 1, 'customers', 314L, 'events', 150L, 'said', .46D, 'low', .42D, 'high', .53D, 'lift', 2.01D),
            named_struct('decile', 2, 'customers', 315L, 'events', 0L, 'said', .02D, 'low', 0D, 'high', .01D, 'lift', 0D)) as deciles,
          array(named_struct('low', 1.78D, 'high', 2.23D), null) as lifts
        from values (2), (3) as t(version)
        """);
  }

  private void audience() {
    add(
        Audience.TABLE,
        """
        select id as customer_id, id || '@example.com' as email,
          cast(map() as map<string, string>) as segments,
          cast(map() as map<string, double>) as scores, cast(map() as map<string, int>) as deciles,
          'h' as row_hash, 'r000002' as release_id, timestamp'2026-07-01' as published_at
        from values ('ada'), ('bea'), ('cat') as t(id)
        """);
    add(
        AudienceSuppressed.TABLE,
        """
        select id as customer_id, reason, date'2026-06-30' as since from values
          ('dan', 'no_email'), ('eva', 'no_consent'), ('fay', 'no_email') as t(id, reason)
        """);
    add(
        AudienceChanges.TABLE,
        """
        select release as release_id, id as customer_id, 'sha' as email_sha256, change,
          array() as changed_columns
        from values ('r000001', 'old', 'added'), ('r000002', 'old', 'removed'),
          ('r000002', 'ada', 'added'), ('r000002', 'bea', 'added'), ('r000002', 'cat', 'changed')
          as t(release, id, change)
        """);
    add(
        Releases.TABLE,
        """
        select id as release_id, date'2026-06-30' as as_of,
          timestamp'2026-07-01 02:07:30' as published_at,
          cast(map() as map<string, long>) as table_versions, 'published' as status
        from values ('r000002'), ('r000001') as t(id)
        """);
  }

  private void checks() {
    add(
        Audits.TABLE,
        """
        select day as as_of, check, 'orders' as table, value, limit, severity, passed
        from values
          (date'2026-06-30', 'rows', 1234.0, null, 'info', true),
          (date'2026-06-30', 'freshness_days.shop', 9.0, 7.0, 'warn', false),
          (date'2026-06-30', 'broken_keys', 2.0, 0.0, 'hold', false),
          (date'2026-06-29', 'broken_keys', 5.0, 0.0, 'hold', false)
          as t(day, check, value, limit, severity, passed)
        """);
    add(
        Quarantine.TABLE,
        """
        select 'shop' as source, source as source_name, 'orders' as target_table,
          '{"email": "secret@example.com"}' as row_json, reasons, 'f' as source_file,
          'run' as run_id, timestamp'2026-07-01' as ingested_at
        from values ('shop-orders', array('net is no number')),
          ('shop-orders', array('order_id is missing', 'net is no number')),
          ('till', array('order_id is missing')) as t(source, reasons)
        """);
  }

  /** In one commit, as there is much to write. */
  private void add(Table table, String sql) {
    spark
        .rows(table, sql)
        .coalesce(1)
        .write()
        .format("delta")
        .save(lake.root() + "/" + table.name());
  }

  private record Writer(String name, List<Table> writes) implements Stage {
    @Override
    public String summary() {
      return "Makes what " + name + " makes";
    }

    @Override
    public List<Table> reads() {
      return List.of();
    }

    @Override
    public void run(StageContext context) {
      throw new UnsupportedOperationException("only its name and tables count here");
    }
  }
}
