package io.persegment.conformed;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.DateType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import io.persegment.quality.Expectation;
import io.persegment.table.Field;
import io.persegment.table.Table;
import java.util.List;
import org.apache.spark.sql.Column;

/** Table {@code contacts}: contact records of every source. */
public final class Contacts {
  public static final Field SOURCE = Common.SOURCE;
  public static final Field RECORD_ID =
      Field.required("record_id", StringType, "The source's own id of the record");
  public static final Field EMAIL =
      Field.optional(
          "email",
          StringType,
          "E-mail address, lower-case, an international domain as xn--; null where none was usable");
  public static final Field EMAIL_STATUS =
      Field.optional(
          "email_status",
          StringType,
          "What is known of the address: %s; null where nothing is known"
              .formatted(EmailStatus.listed()));
  public static final Field PHONE =
      Field.optional("phone", StringType, "Phone number in E.164 form; null where none was usable");
  public static final Field FIRST_NAME =
      Field.optional("first_name", StringType, "First name, in its usual case");
  public static final Field LAST_NAME =
      Field.optional("last_name", StringType, "Last name, in its usual case");
  public static final Field BIRTH_DATE =
      Field.optional(
          "birth_date",
          DateType,
          "Date of birth; null where there is none, or what was written is no date: then it is attributes.birth_date");
  public static final Field GENDER =
      Field.optional("gender", StringType, "Gender as the source has it");
  public static final Field STREET = Field.optional("street", StringType, "Street and number");
  public static final Field CITY = Field.optional("city", StringType, "City");
  public static final Field POSTCODE =
      Field.optional("postcode", StringType, "Postcode, as its country writes it");
  public static final Field REGION =
      Field.optional("region", StringType, "Region, state or province");
  public static final Field COUNTRY =
      Field.optional(
          "country",
          StringType,
          "Country, two letters of ISO 3166; as the source has it where it is none");
  public static final Field LANGUAGE = Field.optional("language", StringType, "Language");
  public static final Field LOYALTY_ID =
      Field.optional("loyalty_id", StringType, "Number of the loyalty card");
  public static final Field EXTERNAL_IDS =
      Field.optional(
          "external_ids",
          Field.TEXT_MAP,
          "Ids of the same person elsewhere: the kind of id, such as login, to its value");
  public static final Field CREATED_AT =
      Field.optional("created_at", TimestampType, "When the source made the record");
  public static final Field UPDATED_AT =
      Field.optional("updated_at", TimestampType, "When the source last changed the record");
  public static final Field ENRICHMENT =
      Field.optional(
          "enrichment",
          BooleanType,
          "True where somebody else tells of the shop's customers, such as a check of addresses: found by the address, it fills gaps, overrules nothing they said, and makes nobody a customer");
  public static final Table TABLE =
      Common.table(
          1,
          "contacts",
          "One contact record of one source",
          RECORD_ID,
          EMAIL,
          EMAIL_STATUS,
          PHONE,
          FIRST_NAME,
          LAST_NAME,
          BIRTH_DATE,
          GENDER,
          STREET,
          CITY,
          POSTCODE,
          REGION,
          COUNTRY,
          LANGUAGE,
          LOYALTY_ID,
          EXTERNAL_IDS,
          CREATED_AT,
          UPDATED_AT,
          ENRICHMENT);

  /** What must hold of every row; the name is the reason for which a row is refused. */
  static final List<Expectation> CONTRACT =
      List.of(
          new Expectation(
              "email_status is none of " + EmailStatus.listed(),
              EmailStatus.isKnown(EMAIL_STATUS.col())));

  private Contacts() {}

  /** Returns whether a row tells of somebody else's customer; never null. */
  public static Column isEnrichment() {
    return coalesce(ENRICHMENT.col(), lit(false));
  }
}
