package io.persegment.identity;

import static org.apache.spark.sql.types.DataTypes.IntegerType;

import io.persegment.matching.Matching;
import io.persegment.table.Field;
import io.persegment.table.Table;

/** Table {@code identity_left_out}: blocks too large to be compared. */
public final class IdentityLeftOut {
  public static final Field VERSION =
      Field.required("version", IntegerType, "Version of the model when the block was left out");
  public static final Field KEY = Matching.KEY;
  public static final Table TABLE =
      Table.keyed(
          2,
          "identity_left_out",
          "One block that a model does not compare, as too many agree on it",
          VERSION,
          KEY);

  private IdentityLeftOut() {}
}
