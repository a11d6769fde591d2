package io.persegment.publish;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.types.DataTypes.BooleanType;

import io.persegment.conformed.Contacts;
import io.persegment.conformed.Orders;
import io.persegment.customer.CustomerAddresses;
import io.persegment.customer.Customers;
import io.persegment.identity.IdentityMap;
import io.persegment.identity.Owners;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Every e-mail address of every customer: a word said under any of them is the customer's. */
final class Addresses {
  static final Field CUSTOMER_ID = CustomerAddresses.CUSTOMER_ID;
  static final Field ADDRESS = CustomerAddresses.ADDRESS;
  static final Field MAILED =
      Field.required("mailed", BooleanType, "Whether it is the one in customers");

  private Addresses() {}

  /**
   * Returns {@link #of} all customers of the lake.
   *
   * @param mailed a row a customer: the id, and the address that is written to
   */
  static Dataset<Row> in(Lake lake, Dataset<Row> mailed) {
    return of(
        mailed,
        CustomerAddresses.emails(
            lake.readOrEmpty(IdentityMap.TABLE),
            lake.readOrEmpty(Contacts.TABLE),
            Owners.in(lake).ofOrders(lake.readOrEmpty(Orders.TABLE))));
  }

  /**
   * Returns one row a customer and address.
   *
   * @param emails as {@link CustomerAddresses#emails}
   */
  static Dataset<Row> of(Dataset<Row> customers, Dataset<Row> emails) {
    Dataset<Row> mailed =
        customers
            .filter(Customers.EMAIL.col().isNotNull())
            .select(CUSTOMER_ID.col(), Customers.EMAIL.col().as(ADDRESS.name()), lit(true));
    return emails
        .select(CUSTOMER_ID.col(), ADDRESS.col(), lit(false).as(MAILED.name()))
        .union(mailed)
        .groupBy(CUSTOMER_ID.col(), ADDRESS.col())
        .agg(max(MAILED.col()).as(MAILED.name()));
  }
}
