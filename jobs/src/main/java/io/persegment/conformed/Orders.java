package io.persegment.conformed;

import static org.apache.spark.sql.functions.bool_or;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import io.persegment.quality.Expectation;
import io.persegment.table.Field;
import io.persegment.table.Table;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/** Table {@code orders}: orders as they stand now. */
public final class Orders {
  public static final Field SOURCE = Common.SOURCE;
  public static final Field ORDER_ID =
      Field.required("order_id", StringType, "The shop's own id of the order");
  public static final Field CONTACT_RECORD_ID =
      Field.optional(
          "contact_record_id",
          StringType,
          "Record of contacts, of the same source, that ordered; null for a guest");
  public static final Field EMAIL =
      Field.optional("email", StringType, "E-mail address given with the order");
  public static final Field PHONE =
      Field.optional("phone", StringType, "Phone number given with the order, E.164");
  public static final Field FIRST_NAME =
      Field.optional("first_name", StringType, "First name given with the order");
  public static final Field LAST_NAME =
      Field.optional("last_name", StringType, "Last name given with the order");
  public static final Field ORDERED_AT =
      Field.required("ordered_at", TimestampType, "When it was ordered");
  public static final Field STATUS =
      Field.required(
          "status",
          StringType,
          "paid, pending, cancelled, test or return; a return is a row of its own on its own date and never a purchase");
  public static final Field CANCELLED_AT =
      Field.optional("cancelled_at", TimestampType, "When it was cancelled; null where it was not");
  public static final Field CURRENCY =
      Field.optional("currency", StringType, "Currency of the amounts as sent, ISO 4217");
  public static final Field GROSS =
      Field.optional("gross", Field.MONEY, "All that was to be paid, with tax and shipping");
  public static final Field DISCOUNT =
      Field.optional("discount", Field.MONEY, "What was taken off");
  public static final Field SHIPPING = Field.optional("shipping", Field.MONEY, "Shipping");
  public static final Field TAX = Field.optional("tax", Field.MONEY, "Tax");
  public static final Field NET =
      Field.required("net", Field.MONEY, "Without tax and shipping, before refunds");
  public static final Field COUPON =
      Field.optional("coupon", StringType, "Discount code that was used");
  public static final Field CHANNEL =
      Field.optional("channel", StringType, "Where it was ordered, such as web or pos");
  public static final Field COUNTRY = Field.optional("country", StringType, "Country it went to");

  public static final Field SAME_AS =
      Field.optional(
          "same_as",
          StringType,
          "Id of the order in the system that it was made in, where this one but tells of it again, such as a payment; null for an order of its own");

  /** A purchase: an order of which a customer would say that they bought something. */
  public static final String PAID = "paid";

  public static final String PENDING = "pending";
  public static final String CANCELLED = "cancelled";
  public static final String TEST = "test";
  public static final String RETURN = "return";

  public static final Table TABLE =
      Common.table(
          1,
          "orders",
          "One order",
          ORDER_ID,
          CONTACT_RECORD_ID,
          EMAIL,
          PHONE,
          FIRST_NAME,
          LAST_NAME,
          ORDERED_AT,
          STATUS,
          CANCELLED_AT,
          CURRENCY,
          GROSS,
          DISCOUNT,
          SHIPPING,
          TAX,
          NET,
          COUPON,
          CHANNEL,
          COUNTRY,
          SAME_AS);

  /** What must hold of every row; the name is the reason for which a row is refused. */
  static final List<Expectation> CONTRACT =
      List.of(
          new Expectation(
              "status is none of paid, pending, cancelled, test, return",
              STATUS.col().isin(PAID, PENDING, CANCELLED, TEST, RETURN)));

  private Orders() {}

  /**
   * Returns each of the orders once: one that is told again counts where no other system tells it
   * itself, and then by the system whose name comes first. Refunds and lines of the others count no
   * more than these. An action, of Delta's statistics in most lakes.
   */
  public static Dataset<Row> counted(Dataset<Row> orders) {
    if (orders.where(SAME_AS.col().isNotNull()).isEmpty()) {
      return orders; // without a shuffle
    }
    WindowSpec same = Window.partitionBy(coalesce(SAME_AS.col(), ORDER_ID.col()));
    Column own = SAME_AS.col().isNull();
    return orders
        .withColumn("_told_itself", bool_or(own).over(same))
        .withColumn("_first", min(SOURCE.col()).over(same))
        .where(own.or(not(col("_told_itself")).and(SOURCE.col().equalTo(col("_first")))))
        .drop("_told_itself", "_first");
  }
}
