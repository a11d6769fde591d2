package io.persegment.identity;

import static org.apache.spark.sql.types.DataTypes.DateType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.persegment.table.Field;
import io.persegment.table.Table;

/** Table {@code identity_map}: which customer each source record belongs to. */
public final class IdentityMap {
  public static final Field SOURCE =
      Field.required("source", StringType, "System whose record it is; empty for an address");
  public static final Field RECORD_TYPE =
      Field.required(
          "record_type",
          StringType,
          "contact, order (of a guest), login, anonymous_id, or address: an e-mail seen only in events");
  public static final Field RECORD_ID =
      Field.required("record_id", StringType, "The source's own id of the record");
  public static final Field CUSTOMER_ID = Field.required("customer_id", StringType, "Customer");
  public static final Field SINCE =
      Field.required(
          "since", DateType, "As-of date from which the record belongs to this customer");

  public static final String CONTACT = "contact";
  public static final String ORDER = "order";
  public static final String LOGIN = "login";
  public static final String ANONYMOUS = "anonymous_id";
  public static final String ADDRESS = "address";

  public static final Table TABLE =
      Table.keyed(
          3,
          "identity_map",
          "One source record and the customer that it belongs to",
          SOURCE,
          RECORD_TYPE,
          RECORD_ID,
          CUSTOMER_ID,
          SINCE);

  private IdentityMap() {}
}
