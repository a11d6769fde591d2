package io.persegment.features;

import io.persegment.conformed.EmailEvents;
import io.persegment.conformed.OrderLines;
import io.persegment.conformed.Orders;
import io.persegment.conformed.Products;
import io.persegment.conformed.Refunds;
import io.persegment.conformed.SurveyAnswers;
import io.persegment.conformed.WebEvents;
import io.persegment.customer.Customers;
import io.persegment.table.Field;
import io.persegment.table.Table;
import java.util.List;

/**
 * What a feature is made from, with the columns that its expressions may name. All but the last two
 * are events of a customer, each with a time; they count if it is before the end of the as-of date.
 */
enum Origin {
  /** Purchases: orders that are paid and, on the as-of date, not cancelled. */
  ORDERS,
  /** Lines of purchases that are products, with what the catalogue says of each, and when. */
  ORDER_LINES,
  /** Goods sent back in an order of its own, on its own date. */
  RETURNS,
  REFUNDS,
  /** What visitors did; what bots did is left out. */
  WEB_EVENTS,
  /** Visits to the web site, each with the time at which it began. */
  SESSIONS,
  /** E-mail events made by people; those made by mail programs are left out. */
  EMAIL_EVENTS,
  SURVEY_ANSWERS,
  /** The golden record as it is now. */
  CUSTOMERS,
  /** Other features of the same row. */
  FEATURES;

  static final Field REFUNDED =
      Field.required(
          "refunded", Field.MONEY, "Paid back of the order by the end of the as-of date");

  /** What the catalogue says of a product. */
  static final List<Field> OF_PRODUCT =
      List.of(
          Products.NAME,
          Products.CATEGORY,
          Products.SUBCATEGORY,
          Products.BRAND,
          Products.BRAND_TIER);

  /** Returns whether its rows are events, of which a customer has many. */
  boolean isEvents() {
    return this != CUSTOMERS && this != FEATURES;
  }

  /** Returns when an event happened. */
  Field time() {
    return switch (this) {
      case ORDERS, ORDER_LINES, RETURNS -> Orders.ORDERED_AT;
      case REFUNDS -> Refunds.REFUNDED_AT;
      case WEB_EVENTS -> WebEvents.EVENT_TIME;
      case SESSIONS -> Sessions.STARTED_AT;
      case EMAIL_EVENTS -> EmailEvents.EVENT_TIME;
      case SURVEY_ANSWERS -> SurveyAnswers.ANSWERED_AT;
      case CUSTOMERS, FEATURES -> throw new IllegalStateException(this + " has no events");
    };
  }

  /** Returns the columns that expressions may name; of {@link #FEATURES} the settings know. */
  List<Field> columns() {
    return switch (this) {
      case ORDERS -> with(Orders.TABLE, List.of(REFUNDED));
      case ORDER_LINES ->
          OrderLines.TABLE.with(OF_PRODUCT).with(List.of(Orders.ORDERED_AT)).fields();
      case RETURNS -> Orders.TABLE.fields();
      case REFUNDS -> Refunds.TABLE.fields();
      case WEB_EVENTS ->
          WebEvents.TABLE
              .with(OF_PRODUCT.stream().filter(field -> !isOf(WebEvents.TABLE, field)).toList())
              .with(List.of(Sessions.SECONDS_ON_PAGE))
              .fields();
      case SESSIONS -> Sessions.FIELDS;
      case EMAIL_EVENTS -> EmailEvents.TABLE.fields();
      case SURVEY_ANSWERS -> SurveyAnswers.TABLE.fields();
      case CUSTOMERS -> with(Customers.TABLE, List.of(CustomerFeatures.AS_OF));
      case FEATURES -> List.of();
    };
  }

  private static boolean isOf(Table table, Field field) {
    return table.columnNames().contains(field.name());
  }

  private static List<Field> with(Table table, List<Field> more) {
    return table.with(more).fields();
  }
}
