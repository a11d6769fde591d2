package io.persegment.demo;

import java.io.Closeable;
import java.nio.file.Path;

/** Shopify's orders as Fivetran copies them, by month: orders, their lines and their refunds. */
final class OrderFiles implements Closeable {
  private static final String ORDER =
      "id,name,customer_id,email,phone,shipping_address_first_name,shipping_address_last_name,"
          + "shipping_address_address_1,shipping_address_city,shipping_address_zip,"
          + "shipping_address_country_code,currency,total_price,subtotal_price,total_tax,"
          + "total_discounts,total_line_items_price,total_shipping,financial_status,cancelled_at,"
          + "cancel_reason,test,discount_code,source_name,created_at,processed_at,updated_at,"
          + "_fivetran_synced";
  private static final String ORDER_LINE =
      "id,order_id,index,product_id,variant_id,title,vendor,price,quantity,total_discount,sku,"
          + "_fivetran_synced";
  private static final String REFUND =
      "id,order_id,created_at,processed_at,note,restock,_fivetran_synced";
  private static final String LINE_REFUND =
      "id,refund_id,order_line_id,quantity,subtotal,total_tax,restock_type,_fivetran_synced";

  private final History history;
  private final String synced;
  private final MonthlyCsv orders;
  private final MonthlyCsv orderLines;
  private final MonthlyCsv refunds;
  private final MonthlyCsv lineRefunds;

  OrderFiles(Path folder, History history) {
    this.history = history;
    this.synced = history.synced();
    orders = new MonthlyCsv(folder, "order/order", history, ORDER);
    orderLines = new MonthlyCsv(folder, "order_line/order_line", history, ORDER_LINE);
    refunds = new MonthlyCsv(folder, "refund/refund", history, REFUND);
    lineRefunds =
        new MonthlyCsv(folder, "order_line_refund/order_line_refund", history, LINE_REFUND);
  }

  /**
   * Writes an order with its lines and refund, each to its own month.
   *
   * @param customer the account it was placed with, null for a guest's
   * @param contact as signed in the order
   */
  void write(Order order, Long customer, Contact contact, Address home) {
    String placed = history.timestamp(order.moment());
    orders.row(
        order.moment(),
        order.id(),
        "#" + Long.toString(order.id(), Character.MAX_RADIX),
        customer,
        contact.email(),
        contact.phone(),
        contact.firstName(),
        contact.lastName(),
        home.street(),
        home.city(),
        home.zip(),
        home.countryCode(),
        "EUR",
        Money.text(order.total()),
        Money.text(order.subtotal()),
        Money.text(order.tax()),
        Money.text(order.discount()),
        Money.text(order.listed()),
        Money.text(order.shipping()),
        order.status(),
        order.cancelled() == 0 ? null : history.timestamp(order.cancelled()),
        order.cancelled() == 0 ? null : "customer",
        order.outcome() == Outcome.TEST,
        order.code(),
        order.source(),
        placed,
        placed,
        history.timestamp(order.updated()),
        synced);
    lines(order);
    if (order.refund() != null) {
      refund(order, order.refund());
    }
  }

  private void lines(Order order) {
    int index = 1;
    for (OrderLine line : order.lines()) {
      Product product = line.product();
      orderLines.row(
          order.moment(),
          line.id(),
          order.id(),
          index++,
          product.id(),
          product.variantId(),
          product.name(),
          product.brand(),
          Money.text(product.price()),
          line.quantity(),
          Money.text(line.discount()),
          product.sku(),
          synced);
    }
  }

  private void refund(Order order, Refund refund) {
    String moment = history.timestamp(refund.moment());
    String note = refund.whole() ? "Returned" : null;
    refunds.row(refund.moment(), refund.id(), order.id(), moment, moment, note, true, synced);
    for (Refund.Line back : refund.lines()) {
      lineRefunds.row(
          refund.moment(),
          back.id(),
          refund.id(),
          back.line().id(),
          back.quantity(),
          Money.text(back.subtotal()),
          Money.text(Money.tax(back.subtotal())),
          "return",
          synced);
    }
  }

  long orders() {
    return orders.rows();
  }

  long orderLines() {
    return orderLines.rows();
  }

  long refunds() {
    return refunds.rows();
  }

  @Override
  public void close() {
    orders.close();
    orderLines.close();
    refunds.close();
    lineRefunds.close();
  }
}
