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
 * @param sightings web events of visitors, as {@link Sightings}
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

  /** Reads the lake. An action: the events are folded once and written aside. */
  static Inputs read(StageContext context) {
    Lake lake = context.lake();
    Column cut = context.cutColumn();
    Dataset<Row> webEvents =
        lake.readOrEmpty(WebEvents.TABLE)
            .where(WebEvents.EVENT_TIME.col().lt(cut).and(WebEvents.byVisitor()));
    Dataset<Row> emailEvents =
        lake.readOrEmpty(EmailEvents.TABLE).where(EmailEvents.EVENT_TIME.col().lt(cut));
    return new Inputs(
        lake.readOften(Contacts.TABLE).where(not(Contacts.isEnrichment())),
        lake.readOften(ContactMerges.TABLE),
        lake.readOften(Orders.TABLE).where(Orders.ORDERED_AT.col().lt(cut)),
        lake.scratch("identity/sightings", Sightings.of(webEvents)),
        lake.scratch("identity/mailings", Mailings.of(emailEvents)),
        lake.readOften(Consents.TABLE),
        lake.readOften(SurveyAnswers.TABLE).where(SurveyAnswers.ANSWERED_AT.col().lt(cut)));
  }

  Inputs withContacts(Dataset<Row> contacts) {
    return new Inputs(
        contacts, contactMerges, orders, sightings, mailings, consents, surveyAnswers);
  }

  /**
   * Returns all that is told of the records {@code nodes}, few of all: rows that name one of them,
   * and rows of an e-mail address that is one of them.
   */
  Inputs about(Dataset<Row> nodes) {
    Column ofContact = node(IdentityMap.CONTACT, Contacts.RECORD_ID);
    Column ofAddress = Records.node(lit(""), lit(IdentityMap.ADDRESS), Contacts.EMAIL.col());
    return new Inputs(
        Region.naming(contacts, nodes, ofContact),
        Region.naming(
            contactMerges,
            nodes,
            node(IdentityMap.CONTACT, ContactMerges.RECORD_ID),
            node(IdentityMap.CONTACT, ContactMerges.MERGED_INTO)),
        Region.naming(
            orders,
            nodes,
            when(
                    Orders.CONTACT_RECORD_ID.col().isNotNull(),
                    node(IdentityMap.CONTACT, Orders.CONTACT_RECORD_ID))
                .otherwise(node(IdentityMap.ORDER, Orders.ORDER_ID)),
            ofAddress),
        Region.naming(
            sightings,
            nodes,
            node(IdentityMap.LOGIN, Sightings.USER_ID),
            node(IdentityMap.ANONYMOUS, Sightings.ANONYMOUS_ID),
            ofAddress),
        Region.naming(
            mailings, nodes, node(IdentityMap.CONTACT, Mailings.CONTACT_RECORD_ID), ofAddress),
        Region.naming(consents, nodes, ofAddress),
        Region.naming(surveyAnswers, nodes, ofAddress));
  }

  /** Writes aside what is looked at again and again. An action. */
  Inputs aside(Lake lake) {
    return new Inputs(
        lake.scratch("identity/near-contacts", contacts),
        lake.scratch("identity/near-merges", contactMerges),
        lake.scratch("identity/near-orders", orders),
        lake.scratch("identity/near-sightings", sightings),
        lake.scratch("identity/near-mailings", mailings),
        consents,
        surveyAnswers);
  }

  private static Column node(String type, Field id) {
    return Records.node(IdentityMap.SOURCE.col(), lit(type), id.col());
  }

  /** Notes how many rows cannot be told whose they are. An action. */
  void reportWithoutIdentifier(StageReport report) {
    without("orders", orders, lit(1L), Orders.CONTACT_RECORD_ID, Orders.EMAIL, Orders.PHONE)
        .union(
            without(
                "web_events",
                sightings,
                Sightings.EVENTS.col(),
                Sightings.ANONYMOUS_ID,
                Sightings.USER_ID,
                Sightings.EMAIL))
        .union(
            without(
                "email_events",
                mailings,
                Mailings.EVENTS.col(),
                Mailings.CONTACT_RECORD_ID,
                Mailings.EMAIL))
        .union(without("consents", consents, lit(1L), Consents.EMAIL, Consents.PHONE))
        .union(without("survey_answers", surveyAnswers, lit(1L), SurveyAnswers.EMAIL))
        .collectAsList() // a row a table
        .forEach(row -> report.rows(row.getString(0) + "_without_identifier", row.getLong(1)));
  }

  private static Dataset<Row> without(
      String table, Dataset<Row> rows, Column weight, Field... identifiers) {
    Column none = lit(true);
    for (Field identifier : identifiers) {
      none = none.and(identifier.col().isNull());
    }
    return rows.agg(coalesce(sum(when(none, weight)), lit(0L)).as(Sightings.EVENTS.name()))
        .select(lit(table), Sightings.EVENTS.col());
  }
}
