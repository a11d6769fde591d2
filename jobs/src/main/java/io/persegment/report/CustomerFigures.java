package io.persegment.report;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;

import io.persegment.conformed.Consents;
import io.persegment.customer.Customers;
import io.persegment.table.Lake;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;

/**
 * How many customers there are.
 *
 * @param known tied to a contact, an order or an address; the others were only seen on the web
 * @param withEmail with an address that is not known to be wrong
 * @param consenting who said yes to marketing by e-mail
 * @param severalRecords made of more than one source record
 * @param severalSystems known to more than one system
 */
public record CustomerFigures(
    long all,
    long known,
    long withEmail,
    long withPhone,
    long consenting,
    long severalRecords,
    long severalSystems) {

  public long anonymous() {
    return all - known;
  }

  /** An action, with one row. */
  static CustomerFigures read(Lake lake) {
    Column invalid = coalesce(Customers.EMAIL_STATUS.col(), lit("")).equalTo("invalid");
    Row row =
        lake.read(Customers.TABLE)
            .agg(
                count(lit(1)),
                count_if(Customers.IS_KNOWN.col()),
                count_if(Customers.EMAIL.col().isNotNull().and(invalid.equalTo(false))),
                count_if(Customers.PHONE.col().isNotNull()),
                count_if(Customers.EMAIL_CONSENT.col().equalTo(Consents.GRANTED)),
                count_if(Customers.RECORD_COUNT.col().gt(1)),
                count_if(size(Customers.SOURCES.col()).gt(1)))
            .head();
    return new CustomerFigures(
        row.getLong(0),
        row.getLong(1),
        row.getLong(2),
        row.getLong(3),
        row.getLong(4),
        row.getLong(5),
        row.getLong(6));
  }
}
