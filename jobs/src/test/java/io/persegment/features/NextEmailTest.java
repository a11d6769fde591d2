package io.persegment.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.persegment.config.Section;
import io.persegment.config.TextSection;
import io.persegment.conformed.EmailEvents;
import io.persegment.features.Outcome.Event;
import io.persegment.identity.IdentityMap;
import io.persegment.identity.Owners;
import io.persegment.table.Lake;
import io.persegment.testing.LocalSpark;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A shop in which each customer's name tells what became of e-mails sent to them. */
@ExtendWith(LocalSpark.class)
class NextEmailTest {
  private static final LocalDate CUT = LocalDate.parse("2026-05-31");
  private static final String NEXT = "of = next-email, within = 3 days";

  private static Lake lake;
  private static Owners owners;

  @BeforeAll
  static void fill(@TempDir Path folder, LocalSpark.Handle spark) {
    lake = new Lake(spark.session(), folder.toString());
    lake.overwrite(
        EmailEvents.TABLE,
        spark.rows(
            EmailEvents.TABLE,
            """
            select if(who like 'delivered%', 'late', 'tool') as source, uuid() as event_id,
              timestamp(concat('2026-', at)) as event_time, what as event_type, who as contact_record_id,
              of as campaign_id, by = 'machine' as machine, 'f' as source_file, now() as ingested_at
            from values
              ('opened', '06-02 10:00', 'sent', 'a', ''), ('opened', '06-02 11:00', 'opened', 'a', ''),
              ('ignored', '06-02 10:00', 'sent', 'a', ''),
              ('by machine', '06-02 10:00', 'sent', 'a', ''), ('by machine', '06-02 10:01', 'opened', 'a', 'machine'),
              ('clicked', '06-02 10:00', 'sent', 'a', ''), ('clicked', '06-02 11:00', 'clicked', 'a', ''),
              ('sent nothing', '05-31 23:59:59.999999', 'sent', 'a', ''), ('sent nothing', '06-01 09:00', 'opened', 'a', ''),
              ('sent too late', '06-12 00:00:00.000001', 'sent', 'a', ''), ('sent too late', '06-12 10:00', 'opened', 'a', ''),
              ('sent at last', '06-12 00:00:00', 'sent', 'a', ''), ('sent at last', '06-14 23:59:59.999999', 'opened', 'a', ''),
              ('sent at first', '06-01 00:00:00', 'sent', 'a', ''), ('sent at first', '06-01 00:00:00', 'opened', 'a', ''),
              ('opened too late', '06-02 10:00', 'sent', 'a', ''), ('opened too late', '06-05 10:00', 'opened', 'a', ''),
              ('opened the second', '06-02 10:00', 'sent', 'a', ''), ('opened the second', '06-03 10:00', 'sent', 'b', ''),
              ('opened the second', '06-03 11:00', 'opened', 'b', ''),
              ('opened the first after the second', '06-02 10:00', 'sent', 'a', ''),
              ('opened the first after the second', '06-03 10:00', 'sent', 'b', ''),
              ('opened the first after the second', '06-03 11:00', 'opened', 'a', ''),
              ('unnamed, opened', '06-02 10:00', 'sent', null, ''), ('unnamed, opened', '06-03 09:00', 'opened', null, ''),
              ('unnamed, opened', '06-03 10:00', 'sent', null, ''),
              ('unnamed, opened after the second', '06-02 10:00', 'sent', 'a', ''),
              ('unnamed, opened after the second', '06-03 10:00', 'sent', 'b', ''),
              ('unnamed, opened after the second', '06-03 11:00', 'opened', null, ''),
              ('delivered alone', '06-02 10:00', 'delivered', 'a', ''), ('delivered alone', '06-02 11:00', 'opened', 'a', ''),
              ('sent before, delivered after', '05-31 23:59', 'sent', 'a', ''),
              ('sent before, delivered after', '06-01 00:01', 'delivered', 'a', ''),
              ('sent before, delivered after', '06-01 08:00', 'opened', 'a', '')
              as t(who, at, what, of, by)"""));
    lake.overwrite(
        IdentityMap.TABLE,
        spark.rows(
            IdentityMap.TABLE,
            """
            select distinct source, 'contact' as record_type, contact_record_id as record_id,
              contact_record_id as customer_id, date'2025-01-01' as since from delta.`%s/email_events`"""
                .formatted(folder)));
    owners = Owners.dated(lake);
  }

  @Test
  void theFirstOneSentInTheHorizonIsOpenedOrNot() {
    assertThat(after(event(NEXT, Event.OPEN), 0, CUT))
        .containsExactlyInAnyOrder(
            "opened 1.0",
            "ignored 0.0",
            "by machine 0.0",
            "clicked 0.0",
            "sent at last 1.0",
            "sent at first 1.0",
            "opened too late 0.0",
            "opened the second 0.0",
            "opened the first after the second 1.0",
            "unnamed, opened 1.0",
            "unnamed, opened after the second 0.0",
            "delivered alone 1.0");
  }

  @Test
  void orClickedIn() {
    assertThat(after(event(NEXT, Event.CLICK), 0, CUT))
        .contains("clicked 1.0", "opened 0.0")
        .hasSize(12);
  }

  @Test
  void aGapMovesTheHorizonAndSeveralCutsAreKeptApart() {
    assertThat(after(event(NEXT, Event.OPEN), 2, CUT))
        .as("on the third day the second e-mail is the next")
        .containsExactlyInAnyOrder(
            "opened the second 1.0",
            "opened the first after the second 0.0",
            "unnamed, opened after the second 1.0",
            "unnamed, opened 0.0",
            "sent at last 1.0",
            "sent too late 1.0");
    assertThat(after(event(NEXT, Event.OPEN), 0, CUT, CUT.plusDays(2)))
        .hasSize(12 + 6)
        .contains("opened the second 0.0", "opened the second 1.0");
  }

  @Test
  void onlyEmailsThatAreMeantAreNext() {
    assertThat(after(event(NEXT + ", where = \"campaign_id = 'b'\"", Event.OPEN), 0, CUT))
        .containsExactlyInAnyOrder(
            "opened the second 1.0",
            "opened the first after the second 0.0",
            "unnamed, opened after the second 1.0");
  }

  @Test
  void itIsADefinitionOfItsOwn() {
    assertThat(event(NEXT, Event.OPEN))
        .isEqualTo(event(NEXT, Event.OPEN))
        .isNotEqualTo(event("", Event.OPEN))
        .isNotEqualTo(event("of = next-email, within = 2 days", Event.OPEN));
    assertThat(event(NEXT, Event.OPEN).toString()).contains("within=3");
    assertThat(event("of = any-email", Event.OPEN)).isEqualTo(event("", Event.OPEN));
    assertThat(event("", Event.OPEN).toString()).doesNotContain("NextEmail");
  }

  @Test
  void whatIsNoneOfItsSettingsIsAMistake() {
    assertThatThrownBy(() -> event(NEXT, Event.UNSUBSCRIBE))
        .hasMessageContaining("of is of event = open and event = click; leave it out")
        .hasMessageContaining("within is of event = open");
    assertThatThrownBy(() -> event("within = 3 days", Event.OPEN))
        .hasMessageContaining("within says nothing without of = next-email");
    assertThatThrownBy(() -> event("of = next-email", Event.OPEN))
        .hasMessageContaining("within is missing: set it");
    assertThatThrownBy(() -> event("of = next-mail, within = 14 days", Event.CLICK))
        .hasMessageContaining("of is next-mail; did you mean next-email?");
    assertThatThrownBy(() -> event("of = next-email, within = 14 days", Event.CLICK))
        .hasMessageContaining(
            "within must be less than the horizon of 14 days, which the e-mail is sent in, but is 14");
  }

  private static Outcome event(String settings, Event event) {
    Section target = TextSection.of(settings);
    Outcome outcome = Outcome.event(target, event, 14);
    target.problems().throwIfAny();
    return outcome;
  }

  private static List<String> after(Outcome outcome, int gap, LocalDate... cuts) {
    return outcome.after(lake, owners, Arrays.asList(cuts), gap).collectAsList().stream()
        .map(row -> row.get(1) + " " + row.get(2))
        .toList();
  }
}
