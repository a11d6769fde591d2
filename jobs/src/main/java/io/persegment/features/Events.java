package io.persegment.features;

import static org.apache.spark.sql.functions.aggregate;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.persegment.conformed.Common;
import io.persegment.conformed.EmailEvents;
import io.persegment.conformed.OrderLines;
import io.persegment.conformed.Orders;
import io.persegment.conformed.Products;
import io.persegment.conformed.Refunds;
import io.persegment.conformed.SurveyAnswers;
import io.persegment.conformed.WebEvents;
import io.persegment.identity.Owners;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The events that features are made of, as they were known to be at each of the given ends of as-of
 * dates: one row for each event and end after it, with {@link Feature#CUT}, {@link Feature#TIME},
 * the customer and the origin's columns.
 */
final class Events {
  private static final String OF_PRODUCT = "_of_product_";
  private static final Field REFUND_LIST =
      Field.optional("_refunds", Refunds.AMOUNT.type(), "Refunds of an order, each with its time");

  private final Lake lake;
  private final Owners owners;
  private final Cuts cuts;
  private final Dataset<Row> orders;

  /** An action: looks whether any order is told twice. */
  Events(Lake lake, Owners owners, Cuts cuts) {
    this.lake = lake;
    this.owners = owners;
    this.cuts = cuts;
    this.orders = Orders.counted(lake.readOrEmpty(Orders.TABLE));
  }

  /**
   * Returns the events of {@code origin}.
   *
   * @param needed columns that features name: what none needs is not joined
   */
  Dataset<Row> of(Origin origin, Set<String> needed) {
    return switch (origin) {
      case ORDERS -> purchases(needed);
      case ORDER_LINES -> lines();
      case RETURNS ->
          before(
              owners.ofOrders(orders.where(Orders.STATUS.col().equalTo(Orders.RETURN))),
              Orders.ORDERED_AT);
      case REFUNDS -> refunds();
      case WEB_EVENTS ->
          Sessions.needed(needed)
              ? Sessions.asOf(known(Sessions.of(webEvents(needed))))
              : known(webEvents(needed));
      case SESSIONS -> Sessions.sessions(Sessions.asOf(known(Sessions.of(webEvents(Set.of())))));
      case EMAIL_EVENTS -> emailEvents();
      case SURVEY_ANSWERS ->
          before(
              owners.ofSurveyAnswers(lake.readOrEmpty(SurveyAnswers.TABLE)),
              SurveyAnswers.ANSWERED_AT);
      case CUSTOMERS, FEATURES -> throw new IllegalArgumentException(origin + " has no events");
    };
  }

  private Dataset<Row> purchases(Set<String> needed) {
    Dataset<Row> purchases = owners.ofOrders(orders);
    if (!needed.contains(Origin.REFUNDED.name())) {
      return bought(before(purchases, Orders.ORDERED_AT));
    }
    Dataset<Row> refunds =
        lake.readOrEmpty(Refunds.TABLE)
            .groupBy(Common.SOURCE.col(), Refunds.ORDER_ID.col())
            .agg(
                collect_list(struct(Refunds.REFUNDED_AT.col(), Refunds.AMOUNT.col()))
                    .as(REFUND_LIST.name()));
    Column soFar =
        aggregate(
            coalesce(
                filter(
                    REFUND_LIST.col(),
                    refund -> refund.getField(Refunds.REFUNDED_AT.name()).lt(col(Feature.CUT))),
                array()),
            lit(0).cast(Field.MONEY),
            (sum, refund) -> sum.plus(refund.getField(Refunds.AMOUNT.name())).cast(Field.MONEY));
    return bought(
            before(
                purchases.join(
                    refunds, new String[] {Common.SOURCE.name(), Refunds.ORDER_ID.name()}, "left"),
                Orders.ORDERED_AT))
        .withColumn(Origin.REFUNDED.name(), soFar);
  }

  /** Keeps what is a purchase at the cut, as it was then: what is cancelled later still was one. */
  private static Dataset<Row> bought(Dataset<Row> orders) {
    Column status = Orders.STATUS.col();
    Column isCancelledLater =
        status.equalTo(Orders.CANCELLED).and(Orders.CANCELLED_AT.col().geq(col(Feature.CUT)));
    return orders
        .where(status.equalTo(Orders.PAID).or(isCancelledLater))
        .withColumns(
            Map.of(
                Orders.STATUS.name(),
                lit(Orders.PAID),
                Orders.CANCELLED_AT.name(),
                lit(null).cast(Orders.CANCELLED_AT.type())));
  }

  private Dataset<Row> lines() {
    String[] order = {Common.SOURCE.name(), OrderLines.ORDER_ID.name()};
    Dataset<Row> purchases =
        bought(before(owners.ofOrders(orders), Orders.ORDERED_AT))
            .select(
                Common.SOURCE.col(),
                Orders.ORDER_ID.col(),
                Owners.CUSTOMER_ID.col(),
                Orders.ORDERED_AT.col(),
                col(Feature.CUT),
                col(Feature.TIME));
    return lake.readOrEmpty(OrderLines.TABLE)
        .where(OrderLines.PRODUCT_ID.col().isNotNull())
        .join(purchases, order)
        .join(products(), new String[] {OrderLines.PRODUCT_ID.name()}, "left");
  }

  private Dataset<Row> refunds() {
    Dataset<Row> ofOrders =
        owners
            .ofOrders(orders)
            .select(Common.SOURCE.col(), Orders.ORDER_ID.col(), Owners.CUSTOMER_ID.col());
    return before(
        lake.readOrEmpty(Refunds.TABLE)
            .join(ofOrders, new String[] {Common.SOURCE.name(), Refunds.ORDER_ID.name()}),
        Refunds.REFUNDED_AT);
  }

  private Dataset<Row> webEvents(Set<String> needed) {
    Dataset<Row> events = lake.readOrEmpty(WebEvents.TABLE).where(WebEvents.byVisitor());
    List<String> ofProduct =
        Origin.OF_PRODUCT.stream().map(Field::name).filter(needed::contains).toList();
    if (!ofProduct.isEmpty()) {
      var catalogue = new ArrayList<Column>(List.of(Products.PRODUCT_ID.col()));
      ofProduct.forEach(each -> catalogue.add(col(each).as(OF_PRODUCT + each)));
      events =
          events.join(
              products().select(catalogue.toArray(new Column[0])),
              new String[] {WebEvents.PRODUCT_ID.name()},
              "left");
      for (String each : ofProduct) { // an event that says itself what it is about goes first
        boolean isToldItself = each.equals(WebEvents.CATEGORY.name());
        Column told = col(OF_PRODUCT + each);
        events = events.withColumn(each, isToldItself ? coalesce(col(each), told) : told);
      }
    }
    return owners.ofWebEvents(events);
  }

  /**
   * Returns each web event once for every cut by which it was known whose it was: a visitor who
   * says who they are when they buy was nobody's before, and to count their visits would tell a
   * past date of the purchase.
   */
  private Dataset<Row> known(Dataset<Row> webEvents) {
    Column from = Owners.KNOWN_FROM.col();
    return before(webEvents, WebEvents.EVENT_TIME)
        .where(from.isNull().or(from.lt(col(Feature.CUT))))
        .drop(Owners.KNOWN_FROM.name());
  }

  private Dataset<Row> emailEvents() {
    Column byPerson = not(coalesce(EmailEvents.MACHINE.col(), lit(false)));
    return before(
        owners.ofEmailEvents(lake.readOrEmpty(EmailEvents.TABLE).where(byPerson)),
        EmailEvents.EVENT_TIME);
  }

  /** One row a product: where several sources know it, each column of the first that has it. */
  private Dataset<Row> products() {
    Column[] known =
        Stream.of(
                Products.NAME,
                Products.CATEGORY,
                Products.SUBCATEGORY,
                Products.BRAND,
                Products.BRAND_TIER)
            .map(
                field ->
                    min(when(field.col().isNotNull(), struct(Common.SOURCE.col(), field.col())))
                        .getField(field.name())
                        .as(field.name()))
            .toArray(Column[]::new);
    return lake.readOrEmpty(Products.TABLE)
        .groupBy(Products.PRODUCT_ID.col())
        .agg(known[0], List.of(known).subList(1, known.length).toArray(new Column[0]));
  }

  /** Returns each event once for every cut that it is before. */
  private Dataset<Row> before(Dataset<Row> events, Field time) {
    return cuts.each(events.withColumn(Feature.TIME, time.col()))
        .where(time.col().lt(col(Feature.CUT)));
  }
}
