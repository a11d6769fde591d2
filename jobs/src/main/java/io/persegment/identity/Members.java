package io.persegment.identity;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.DateType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.persegment.table.Field;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Records with the component they are in now, and the customer they belonged to until now. */
final class Members {
  static final Field COMPONENT =
      Field.required("component", LongType, "Least number of the records of the component");
  static final Field OLD_ID =
      Field.optional("old_id", StringType, "Customer until now; null for a new record");
  static final Field OLD_SINCE =
      Field.optional("old_since", DateType, "Since when; null for a new record");

  /** Earlier types name a new customer: a contact lasts longer than a device. */
  private static final List<String> TYPES =
      List.of(
          IdentityMap.CONTACT,
          IdentityMap.LOGIN,
          IdentityMap.ORDER,
          IdentityMap.ADDRESS,
          IdentityMap.ANONYMOUS);

  private Members() {}

  /** Returns one row for each of {@code records}. */
  static Dataset<Row> of(Dataset<Row> records, Dataset<Row> components, Dataset<Row> oldMap) {
    return records
        .join(components, Records.NODE.col().equalTo(Components.LARGER.col()), "left")
        .withColumn(COMPONENT.name(), coalesce(Components.SMALLER.col(), Records.NODE.col()))
        .join(old(oldMap), names(IdentityMap.TABLE.key()), "left")
        .select(columns());
  }

  /**
   * Returns the records that are no more but have an heir: an address that is now some contact's,
   * and a guest order that was given to a contact. Like members, with the component of their heir.
   */
  static Dataset<Row> gone(
      Dataset<Row> members, Dataset<Row> oldMap, Dataset<Row> identifiers, Dataset<Row> orders) {
    return old(oldMap)
        .join(members, names(IdentityMap.TABLE.key()), "left_anti")
        .join(Heirs.of(members, identifiers, orders), names(IdentityMap.TABLE.key()))
        .select(columns());
  }

  /**
   * Returns what puts records in an order of their own: their key, behind the place of its type.
   */
  static Column order() {
    Column place = lit(TYPES.size());
    for (String type : TYPES) {
      place =
          when(IdentityMap.RECORD_TYPE.col().equalTo(type), TYPES.indexOf(type)).otherwise(place);
    }
    return concat_ws(
        "/",
        place,
        IdentityMap.SOURCE.col(),
        IdentityMap.RECORD_TYPE.col(),
        IdentityMap.RECORD_ID.col());
  }

  static Seq<String> names(Field... fields) {
    return names(List.of(fields));
  }

  static Seq<String> names(List<Field> fields) {
    return CollectionConverters.asScala(fields.stream().map(Field::name).toList()).toSeq();
  }

  private static Dataset<Row> old(Dataset<Row> oldMap) {
    return oldMap
        .withColumnRenamed(IdentityMap.CUSTOMER_ID.name(), OLD_ID.name())
        .withColumnRenamed(IdentityMap.SINCE.name(), OLD_SINCE.name());
  }

  private static Column[] columns() {
    return Stream.of(
            IdentityMap.SOURCE,
            IdentityMap.RECORD_TYPE,
            IdentityMap.RECORD_ID,
            COMPONENT,
            OLD_ID,
            OLD_SINCE)
        .map(Field::col)
        .toArray(Column[]::new);
  }
}
