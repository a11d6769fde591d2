package io.persegment.identity;

import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.hex;
import static org.apache.spark.sql.functions.inline;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.negate;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.xxhash64;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import io.persegment.matching.PersonNames;
import io.persegment.table.Field;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.StructType;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * E-mail addresses that several persons share, told by names that contradict each other. One
 * customer may be one of the persons at an address.
 */
final class Mailboxes {
  /** Kind of what a record has of it; the hash of the address follows. */
  static final String PERSON = "person at e-mail ";

  /** Why an address of more persons than a household has links nothing. */
  static final String CROWDED = "of too many persons";

  private static final Field EMAIL = People.EMAIL;
  private static final Field FIRST = People.FIRST;
  private static final Field LAST = People.LAST;
  private static final Field RECORDS =
      Field.required("records", IntegerType, "Records with the address and the name");
  private static final Field PERSON_NUMBER =
      Field.required("person", IntegerType, "Which person at the address, from 0");
  private static final ArrayType PERSONS =
      createArrayType(
          new StructType()
              .add(FIRST.name(), StringType)
              .add(LAST.name(), StringType)
              .add(PERSON_NUMBER.name(), IntegerType));

  private Mailboxes() {}

  /**
   * Returns one row for each record with a name and an address that several persons share: node,
   * kind, which names the address by its hash, and the person.
   *
   * @param people as {@link People}
   * @param shared as {@link #shared}
   */
  static Dataset<Row> persons(Dataset<Row> people, Dataset<Row> shared) {
    return people
        .join(shared, Members.names(EMAIL, FIRST, LAST))
        .select(
            Records.node().as(Records.NODE.name()),
            concat(lit(PERSON), hex(xxhash64(EMAIL.col()))).as(Identifiers.KIND.name()),
            xxhash64(EMAIL.col(), PERSON_NUMBER.col()).as(Identifiers.VALUE.name()));
  }

  /** Returns the {@link Identifiers#HASH} of each address of more than {@code most} persons. */
  static Dataset<Row> crowded(Dataset<Row> shared, int most) {
    return shared
        .groupBy(xxhash64(lit(Identifiers.EMAIL), EMAIL.col()).as(Identifiers.HASH.name()))
        .agg(count_distinct(PERSON_NUMBER.col()).as(RECORDS.name()))
        .where(RECORDS.col().gt(most))
        .select(Identifiers.HASH.col());
  }

  /**
   * Returns one row for each name at an address that several persons share: address, first and last
   * name, and the number of the person.
   *
   * @param people as {@link People}
   * @param most names at one address; more than that are not looked at
   */
  static Dataset<Row> shared(Dataset<Row> people, int most) {
    // No built-in function knows nicknames.
    UserDefinedFunction told = udf((UDF1<Seq<Row>, List<Row>>) Mailboxes::told, PERSONS);
    Column place =
        row_number()
            .over(
                Window.partitionBy(EMAIL.col())
                    .orderBy(RECORDS.col().desc(), FIRST.col(), LAST.col()));
    Column isNamed = FIRST.col().notEqual("").or(LAST.col().notEqual(""));
    return people
        .where(EMAIL.col().isNotNull().and(isNamed))
        .groupBy(EMAIL.col(), FIRST.col(), LAST.col())
        .agg(count(lit(1)).cast(IntegerType).as(RECORDS.name()))
        .withColumn(PERSON_NUMBER.name(), place)
        .where(PERSON_NUMBER.col().leq(most))
        .groupBy(EMAIL.col())
        .agg(names().as(RECORDS.name()))
        .where(size(RECORDS.col()).gt(1))
        .select(EMAIL.col(), inline(told.apply(RECORDS.col())));
  }

  private static Column names() {
    return array_sort(
        collect_list(struct(negate(RECORDS.col()).as(RECORDS.name()), FIRST.col(), LAST.col())));
  }

  /** Returns the names with the person of each; none where all are one. */
  private static List<Row> told(Seq<Row> names) {
    List<PersonNames> all =
        CollectionConverters.asJava(names).stream()
            .map(name -> new PersonNames(name.getString(1), name.getString(2)))
            .toList();
    int[] persons = PersonNames.persons(all);
    List<Row> told = new ArrayList<>();
    boolean several = false;
    for (int i = 0; i < persons.length; i++) {
      several |= persons[i] != persons[0];
      told.add(RowFactory.create(all.get(i).first(), all.get(i).last(), persons[i]));
    }
    return several ? told : List.of();
  }
}
