package io.persegment.identity;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.persegment.conformed.Consents;
import io.persegment.conformed.ContactMerges;
import io.persegment.conformed.Contacts;
import io.persegment.conformed.EmailEvents;
import io.persegment.conformed.Orders;
import io.persegment.conformed.SurveyAnswers;
import io.persegment.conformed.WebEvents;
import io.persegment.run.StageContext;
import io.persegment.run.StageReport;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * All that identity looks at. What has a time counts up to the as-of date; contacts and consents
 * are those of now. What others found out about customers is no record of one.
 *
 * @param sightings web events, as {@link Sightings}
 * @param mailings e-mail events, as {@link Mailings}
 */
record Inputs(
    Dataset<Row> contacts,
    Dataset<Row> contactMerges,
    Dataset<Row> orders,
    Dataset<Row> sightings,
    Dataset<Row> mailings,
    Dataset<Row> consents,
    Dataset<Row> surveyAnswers) {

  private static final Field WITHOUT = Sightings.EVENTS;

  /** Reads the lake. An action: the events are folded once and written aside. */
  static Inputs read(StageContext context) {
    Lake lake = context.lake();
    Column cut = context.cutColumn();
    Dataset<Row> webEvents =
        lake.readOrEmpty(WebEvents.TABLE).where(WebEvents.EVENT_TIME.col().lt(cut));
    Dataset<Row> emailEvents =
        lake.readOrEmpty(EmailEvents.TABLE).where(EmailEvents.EVENT_TIME.col().lt(cut));
    return new Inputs(
        lake.readOrEmpty(Contacts.TABLE).where(not(Contacts.isEnrichment())),
        lake.readOrEmpty(ContactMerges.TABLE),
        lake.readOrEmpty(Orders.TABLE).where(Orders.ORDERED_AT.col().lt(cut)),
        lake.scratch("identity/sightings", Sightings.of(webEvents)),
        lake.scratch("identity/mailings", Mailings.of(emailEvents)),
        lake.readOrEmpty(Consents.TABLE),
        lake.readOrEmpty(SurveyAnswers.TABLE).where(SurveyAnswers.ANSWERED_AT.col().lt(cut)));
  }

  /** Notes how many rows cannot be told whose they are. An action. */
  void reportWithoutIdentifier(StageReport report) {
    report.rows(
        "orders_without_identifier",
        without(orders, lit(1), Orders.CONTACT_RECORD_ID, Orders.EMAIL, Orders.PHONE));
    report.rows(
        "web_events_without_identifier",
        without(
            sightings,
            Sightings.EVENTS.col(),
            Sightings.ANONYMOUS_ID,
            Sightings.USER_ID,
            Sightings.EMAIL));
    report.rows(
        "email_events_without_identifier",
        without(mailings, Mailings.EVENTS.col(), Mailings.CONTACT_RECORD_ID, Mailings.EMAIL));
    report.rows(
        "consents_without_identifier", without(consents, lit(1), Consents.EMAIL, Consents.PHONE));
    report.rows(
        "survey_answers_without_identifier", without(surveyAnswers, lit(1), SurveyAnswers.EMAIL));
  }

  private static long without(Dataset<Row> rows, Column weight, Field... identifiers) {
    Column none = lit(true);
    for (Field identifier : identifiers) {
      none = none.and(identifier.col().isNull());
    }
    Column total = coalesce(sum(when(none, weight)), lit(0)).cast(WITHOUT.type());
    return rows.agg(total).head().getLong(0);
  }
}
