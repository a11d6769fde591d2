package io.persegment.customer;

import static org.apache.spark.sql.types.DataTypes.StringType;

import io.persegment.conformed.Common;
import io.persegment.conformed.Contacts;
import io.persegment.conformed.Orders;
import io.persegment.identity.IdentityMap;
import io.persegment.table.Field;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Every e-mail address and phone number of every customer: what is said under any of them is said
 * by the customer. One that several customers have is there for each of them.
 */
public final class CustomerAddresses {
  public static final Field CUSTOMER_ID = Customers.CUSTOMER_ID;
  public static final Field ADDRESS =
      Field.required("address", StringType, "One of their e-mail addresses or phone numbers");

  private CustomerAddresses() {}

  /**
   * Returns one row a customer and e-mail address.
   *
   * @param orders rows of {@link Orders} with their customer
   */
  public static Dataset<Row> emails(
      Dataset<Row> identityMap, Dataset<Row> contacts, Dataset<Row> orders) {
    Dataset<Row> seenOnlyInEvents =
        identityMap
            .where(IdentityMap.RECORD_TYPE.col().equalTo(IdentityMap.ADDRESS))
            .select(IdentityMap.CUSTOMER_ID.col(), IdentityMap.RECORD_ID.col().as(ADDRESS.name()));
    return given(ofContacts(identityMap, contacts), Contacts.EMAIL)
        .union(given(orders, Orders.EMAIL))
        .union(seenOnlyInEvents)
        .distinct();
  }

  /**
   * Returns one row a customer and phone number.
   *
   * @param orders rows of {@link Orders} with their customer
   */
  public static Dataset<Row> phones(
      Dataset<Row> identityMap, Dataset<Row> contacts, Dataset<Row> orders) {
    return given(ofContacts(identityMap, contacts), Contacts.PHONE)
        .union(given(orders, Orders.PHONE))
        .distinct();
  }

  /** Adds the customer to rows of {@link Contacts}. */
  static Dataset<Row> ofContacts(Dataset<Row> identityMap, Dataset<Row> contacts) {
    Dataset<Row> customers =
        identityMap
            .where(IdentityMap.RECORD_TYPE.col().equalTo(IdentityMap.CONTACT))
            .select(
                IdentityMap.SOURCE.col(),
                IdentityMap.RECORD_ID.col(),
                IdentityMap.CUSTOMER_ID.col());
    return contacts.join(customers, new String[] {Common.SOURCE.name(), Contacts.RECORD_ID.name()});
  }

  private static Dataset<Row> given(Dataset<Row> rows, Field address) {
    return rows.where(address.col().isNotNull())
        .select(CUSTOMER_ID.col(), address.col().as(ADDRESS.name()));
  }
}
