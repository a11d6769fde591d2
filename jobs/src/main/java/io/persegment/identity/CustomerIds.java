package io.persegment.identity;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.min_by;
import static org.apache.spark.sql.functions.negate;
import static org.apache.spark.sql.functions.nullif;
import static org.apache.spark.sql.functions.regexp_extract;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.persegment.table.Field;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Gives components ids that last. An old id goes to the component that has most of its records; a
 * component keeps, of the old ids that went to it, the one of most of its records; one to which
 * none went gets a new id, made from its least record's key, so that it does not depend on when or
 * in which order records came.
 */
final class CustomerIds {
  private static final String MINTED = "^(c[0-9a-f]{16})(?:-([0-9]+))?$";
  private static final int DIGITS = 16;

  private static final Field RECORDS =
      Field.required("records", LongType, "Records of the component that had the old id");
  private static final Field FIRST = Field.required("first", StringType, "Least of those records");
  private static final Field BASE =
      Field.required("base", StringType, "An id as minted, without the number that tells it apart");
  private static final Field NUMBER =
      Field.required("number", IntegerType, "Largest number in use for the base; 1 is not written");

  static final Field IS_MINTED =
      Field.required("is_minted", BooleanType, "Whether the id was not there before");

  private static final String MOST = "most";

  private CustomerIds() {}

  /**
   * Returns one row for each component: component, customer id, and whether it was minted.
   *
   * @param members records as {@link Members#of}
   * @param gone records that have an heir, as {@link Members#gone}
   * @param oldMap the identity map as it was
   */
  static Dataset<Row> of(Dataset<Row> members, Dataset<Row> gone, Dataset<Row> oldMap) {
    Column id = IdentityMap.CUSTOMER_ID.col();
    Column minted =
        when(NUMBER.col().isNull(), BASE.col())
            .otherwise(concat_ws("-", BASE.col(), NUMBER.col().plus(1)));
    return members
        .groupBy(Members.COMPONENT.col())
        .agg(base(min(Members.order())).as(BASE.name()))
        .join(kept(members.union(gone)), Members.names(Members.COMPONENT), "left")
        .join(taken(oldMap), Members.names(BASE), "left")
        .select(
            Members.COMPONENT.col(),
            coalesce(id, minted).as(IdentityMap.CUSTOMER_ID.name()),
            id.isNull().as(IS_MINTED.name()));
  }

  /** Returns the components that keep an old id, with it. */
  private static Dataset<Row> kept(Dataset<Row> members) {
    Column fewer = negate(RECORDS.col());
    Column vote = struct(Members.COMPONENT.col(), RECORDS.col(), Members.OLD_SINCE.col());
    return members
        .where(Members.OLD_ID.col().isNotNull())
        .groupBy(Members.COMPONENT.col(), Members.OLD_ID.col())
        .agg(
            count(lit(1)).as(RECORDS.name()),
            min(Members.OLD_SINCE.col()).as(Members.OLD_SINCE.name()),
            min(Members.order()).as(FIRST.name()))
        .groupBy(Members.OLD_ID.col())
        .agg(min_by(vote, struct(fewer, FIRST.col())).as(MOST))
        .select(
            Members.OLD_ID.col(),
            Members.COMPONENT.of(MOST),
            RECORDS.of(MOST),
            Members.OLD_SINCE.of(MOST))
        .groupBy(Members.COMPONENT.col())
        .agg(
            min_by(
                    Members.OLD_ID.col(),
                    struct(fewer, Members.OLD_SINCE.col(), Members.OLD_ID.col()))
                .as(IdentityMap.CUSTOMER_ID.name()));
  }

  /** Returns the ids as minted that are in use, with the largest number of each. */
  private static Dataset<Row> taken(Dataset<Row> oldMap) {
    Column id = IdentityMap.CUSTOMER_ID.col();
    Column number = nullif(regexp_extract(id, MINTED, 2), lit("")).cast(IntegerType);
    return oldMap
        .where(id.rlike(MINTED))
        .groupBy(regexp_extract(id, MINTED, 1).as(BASE.name()))
        .agg(max(coalesce(number, lit(1))).as(NUMBER.name()));
  }

  /** Returns the id that {@code order}, of {@link Members#order}, is minted to. */
  private static Column base(Column order) {
    Column key = regexp_replace(order, "^[0-9]/", "");
    return concat(lit("c"), substring(sha2(key, 256), 1, DIGITS));
  }
}
