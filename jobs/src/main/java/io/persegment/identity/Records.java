package io.persegment.identity;

import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import io.persegment.conformed.ContactMerges;
import io.persegment.conformed.Contacts;
import io.persegment.conformed.Orders;
import io.persegment.table.Field;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The records that have a customer: source, type and id as in {@link IdentityMap}, {@link
 * #FIRST_SEEN}, and {@link #NODE}, their number in the graph of links.
 */
final class Records {
  static final Field NODE =
      Field.required("node", LongType, "Number of the record: xxhash64 of its key");

  static final Field FIRST_SEEN =
      Field.optional("first_seen", TimestampType, "First time of the record; null where not known");

  static final Field KEY = Field.required("key", StringType, "Record, as identity_links names it");

  private static final Column NOT_KNOWN = lit(null).cast(TimestampType);
  private static final String SEPARATOR = "/";

  private Records() {}

  /**
   * Returns every record once.
   *
   * @param emails the e-mails that records hold, as {@link Addresses#held}
   */
  static Dataset<Row> all(Inputs inputs, Dataset<Row> emails) {
    return contacts(inputs)
        .union(
            guestOrders(inputs.orders())
                .select(seen(IdentityMap.ORDER, Orders.ORDER_ID, Orders.ORDERED_AT.col())))
        .union(sighted(inputs, IdentityMap.LOGIN, Sightings.USER_ID))
        .union(sighted(inputs, IdentityMap.ANONYMOUS, Sightings.ANONYMOUS_ID))
        .union(Addresses.records(inputs, emails).withColumn(FIRST_SEEN.name(), NOT_KNOWN))
        .withColumn(NODE.name(), node());
  }

  /**
   * Returns contact records: those of the contacts, and those only named by orders, mailings or
   * merges.
   */
  static Dataset<Row> contacts(Inputs inputs) {
    Dataset<Row> contacts =
        inputs
            .contacts()
            .select(seen(IdentityMap.CONTACT, Contacts.RECORD_ID, Contacts.CREATED_AT.col()))
            .union(named(inputs.contactMerges(), ContactMerges.RECORD_ID, NOT_KNOWN))
            .union(named(inputs.contactMerges(), ContactMerges.MERGED_INTO, NOT_KNOWN))
            .union(named(inputs.orders(), Orders.CONTACT_RECORD_ID, Orders.ORDERED_AT.col()))
            .union(named(inputs.mailings(), Mailings.CONTACT_RECORD_ID, NOT_KNOWN));
    return once(contacts);
  }

  /** Keeps orders of no contact that can be told whose they are. */
  static Dataset<Row> guestOrders(Dataset<Row> orders) {
    return orders.where(
        Orders.CONTACT_RECORD_ID
            .col()
            .isNull()
            .and(Orders.EMAIL.col().isNotNull().or(Orders.PHONE.col().isNotNull())));
  }

  /** Returns the columns that say which record of {@code type} a row is about. */
  static Column[] of(String type, Field id) {
    return new Column[] {
      IdentityMap.SOURCE.col(),
      lit(type).as(IdentityMap.RECORD_TYPE.name()),
      id.col().as(IdentityMap.RECORD_ID.name())
    };
  }

  /** Returns the record's number. */
  static Column node() {
    return node(
        IdentityMap.SOURCE.col(), IdentityMap.RECORD_TYPE.col(), IdentityMap.RECORD_ID.col());
  }

  /** Returns the number of the record of that source, type and id. */
  static Column node(Column source, Column type, Column id) {
    return xxhash64(concat_ws(SEPARATOR, source, type, id));
  }

  /** Returns the record's key as it may be shown: an address, being an e-mail, by its hash. */
  static Column shownKey() {
    Column id =
        when(
                IdentityMap.RECORD_TYPE.col().equalTo(IdentityMap.ADDRESS),
                sha2(IdentityMap.RECORD_ID.col(), 256))
            .otherwise(IdentityMap.RECORD_ID.col());
    return concat_ws(SEPARATOR, IdentityMap.SOURCE.col(), IdentityMap.RECORD_TYPE.col(), id);
  }

  private static Dataset<Row> named(Dataset<Row> rows, Field contact, Column time) {
    return rows.where(contact.col().isNotNull()).select(seen(IdentityMap.CONTACT, contact, time));
  }

  private static Dataset<Row> sighted(Inputs inputs, String type, Field id) {
    return once(
        inputs
            .sightings()
            .where(id.col().isNotNull())
            .select(seen(type, id, Sightings.FIRST_SEEN.col())));
  }

  private static Column[] seen(String type, Field id, Column time) {
    Column[] record = of(type, id);
    return new Column[] {record[0], record[1], record[2], time.as(FIRST_SEEN.name())};
  }

  private static Dataset<Row> once(Dataset<Row> seen) {
    return seen.groupBy(
            IdentityMap.SOURCE.col(), IdentityMap.RECORD_TYPE.col(), IdentityMap.RECORD_ID.col())
        .agg(min(FIRST_SEEN.col()).as(FIRST_SEEN.name()));
  }
}
