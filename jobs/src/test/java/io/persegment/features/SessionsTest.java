package io.persegment.features;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.conformed.WebEvents;
import io.persegment.identity.Owners;
import io.persegment.testing.LocalSpark;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalSpark.class)
@TestInstance(Lifecycle.PER_CLASS)
class SessionsTest {
  private static final String EVENTS =
      """
      select 'web' as source, 'f' as source_file, current_timestamp() as ingested_at, * from values
        ('a1', timestamp'2026-06-30 23:50:00', 'page_view', 'a', null, null, null, null),
        ('a2', timestamp'2026-07-01 00:20:00', 'search', 'a', null, null, '/chairs', 'spring'),
        ('a3', timestamp'2026-07-01 00:20:10.5', 'page_view', 'a', null, null, '/chairs/1', 'autumn'),
        ('a4', timestamp'2026-07-01 00:50:10.500001', 'page_view', 'a', null, null, null, null),
        ('b1', timestamp'2026-07-01 00:20:00', 'page_view', null, 'a', null, null, null),
        ('b2', timestamp'2026-07-01 00:20:00', 'page_view', null, 'a', null, null, null),
        ('c1', timestamp'2026-07-01 10:00:00', 'page_view', 'c', null, 's', null, null),
        ('c2', timestamp'2026-07-01 12:00:00', 'page_view', 'c', null, 's', null, null),
        ('c3', timestamp'2026-07-01 12:01:00', 'page_view', 'c', null, 't', null, null),
        ('z1', timestamp'2026-06-01 00:00:00', 'page_view', 'z', null, 'long', null, null),
        ('z2', timestamp'2026-06-01 02:00:00', 'page_view', 'z', null, 'long', null, null),
        ('z3', timestamp'2026-06-04 00:00:01', 'page_view', 'z', null, 'long', null, null)
        as t(event_id, event_time, event_type, anonymous_id, user_id, session_id, page, campaign)
      """;

  private Dataset<Row> events;
  private Map<String, Row> rows;

  @BeforeAll
  void read(LocalSpark.Handle spark) {
    events = spark.rows(WebEvents.TABLE, EVENTS);
    rows = asOf("2026-07-02T00:00:00Z");
  }

  @Test
  void aSessionEndsByMoreThanThirtyMinutesWithoutAnEventAndNotAtMidnight() {
    assertThat(session("a1")).isEqualTo(session("a2")).isEqualTo(session("a3"));
    assertThat(session("a4")).isNotEqualTo(session("a3"));
  }

  @Test
  void aLoginCalledLikeABrowserIsAnotherVisitor() {
    assertThat(session("b1")).isEqualTo(session("b2")).isNotEqualTo(session("a2"));
  }

  @Test
  void aSessionThatItsSourceTellsStands() {
    assertThat(session("c1")).isEqualTo("s");
    assertThat(session("c2")).isEqualTo("s");
    assertThat(session("c3")).isEqualTo("t");
  }

  @Test
  void anIdOfMoreThanThreeDaysIsNoneOnceThatCouldBeSeen() {
    assertThat(session("z1")).isNotEqualTo("long").isNotEqualTo(session("z2"));
    assertThat(session("z3")).isNotEqualTo("long");
    Map<String, Row> before = asOf("2026-06-04T00:00:00Z");
    assertThat(before).containsOnlyKeys("z1", "z2");
    assertThat(before.get("z1").<String>getAs("session_id")).isEqualTo("long");
    assertThat(before.get("z1").<Double>getAs("seconds_on_page")).isEqualTo(1800);
  }

  @Test
  void aPageIsReadUntilTheNextEventOfTheSessionIfThatIsKnown() {
    assertThat(seconds("a1")).isEqualTo(1800);
    assertThat(seconds("a2")).isEqualTo(10.5);
    assertThat(seconds("a3")).isNull();
    assertThat(seconds("b1")).isZero();
    assertThat(seconds("c1")).as("at most 30 minutes").isEqualTo(1800);
    assertThat(seconds("c2")).as("the next one is of another session").isNull();
    assertThat(asOf("2026-07-01T00:00:00Z").get("a1").<Double>getAs("seconds_on_page")).isNull();
  }

  @Test
  void anyOrderOfArrivalGivesTheSame() {
    Dataset<Row> inOrder = events;
    events = inOrder.orderBy(functions.hash(WebEvents.EVENT_ID.col())).repartition(2);
    assertThat(asOf("2026-07-02T00:00:00Z")).isEqualTo(rows);
    events = inOrder;
  }

  @Test
  void aSessionIsOneRow() {
    Dataset<Row> ofA = cut("2026-07-02T00:00:00Z").where("anonymous_id = 'a'");
    Row first =
        Sessions.sessions(ofA.withColumn(Owners.CUSTOMER_ID.name(), lit("ada")))
            .orderBy(Sessions.STARTED_AT.col())
            .select("seconds", "events", "page_views", "landing_page", "campaign")
            .head();
    assertThat(first.mkString("|")).isEqualTo("1810.5|3|2|/chairs|spring");
  }

  private Map<String, Row> asOf(String cut) {
    var byEvent = new TreeMap<String, Row>();
    cut(cut)
        .select("event_id", "session_id", "seconds_on_page")
        .collectAsList()
        .forEach(row -> byEvent.put(row.getString(0), row));
    return byEvent;
  }

  private Dataset<Row> cut(String cut) {
    return Sessions.asOf(
        Sessions.of(events)
            .withColumn(Feature.CUT, lit(Timestamp.from(Instant.parse(cut))))
            .where(WebEvents.EVENT_TIME.col().lt(col(Feature.CUT))));
  }

  private String session(String event) {
    return rows.get(event).getAs("session_id");
  }

  private Double seconds(String event) {
    return rows.get(event).getAs("seconds_on_page");
  }
}
