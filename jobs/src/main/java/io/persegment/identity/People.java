package io.persegment.identity;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.persegment.conformed.Contacts;
import io.persegment.conformed.Orders;
import io.persegment.table.Field;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Contacts and guest orders with the name that they give, by which a shared value is divided. */
final class People {
  static final Field EMAIL = Contacts.EMAIL;
  static final Field PHONE = Contacts.PHONE;
  static final Field FIRST =
      Field.required("first_name", StringType, "As Names#normalised has it; empty where unknown");
  static final Field LAST =
      Field.required("last_name", StringType, "As Names#normalised has it; empty where unknown");

  private People() {}

  /** Returns one row for each that has an e-mail or a phone number. */
  static Dataset<Row> of(Inputs inputs) {
    return of(inputs.contacts(), IdentityMap.CONTACT, Contacts.RECORD_ID)
        .union(of(Records.guestOrders(inputs.orders()), IdentityMap.ORDER, Orders.ORDER_ID));
  }

  private static Dataset<Row> of(Dataset<Row> rows, String type, Field id) {
    Column[] record = Records.of(type, id);
    return rows.where(coalesce(EMAIL.col(), PHONE.col()).isNotNull())
        .select(
            record[0],
            record[1],
            record[2],
            EMAIL.col(),
            PHONE.col(),
            Names.normalised(FIRST.col()).as(FIRST.name()),
            Names.normalised(LAST.col()).as(LAST.name()));
  }
}
