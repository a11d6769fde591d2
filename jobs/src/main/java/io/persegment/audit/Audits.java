package io.persegment.audit;

import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.DateType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.persegment.table.Field;
import io.persegment.table.Table;

/** Table {@code audits}: checks with their verdicts. */
public final class Audits {
  public static final Field AS_OF =
      Field.required(
          "as_of", DateType, "As-of date: what had happened by the end of this day, UTC");
  public static final Field CHECK = Field.required("check", StringType, "What was checked");
  public static final Field TABLE_NAME =
      Field.required("table", StringType, "Table that was checked");
  public static final Field VALUE =
      Field.optional("value", DoubleType, "What was found; null where it could not be measured");
  public static final Field LIMIT =
      Field.optional("limit", DoubleType, "What is allowed; null where the check only informs");
  public static final Field SEVERITY =
      Field.required("severity", StringType, "info, warn or hold: hold keeps the publish back");
  public static final Field PASSED =
      Field.required("passed", BooleanType, "Whether the value keeps to the limit");
  public static final Field SENTENCE =
      Field.optional(
          "sentence",
          StringType,
          "The verdict for a person, and what to look at; null of older audits");
  public static final Table TABLE =
      Table.keyed(
              3,
              "audits",
              "One check on one as-of date",
              AS_OF,
              CHECK,
              TABLE_NAME,
              VALUE,
              LIMIT,
              SEVERITY,
              PASSED,
              SENTENCE)
          .partitionedBy(AS_OF);

  private Audits() {}
}
