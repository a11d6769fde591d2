package io.persegment.audit;

import static org.apache.spark.sql.types.DataTypes.DateType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.persegment.table.Field;
import io.persegment.table.Table;

/** Table {@code audit_reference}: what the values were like that audits compare with. */
public final class AuditReference {
  public static final Field TABLE_NAME =
      Field.required("table", StringType, "Table whose rows were counted");
  public static final Field COLUMN = Field.required("column", StringType, "Its column");
  public static final Field BIN =
      Field.required(
          "bin",
          IntegerType,
          "0 for null; 1 to 20 for a value, or a range of numbers; 21 for all other values");
  public static final Field AS_OF =
      Field.required("as_of", DateType, "As-of date of the audit that counted them");
  public static final Field VALUE =
      Field.optional(
          "value",
          StringType,
          "The value, of numbers the greatest in the bin; null for bins 0 and 21");
  public static final Field SHARE =
      Field.required("share", DoubleType, "Part of the rows that fell in the bin, 0 to 1");
  public static final Table TABLE =
      Table.keyed(
          3,
          "audit_reference",
          "One bin of the values of one column",
          TABLE_NAME,
          COLUMN,
          BIN,
          AS_OF,
          VALUE,
          SHARE);

  private AuditReference() {}
}
