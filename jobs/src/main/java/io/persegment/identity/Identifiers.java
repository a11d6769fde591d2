package io.persegment.identity;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_except;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.inline;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.map_entries;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.nullif;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;
import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.persegment.conformed.ContactMerges;
import io.persegment.conformed.Contacts;
import io.persegment.table.Field;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What each record gives of itself that others may give too: one row a record and value. */
final class Identifiers {
  static final Field KIND = Field.required("kind", StringType, "Kind of identifier, such as email");
  static final Field VALUE = Field.required("value", StringType, "Its value");
  static final Field WITNESS =
      Field.required(
          "witness",
          StringType,
          "What says so: the record; of guest orders the name given, so that a faithful guest is one; in the end its hash");
  static final Field HASH = Field.required("hash", LongType, "Hash of kind and value");
  static final Field IS_OWN =
      Field.required("is_own", BooleanType, "Whether it is what the record is called itself");
  static final Field CUT =
      Field.optional("cut", StringType, "Why it must not link; null where it may");

  static final String EMAIL = "email";
  static final String LOGIN = "login";
  static final String LOYALTY = "loyalty_id";
  static final String PHONE = "phone+name";
  static final String EXTERNAL = "external_id:";
  static final String MERGED = "merged:";

  static final Column NOT_CUT = lit(null).cast(StringType);

  private Identifiers() {}

  /**
   * Returns all identifiers, each once a record.
   *
   * @param records the records, as {@link Records}
   * @param emails the e-mails that records hold, as {@link Addresses#held}
   * @param people as {@link People}
   * @param devices as {@link Sightings#devices}
   */
  static Dataset<Row> all(
      Inputs inputs,
      Dataset<Row> records,
      Dataset<Row> emails,
      Dataset<Row> people,
      Dataset<Row> devices,
      IdentitySettings settings) {
    Column cut = nullif(min(coalesce(CUT.col(), lit(""))), lit(""));
    return emails
        .union(ofContacts(inputs.contacts()))
        .union(ofOthers(inputs, devices))
        .union(Phones.identifiers(people, settings.phone()))
        .withColumn(IS_OWN.name(), lit(false))
        .union(ofThemselves(records).withColumn(IS_OWN.name(), lit(true)))
        .where(isThere(VALUE.col()))
        .select(
            Records.node().as(Records.NODE.name()),
            KIND.col(),
            VALUE.col(),
            hash(KIND.col(), VALUE.col()).as(HASH.name()),
            xxhash64(WITNESS.col()).as(WITNESS.name()),
            IS_OWN.col(),
            CUT.col())
        .repartition(HASH.col()) // and so it stays for what is counted by value
        .groupBy(HASH.col(), Records.NODE.col())
        .agg(
            first(KIND.col()).as(KIND.name()),
            first(VALUE.col()).as(VALUE.name()),
            min(WITNESS.col()).as(WITNESS.name()),
            max(IS_OWN.col()).as(IS_OWN.name()),
            cut.as(CUT.name()));
  }

  /** Returns what merges and web events say of records, but for e-mails. */
  static Dataset<Row> ofOthers(Inputs inputs, Dataset<Row> devices) {
    return ofMerges(inputs.contactMerges(), ContactMerges.RECORD_ID)
        .union(ofMerges(inputs.contactMerges(), ContactMerges.MERGED_INTO))
        .union(Sightings.logins(inputs.sightings()))
        .union(devices);
  }

  /** Returns the hash of a value. */
  static Column hash(Column kind, Column value) {
    return xxhash64(kind, value);
  }

  static Column isThere(Column value) {
    return length(trim(value)).gt(0);
  }

  /** Returns the columns of identifiers of {@code type}; {@link #CUT} must be among the rows'. */
  static Column[] columns(String type, Field id, Column kind, Column value) {
    Column witness = concat_ws("/", IdentityMap.SOURCE.col(), lit(type), id.col());
    return columns(type, id, kind, value, witness);
  }

  static Column[] columns(String type, Field id, Column kind, Column value, Column witness) {
    Column[] record = Records.of(type, id);
    return new Column[] {
      record[0],
      record[1],
      record[2],
      kind.as(KIND.name()),
      value.as(VALUE.name()),
      witness.as(WITNESS.name()),
      CUT.col()
    };
  }

  /** Returns loyalty and external ids of contacts. */
  private static Dataset<Row> ofContacts(Dataset<Row> contacts) {
    Column external =
        transform(
            map_entries(Contacts.EXTERNAL_IDS.col()),
            id -> entry(externalKind(id.getField("key")), id.getField("value")));
    Column loyalty = array(entry(lit(LOYALTY), Contacts.LOYALTY_ID.col()));
    return contacts
        .select(
            Contacts.SOURCE.col(),
            Contacts.RECORD_ID.col(),
            inline(concat(loyalty, coalesce(external, array_except(loyalty, loyalty)))))
        .withColumn(CUT.name(), NOT_CUT)
        .select(columns(IdentityMap.CONTACT, Contacts.RECORD_ID, KIND.col(), VALUE.col()));
  }

  /**
   * Returns what a contact has in common with those that its system merged into it, however many.
   */
  private static Dataset<Row> ofMerges(Dataset<Row> merges, Field contact) {
    Column kind = concat(lit(MERGED), ContactMerges.SOURCE.col());
    return merges
        .withColumn(CUT.name(), NOT_CUT)
        .select(columns(IdentityMap.CONTACT, contact, kind, ContactMerges.MERGED_INTO.col()));
  }

  /** Returns what others may know a record by: a contact's id, an address' e-mail. */
  static Dataset<Row> ofThemselves(Dataset<Row> records) {
    Column isContact = IdentityMap.RECORD_TYPE.col().equalTo(IdentityMap.CONTACT);
    Column isAddress = IdentityMap.RECORD_TYPE.col().equalTo(IdentityMap.ADDRESS);
    return records
        .where(isContact.or(isAddress))
        .select(
            IdentityMap.SOURCE.col(),
            IdentityMap.RECORD_TYPE.col(),
            IdentityMap.RECORD_ID.col(),
            when(isAddress, EMAIL)
                .otherwise(externalKind(IdentityMap.SOURCE.col()))
                .as(KIND.name()),
            IdentityMap.RECORD_ID.col().as(VALUE.name()),
            Records.shownKey().as(WITNESS.name()),
            NOT_CUT.as(CUT.name()));
  }

  private static Column entry(Column kind, Column value) {
    return struct(kind.as(KIND.name()), value.as(VALUE.name()));
  }

  static Column externalKind(Column key) {
    return when(lower(key).equalTo(LOGIN), lit(LOGIN)).otherwise(concat(lit(EXTERNAL), lower(key)));
  }
}
