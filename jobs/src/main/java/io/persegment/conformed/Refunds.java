package io.persegment.conformed;

import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import io.persegment.table.Field;
import io.persegment.table.Table;

/** Table {@code refunds}: what was paid back, each on its own date. */
public final class Refunds {
  public static final Field SOURCE = Common.SOURCE;
  public static final Field REFUND_ID =
      Field.required("refund_id", StringType, "The source's own id of the refund, or of its line");
  public static final Field ORDER_ID =
      Field.required("order_id", StringType, "The order, of the same source");
  public static final Field LINE_NO =
      Field.optional(
          "line_no", StringType, "Line of the order; null where the refund is of the whole order");
  public static final Field REFUNDED_AT =
      Field.required("refunded_at", TimestampType, "When it was paid back");
  public static final Field QUANTITY =
      Field.optional("quantity", Field.MONEY, "How many came back");
  public static final Field AMOUNT =
      Field.required("amount", Field.MONEY, "What was paid back, without tax; positive");
  public static final Table TABLE =
      Common.table(
          1,
          "refunds",
          "One refunded part of one order",
          REFUND_ID,
          ORDER_ID,
          LINE_NO,
          REFUNDED_AT,
          QUANTITY,
          AMOUNT);

  private Refunds() {}
}
