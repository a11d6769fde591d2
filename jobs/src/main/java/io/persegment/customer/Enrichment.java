package io.persegment.customer;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.persegment.conformed.Contacts;
import io.persegment.conformed.EmailStatus;
import io.persegment.table.Field;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/** What others know of customers, found by one of their addresses. */
final class Enrichment {
  private static final Field WORST =
      Field.optional("_worst_status", StringType, "The worst that is said of the address");

  private Enrichment() {}

  /**
   * Returns the rows of {@link Contacts} that are enrichment, with the customer who has the
   * address. An address that several customers have, as an office does, tells of none of them.
   *
   * @param emails as {@link CustomerAddresses#emails}
   */
  static Dataset<Row> of(Dataset<Row> contacts, Dataset<Row> emails) {
    var record = Window.partitionBy(Contacts.SOURCE.col(), Contacts.RECORD_ID.col());
    return contacts
        .where(Contacts.ENRICHMENT.col().equalTo(true))
        .join(emails, Contacts.EMAIL.col().equalTo(CustomerAddresses.ADDRESS.col()))
        .withColumn("_owners", count(lit(1)).over(record))
        .where("_owners = 1")
        .drop("_owners", CustomerAddresses.ADDRESS.name());
  }

  /** Gives the address of each customer the worst status that any record says of it. */
  static Dataset<Row> withStatus(Dataset<Row> golden, Dataset<Row> contacts) {
    Dataset<Row> statuses =
        contacts
            .where(Contacts.EMAIL.col().isNotNull().and(Contacts.EMAIL_STATUS.col().isNotNull()))
            .groupBy(Contacts.EMAIL.col())
            .agg(EmailStatus.worst(Contacts.EMAIL_STATUS.col()).as(WORST.name()));
    return golden
        .join(statuses, new String[] {Customers.EMAIL.name()}, "left")
        .withColumn(
            Customers.EMAIL_STATUS.name(), coalesce(WORST.col(), Customers.EMAIL_STATUS.col()))
        .drop(WORST.name());
  }
}
