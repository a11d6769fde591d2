package io.persegment.features;

import static org.apache.spark.sql.types.DataTypes.DateType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.persegment.table.Field;
import io.persegment.table.Table;

/**
 * Table {@code customer_features}: what is known of each customer as of a date; the columns after
 * its own are declared in the settings.
 */
public final class CustomerFeatures {
  public static final Field AS_OF =
      Field.required(
          "as_of", DateType, "As-of date: what had happened by the end of this day, UTC");
  public static final Field CUSTOMER_ID = Field.required("customer_id", StringType, "Customer");
  public static final Field DEFINITION =
      Field.required(
          "definition",
          StringType,
          "SHA-256 of the features' settings; rows of one definition can be compared");

  /** The columns that every shop's features have. */
  public static final Table TABLE =
      Table.keyed(
              2,
              "customer_features",
              "One customer on one as-of date",
              AS_OF,
              CUSTOMER_ID,
              DEFINITION)
          .partitionedBy(AS_OF);

  private CustomerFeatures() {}

  /** Returns the table with the columns that {@code settings} declare. */
  public static Table table(FeatureSettings settings) {
    return TABLE.with(settings.columns());
  }
}
