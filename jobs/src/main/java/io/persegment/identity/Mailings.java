package io.persegment.identity;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import io.persegment.conformed.EmailEvents;
import io.persegment.table.Field;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Which contact records and e-mails stood together in e-mail events, and how often. */
final class Mailings {
  static final Field SOURCE = EmailEvents.SOURCE;
  static final Field CONTACT_RECORD_ID = EmailEvents.CONTACT_RECORD_ID;
  static final Field EMAIL = EmailEvents.EMAIL;
  static final Field EVENTS = Sightings.EVENTS;

  private Mailings() {}

  /** Returns one row for each combination of source, contact record and e-mail. */
  static Dataset<Row> of(Dataset<Row> emailEvents) {
    return emailEvents
        .groupBy(SOURCE.col(), CONTACT_RECORD_ID.col(), EMAIL.col())
        .agg(count(lit(1)).as(EVENTS.name()));
  }
}
