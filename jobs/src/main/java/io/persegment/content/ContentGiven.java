package io.persegment.content;

import static org.apache.spark.sql.types.DataTypes.DateType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.persegment.table.Field;
import io.persegment.table.Table;

/**
 * Table {@code content_given}: when customers were given what {@code at-most} says is enough some
 * day.
 */
public final class ContentGiven {
  public static final Field CUSTOMER_ID = Field.required("customer_id", StringType, "Customer");
  public static final Field MAPPING =
      Field.required("mapping", StringType, "Row of content.mapping, as named in the settings");
  public static final Field SINCE =
      Field.required("since", DateType, "As-of date on which it was first given, after any rest");
  public static final Field UNTIL =
      Field.required("until", DateType, "As-of date on which it was last given");
  public static final Table TABLE =
      Table.keyed(
          2,
          "content_given",
          "One customer and one row of the mapping that may be given for some days only",
          CUSTOMER_ID,
          MAPPING,
          SINCE,
          UNTIL);

  private ContentGiven() {}
}
