package io.persegment.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.persegment.PersegmentSettings;
import io.persegment.config.SettingsFile;
import io.persegment.conformed.Orders;
import io.persegment.customer.Customers;
import io.persegment.identity.IdentityMap;
import io.persegment.run.StageContext;
import io.persegment.run.StageReport;
import io.persegment.table.Lake;
import io.persegment.testing.LocalSpark;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LocalSpark.class)
class MeasureStageTest {
  /** Arms and outcomes that a CRM knows, as of a test that was made elsewhere. */
  private static final String GIVEN =
      """
      experiments.mail {
        arm = "attributes['cell']"
        arms { none = 0.4, first = 0.3, second = 0.3 }
        control = none
        start = 2026-06-01, end = 2026-06-14
        values { spend = "cast(attributes['spend'] as double)", visit = "attributes['visit'] = '1'" }
        ratios { per_visit { of = spend, per = visit } }
        metrics = [spend, visit, per_visit]
        covariate = "cast(attributes['history'] as double)"
      }
      """;

  @TempDir Path folder;
  private Lake lake;

  @BeforeEach
  void customers(LocalSpark.Handle spark) {
    lake = new Lake(spark.session(), folder.toString());
    lake.overwrite(
        Customers.TABLE,
        spark.rows(
            Customers.TABLE,
            """
            select concat('c', id) as customer_id, true as is_known, 1 as record_count,
              array('crm') as sources, cast(map() as map<string, string>) as provenance,
              timestamp'2026-07-01' as updated_at,
              map('cell', case when id % 10 < 4 then 'none' when id % 10 < 7 then 'first' when id % 10 < 9 or id < 100 then 'second' else 'lost' end,
                'spend', cast(10 + (id % 7) + if(id % 10 between 4 and 6, 5, 0) as string),
                'visit', if(id % 3 = 0, '1', '0'),
                'history', cast(id % 7 as string)) as attributes
            from range(1000)
            """));
  }

  @Test
  void anExperimentOfOthersIsMeasuredFromSettingsAlone() {
    StageReport report = measure(GIVEN.replace("second = 0.3", "second = 0.3"));

    // Of the second arm two thirds are lost: nothing may be read.
    assertThat(report.warnings()).hasSize(1).first().asString().contains("arms have other sizes");
    assertThat(row("spend", "first").<Double>getAs("lift")).isNull();
    assertThat(row("spend", "first").<String>getAs("sentence")).contains("Not to be read");

    measure(
        GIVEN.replace(
            "none = 0.4, first = 0.3, second = 0.3", "none = 0.44, first = 0.34, second = 0.22"));
    Row spend = row("spend", "first");
    assertThat(spend.<Long>getAs("n")).isEqualTo(300);
    assertThat(spend.<Double>getAs("lift")).isCloseTo(5, within(1e-6));
    assertThat(spend.<Double>getAs("variance_reduction")).isBetween(0.3, 0.6);
    assertThat(spend.<Double>getAs("ci_low")).isGreaterThan(4.9);
    assertThat(spend.<Double>getAs("always_low")).isLessThan(spend.<Double>getAs("ci_low"));
    assertThat(spend.<Double>getAs("relative_lift")).isBetween(0.37, 0.40);
    assertThat(spend.<String>getAs("sentence"))
        .contains("of 300 customers in first", "more than in none, by 5.0000");
    assertThat(row("spend", "none").<Double>getAs("lift")).isNull();
    assertThat(row("visit", "first").<Double>getAs("p_value")).isGreaterThan(0.05);
    assertThat(row("visit", "first").<Double>getAs("p_adjusted"))
        .isGreaterThanOrEqualTo(row("visit", "first").<Double>getAs("p_value"));
    assertThat(row("per_visit", "first").<Double>getAs("mean")).isGreaterThan(50);
    assertThat(row("per_visit", "first").<Double>getAs("variance_reduction")).isNull();
  }

  /** Half of those in the arm buy for 10 after the start, a quarter of the others; some before. */
  @Test
  void whatCustomersDoCountsFromTheStart(LocalSpark.Handle spark) {
    lake.append(
        IdentityMap.TABLE,
        spark.rows(
            IdentityMap.TABLE,
            "select 'crm' as source, 'contact' as record_type, cast(id as string) as record_id,"
                + " concat('c', id) as customer_id, date'2026-05-01' as since from range(400)"));
    lake.append(
        Orders.TABLE,
        spark.rows(
            Orders.TABLE,
            """
            select 'crm' as source, concat('o', id, at) as order_id, cast(id as string) as contact_record_id,
              cast(at as timestamp) as ordered_at, 'paid' as status, 'EUR' as currency, 10 as net,
              'f' as source_file, timestamp'2026-07-21' as ingested_at
            from range(400), values ('2026-05-31 23:59'), ('2026-06-03 10:00'), ('2026-07-20 10:00') as t(at)
            where at <> '2026-06-03 10:00' or id % 4 = 0 or (id % 4 = 1 and id % 2 = 1)
            """));
    lake.append(
        ExperimentAssignments.TABLE,
        spark.rows(
            ExperimentAssignments.TABLE,
            """
            select 'mail' as experiment, concat('c', id) as customer_id, if(id % 2 = 1, 'extra', 'standard') as arm,
              if(id < 200, 'Old', 'New') as segment, date'2026-06-01' as assigned_at
            from range(400) where id % 4 <> 2
            """));
    measure(
        """
        experiments.mail {
          arms { standard = 0.34, extra = 0.66 }, control = standard
          start = 2026-06-01, end = 2026-06-30
          metrics = [buyers, revenue]
        }
        """);

    assertThat(row("buyers", "extra").<Double>getAs("mean")).isEqualTo(0.5);
    assertThat(row("revenue", "extra").<Double>getAs("mean")).isEqualTo(5);
    assertThat(row("buyers", "standard").<Double>getAs("mean")).isEqualTo(1);
    assertThat(row("buyers", "standard").<Long>getAs("n")).isEqualTo(100);
    assertThat(
            lake.read(ExperimentResults.TABLE).where("segment = 'Old' and arm = 'extra'").count())
        .isEqualTo(2);
  }

  @Test
  void anExperimentThatHasNotBegunHasNoResults() {
    measure(GIVEN.replace("2026-06-01", "2026-07-01").replace("2026-06-14", "2026-07-14"));
    assertThat(lake.read(ExperimentResults.TABLE).count()).isZero();
  }

  @Test
  void mistakesAreToldTogether() {
    assertThatThrownBy(
            () ->
                settings(
                    """
                    experiments {
                      a { arms { x = 0.5, y = 0.4 }, control = z, start = 2026-06-31, end = 2026-06-01, metrics = [revenu] }
                      b { arms { x = 1 }, control = x, start = 2026-06-10, end = 2026-06-01, by = campaign, winsorise = 0.2 }
                      c { arms { x = 0.5, y = 0.5 }, control = x, start = 2026-06-01, end = 2026-06-02, covariate = "score('purchase_30d')", ratios { r { of = click, per = opens } } }
                    }
                    """))
        .hasMessageContaining("experiments.a.arms have shares that add up to 0.9 and not to 1")
        .hasMessageContaining("experiments.a.control is z;")
        .hasMessageContaining("experiments.a.start is 2026-06-31; write a date such as")
        .hasMessageContaining(
            "experiments.a.metrics names no metric: revenu; did you mean revenue?")
        .hasMessageContaining("experiments.b.arms are 1; write two at least")
        .hasMessageContaining("experiments.b.end is 2026-06-01, before the start, 2026-06-10")
        .hasMessageContaining("experiments.b.by names no segmentation in which")
        .hasMessageContaining("experiments.b.winsorise must be between 0.5 and 1.0")
        .hasMessageContaining("experiments.c.covariate asks for scores or segments")
        .hasMessageContaining("experiments.c.ratios.r.of is click; did you mean clicks?");
  }

  private Row row(String metric, String arm) {
    Map<String, Row> rows =
        lake.read(ExperimentResults.TABLE).where("segment = 'all'").collectAsList().stream()
            .collect(
                Collectors.toMap(
                    row -> row.<String>getAs("metric") + " " + row.<String>getAs("arm"),
                    row -> row));
    return rows.get(metric + " " + arm);
  }

  private StageReport measure(String text) {
    PersegmentSettings settings = settings(text);
    var report = new StageReport();
    new MeasureStage(settings.publish().experiments(), settings.features())
        .run(
            new StageContext(
                lake,
                LocalDate.parse("2026-06-30"),
                "run",
                Instant.parse("2026-07-01T02:00:00Z"),
                report));
    return report;
  }

  private static PersegmentSettings settings(String text) {
    return PersegmentSettings.from(
        SettingsFile.parse(
            "test.conf", "shop { name = S, currency = EUR }, lake.root = l\n" + text));
  }
}
