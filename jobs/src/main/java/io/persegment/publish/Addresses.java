package io.persegment.publish;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.persegment.conformed.Contacts;
import io.persegment.customer.Customers;
import io.persegment.identity.IdentityMap;
import io.persegment.table.Field;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Every e-mail address of every customer: a word said under any of them is the customer's. */
final class Addresses {
  static final Field CUSTOMER_ID = Field.required("customer_id", StringType, "Customer");
  static final Field ADDRESS = Field.required("address", StringType, "One of their addresses");
  static final Field MAILED =
      Field.required("mailed", BooleanType, "Whether it is the one in customers");

  private Addresses() {}

  /** Returns one row a customer and address. */
  static Dataset<Row> of(Dataset<Row> customers, Dataset<Row> identityMap, Dataset<Row> contacts) {
    return mailed(customers)
        .unionByName(ofContacts(contacts, identityMap))
        .unionByName(seenOnlyInEvents(identityMap))
        .groupBy(CUSTOMER_ID.col(), ADDRESS.col())
        .agg(max(MAILED.col()).as(MAILED.name()));
  }

  private static Dataset<Row> mailed(Dataset<Row> customers) {
    return customers
        .filter(Customers.EMAIL.col().isNotNull())
        .select(
            Customers.CUSTOMER_ID.col(),
            Customers.EMAIL.col().as(ADDRESS.name()),
            lit(true).as(MAILED.name()));
  }

  private static Dataset<Row> ofContacts(Dataset<Row> contacts, Dataset<Row> identityMap) {
    String[] record = {IdentityMap.SOURCE.name(), IdentityMap.RECORD_ID.name()};
    return contacts
        .filter(Contacts.EMAIL.col().isNotNull())
        .select(
            Contacts.SOURCE.col(),
            Contacts.RECORD_ID.col().as(IdentityMap.RECORD_ID.name()),
            Contacts.EMAIL.col().as(ADDRESS.name()))
        .join(ofType(identityMap, IdentityMap.CONTACT), record)
        .select(IdentityMap.CUSTOMER_ID.col(), ADDRESS.col(), lit(false).as(MAILED.name()));
  }

  private static Dataset<Row> seenOnlyInEvents(Dataset<Row> identityMap) {
    return ofType(identityMap, IdentityMap.ADDRESS)
        .select(
            IdentityMap.CUSTOMER_ID.col(),
            IdentityMap.RECORD_ID.col().as(ADDRESS.name()),
            lit(false).as(MAILED.name()));
  }

  private static Dataset<Row> ofType(Dataset<Row> identityMap, String type) {
    return identityMap.filter(IdentityMap.RECORD_TYPE.col().equalTo(lit(type)));
  }
}
