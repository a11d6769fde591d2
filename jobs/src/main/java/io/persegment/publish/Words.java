package io.persegment.publish;

import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import io.persegment.conformed.Consents;
import io.persegment.conformed.Contacts;
import io.persegment.conformed.EmailEvents;
import io.persegment.table.Field;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What was said under an address about being written to: consents to marketing by e-mail, to offers
 * and to profiling, and the events that mean no. No word is too new: consent is read as it is now.
 */
final class Words {
  static final Field ADDRESS = Addresses.ADDRESS;
  static final Field KIND = Field.required("kind", StringType, "One of the constants below");
  static final Field SAID_AT = Field.required("said_at", TimestampType, "When it was said");

  static final String GRANTED = Consents.GRANTED;
  static final String WITHDRAWN = Consents.WITHDRAWN;
  static final String BOUNCED = "bounced";
  static final String COMPLAINED = "complained";
  static final String UNSUBSCRIBED = "unsubscribed";
  static final String SUPPRESSED = "suppressed";
  static final String OFFERS_GRANTED = "offers_granted";
  static final String OFFERS_WITHDRAWN = "offers_withdrawn";
  static final String PROFILING_GRANTED = "profiling_granted";
  static final String PROFILING_WITHDRAWN = "profiling_withdrawn";

  private static final String MARKETING = "marketing";

  private Words() {}

  /** Returns one row a word. Leaves out consents of phone numbers alone, and soft bounces. */
  static Dataset<Row> of(Dataset<Row> consents, Dataset<Row> emailEvents, Dataset<Row> contacts) {
    Dataset<Row> refusals =
        emailEvents.filter(
            EmailEvents.EVENT_TYPE
                .col()
                .isin(COMPLAINED, UNSUBSCRIBED)
                .or(
                    EmailEvents.EVENT_TYPE
                        .col()
                        .equalTo(BOUNCED)
                        .and(EmailEvents.BOUNCE_KIND.col().equalTo("hard"))));
    return fromConsents(consents)
        .unionByName(fromEvents(refusals.filter(EmailEvents.EMAIL.col().isNotNull())))
        .unionByName(fromEvents(addressed(refusals, contacts)));
  }

  private static Dataset<Row> fromConsents(Dataset<Row> consents) {
    Column said = Consents.STATUS.col();
    return consents
        .filter(Consents.EMAIL.col().isNotNull())
        .filter(
            Consents.CHANNEL
                .col()
                .isin("email", "all")
                .or(Consents.PURPOSE.col().equalTo("profiling")))
        .select(
            word(
                Consents.EMAIL,
                when(Consents.PURPOSE.col().equalTo(MARKETING), said)
                    .otherwise(concat_ws("_", Consents.PURPOSE.col(), said)),
                Consents.OBSERVED_AT));
  }

  private static Dataset<Row> fromEvents(Dataset<Row> events) {
    return events.select(
        word(EmailEvents.EMAIL, EmailEvents.EVENT_TYPE.col(), EmailEvents.EVENT_TIME));
  }

  /** Returns the events that name only the contact they went to, with the contact's address. */
  private static Dataset<Row> addressed(Dataset<Row> events, Dataset<Row> contacts) {
    String[] record = {Contacts.SOURCE.name(), Contacts.RECORD_ID.name()};
    return events
        .filter(EmailEvents.EMAIL.col().isNull())
        .drop(EmailEvents.EMAIL.name())
        .withColumnRenamed(EmailEvents.CONTACT_RECORD_ID.name(), Contacts.RECORD_ID.name())
        .join(
            contacts
                .filter(Contacts.EMAIL.col().isNotNull())
                .select(Contacts.SOURCE.col(), Contacts.RECORD_ID.col(), Contacts.EMAIL.col()),
            record);
  }

  private static Column[] word(Field address, Column kind, Field saidAt) {
    return new Column[] {
      address.col().as(ADDRESS.name()), kind.as(KIND.name()), saidAt.col().as(SAID_AT.name())
    };
  }
}
