package io.persegment.identity;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What became of customer ids, told by the records that changed hands. */
final class Changes {
  static final String MINTED = "minted";
  static final String ABSORBED = "absorbed";
  static final String MERGED = "merged";
  static final String SPLIT = "split";

  private static final String SURVIVORS = "survivors";

  private Changes() {}

  /**
   * Returns rows of {@link IdentityChanges}: one for each way that records went, from a customer or
   * from nowhere to a customer.
   *
   * @param members records as {@link Members#of}, and those gone that have an heir
   * @param ids the ids of components, as {@link CustomerIds#of}
   */
  static Dataset<Row> of(Dataset<Row> members, Dataset<Row> ids, Column asOf) {
    Column old = Members.OLD_ID.col();
    Column id = IdentityMap.CUSTOMER_ID.col();
    Column survivor = IdentityMap.CUSTOMER_ID.of(SURVIVORS);
    Dataset<Row> survivors = ids.select(id).as(SURVIVORS);
    Column change =
        when(old.isNull(), when(CustomerIds.IS_MINTED.col(), MINTED).otherwise(ABSORBED))
            .when(survivor.isNotNull(), SPLIT)
            .otherwise(MERGED);
    return members
        .join(ids, Members.names(Members.COMPONENT))
        .where(not(coalesce(old.equalTo(id), lit(false))))
        .groupBy(old, id.as(IdentityChanges.TO_CUSTOMER_ID.name()), CustomerIds.IS_MINTED.col())
        .agg(count(lit(1)).as(IdentityChanges.RECORDS.name()))
        .join(survivors, old.equalTo(survivor), "left")
        .withColumn(IdentityChanges.AS_OF.name(), asOf)
        .withColumn(IdentityChanges.CHANGE.name(), change)
        .withColumnRenamed(Members.OLD_ID.name(), IdentityChanges.FROM_CUSTOMER_ID.name())
        .select(IdentityChanges.TABLE.columns());
  }
}
