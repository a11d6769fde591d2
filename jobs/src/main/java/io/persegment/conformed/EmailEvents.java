package io.persegment.conformed;

import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import io.persegment.quality.Expectation;
import io.persegment.table.Field;
import io.persegment.table.Table;
import java.util.List;

/** Table {@code email_events}: what happened to e-mails that were sent. */
public final class EmailEvents {
  public static final Field SOURCE = Common.SOURCE;
  public static final Field EVENT_ID =
      Field.required(
          "event_id", StringType, "The source's own id of the event, or a hash of its content");
  public static final Field EVENT_TIME =
      Field.required("event_time", TimestampType, "When it happened");
  public static final Field EVENT_TYPE =
      Field.required(
          "event_type",
          StringType,
          "sent, delivered, opened, clicked, bounced, complained or unsubscribed");
  public static final Field EMAIL =
      Field.optional("email", StringType, "Address that the e-mail went to");
  public static final Field CONTACT_RECORD_ID =
      Field.optional(
          "contact_record_id",
          StringType,
          "Record of contacts, of the same source, that it went to");
  public static final Field CAMPAIGN_ID =
      Field.optional("campaign_id", StringType, "Campaign of which the e-mail was a part");
  public static final Field LINK = Field.optional("link", StringType, "Address that was clicked");
  public static final Field BOUNCE_KIND =
      Field.optional("bounce_kind", StringType, "hard or soft; null where it did not bounce");
  public static final Field MACHINE =
      Field.optional(
          "machine",
          BooleanType,
          "True for opens and clicks made by mail programs; features leave them out");
  public static final Table TABLE =
      Common.table(
          1,
          "email_events",
          "One thing that happened to one e-mail",
          EVENT_ID,
          EVENT_TIME,
          EVENT_TYPE,
          EMAIL,
          CONTACT_RECORD_ID,
          CAMPAIGN_ID,
          LINK,
          BOUNCE_KIND,
          MACHINE);

  /** What must hold of every row; the name is the reason for which a row is refused. */
  static final List<Expectation> CONTRACT =
      List.of(
          new Expectation(
              "event_type is none of sent, delivered, opened, clicked, bounced, complained, unsubscribed",
              EVENT_TYPE
                  .col()
                  .isin(
                      (Object[])
                          "sent delivered opened clicked bounced complained unsubscribed"
                              .split(" "))));

  private EmailEvents() {}
}
