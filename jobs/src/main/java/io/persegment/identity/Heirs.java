package io.persegment.identity;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;

import io.persegment.conformed.Orders;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** In which component a record is to be looked for after it stopped being one of its own. */
final class Heirs {
  private Heirs() {}

  /** Returns one row for each address that a record holds, and each order of a contact. */
  static Dataset<Row> of(Dataset<Row> members, Dataset<Row> identifiers, Dataset<Row> orders) {
    return ofAddresses(members, identifiers).union(ofOrders(members, orders));
  }

  private static Dataset<Row> ofAddresses(Dataset<Row> members, Dataset<Row> identifiers) {
    Column isHeld =
        Identifiers.CUT
            .col()
            .isNull()
            .or(Identifiers.CUT.col().isin(Links.JUNK, Links.NEVER, Mailboxes.CROWDED));
    Dataset<Row> emails =
        identifiers.where(Identifiers.KIND.col().equalTo(Identifiers.EMAIL).and(isHeld));
    return members
        .withColumn(Records.NODE.name(), Records.node())
        .join(emails, Members.names(Records.NODE))
        .groupBy(Identifiers.VALUE.col())
        .agg(min(Members.COMPONENT.col()).as(Members.COMPONENT.name()))
        .select(
            lit("").as(IdentityMap.SOURCE.name()),
            lit(IdentityMap.ADDRESS).as(IdentityMap.RECORD_TYPE.name()),
            Identifiers.VALUE.col().as(IdentityMap.RECORD_ID.name()),
            Members.COMPONENT.col());
  }

  private static Dataset<Row> ofOrders(Dataset<Row> members, Dataset<Row> orders) {
    String contacts = "contacts";
    Dataset<Row> ofContacts =
        members.where(IdentityMap.RECORD_TYPE.col().equalTo(IdentityMap.CONTACT)).as(contacts);
    Column same =
        Orders.SOURCE
            .of(IdentityMap.ORDER)
            .equalTo(IdentityMap.SOURCE.of(contacts))
            .and(Orders.CONTACT_RECORD_ID.col().equalTo(IdentityMap.RECORD_ID.col()));
    return orders
        .as(IdentityMap.ORDER)
        .join(ofContacts, same)
        .select(
            Orders.SOURCE.of(IdentityMap.ORDER),
            lit(IdentityMap.ORDER).as(IdentityMap.RECORD_TYPE.name()),
            Orders.ORDER_ID.col().as(IdentityMap.RECORD_ID.name()),
            Members.COMPONENT.col());
  }
}
