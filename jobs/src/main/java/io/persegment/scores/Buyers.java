package io.persegment.scores;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.datediff;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.min_by;
import static org.apache.spark.sql.functions.pow;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.to_date;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;

import io.persegment.conformed.Common;
import io.persegment.conformed.Orders;
import io.persegment.conformed.Refunds;
import io.persegment.identity.Owners;
import io.persegment.table.Field;
import java.sql.Date;
import java.sql.Timestamp;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What buying models know of each customer: one row for each who has bought, with what was known of
 * them by the end of the as-of date, {@link #NOW}, and, null where they had not bought, of an
 * earlier day, {@link #THEN}.
 *
 * <p>All purchases of one day are one: who orders twice in an hour has not come back. A purchase is
 * what features count as one: an order that is paid, or was cancelled later only. Its value is net,
 * less what was paid back of it by then. A return names no order, and takes its share of all that
 * the customer bought.
 */
final class Buyers {
  static final Field CUSTOMER_ID = Owners.CUSTOMER_ID;

  /** Alias of what was known by the end of the as-of date. */
  static final String NOW = "now";

  /** Alias of what was known by the end of the earlier day. */
  static final String THEN = "then";

  static final Field FREQUENCY =
      Field.required("frequency", IntegerType, "Days of purchases after the first one");
  static final Field RECENCY =
      Field.required("recency", IntegerType, "Days from the first purchase to the last");
  static final Field AGE =
      Field.required("age", IntegerType, "Days from the first purchase to the end of the date");
  static final Field REPEAT_VALUE =
      Field.optional(
          "repeat_value",
          DoubleType,
          "Mean value of a day of purchases after the first one; null where there is none");
  static final Field ORDER_VALUE =
      Field.required("order_value", DoubleType, "Mean value of a day of purchases");
  static final Field LATER =
      Field.required("later", IntegerType, "Days of purchases after the earlier day");
  static final Field LATER_VALUE =
      Field.required("later_value", DoubleType, "What they were worth");

  private static final String DAY = "_day";

  private Buyers() {}

  /**
   * Returns the rows of all who bought. One pass over {@code orders}, which are shuffled once.
   *
   * @param orders rows of {@link Orders} with {@link Owners#CUSTOMER_ID}, of any time
   * @param refunds rows of {@link Refunds}
   * @param then before {@code asOf}
   * @param discountRate by which a year from {@code then} on makes {@link #LATER_VALUE} less
   */
  static Dataset<Row> of(
      Dataset<Row> orders,
      Dataset<Row> refunds,
      LocalDate asOf,
      LocalDate then,
      double discountRate) {
    List<Side> sides = List.of(new Side(NOW, asOf), new Side(THEN, then));
    var ofOrder = new ArrayList<Column>(List.of(CUSTOMER_ID.col()));
    ofOrder.add(to_date(Orders.ORDERED_AT.col()).as(DAY));
    sides.forEach(side -> ofOrder.addAll(side.ofOrder()));
    Dataset<Row> days =
        withRefunds(orders, refunds, sides)
            .select(ofOrder.toArray(new Column[0]))
            .repartition(CUSTOMER_ID.col()) // else each of the two groupings shuffles
            .groupBy(CUSTOMER_ID.col(), col(DAY))
            .agg(lit(1).as("_one"), sides.stream().flatMap(Side::ofDay).toArray(Column[]::new))
            .drop("_one");
    Column daysSince = datediff(col(DAY), lit(Date.valueOf(then)));
    Column since = col(sides.get(0).bought).and(daysSince.gt(0));
    Column today = pow(lit(1 + discountRate), daysSince.divide(-Lifetime.DAYS_A_YEAR));
    Column[] more =
        Stream.concat(
                sides.stream().flatMap(Side::ofCustomer),
                Stream.of(
                    count(when(since, 1)).cast(IntegerType).as(LATER.name()),
                    coalesce(
                            sum(
                                when(
                                    since,
                                    col(sides.get(0).value).cast(DoubleType).multiply(today))),
                            lit(0))
                        .cast(DoubleType)
                        .as(LATER_VALUE.name())))
            .toArray(Column[]::new);
    return days.groupBy(CUSTOMER_ID.col())
        .agg(lit(1).as("_one"), more)
        .select(
            CUSTOMER_ID.col(),
            sides.get(0).known().as(NOW),
            sides.get(1).known().as(THEN),
            LATER.col(),
            LATER_VALUE.col().multiply(sides.get(0).kept()).as(LATER_VALUE.name()))
        .where(col(NOW).isNotNull());
  }

  private static Dataset<Row> withRefunds(
      Dataset<Row> orders, Dataset<Row> refunds, List<Side> sides) {
    Column[] paidBack =
        sides.stream()
            .map(
                side ->
                    sum(when(Refunds.REFUNDED_AT.col().lt(side.cut), Refunds.AMOUNT.col()))
                        .as(side.refunded))
            .toArray(Column[]::new);
    Dataset<Row> ofOrders =
        refunds
            .groupBy(Common.SOURCE.col(), Refunds.ORDER_ID.col())
            .agg(lit(1).as("_one"), paidBack)
            .drop("_one");
    return orders.join(
        ofOrders, new String[] {Common.SOURCE.name(), Refunds.ORDER_ID.name()}, "left");
  }

  /** What is known of a customer by the end of a day. */
  private static final class Side {
    final LocalDate asOf;
    final Column cut;
    final String refunded;
    final String bought;
    final String value;
    final String returned;
    final String days;
    final String first;
    final String last;
    final String total;
    final String ofFirst;

    Side(String name, LocalDate asOf) {
      this.asOf = asOf;
      this.cut = lit(Timestamp.from(asOf.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant()));
      this.refunded = "_refunded_" + name;
      this.bought = "_bought_" + name;
      this.value = "_value_" + name;
      this.returned = "_returned_" + name;
      this.days = "_days_" + name;
      this.first = "_first_" + name;
      this.last = "_last_" + name;
      this.total = "_total_" + name;
      this.ofFirst = "_of_first_" + name;
    }

    List<Column> ofOrder() {
      Column status = Orders.STATUS.col();
      Column placed = Orders.ORDERED_AT.col().lt(cut);
      Column stands =
          status
              .equalTo(Orders.PAID)
              .or(status.equalTo(Orders.CANCELLED).and(Orders.CANCELLED_AT.col().geq(cut)));
      Column purchase = coalesce(placed.and(stands), lit(false));
      Column net = Orders.NET.col().minus(coalesce(col(refunded), lit(0).cast(Field.MONEY)));
      return List.of(
          purchase.as(bought),
          when(purchase, net).as(value),
          when(placed.and(status.equalTo(Orders.RETURN)), abs(Orders.NET.col())).as(returned));
    }

    Stream<Column> ofDay() {
      return Stream.of(
          max(col(bought)).as(bought), sum(col(value)).as(value), sum(col(returned)).as(returned));
    }

    Stream<Column> ofCustomer() {
      Column day = when(col(bought), col(DAY));
      return Stream.of(
          count(day).cast(IntegerType).as(days),
          min(day).as(first),
          max(day).as(last),
          sum(col(value)).as(total),
          min_by(col(value), day).as(ofFirst),
          sum(col(returned)).as(returned));
    }

    /** Returns the part of what was bought that did not come back in an order of its own. */
    Column kept() {
      Column all = col(total).cast(DoubleType);
      Column sentBack = coalesce(col(returned).cast(DoubleType), lit(0.0));
      Column kept = when(all.gt(0), greatest(lit(0.0), lit(1.0).minus(sentBack.divide(all))));
      return coalesce(kept, lit(1.0));
    }

    /**
     * Returns a struct; null of who had not bought. Where more was paid back than paid, as with a
     * refund of the shipping, an order was worth nothing.
     */
    Column known() {
      Column all = col(total).cast(DoubleType);
      Column part = kept();
      Column again = col(days).minus(1);
      Column ofAgain = col(total).minus(col(ofFirst)).cast(DoubleType);
      return when(
          col(days).gt(0),
          struct(
              again.as(FREQUENCY.name()),
              datediff(col(last), col(first)).as(RECENCY.name()),
              datediff(lit(Date.valueOf(asOf)), col(first)).as(AGE.name()),
              when(again.gt(0), greatest(lit(0.0), ofAgain.divide(again).multiply(part)))
                  .as(REPEAT_VALUE.name()),
              greatest(lit(0.0), all.divide(col(days)).multiply(part)).as(ORDER_VALUE.name())));
    }
  }
}
