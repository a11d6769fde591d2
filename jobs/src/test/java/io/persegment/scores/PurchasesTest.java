package io.persegment.scores;

import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.conformed.Orders;
import io.persegment.identity.Owners;
import io.persegment.testing.LocalSpark;
import java.time.LocalDate;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalSpark.class)
class PurchasesTest {
  private static final List<LocalDate> CUTS =
      List.of(LocalDate.parse("2026-05-31"), LocalDate.parse("2026-05-03"));

  @Test
  void whatCountsLiesBetweenTheCutAndTheHorizonToTheMicrosecond(LocalSpark.Handle spark) {
    Dataset<Row> orders =
        orders(
            spark,
            "('before', '2026-05-31 23:59:59.999999', 'paid', null)",
            "('first', '2026-06-01 00:00:00', 'paid', null)",
            "('last', '2026-06-30 23:59:59.999999', 'paid', null)",
            "('after', '2026-07-01 00:00:00', 'paid', null)");

    assertThat(after(orders))
        .containsExactlyInAnyOrder(
            "2026-05-03 before", "2026-05-03 first", "2026-05-31 first", "2026-05-31 last");
  }

  @Test
  void onlyPurchasesCountAndWhatIsCancelledLaterIsOne(LocalSpark.Handle spark) {
    String inHorizon = "2026-06-10 12:00:00";
    Dataset<Row> orders =
        orders(
            spark,
            "('paid', '%s', 'paid', null)".formatted(inHorizon),
            "('twice', '%s', 'paid', null)".formatted(inHorizon),
            "('twice', '%s', 'paid', null)".formatted(inHorizon),
            "('pending', '%s', 'pending', null)".formatted(inHorizon),
            "('test', '%s', 'test', null)".formatted(inHorizon),
            "('return', '%s', 'return', null)".formatted(inHorizon),
            "('cancelled', '%s', 'cancelled', null)".formatted(inHorizon),
            "('cancelled in time', '%s', 'cancelled', '2026-06-30 23:59:59.999999')"
                .formatted(inHorizon),
            "('cancelled later', '%s', 'cancelled', '2026-07-01 00:00:00')".formatted(inHorizon));

    assertThat(after(orders))
        .containsExactlyInAnyOrder(
            "2026-05-31 paid", "2026-05-31 twice", "2026-05-31 cancelled later");
  }

  @Test
  void onlyDescribesItsResult(LocalSpark.Handle spark) throws Exception {
    Dataset<Row> orders = orders(spark, "('paid', '2026-06-10 12:00:00', 'paid', null)");
    assertThat(spark.jobsStartedBy(() -> Purchases.after(CUTS, 30, orders))).isZero();
    assertThat(spark.jobsStartedBy(orders::count)).isPositive();
  }

  private static Dataset<Row> orders(LocalSpark.Handle spark, String... rows) {
    String given =
        "select * from values %s as t(customer_id, ordered_at, status, cancelled_at)"
            .formatted(String.join(", ", rows));
    return spark.rows(Orders.TABLE.with(List.of(Owners.CUSTOMER_ID)), given);
  }

  private static List<String> after(Dataset<Row> orders) {
    return Purchases.after(CUTS, 30, orders).collectAsList().stream()
        .map(row -> row.get(0) + " " + row.get(1))
        .toList();
  }
}
