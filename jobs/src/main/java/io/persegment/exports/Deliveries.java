package io.persegment.exports;

import static org.apache.spark.sql.types.DataTypes.StringType;

import io.persegment.table.Field;
import io.persegment.table.Table;

/** Table {@code deliveries}: what was handed to which tool, and what became of it. */
public final class Deliveries {
  public static final Field RELEASE_ID =
      Field.required("release_id", StringType, "Release that was exported");
  public static final Field TOOL =
      Field.required("tool", StringType, "Tool it was exported for, such as klaviyo");
  public static final Field EMAIL_SHA256 =
      Field.required("email_sha256", StringType, "SHA-256 of the address that the tool was told");
  public static final Field CUSTOMER_ID = Field.required("customer_id", StringType, "Customer");
  public static final Field ACTION =
      Field.required("action", StringType, "upsert, or remove where they must not be written to");
  public static final Field BATCH =
      Field.required("batch", StringType, "Batch that it was in, as acknowledgements name it");
  public static final Field STATUS =
      Field.required(
          "status", StringType, "exported, until an acknowledgement says accepted or refused");
  public static final Field REASON =
      Field.optional("reason", StringType, "Why the tool refused it, in its words");

  static final String UPSERT = "upsert";
  static final String REMOVE = "remove";
  static final String EXPORTED = "exported";
  static final String ACCEPTED = "accepted";
  static final String REFUSED = "refused";

  public static final Table TABLE =
      Table.keyed(
              3,
              "deliveries",
              "One address that was handed to one tool with one release",
              RELEASE_ID,
              TOOL,
              EMAIL_SHA256,
              CUSTOMER_ID,
              ACTION,
              BATCH,
              STATUS,
              REASON)
          .partitionedBy(TOOL, RELEASE_ID);

  private Deliveries() {}
}
