package io.persegment.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.persegment.config.Section;
import io.persegment.config.TextSection;
import io.persegment.testing.LocalSpark;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/** Aggregates over purchases of whom the days before the end of the as-of date are given. */
@ExtendWith(LocalSpark.class)
@TestInstance(Lifecycle.PER_CLASS)
class AggregatesTest {
  private static final String PURCHASES =
      """
      select *, timestamp'2026-07-01' as _cut, timestamp'2026-07-01' - ago as _time,
          timestamp'2026-07-01' - ago as ordered_at
        from values
          ('often', interval '200' day, 'web', 10), ('often', interval '180' day, 'till', 20),
          ('often', interval '90 00:00:00.000001' day to second, 'web', 40),
          ('often', interval '90' day, 'web', 80), ('often', interval '10' day, 'web', 160),
          ('evenly', interval '3' day, 'web', 1), ('evenly', interval '1' day, 'web', 1),
          ('evenly', interval '2' day, 'till', 1), ('evenly', interval '4' day, 'till', 1),
          ('twice', interval '12 12' day to hour, 'web', 1), ('twice', interval '10' day, 'web', 1),
          ('once', interval '3 02:30' day to minute, 'web', 1),
          ('late', interval '23:59:59.7' hour to second, 'web', 1)
          as t(customer_id, ago, channel, net)
      """;
  private static final Cuts CUTS = new Cuts(List.of(Instant.parse("2026-07-01T00:00:00Z")));
  private static final String SETTINGS =
      """
      shop.timezone = "Europe/Copenhagen"
      features {
        orders = null, spend = null, discount_share = null
        gap { from = orders, aggregate = gap, meaning = Gap }
        gap_spread { from = orders, aggregate = gap_spread, windows = [lifetime, 100 days], meaning = Spread }
        bought { from = orders, aggregate = "sum(net)", windows = [90 days, 91..180 days], missing = 0, meaning = Bought }
        channels { from = orders, aggregate = "count(distinct channel)", meaning = Channels }
        dear_channels { from = orders, where = "net > 15", aggregate = "count(distinct channel)", windows = [30 days, 180 days, lifetime], meaning = Channels }
        first_channel { from = orders, aggregate = "min_by(channel, ordered_at)", type = text, meaning = First }
        last_channel { from = orders, aggregate = "max_by(channel, ordered_at)", type = text, meaning = Last }
        hour { from = orders, aggregate = "mode(hour(from_utc_timestamp(ordered_at, '"${shop.timezone}"')), true)", type = text, meaning = Hour }
        weekday { from = orders, aggregate = "mode(date_format(from_utc_timestamp(ordered_at, '"${shop.timezone}"'), 'EEEE'), true)", type = text, meaning = Weekday }
      }
      """;

  private final Map<String, Row> rows = new LinkedHashMap<>();

  @BeforeAll
  void runOnce(LocalSpark.Handle spark) {
    Section root = TextSection.of(SETTINGS);
    var features = FeatureSettings.from(root.section("features"));
    root.problems().throwIfAny();
    new FeatureRows(features)
        .aggregated(Origin.ORDERS, spark.session().sql(PURCHASES), CUTS)
        .collectAsList()
        .forEach(row -> rows.put(row.getAs("customer_id"), row));
  }

  @Test
  void gapsAreDaysBetweenOneAndTheNext() {
    assertThat(number("often", "gap")).isCloseTo(190 / 4.0, within(1e-9));
    assertThat(number("evenly", "gap")).isEqualTo(1);
    assertThat(number("twice", "gap")).isEqualTo(2.5);
    assertThat(value("once", "gap")).isNull();
  }

  @Test
  void theirSpreadIsTheStandardDeviationOfASample() {
    // Of 20, 90, 0 and 80 around 47.5, but for the microsecond.
    assertThat(number("often", "gap_spread_lifetime"))
        .isCloseTo(
            Math.sqrt((27.5 * 27.5 + 42.5 * 42.5 + 47.5 * 47.5 + 32.5 * 32.5) / 3), within(1e-6));
    assertThat(number("often", "gap_spread_100d")).isCloseTo(80 / Math.sqrt(2), within(1e-6));
    assertThat(number("evenly", "gap_spread_lifetime")).isZero();
    assertThat(value("twice", "gap_spread_lifetime")).isNull();
    assertThat(value("once", "gap_spread_100d")).isNull();
  }

  @Test
  void daysAreCountedFromTheSecond() {
    assertThat(value("often", "recency")).isEqualTo(10);
    assertThat(value("often", "tenure")).isEqualTo(200);
    assertThat(value("once", "recency")).isEqualTo(3);
    assertThat(value("late", "recency")).isEqualTo(1); // of the day before, but for .3 seconds
  }

  @Test
  void anEarlierWindowBeginsWhereTheLaterOneEnds() {
    assertThat(number("often", "bought_90d")).isEqualTo(240); // 90 days to the microsecond
    assertThat(number("often", "bought_91_180d")).isEqualTo(60);
    assertThat(value("evenly", "bought_91_180d")).isNull();
  }

  @Test
  void differentValuesAreCountedInTheirWindows() {
    assertThat(value("often", "dear_channels_30d")).isEqualTo(1.0);
    assertThat(value("often", "dear_channels_180d")).isEqualTo(2.0);
    assertThat(value("often", "dear_channels_lifetime")).isEqualTo(2.0);
    assertThat(value("evenly", "dear_channels_lifetime")).isEqualTo(0.0);
  }

  @Test
  void firstLastDifferentAndHabitAreSqlInTheShopsTime() {
    assertThat(value("often", "channels")).isEqualTo(2.0);
    assertThat(value("evenly", "first_channel")).isEqualTo("till");
    assertThat(value("evenly", "last_channel")).isEqualTo("web");
    assertThat(value("evenly", "hour")).isEqualTo("2"); // midnight in UTC
    assertThat(value("once", "weekday")).isEqualTo("Saturday"); // 27 June, 23:30
    assertThat(value("once", "hour")).isEqualTo("23");
  }

  private double number(String customer, String column) {
    return (double) value(customer, column);
  }

  private Object value(String customer, String column) {
    Row row = rows.get(customer);
    return row.get(row.fieldIndex(column));
  }
}
