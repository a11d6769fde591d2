package io.persegment.identity;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_compact;
import static org.apache.spark.sql.functions.array_distinct;
import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.flatten;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map_entries;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.persegment.conformed.Contacts;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What each record gives of itself, in short: all that {@link Graph} reads of it. One row a record
 * and what tells of it: {@link #NODE}, {@link #CONTENT} and {@link #VALUES}.
 *
 * @param contacts what the contacts' own rows tell
 * @param others what anything else tells, of contacts and of records of other types
 */
record Footprints(Dataset<Row> contacts, Dataset<Row> others) {
  static final Field NODE = IdentityRecords.NODE;
  static final Field CONTENT = IdentityRecords.CONTENT;
  static final Field VALUES = IdentityRecords.VALUES;

  /** Kind of a phone number without a name: what is said of it depends on all names that it has. */
  private static final String PHONE = "phone";

  /** What is read of a contact beside what is compared, and beside its external ids. */
  private static final List<Field> READ =
      List.of(
          Contacts.EMAIL,
          Contacts.PHONE,
          Contacts.FIRST_NAME,
          Contacts.LAST_NAME,
          Contacts.LOYALTY_ID,
          Contacts.CREATED_AT);

  /**
   * Reads them. An action: what is not of contacts is written aside.
   *
   * @param devices as {@link Sightings#devices}
   */
  static Footprints of(Lake lake, Inputs inputs, Dataset<Row> devices, IdentitySettings settings) {
    Inputs withoutContacts = inputs.withContacts(inputs.contacts().limit(0));
    // Which addresses are records depends on what contacts hold.
    Dataset<Row> records = Records.all(withoutContacts, Addresses.held(inputs, settings));
    Column value = Identifiers.hash(Identifiers.KIND.col(), Identifiers.VALUE.col());
    Column said =
        xxhash64(value, Identifiers.WITNESS.col(), Identifiers.CUT.col(), lit("identifier"));
    Dataset<Row> identifiers =
        Addresses.held(withoutContacts, settings)
            .union(Identifiers.ofOthers(withoutContacts, devices))
            .union(Identifiers.ofThemselves(records))
            .where(Identifiers.isThere(Identifiers.VALUE.col()))
            .select(row(said, array(value)));
    Dataset<Row> seen =
        records.select(
            row(xxhash64(Records.FIRST_SEEN.col(), lit("seen")), array().cast(VALUES.type())));
    Dataset<Row> guests =
        People.of(withoutContacts)
            .select(
                row(
                    xxhash64(
                        lit(People.EMAIL.name()),
                        People.EMAIL.col(),
                        lit(People.PHONE.name()),
                        People.PHONE.col(),
                        People.FIRST.col(),
                        People.LAST.col()),
                    array_compact(array(email(), phone()))));
    return new Footprints(
        ofContacts(inputs.contacts(), settings),
        lake.scratch("identity/others", identifiers.union(seen).union(guests)));
  }

  /** Returns {@link #NODE} and {@link #CONTENT}, one row a record. */
  Dataset<Row> contents() {
    return rows().groupBy(NODE.col()).agg(content());
  }

  /** Returns one row a record. */
  Dataset<Row> all() {
    return folded(rows());
  }

  /** Returns one row for each record of {@code nodes}, few of all. */
  Dataset<Row> of(Dataset<Row> nodes) {
    return folded(Region.among(rows(), nodes, NODE));
  }

  private Dataset<Row> rows() {
    return contacts.union(others);
  }

  private static Dataset<Row> folded(Dataset<Row> rows) {
    return rows.groupBy(NODE.col())
        .agg(content(), array_distinct(flatten(collect_list(VALUES.col()))).as(VALUES.name()));
  }

  /** The order in which it is told does not count. */
  private static Column content() {
    return sum(CONTENT.col()).as(CONTENT.name());
  }

  private static Column[] row(Column content, Column values) {
    return new Column[] {
      Records.node().as(NODE.name()), content.as(CONTENT.name()), values.as(VALUES.name())
    };
  }

  /** What is not read makes nobody another, such as how often a contact opened an e-mail. */
  private static Dataset<Row> ofContacts(Dataset<Row> contacts, IdentitySettings settings) {
    List<Column> read = new ArrayList<>(settings.matching().read());
    READ.forEach(field -> read.add(field.col()));
    read.add(array_sort(map_entries(Contacts.EXTERNAL_IDS.col())));
    Column[] all =
        read.stream()
            // Else a value that moves to the next column says the same.
            .flatMap(column -> Stream.of(column, column.isNull()))
            .toArray(Column[]::new);
    Column ids =
        coalesce(
            transform(
                map_entries(Contacts.EXTERNAL_IDS.col()),
                id -> value(Identifiers.externalKind(id.getField("key")), id.getField("value"))),
            array().cast(VALUES.type()));
    Column own = value(Identifiers.externalKind(Contacts.SOURCE.col()), Contacts.RECORD_ID.col());
    Column card = value(lit(Identifiers.LOYALTY), Contacts.LOYALTY_ID.col());
    return contacts
        .withColumn(IdentityMap.RECORD_TYPE.name(), lit(IdentityMap.CONTACT))
        .select(row(xxhash64(all), array_compact(concat(array(own, email(), phone(), card), ids))));
  }

  private static Column email() {
    return value(lit(Identifiers.EMAIL), People.EMAIL.col());
  }

  private static Column phone() {
    return value(lit(PHONE), People.PHONE.col());
  }

  /** Returns the hash of a value; null where there is none, which nobody has in common. */
  private static Column value(Column kind, Column value) {
    return when(Identifiers.isThere(value), Identifiers.hash(kind, value));
  }

  /** Returns one row a record and value: {@link #NODE} and, as {@code name}, its hash. */
  static Dataset<Row> exploded(Dataset<Row> footprints, String name, Column... columns) {
    List<Column> all = new ArrayList<>(List.of(columns));
    all.add(explode(VALUES.col()).as(name));
    return footprints.select(all.toArray(new Column[0]));
  }
}
