package io.persegment.customer;

import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.DateType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import io.persegment.table.Field;
import io.persegment.table.Table;

/** Table {@code customers}: golden records. */
public final class Customers {
  public static final Field CUSTOMER_ID =
      Field.required("customer_id", StringType, "Customer, as identity resolved it");
  public static final Field EMAIL =
      Field.optional("email", StringType, "Address to write to; null where none is known");
  public static final Field EMAIL_SHA256 =
      Field.optional("email_sha256", StringType, "SHA-256 of the address, lower-case hexadecimal");
  public static final Field PHONE = Field.optional("phone", StringType, "Phone number, E.164");
  public static final Field FIRST_NAME = Field.optional("first_name", StringType, "First name");
  public static final Field LAST_NAME = Field.optional("last_name", StringType, "Last name");
  public static final Field BIRTH_DATE = Field.optional("birth_date", DateType, "Date of birth");
  public static final Field GENDER = Field.optional("gender", StringType, "Gender");
  public static final Field STREET = Field.optional("street", StringType, "Street and number");
  public static final Field CITY = Field.optional("city", StringType, "City");
  public static final Field POSTCODE = Field.optional("postcode", StringType, "Postcode");
  public static final Field REGION = Field.optional("region", StringType, "Region");
  public static final Field COUNTRY = Field.optional("country", StringType, "Country");
  public static final Field LANGUAGE = Field.optional("language", StringType, "Language");
  public static final Field IS_KNOWN =
      Field.required(
          "is_known",
          BooleanType,
          "False for a visitor who was never tied to a contact, an order or an address");
  public static final Field EMAIL_STATUS =
      Field.optional(
          "email_status",
          StringType,
          "What is known of the address: the worst that any record says of it, such as invalid");
  public static final Field EMAIL_CONSENT =
      Field.optional(
          "email_consent",
          StringType,
          "granted or withdrawn for marketing by e-mail; null where nothing was said");
  public static final Field SMS_CONSENT =
      Field.optional(
          "sms_consent",
          StringType,
          "granted or withdrawn for marketing by text message; null where nothing was said");
  public static final Field PROFILING_CONSENT =
      Field.optional(
          "profiling_consent",
          StringType,
          "granted or withdrawn for profiling; null where nothing was said");
  public static final Field FIRST_SEEN_AT =
      Field.optional("first_seen_at", TimestampType, "Earliest time known of any record or order");
  public static final Field LAST_SEEN_AT =
      Field.optional("last_seen_at", TimestampType, "Latest time known of any record or order");
  public static final Field RECORD_COUNT =
      Field.required("record_count", LongType, "How many source records are this person");
  public static final Field SOURCES =
      Field.required(
          "sources",
          createArrayType(StringType, false),
          "Systems that know the person, in order of name");
  public static final Field PROVENANCE =
      Field.required(
          "provenance",
          Field.TEXT_MAP,
          "Column to the record it was taken from, as source/record_id");
  public static final Field ATTRIBUTES =
      Field.optional(
          "attributes",
          Field.TEXT_MAP,
          "Further columns of the contact records, of the most recent record that has each");
  public static final Field UPDATED_AT =
      Field.required("updated_at", TimestampType, "When the run started that wrote the row");
  public static final Table TABLE =
      Table.keyed(
          1,
          "customers",
          "One person",
          CUSTOMER_ID,
          EMAIL,
          EMAIL_SHA256,
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
          IS_KNOWN,
          EMAIL_STATUS,
          EMAIL_CONSENT,
          SMS_CONSENT,
          PROFILING_CONSENT,
          FIRST_SEEN_AT,
          LAST_SEEN_AT,
          RECORD_COUNT,
          SOURCES,
          PROVENANCE,
          ATTRIBUTES,
          UPDATED_AT);

  private Customers() {}
}
