package io.persegment.demo;

/**
 * One product of an order.
 *
 * @param discount off the whole line, in cents
 */
record OrderLine(long id, Product product, int quantity, long discount) {
  /** Price times quantity, before the discount, in cents. */
  long listed() {
    return product.price() * quantity;
  }

  /** What so many of the line's pieces cost after the discount, in cents. */
  long paidFor(int pieces) {
    return (listed() - discount) * pieces / quantity;
  }
}
