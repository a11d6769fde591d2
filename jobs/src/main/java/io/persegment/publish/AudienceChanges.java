package io.persegment.publish;

import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;
import static org.apache.spark.sql.types.DataTypes.createStructField;
import static org.apache.spark.sql.types.DataTypes.createStructType;

import io.persegment.table.Field;
import io.persegment.table.Table;
import java.util.List;
import org.apache.spark.sql.types.StructField;

/**
 * Table {@code audience_changes}: what each release changed in the audience. All changes in order
 * of release, applied to an empty table, give the audience.
 */
public final class AudienceChanges {
  public static final Field RELEASE_ID =
      Field.required("release_id", StringType, "Release that made the change");
  public static final Field CUSTOMER_ID = Field.required("customer_id", StringType, "Customer");
  public static final Field EMAIL_SHA256 =
      Field.required(
          "email_sha256",
          StringType,
          "SHA-256 of the address after the change, or before it where the customer was removed");
  public static final Field CHANGE =
      Field.required("change", StringType, "added, changed or removed");
  public static final Field CHANGED_COLUMNS =
      Field.required(
          "changed_columns",
          createArrayType(StringType, false),
          "Columns of audience that differ; empty where the customer was added or removed");

  /** What audience says of the customer after the change; its fields are those of the shop. */
  public static final Field AFTER = after(List.of());

  public static final String ADDED = "added";
  public static final String CHANGED = "changed";
  public static final String REMOVED = "removed";

  /** The columns that every shop's changes have. */
  public static final Table TABLE = table(List.of());

  private AudienceChanges() {}

  /**
   * Returns the table of an audience with columns of the shop's own.
   *
   * @param declared these columns
   */
  static Table table(List<Field> declared) {
    return Table.keyed(
            2,
            "audience_changes",
            "One customer whose row one release added, changed or removed",
            RELEASE_ID,
            CUSTOMER_ID,
            EMAIL_SHA256,
            CHANGE,
            CHANGED_COLUMNS,
            after(declared))
        .partitionedBy(RELEASE_ID);
  }

  private static Field after(List<Field> declared) {
    return Field.optional(
        "after",
        createStructType(
            Audience.mapped(declared).stream()
                .map(field -> createStructField(field.name(), field.type(), true))
                .toArray(StructField[]::new)),
        "What audience says of the customer after the change; null where removed");
  }
}
