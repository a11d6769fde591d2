package io.persegment.publish;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.persegment.conformed.Consents;
import io.persegment.conformed.EmailStatus;
import io.persegment.customer.ConsentSettings;
import io.persegment.customer.ConsentSettings.Word;
import io.persegment.customer.Customers;
import io.persegment.publish.PublishSettings.Mailbox;
import io.persegment.table.Field;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/** Who may be written to. */
final class Verdicts {
  static final Field REASON =
      Field.optional(
          "reason", StringType, "Why the customer is left out; null for who may be written to");
  static final Field PROFILED =
      Field.required("profiled", BooleanType, "Whether scores and clusters may be used");

  static final Field OFFERED = Field.required("offered", BooleanType, "Whether offers may be made");

  static final String SHARED_MAILBOX = "shared_mailbox";

  /** Of who was not in the earlier release that was gone back to. */
  static final String NOT_IN_RELEASE = "not_in_release";

  private Verdicts() {}

  /**
   * Adds {@link #REASON}, {@link #PROFILED} and {@link #OFFERED} to the rows of {@link Customers}.
   * Keeps every row.
   *
   * @param standing rows of {@link Standing}
   */
  static Dataset<Row> of(
      Dataset<Row> customers, Dataset<Row> standing, ConsentSettings consent, Mailbox mailbox) {
    return customers
        .join(standing, new String[] {Customers.CUSTOMER_ID.name()}, "left")
        .withColumn(REASON.name(), refusal(consent.email()))
        .withColumn(
            REASON.name(),
            coalesce(REASON.col(), when(not(firstOfMailbox(mailbox)), lit(SHARED_MAILBOX))))
        .withColumn(
            PROFILED.name(),
            consent.mayProfile().and(not(coalesce(Standing.NO_PROFILING.col(), lit(false)))))
        .withColumn(OFFERED.name(), not(coalesce(Standing.NO_OFFERS.col(), lit(false))))
        .drop(
            Standing.SUPPRESSED.name(),
            Standing.NO_OFFERS.name(),
            Standing.NO_PROFILING.name(),
            Standing.BOUNCED.name(),
            Standing.COMPLAINED.name(),
            Standing.UNSUBSCRIBED.name(),
            Standing.WITHDRAWN.name(),
            Standing.GRANTED.name());
  }

  /** Returns the first reason that applies to a customer alone, or null. */
  private static Column refusal(Word emailDefault) {
    Column consent = emailConsent();
    return when(not(Customers.IS_KNOWN.col()).or(Customers.EMAIL.col().isNull()), lit("no_email"))
        .when(Customers.EMAIL_STATUS.col().equalTo(EmailStatus.INVALID), lit("invalid_email"))
        .when(Customers.EMAIL_STATUS.col().isin(EmailStatus.UNSAFE.toArray()), lit("unsafe_email"))
        .when(Standing.SUPPRESSED.col(), lit("suppressed"))
        .when(Standing.BOUNCED.col(), lit("bounced"))
        .when(Standing.COMPLAINED.col(), lit("complained"))
        .when(Standing.UNSUBSCRIBED.col(), lit("unsubscribed"))
        .when(consent.isNull().and(lit(emailDefault == Word.WITHDRAWN)), lit("no_consent"))
        .when(consent.equalTo(Consents.WITHDRAWN), lit("withdrawn"));
  }

  /** Returns granted, withdrawn, or null where nothing was said; a no beats a yes. */
  private static Column emailConsent() {
    Column golden = Customers.EMAIL_CONSENT.col();
    return when(
            Standing.WITHDRAWN.col().or(golden.equalTo(Consents.WITHDRAWN)),
            lit(Consents.WITHDRAWN))
        .when(Standing.GRANTED.col().or(golden.equalTo(Consents.GRANTED)), lit(Consents.GRANTED));
  }

  /**
   * Returns false for those who share their address with another who may be written to and comes
   * before them, or, where nothing tells them apart, has the smaller id.
   */
  private static Column firstOfMailbox(Mailbox mailbox) {
    Column address = when(REASON.col().isNull(), Customers.EMAIL.col());
    Column order =
        switch (mailbox) {
          case LAST_SEEN -> Customers.LAST_SEEN_AT.col().desc_nulls_last();
          case FIRST_SEEN -> Customers.FIRST_SEEN_AT.col().asc_nulls_last();
          case MOST_RECORDS -> Customers.RECORD_COUNT.col().desc();
        };
    WindowSpec sharing =
        Window.partitionBy(coalesce(address, Customers.CUSTOMER_ID.col()))
            .orderBy(order, Customers.CUSTOMER_ID.col());
    return row_number().over(sharing).equalTo(1);
  }
}
