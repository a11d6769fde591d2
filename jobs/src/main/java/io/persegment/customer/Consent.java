package io.persegment.customer;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_compact;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;

import io.persegment.conformed.Consents;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What each customer said. For an address the latest word counts, of two at once the refusal;
 * across a customer's addresses the most restrictive.
 */
final class Consent {
  private static final String WITHDRAWN = "_withdrawn";

  /** Which words are about which column of {@link Customers}. */
  private static final Map<String, Column> ABOUT =
      Map.of(
          Customers.EMAIL_CONSENT.name(), marketing("email"),
          Customers.SMS_CONSENT.name(), marketing("sms"),
          Customers.PROFILING_CONSENT.name(), Consents.PURPOSE.col().equalTo("profiling"));

  private Consent() {}

  /**
   * Returns one row a customer under whose addresses anything was said: the three consents.
   *
   * @param addresses e-mails and phones, as {@link CustomerAddresses}
   */
  static Dataset<Row> of(Dataset<Row> consents, Dataset<Row> addresses) {
    Column refused = Consents.STATUS.col().equalTo(Consents.WITHDRAWN);
    Column word = struct(Consents.OBSERVED_AT.col(), refused.as(WITHDRAWN));
    List<String> columns =
        List.of(
            Customers.EMAIL_CONSENT.name(),
            Customers.SMS_CONSENT.name(),
            Customers.PROFILING_CONSENT.name());
    Column[] latest =
        columns.stream()
            .map(name -> max(when(ABOUT.get(name), word)).getField(WITHDRAWN).as(name))
            .toArray(Column[]::new);
    Column[] strictest =
        columns.stream()
            .map(
                name -> {
                  Column anyRefusal = max(col(name));
                  return when(anyRefusal, lit(Consents.WITHDRAWN))
                      .when(anyRefusal.isNotNull(), lit(Consents.GRANTED))
                      .as(name);
                })
            .toArray(Column[]::new);
    Column said = array_compact(array(Consents.EMAIL.col(), Consents.PHONE.col()));
    return aggregated(
        addresses.join(
            aggregated(
                consents.withColumn(CustomerAddresses.ADDRESS.name(), explode(said)),
                CustomerAddresses.ADDRESS.col(),
                latest),
            CustomerAddresses.ADDRESS.name()),
        Customers.CUSTOMER_ID.col(),
        strictest);
  }

  private static Dataset<Row> aggregated(Dataset<Row> rows, Column by, Column[] aggregates) {
    return rows.groupBy(by)
        .agg(
            aggregates[0],
            List.of(aggregates).subList(1, aggregates.length).toArray(new Column[0]));
  }

  private static Column marketing(String channel) {
    return Consents.PURPOSE
        .col()
        .equalTo("marketing")
        .and(Consents.CHANNEL.col().isin(channel, "all"));
  }
}
