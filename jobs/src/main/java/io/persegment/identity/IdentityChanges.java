package io.persegment.identity;

import static org.apache.spark.sql.types.DataTypes.DateType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.persegment.table.Field;
import io.persegment.table.Table;

/** Table {@code identity_changes}: what became of customer ids. */
public final class IdentityChanges {
  public static final Field AS_OF =
      Field.required("as_of", DateType, "As-of date of the run that made the change");
  public static final Field CHANGE =
      Field.required("change", StringType, "minted, absorbed, merged, split or erased");
  public static final Field FROM_CUSTOMER_ID =
      Field.optional(
          "from_customer_id", StringType, "Customer that the records had; null for a minted one");
  public static final Field TO_CUSTOMER_ID =
      Field.optional("to_customer_id", StringType, "Customer that the records have now");
  public static final Field RECORDS =
      Field.required("records", LongType, "How many records changed hands");
  public static final Table TABLE =
      Table.keyed(
          0,
          "identity_changes",
          "One change of a customer id",
          AS_OF,
          CHANGE,
          FROM_CUSTOMER_ID,
          TO_CUSTOMER_ID,
          RECORDS);

  private IdentityChanges() {}
}
