package io.persegment.customer;

import static org.apache.spark.sql.functions.array_remove;
import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.from_json;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;

import io.persegment.conformed.Consents;
import io.persegment.conformed.ContactMerges;
import io.persegment.conformed.Contacts;
import io.persegment.conformed.Orders;
import io.persegment.identity.IdentityMap;
import io.persegment.identity.Owners;
import io.persegment.run.Stage;
import io.persegment.run.StageContext;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Makes one row a person of all records that are theirs: the golden record. */
public final class CustomersStage implements Stage {
  private final Survivorship survivorship;

  public CustomersStage(Survivorship survivorship) {
    this.survivorship = survivorship;
  }

  @Override
  public String name() {
    return "customers";
  }

  @Override
  public String summary() {
    return "Makes one row a person: what counts of all their records, and what they consented to";
  }

  @Override
  public List<Table> reads() {
    return List.of(
        IdentityMap.TABLE, Contacts.TABLE, ContactMerges.TABLE, Orders.TABLE, Consents.TABLE);
  }

  @Override
  public List<Table> writes() {
    return List.of(Customers.TABLE);
  }

  @Override
  public boolean describesThePresent() {
    return true;
  }

  /** Returns the contacts that were not merged into others, in which what counts of them is. */
  private static Dataset<Row> standing(Dataset<Row> contacts, Dataset<Row> merges) {
    return contacts.join(
        merges.select(ContactMerges.SOURCE.col(), ContactMerges.RECORD_ID.col()),
        new String[] {Contacts.SOURCE.name(), Contacts.RECORD_ID.name()},
        "left_anti");
  }

  @Override
  public void run(StageContext context) {
    Lake lake = context.lake();
    Dataset<Row> map = lake.read(IdentityMap.TABLE);
    Dataset<Row> contacts = lake.readOrEmpty(Contacts.TABLE);
    Dataset<Row> orders =
        Owners.in(lake)
            .ofOrders(
                lake.readOrEmpty(Orders.TABLE)
                    .where(Orders.ORDERED_AT.col().lt(context.cutColumn())));
    Dataset<Row> emails = CustomerAddresses.emails(map, contacts, orders);
    Dataset<Row> addresses = emails.union(CustomerAddresses.phones(map, contacts, orders));
    Dataset<Row> golden =
        Enrichment.withStatus(
            Golden.of(
                CustomerAddresses.ofContacts(
                    map, standing(contacts, lake.readOrEmpty(ContactMerges.TABLE))),
                Enrichment.of(contacts, emails),
                orders,
                map.where(IdentityMap.RECORD_TYPE.col().equalTo(IdentityMap.ADDRESS)),
                survivorship,
                context.cutColumn()),
            contacts);
    String[] customer = {Customers.CUSTOMER_ID.name()};
    Dataset<Row> customers =
        records(map)
            .join(golden, customer, "left")
            .join(Consent.of(lake.readOrEmpty(Consents.TABLE), addresses), customer, "left")
            .withColumn(
                Customers.PROVENANCE.name(),
                coalesce(Customers.PROVENANCE.col(), from_json(lit("{}"), Field.TEXT_MAP)))
            .withColumn(Customers.UPDATED_AT.name(), context.startedAtColumn())
            .select(Customers.TABLE.columns());
    lake.overwrite(Customers.TABLE, customers);
    report(context);
  }

  /** Returns one row a customer: how many records of which sources, and whether it is known. */
  static Dataset<Row> records(Dataset<Row> map) {
    return map.groupBy(IdentityMap.CUSTOMER_ID.col())
        .agg(
            count(lit(1)).as(Customers.RECORD_COUNT.name()),
            // An address seen only in events is of no source of its own.
            array_sort(array_remove(collect_set(IdentityMap.SOURCE.col()), ""))
                .as(Customers.SOURCES.name()),
            max(IdentityMap.RECORD_TYPE
                    .col()
                    .isin(IdentityMap.CONTACT, IdentityMap.ORDER, IdentityMap.ADDRESS))
                .as(Customers.IS_KNOWN.name()));
  }

  private static void report(StageContext context) {
    Row counts =
        context
            .lake()
            .read(Customers.TABLE)
            .agg(
                count(lit(1)).as("customers"),
                count_if(Customers.IS_KNOWN.col()).as("known"),
                count_if(Customers.EMAIL.col().isNotNull()).as("with_email"))
            .head();
    for (String name : counts.schema().fieldNames()) {
      context.report().rows(name, counts.<Long>getAs(name));
    }
  }
}
