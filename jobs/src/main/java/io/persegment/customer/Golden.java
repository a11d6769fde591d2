package io.persegment.customer;

import static org.apache.spark.sql.functions.aggregate;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_compact;
import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.from_json;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map_concat;
import static org.apache.spark.sql.functions.map_contains_key;
import static org.apache.spark.sql.functions.map_filter;
import static org.apache.spark.sql.functions.map_from_entries;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.reverse;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import io.persegment.conformed.Common;
import io.persegment.conformed.Contacts;
import io.persegment.conformed.EmailStatus;
import io.persegment.conformed.Orders;
import io.persegment.identity.IdentityMap;
import io.persegment.table.Field;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * The golden record: of all that a customer's records say, what counts. The word of the customer
 * goes before what others found out; then that of a source that is named before others; then a
 * contact's before an order's, an order's before an address seen in events; then what {@link
 * Survivorship} says; among equals the most recent counts, then the greatest key, so that no order
 * of rows matters. Street, city, postcode and region are taken from one record together, as half of
 * two addresses is none.
 */
final class Golden {
  private static final List<Field> SINGLE =
      List.of(
          Customers.PHONE,
          Customers.FIRST_NAME,
          Customers.LAST_NAME,
          Customers.BIRTH_DATE,
          Customers.GENDER,
          Customers.LANGUAGE);
  private static final List<Field> PLACE =
      List.of(Customers.STREET, Customers.CITY, Customers.POSTCODE, Customers.REGION);

  /** What a policy may be declared for. */
  static final List<String> FIELDS =
      Stream.concat(
              Stream.of(Customers.EMAIL.name(), Customers.COUNTRY.name(), Survivorship.ADDRESS),
              SINGLE.stream().map(Field::name))
          .sorted()
          .toList();

  private static final Field RANK =
      Field.required(
          "_rank",
          IntegerType,
          "2 for a contact, 1 for an order, 0 for an address, -1 for what others say");
  private static final Field AT =
      Field.optional("_at", TimestampType, "When, as far as is known, it was said");
  private static final Field KEY =
      Field.required("_key", StringType, "Record that says it, as source/record_id");
  private static final Field SOURCE =
      Field.optional("_source", StringType, "Source of the record; null for an address");
  private static final Field SEEN_FIRST =
      Field.optional("_seen_first", TimestampType, "Earliest time that the record knows of");
  private static final Field SEEN_LAST =
      Field.optional("_seen_last", TimestampType, "Latest time that the record knows of");

  private static final String VALUE = "value";
  private static final String TIMES = "_times_";
  private static final String STATUS = "status";
  private static final String PROVEN = "_from_";

  private Golden() {}

  /**
   * Returns one row a customer of whom any contact, order or address is known: the columns of
   * {@link Customers} from {@code email} to {@code language}, {@code email_status} of those without
   * an address, first and last seen, provenance and attributes.
   *
   * @param contacts rows of {@link Contacts} with their customer
   * @param enrichment the same, of {@link Enrichment}
   * @param orders rows of {@link Orders} with their customer, of before {@code cut}
   * @param addresses rows of the identity map that are e-mail addresses seen only in events
   * @param survivorship what counts of each field; one that is the most frequent costs a sort
   */
  static Dataset<Row> of(
      Dataset<Row> contacts,
      Dataset<Row> enrichment,
      Dataset<Row> orders,
      Dataset<Row> addresses,
      Survivorship survivorship,
      Column cut) {
    Dataset<Row> claims =
        ofContacts(contacts, cut)
            .unionByName(ofEnrichment(enrichment, cut))
            .unionByName(ofOrders(orders), true)
            .unionByName(ofAddresses(addresses), true);
    List<Column> chosen = new ArrayList<>();
    for (Map.Entry<String, Column> each : values().entrySet()) {
      String field = each.getKey();
      Survivorship.Policy policy = survivorship.of(field);
      if (policy.rule() == Survivorship.Rule.MOST_FREQUENT) {
        var same = Window.partitionBy(Customers.CUSTOMER_ID.col(), each.getValue());
        claims = claims.withColumn(TIMES + field, count(when(RANK.col().geq(0), 1)).over(same));
      }
      chosen.add(best(field, each.getValue(), policy).as(PROVEN + field));
    }
    chosen.add(EmailStatus.worst(Customers.EMAIL_STATUS.col()).as(STATUS));
    chosen.add(min(SEEN_FIRST.col()).as(Customers.FIRST_SEEN_AT.name()));
    chosen.add(max(SEEN_LAST.col()).as(Customers.LAST_SEEN_AT.name()));
    chosen.add(attributes().as(Customers.ATTRIBUTES.name()));
    return claims
        .groupBy(Customers.CUSTOMER_ID.col())
        .agg(chosen.get(0), chosen.subList(1, chosen.size()).toArray(new Column[0]))
        .select(columns());
  }

  private static Dataset<Row> ofContacts(Dataset<Row> contacts, Column cut) {
    Column created = Contacts.CREATED_AT.col();
    Column updated = Contacts.UPDATED_AT.col();
    Column beforeCut = when(created.lt(cut), created);
    List<Column> columns = new ArrayList<>();
    columns.add(Customers.CUSTOMER_ID.col());
    columns.add(Contacts.EMAIL.col());
    columns.add(Contacts.EMAIL_STATUS.col());
    SINGLE.forEach(field -> columns.add(col(field.name())));
    PLACE.forEach(field -> columns.add(col(field.name())));
    columns.add(Contacts.COUNTRY.col());
    columns.add(Common.ATTRIBUTES.col());
    columns.add(coalesce(updated, Common.VERSION.col(), created).as(AT.name()));
    columns.add(lit(2).as(RANK.name()));
    columns.add(key(Contacts.RECORD_ID));
    columns.add(Common.SOURCE.col().as(SOURCE.name()));
    columns.add(beforeCut.as(SEEN_FIRST.name()));
    columns.add(greatest(beforeCut, when(updated.lt(cut), updated)).as(SEEN_LAST.name()));
    return contacts.select(columns.toArray(new Column[0]));
  }

  /** The address is one that the customer gave anyway; that it was looked up is no visit. */
  private static Dataset<Row> ofEnrichment(Dataset<Row> enrichment, Column cut) {
    return ofContacts(enrichment, cut)
        .withColumn(RANK.name(), lit(-1))
        .withColumn(Customers.EMAIL.name(), lit(null).cast(StringType))
        .withColumn(Customers.EMAIL_STATUS.name(), lit(null).cast(StringType))
        .withColumn(SEEN_FIRST.name(), lit(null).cast(TimestampType))
        .withColumn(SEEN_LAST.name(), lit(null).cast(TimestampType));
  }

  private static Dataset<Row> ofOrders(Dataset<Row> orders) {
    return orders.select(
        Customers.CUSTOMER_ID.col(),
        Orders.EMAIL.col(),
        Orders.PHONE.col(),
        Orders.FIRST_NAME.col(),
        Orders.LAST_NAME.col(),
        Orders.COUNTRY.col(),
        Orders.ORDERED_AT.col().as(AT.name()),
        lit(1).as(RANK.name()),
        key(Orders.ORDER_ID),
        Common.SOURCE.col().as(SOURCE.name()),
        Orders.ORDERED_AT.col().as(SEEN_FIRST.name()),
        Orders.ORDERED_AT.col().as(SEEN_LAST.name()));
  }

  private static Dataset<Row> ofAddresses(Dataset<Row> addresses) {
    return addresses.select(
        Customers.CUSTOMER_ID.col(),
        IdentityMap.RECORD_ID.col().as(Customers.EMAIL.name()),
        lit(null).cast(TimestampType).as(AT.name()),
        lit(0).as(RANK.name()),
        lit("events").as(KEY.name()));
  }

  private static Column key(Field id) {
    return concat_ws("/", Common.SOURCE.col(), id.col()).as(KEY.name());
  }

  /** Returns the value that counts, and the key of the record that says it. */
  private static Column best(String field, Column value, Survivorship.Policy policy) {
    return max(
        when(
            isGiven(field),
            struct(
                RANK.col().geq(0).as("_own"),
                priority(policy.sources()).as("_priority"),
                RANK.col(),
                measure(field, policy.rule()).as("_measure"),
                AT.col(),
                KEY.col(),
                value.as(VALUE))));
  }

  /** Returns how far before others a source's word goes; 0 for those that are not named. */
  private static Column priority(List<String> sources) {
    Column priority = lit(0);
    for (int place = 0; place < sources.size(); place++) {
      Column isOf = SOURCE.col().equalTo(sources.get(place));
      priority = when(isOf, sources.size() - place).otherwise(priority);
    }
    return priority;
  }

  private static Column measure(String field, Survivorship.Rule rule) {
    return switch (rule) {
      case MOST_RECENT -> lit(0L);
      case MOST_FREQUENT -> col(TIMES + field);
      case MOST_COMPLETE -> completeness(field).cast(LongType);
    };
  }

  /** Counts letters; of addresses parts. */
  private static Column completeness(String field) {
    if (!field.equals(Survivorship.ADDRESS)) {
      return length(col(field).cast(StringType));
    }
    return size(array_compact(array(PLACE.stream().map(Field::col).toArray(Column[]::new))));
  }

  private static Column isGiven(String field) {
    return field.equals(Survivorship.ADDRESS)
        ? coalesce(PLACE.stream().map(Field::col).toArray(Column[]::new)).isNotNull()
        : col(field).isNotNull();
  }

  /** Returns what is chosen as one, by the name under which a policy may be declared. */
  private static Map<String, Column> values() {
    Map<String, Column> values = new LinkedHashMap<>();
    values.put(Customers.EMAIL.name(), Customers.EMAIL.col());
    SINGLE.forEach(field -> values.put(field.name(), field.col()));
    values.put(Customers.COUNTRY.name(), Customers.COUNTRY.col());
    values.put(Survivorship.ADDRESS, struct(PLACE.stream().map(Field::col).toArray(Column[]::new)));
    return values;
  }

  /** Each attribute of the most recent contact that has it. */
  private static Column attributes() {
    Column recent =
        reverse(
            array_sort(
                collect_list(
                    when(
                        Common.ATTRIBUTES.col().isNotNull(),
                        struct(
                            RANK.col(),
                            AT.col(),
                            KEY.col(),
                            org.apache
                                .spark
                                .sql
                                .functions
                                .map_entries(Common.ATTRIBUTES.col())
                                .as(VALUE))))));
    Column none = from_json(lit("{}"), Field.TEXT_MAP);
    Column all =
        aggregate(
            recent,
            none,
            (known, record) ->
                map_concat(
                    known,
                    map_filter(
                        map_from_entries(record.getField(VALUE)),
                        (name, value) -> not(map_contains_key(known, name)))));
    return when(size(recent).gt(0), all);
  }

  private static Column[] columns() {
    Column email = col(PROVEN + Customers.EMAIL.name());
    Column place = col(PROVEN + Survivorship.ADDRESS);
    List<Column> columns = new ArrayList<>();
    columns.add(Customers.CUSTOMER_ID.col());
    Column address = email.getField(VALUE);
    columns.add(address.as(Customers.EMAIL.name()));
    columns.add(sha2(address, 256).as(Customers.EMAIL_SHA256.name()));
    // Where there is no address to write to, the status says why.
    columns.add(when(address.isNull(), col(STATUS)).as(Customers.EMAIL_STATUS.name()));
    List<Column> proven = new ArrayList<>();
    proven.add(entry(Customers.EMAIL, address, email));
    for (Field field : SINGLE) {
      Column chosen = col(PROVEN + field.name());
      columns.add(chosen.getField(VALUE).as(field.name()));
      proven.add(entry(field, chosen.getField(VALUE), chosen));
    }
    for (Field field : PLACE) {
      Column value = place.getField(VALUE).getField(field.name());
      columns.add(value.as(field.name()));
      proven.add(entry(field, value, place));
    }
    Column country = col(PROVEN + Customers.COUNTRY.name());
    columns.add(country.getField(VALUE).as(Customers.COUNTRY.name()));
    proven.add(entry(Customers.COUNTRY, country.getField(VALUE), country));
    columns.add(
        map_from_entries(array_compact(array(proven.toArray(new Column[0]))))
            .as(Customers.PROVENANCE.name()));
    columns.add(Customers.FIRST_SEEN_AT.col());
    columns.add(Customers.LAST_SEEN_AT.col());
    columns.add(Customers.ATTRIBUTES.col());
    return columns.toArray(new Column[0]);
  }

  private static Column entry(Field field, Column value, Column chosen) {
    return when(value.isNotNull(), struct(lit(field.name()), chosen.getField(KEY.name())));
  }
}
