package io.persegment.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.persegment.config.Section;
import io.persegment.config.TextSection;
import io.persegment.conformed.OrderLines;
import io.persegment.conformed.Orders;
import io.persegment.conformed.Products;
import io.persegment.identity.IdentityMap;
import io.persegment.identity.Owners;
import io.persegment.table.Lake;
import io.persegment.testing.LocalSpark;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A shop in which each customer's name tells what became of one order. */
@ExtendWith(LocalSpark.class)
class OutcomeTest {
  private static final List<LocalDate> CUTS =
      List.of(LocalDate.parse("2026-05-31"), LocalDate.parse("2026-05-03"));

  private static Lake lake;
  private static Owners owners;

  @BeforeAll
  static void fill(@TempDir Path folder, LocalSpark.Handle spark) {
    lake = new Lake(spark.session(), folder.toString());
    lake.overwrite(
        Orders.TABLE,
        spark.rows(
            Orders.TABLE,
            """
            select 'shop' as source, who as order_id, who as contact_record_id, timestamp(at) as ordered_at,
              status, timestamp(gone) as cancelled_at, 10 as net, 'f' as source_file, now() as ingested_at
            from values ('before', '2026-05-31 23:59:59.999999', 'paid', null),
              ('first', '2026-06-01 00:00:00', 'paid', null),
              ('third day', '2026-06-03 00:00:00', 'paid', null),
              ('last', '2026-06-30 23:59:59.999999', 'paid', null),
              ('after', '2026-07-01 00:00:00', 'paid', null),
              ('pending', '2026-06-10', 'pending', null), ('test', '2026-06-10', 'test', null),
              ('return', '2026-06-10', 'return', null),
              ('cancelled', '2026-06-10', 'cancelled', '2026-06-30 23:59:59.999999'),
              ('cancelled later', '2026-06-10', 'cancelled', '2026-07-01 00:00:00'),
              ('refunded', '2026-06-10', 'paid', null)
              as t(who, at, status, gone)"""));
    lake.overwrite(
        OrderLines.TABLE,
        spark.rows(
            OrderLines.TABLE,
            """
            select 'shop' as source, order_id, 1 as line_no, product as product_id, 1 as quantity,
              10 as net, 'f' as source_file, now() as ingested_at
            from values ('last', 'pot'), ('first', 'lamp') as t(order_id, product)"""));
    lake.overwrite(
        Products.TABLE,
        spark.rows(
            Products.TABLE,
            """
            select 'shop' as source, id as product_id, what as category, 'f' as source_file,
              now() as ingested_at
            from values ('pot', 'Pots'), ('lamp', 'Lights') as t(id, what)"""));
    lake.overwrite(
        IdentityMap.TABLE,
        spark.rows(
            IdentityMap.TABLE,
            """
            select source, 'contact' as record_type, contact_record_id as record_id,
              contact_record_id as customer_id, date'2025-01-01' as since from delta.`%s/orders`"""
                .formatted(folder)));
    owners = Owners.dated(lake);
  }

  @Test
  void whatCountsLiesInTheHorizonToTheMicrosecondAndStandsAtItsEnd() {
    assertThat(after(event("", Outcome.Event.PURCHASE, 30), 0))
        .containsExactlyInAnyOrder(
            "2026-05-03 before 1.0",
            "2026-05-03 first 1.0",
            "2026-05-31 first 1.0",
            "2026-05-31 third day 1.0",
            "2026-05-31 last 1.0",
            "2026-05-31 cancelled later 1.0",
            "2026-05-31 refunded 1.0");
  }

  @Test
  void aGapMovesTheHorizon() {
    assertThat(after(event("", Outcome.Event.PURCHASE, 30), 2))
        .contains("2026-05-31 third day 1.0", "2026-05-31 after 1.0")
        .doesNotContain("2026-05-31 first 1.0");
  }

  @Test
  void onlyTheKindThatIsAskedForCounts() {
    assertThat(after(event("where = \"category = 'Pots'\"", Outcome.Event.PURCHASE, 30), 0))
        .containsExactly("2026-05-31 last 1.0");
    assertThat(after(event("where = \"net > 99\"", Outcome.Event.PURCHASE, 30), 0)).isEmpty();
  }

  @Test
  void theFirstEventIsOfAnyKind() {
    Outcome pots = event("where = \"category = 'Pots'\"", Outcome.Event.PURCHASE, 30);
    assertThat(pots.known(lake, owners, LocalDate.parse("2026-07-31")).map(Outcome.Days::first))
        .contains(LocalDate.parse("2026-06-01"));
    assertThat(pots.known(lake, owners, LocalDate.parse("2026-05-31"))).isEmpty();
  }

  @Test
  void columnsOfNoTableOrOfTwoAreMistakes() {
    assertThatThrownBy(() -> event("where = \"catgory = 'Pots'\"", Outcome.Event.PURCHASE, 30))
        .hasMessageContaining("where names no column: catgory; did you mean category?");
    assertThatThrownBy(() -> event("where = \"category = coupon\"", Outcome.Event.PURCHASE, 30))
        .hasMessageContaining(
            "where names columns of orders and of their lines; write those of one");
  }

  private static Outcome event(String settings, Outcome.Event event, int horizon) {
    Section target = TextSection.of(settings);
    Outcome outcome = Outcome.event(target, event, horizon);
    target.problems().throwIfAny();
    return outcome;
  }

  private static List<String> after(Outcome outcome, int gap) {
    return outcome.after(lake, owners, CUTS, gap).where("_outcome > 0").collectAsList().stream()
        .map(row -> row.get(0) + " " + row.get(1) + " " + row.get(2))
        .toList();
  }
}
