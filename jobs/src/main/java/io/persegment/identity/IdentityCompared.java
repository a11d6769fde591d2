package io.persegment.identity;

import static org.apache.spark.sql.types.DataTypes.IntegerType;

import io.persegment.matching.Matching;
import io.persegment.table.Field;
import io.persegment.table.Table;

/**
 * Table {@code identity_compared}: contacts as they were compared last, so that a night compares
 * only those that are new or changed. Without it, all are compared again.
 */
public final class IdentityCompared {
  public static final Field NODE = Matching.NODE;
  public static final Field HASH = Matching.HASH;
  public static final Field VERSION =
      Field.required("version", IntegerType, "Version of the model by which it was compared");
  public static final Field BLOCK_KEYS =
      Field.optional(
          Matching.KEYS.name(),
          Matching.KEYS.type(),
          "Hash of what it has for each rule of blocking; null where it lacks something");
  public static final Table TABLE =
      Table.keyed(
          1,
          "identity_compared",
          "One contact as it was compared last",
          NODE,
          HASH,
          VERSION,
          BLOCK_KEYS);

  private IdentityCompared() {}
}
