package io.persegment.conformed;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import io.persegment.quality.Expectation;
import io.persegment.table.Field;
import io.persegment.table.Table;
import java.util.List;
import org.apache.spark.sql.Column;

/** Table {@code web_events}: what visitors did on the web site. */
public final class WebEvents {
  public static final Field SOURCE = Common.SOURCE;
  public static final Field EVENT_ID =
      Field.required(
          "event_id", StringType, "The source's own id of the event, or a hash of its content");
  public static final Field EVENT_TIME =
      Field.required("event_time", TimestampType, "When it happened");
  public static final Field EVENT_TYPE =
      Field.required(
          "event_type",
          StringType,
          "page_view, product_view, search, add_to_cart, remove_from_cart, checkout, purchase, signup or other");
  public static final Field ANONYMOUS_ID =
      Field.optional("anonymous_id", StringType, "Browser or device");
  public static final Field USER_ID =
      Field.optional("user_id", StringType, "Login, where the visitor was logged in");
  public static final Field EMAIL =
      Field.optional("email", StringType, "E-mail address, where the event carries one");
  public static final Field SESSION_ID =
      Field.optional(
          "session_id",
          StringType,
          "Visit of which the event is a part; where it is null features make one, which ends by 30 minutes without an event");
  public static final Field PAGE = Field.optional("page", StringType, "Address of the page");
  public static final Field PRODUCT_ID =
      Field.optional("product_id", StringType, "Product, for events on one product");
  public static final Field CATEGORY =
      Field.optional("category", StringType, "Category that was looked at");
  public static final Field QUANTITY = Field.optional("quantity", Field.MONEY, "How many");
  public static final Field VALUE = Field.optional("value", Field.MONEY, "Amount");
  public static final Field CAMPAIGN =
      Field.optional("campaign", StringType, "Campaign that brought the visitor");
  public static final Field MEDIUM =
      Field.optional("medium", StringType, "Medium that brought the visitor, such as email or cpc");
  public static final Field DEVICE =
      Field.optional("device", StringType, "Kind of device, such as mobile");
  public static final Field COUNTRY =
      Field.optional("country", StringType, "Country of the visitor");
  public static final Field BOT =
      Field.optional(
          "bot",
          BooleanType,
          "True for what machines and the shop's own people did; identity and features leave it out");
  public static final Table TABLE =
      Common.table(
          1,
          "web_events",
          "One event on the web site",
          EVENT_ID,
          EVENT_TIME,
          EVENT_TYPE,
          ANONYMOUS_ID,
          USER_ID,
          EMAIL,
          SESSION_ID,
          PAGE,
          PRODUCT_ID,
          CATEGORY,
          QUANTITY,
          VALUE,
          CAMPAIGN,
          MEDIUM,
          DEVICE,
          COUNTRY,
          BOT);

  /** What must hold of every row; the name is the reason for which a row is refused. */
  static final List<Expectation> CONTRACT =
      List.of(
          new Expectation(
              "event_type is none of page_view, product_view, search, add_to_cart, remove_from_cart, checkout, purchase, signup, other",
              EVENT_TYPE
                  .col()
                  .isin(
                      (Object[])
                          "page_view product_view search add_to_cart remove_from_cart checkout purchase signup other"
                              .split(" "))));

  private WebEvents() {}

  /** Returns whether a visitor did it: no machine, and nobody of the shop's own. */
  public static Column byVisitor() {
    return not(coalesce(BOT.col(), lit(false)));
  }
}
