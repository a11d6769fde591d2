package io.persegment.identity;

import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.persegment.conformed.Consents;
import io.persegment.conformed.Contacts;
import io.persegment.conformed.Orders;
import io.persegment.conformed.SurveyAnswers;
import io.persegment.table.Field;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/** E-mail addresses: which records hold one, and which are seen without any record. */
final class Addresses {
  static final String TOO_MANY = "one of too many addresses at one record";

  private static final Field EMAIL = Contacts.EMAIL;

  private Addresses() {}

  /** Returns the e-mails of contacts, guest orders and logins, as {@link Identifiers}. */
  static Dataset<Row> held(Inputs inputs, IdentitySettings settings) {
    return identifiers(inputs.contacts(), IdentityMap.CONTACT, Contacts.RECORD_ID)
        .union(ofGuests(inputs.orders()))
        .union(passedOn(inputs, settings.emailsPerRecord()));
  }

  /**
   * Returns a record for each e-mail that no contact and no guest order holds.
   *
   * @param held as {@link #held} returns it
   */
  static Dataset<Row> records(Inputs inputs, Dataset<Row> held) {
    Column bySomebody =
        IdentityMap.RECORD_TYPE
            .col()
            .notEqual(IdentityMap.LOGIN)
            .and(Identifiers.CUT.col().isNull());
    Dataset<Row> taken = held.where(bySomebody).select(Identifiers.VALUE.col().as(EMAIL.name()));
    return seen(inputs)
        .join(taken, Members.names(EMAIL), "left_anti")
        .withColumn(IdentityMap.SOURCE.name(), lit(""))
        .select(Records.of(IdentityMap.ADDRESS, EMAIL));
  }

  private static Dataset<Row> ofGuests(Dataset<Row> orders) {
    Column name =
        concat_ws(
            "/",
            lit(IdentityMap.ORDER),
            Names.normalised(Orders.FIRST_NAME.col()),
            Names.normalised(Orders.LAST_NAME.col()));
    return Records.guestOrders(orders)
        .where(EMAIL.col().isNotNull())
        .withColumn(Identifiers.CUT.name(), Identifiers.NOT_CUT)
        .select(
            Identifiers.columns(
                IdentityMap.ORDER, Orders.ORDER_ID, lit(Identifiers.EMAIL), EMAIL.col(), name));
  }

  /**
   * Returns e-mails that orders, mailings and web events give for a contact or login. Cut where
   * there are more than {@code most} for one: it is a till then, or a computer in a shop.
   */
  private static Dataset<Row> passedOn(Inputs inputs, int most) {
    var ofRecord =
        Window.partitionBy(
            IdentityMap.SOURCE.col(), IdentityMap.RECORD_TYPE.col(), IdentityMap.RECORD_ID.col());
    Column tooMany = count(lit(1)).over(ofRecord).gt(most);
    return identifiers(inputs.orders(), IdentityMap.CONTACT, Orders.CONTACT_RECORD_ID)
        .union(identifiers(inputs.mailings(), IdentityMap.CONTACT, Mailings.CONTACT_RECORD_ID))
        .union(identifiers(inputs.sightings(), IdentityMap.LOGIN, Sightings.USER_ID))
        .distinct()
        .withColumn(Identifiers.CUT.name(), when(tooMany, TOO_MANY).otherwise(Identifiers.NOT_CUT));
  }

  private static Dataset<Row> identifiers(Dataset<Row> rows, String type, Field id) {
    return rows.where(EMAIL.col().isNotNull().and(id.col().isNotNull()))
        .withColumn(Identifiers.CUT.name(), Identifiers.NOT_CUT)
        .select(Identifiers.columns(type, id, lit(Identifiers.EMAIL), EMAIL.col()));
  }

  /** Returns every e-mail of the events, each once. */
  private static Dataset<Row> seen(Inputs inputs) {
    return inputs
        .orders()
        .select(Orders.EMAIL.col())
        .union(inputs.mailings().select(Mailings.EMAIL.col()))
        .union(inputs.sightings().select(Sightings.EMAIL.col()))
        .union(inputs.consents().select(Consents.EMAIL.col()))
        .union(inputs.surveyAnswers().select(SurveyAnswers.EMAIL.col()))
        .where(EMAIL.col().isNotNull())
        .distinct();
  }
}
