package io.persegment.identity;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.exists;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.inline;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import io.persegment.table.Field;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.StructType;

/**
 * Phone numbers, which households share, and which therefore link only where names allow it.
 *
 * <p>Two names at a number are one group when exactly the same names of that number agree with
 * each. So Jon Berg and John Berg are one, while J Berg, who may be John or Jane, joins neither.
 */
final class Phones {
  static final String JUNK = "phone with too many names";
  static final String UNCLEAR = "fits several names at the phone";

  private static final Field PHONE = People.PHONE;
  private static final Field FIRST = People.FIRST;
  private static final Field LAST = People.LAST;
  private static final ArrayType LIST =
      createArrayType(new StructType().add(FIRST.name(), StringType).add(LAST.name(), StringType));
  private static final Field NAMES = Field.required("names", LIST, "All names at the number");
  private static final Field AGREEING =
      Field.required("agreeing", LIST, "Names at the number that agree with this one, and itself");
  private static final Field PLACE =
      Field.required("place", IntegerType, "Place of the name among those of the number, from 1");

  private Phones() {}

  /**
   * Returns an identifier for each of {@code people} with a phone number.
   *
   * @param people as {@link People}
   */
  static Dataset<Row> identifiers(Dataset<Row> people, IdentitySettings.Identifier settings) {
    Dataset<Row> callers = people.where(PHONE.col().isNotNull());
    Column known = Identifiers.VALUE.col().isNotNull();
    return callers
        .join(groups(callers, settings.most()), Members.names(PHONE, FIRST, LAST), "left")
        .withColumn(Identifiers.CUT.name(), when(known, Identifiers.CUT.col()).otherwise(JUNK))
        .select(
            IdentityMap.SOURCE.col(),
            IdentityMap.RECORD_TYPE.col(),
            IdentityMap.RECORD_ID.col(),
            lit(Identifiers.PHONE).as(Identifiers.KIND.name()),
            coalesce(Identifiers.VALUE.col(), PHONE.col()).as(Identifiers.VALUE.name()),
            Records.shownKey().as(Identifiers.WITNESS.name()),
            Identifiers.CUT.col());
  }

  /**
   * Returns the group of each name at a number: phone, first and last name, value and cut reason.
   * Numbers with more than {@code most} names are left out.
   */
  private static Dataset<Row> groups(Dataset<Row> people, int most) {
    var ofPhone = Window.partitionBy(PHONE.col()).orderBy(FIRST.col(), LAST.col());
    Column names = NAMES.col();
    Column alone = transform(names, name -> withAgreeing(name, array(name)));
    Column several =
        transform(
            names,
            name -> withAgreeing(name, sort_array(filter(names, other -> agree(name, other)))));
    // Nearly all numbers have one name, which has no other to be compared with.
    Column compared = when(size(names).equalTo(1), alone).otherwise(several);
    return people
        .select(PHONE.col(), FIRST.col(), LAST.col())
        .distinct()
        .withColumn(PLACE.name(), row_number().over(ofPhone))
        .where(PLACE.col().leq(most + 1))
        .groupBy(PHONE.col())
        .agg(collect_list(struct(FIRST.col(), LAST.col())).as(NAMES.name()))
        .where(size(names).leq(most))
        .select(PHONE.col(), inline(compared))
        .select(PHONE.col(), FIRST.col(), LAST.col(), value(), cut());
  }

  private static Column withAgreeing(Column name, Column agreeing) {
    return struct(
        name.getField(FIRST.name()).as(FIRST.name()),
        name.getField(LAST.name()).as(LAST.name()),
        agreeing.as(AGREEING.name()));
  }

  /** A group's value names the number and all names that agree with each other there. */
  private static Column value() {
    Column spelled =
        transform(
            AGREEING.col(),
            name -> concat_ws(" ", name.getField(FIRST.name()), name.getField(LAST.name())));
    return concat_ws("/", PHONE.col(), concat_ws(",", spelled)).as(Identifiers.VALUE.name());
  }

  /** Without a whole name of its own, a record does not even join those who lack the same. */
  private static Column cut() {
    Column agreeing = AGREEING.col();
    Column contradicted =
        size(agreeing)
            .gt(1)
            .and(exists(agreeing, one -> exists(agreeing, other -> not(agree(one, other)))));
    Column incomplete = FIRST.col().equalTo("").or(LAST.col().equalTo(""));
    return when(contradicted.and(incomplete), UNCLEAR)
        .otherwise(Identifiers.NOT_CUT)
        .as(Identifiers.CUT.name());
  }

  private static Column agree(Column left, Column right) {
    return Names.firstNamesAgree(left.getField(FIRST.name()), right.getField(FIRST.name()))
        .and(Names.lastNamesAgree(left.getField(LAST.name()), right.getField(LAST.name())));
  }
}
