package io.persegment.conformed;

import static org.apache.spark.sql.types.DataTypes.StringType;

import io.persegment.table.Field;
import io.persegment.table.Table;

/** Table {@code order_lines}: lines of orders. */
public final class OrderLines {
  public static final Field SOURCE = Common.SOURCE;
  public static final Field ORDER_ID =
      Field.required("order_id", StringType, "The order, of the same source");
  public static final Field LINE_NO =
      Field.required("line_no", StringType, "Number or id of the line in its order");
  public static final Field PRODUCT_ID =
      Field.optional(
          "product_id",
          StringType,
          "Product; null where the line is none, such as postage or a fee");
  public static final Field QUANTITY =
      Field.required("quantity", Field.MONEY, "How many; negative in returns");
  public static final Field UNIT_PRICE =
      Field.optional("unit_price", Field.MONEY, "Price of one, without tax");
  public static final Field DISCOUNT =
      Field.optional("discount", Field.MONEY, "What was taken off the line");
  public static final Field NET =
      Field.required("net", Field.MONEY, "Amount of the line without tax, before refunds");
  public static final Table TABLE =
      Common.table(
          2,
          "order_lines",
          "One line of one order",
          ORDER_ID,
          LINE_NO,
          PRODUCT_ID,
          QUANTITY,
          UNIT_PRICE,
          DISCOUNT,
          NET);

  private OrderLines() {}
}
