package io.persegment.demo;

import java.util.List;

/**
 * Money given back for an order.
 *
 * @param whole whether nothing of the order is left
 */
record Refund(long id, long moment, boolean whole, List<Line> lines) {
  /** So many pieces of a line, taken back. */
  record Line(long id, OrderLine line, int quantity) {
    /** Without tax, in cents. */
    long subtotal() {
      return line.paidFor(quantity);
    }
  }
}
