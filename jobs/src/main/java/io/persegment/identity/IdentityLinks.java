package io.persegment.identity;

import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.persegment.table.Field;
import io.persegment.table.Table;

/** Table {@code identity_links}: why records are held for one person. */
public final class IdentityLinks {
  public static final Field LEFT_KEY =
      Field.required("left_key", StringType, "Record, as source/record_type/record_id");
  public static final Field RIGHT_KEY =
      Field.required(
          "right_key",
          StringType,
          "Record or identifier, as source/record_type/record_id or identifier:kind:hash");
  public static final Field RULE =
      Field.required("rule", StringType, "What links them, such as email");
  public static final Field MATCH_WEIGHT =
      Field.optional("match_weight", DoubleType, "Evidence in bits; null for deterministic rules");
  public static final Field MATCH_PROBABILITY =
      Field.required(
          "match_probability",
          DoubleType,
          "Chance that both are one person; 1 for deterministic rules");
  public static final Field KEPT =
      Field.required("kept", BooleanType, "False where the link was cut");
  public static final Field CUT_REASON =
      Field.optional("cut_reason", StringType, "Why it was cut; null where it was kept");
  public static final Table TABLE =
      Table.keyed(
          3,
          "identity_links",
          "One reason to hold two records for one person",
          LEFT_KEY,
          RIGHT_KEY,
          RULE,
          MATCH_WEIGHT,
          MATCH_PROBABILITY,
          KEPT,
          CUT_REASON);

  private IdentityLinks() {}
}
