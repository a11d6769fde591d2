package io.persegment.scores;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_compact;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.persegment.conformed.Orders;
import io.persegment.features.CustomerFeatures;
import io.persegment.identity.Owners;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Who bought after a cut. */
final class Purchases {
  private Purchases() {}

  /**
   * Returns one row for each cut and each customer who bought in the {@code horizon} days after it:
   * an order placed from the end of the cut's day until just before the horizon ends, that at the
   * horizon's end was paid. What was cancelled later still was bought.
   *
   * @param orders rows of {@link Orders} with {@link Owners#CUSTOMER_ID}
   */
  static Dataset<Row> after(List<LocalDate> cuts, int horizon, Dataset<Row> orders) {
    Column[] fulfilled =
        cuts.stream()
            .map(cut -> when(boughtAfter(cut, horizon), lit(Date.valueOf(cut))))
            .toArray(Column[]::new);
    return orders
        .select(
            explode(array_compact(array(fulfilled))).as(CustomerFeatures.AS_OF.name()),
            Owners.CUSTOMER_ID.col().as(CustomerFeatures.CUSTOMER_ID.name()))
        .distinct();
  }

  private static Column boughtAfter(LocalDate cut, int horizon) {
    Column from = endOf(cut);
    Column until = endOf(cut.plusDays(horizon));
    Column placed = Orders.ORDERED_AT.col();
    return placed.geq(from).and(placed.lt(until)).and(standsAt(until));
  }

  private static Column standsAt(Column time) {
    Column status = Orders.STATUS.col();
    return status
        .equalTo(Orders.PAID)
        .or(status.equalTo(Orders.CANCELLED).and(Orders.CANCELLED_AT.col().geq(time)));
  }

  private static Column endOf(LocalDate day) {
    return lit(Timestamp.from(day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant()));
  }
}
