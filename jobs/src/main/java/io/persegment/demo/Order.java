package io.persegment.demo;

import java.util.List;

/**
 * An order. Amounts in cents, without tax unless named total.
 *
 * @param moment when it was placed
 * @param guest who it was placed by if not logged in, else null
 * @param code discount code, null where none was used
 * @param cancelled when it was cancelled; 0 where it was not
 * @param refund null where nothing was given back before the end of the history
 */
record Order(
    long id,
    long moment,
    Outcome outcome,
    Contact guest,
    String source,
    String code,
    List<OrderLine> lines,
    long cancelled,
    Refund refund) {
  private static final long FREE_SHIPPING_FROM = 8_000;
  private static final long SHIPPING = 590;

  long listed() {
    return lines.stream().mapToLong(OrderLine::listed).sum();
  }

  long discount() {
    return lines.stream().mapToLong(OrderLine::discount).sum();
  }

  long subtotal() {
    return listed() - discount();
  }

  long tax() {
    return Money.tax(subtotal());
  }

  long shipping() {
    return subtotal() >= FREE_SHIPPING_FROM ? 0 : SHIPPING;
  }

  /** What the customer pays: subtotal, tax and shipping. */
  long total() {
    return subtotal() + tax() + shipping();
  }

  String status() {
    return switch (outcome) {
      case PENDING -> "pending";
      case CANCELLED -> "voided";
      case PAID, TEST ->
          refund == null ? "paid" : refund.whole() ? "refunded" : "partially_refunded";
    };
  }

  /** When the order last changed. */
  long updated() {
    return Math.max(moment + 40, Math.max(cancelled, refund == null ? 0 : refund.moment()));
  }

  /** Whether it was placed on the website, where visits are followed. */
  boolean online() {
    return source.equals("web") && outcome != Outcome.TEST;
  }
}
