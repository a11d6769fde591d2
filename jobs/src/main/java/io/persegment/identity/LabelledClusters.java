package io.persegment.identity;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.LongType;

import io.persegment.identity.EvaluationResult.Persons;
import io.persegment.table.Field;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * Labels of records by person; persons are the units. Pairs are counted by how many records a
 * person, a customer and both have in common, and never formed.
 *
 * @param members as {@link TruthFile#clusters}, of records that have a customer
 */
record LabelledClusters(Dataset<Row> members) implements Labels {
  private static final Field RECORDS =
      Field.required("records", LongType, "Records of a person that are one customer");
  private static final Field OF_CUSTOMER =
      Field.required("of_customer", LongType, "Labelled records of that customer");
  private static final Field PARTS =
      Field.required("parts", LongType, "How many customers the person is");
  private static final Field PURITY =
      Field.required(
          "purity", DoubleType, "Sum over records of what part of its customer is right");
  private static final Field PLACE =
      Field.required("place", LongType, "Place of the record among those of person and customer");

  /** Customers, and records of each, among which examples are looked for. */
  private static final int SOME_CUSTOMERS = 1_000;

  private static final int SOME_RECORDS = 20;

  @Override
  public Dataset<Row> units() {
    Column n = RECORDS.col();
    Column ofPerson = sum(n);
    return cells()
        .groupBy(TruthFile.CLUSTER.col())
        .agg(
            pairs(ofPerson, ofPerson).as(TRUE.name()),
            // Each record has half of a pair, so that one of two persons is half of each.
            sum(pairs(n, OF_CUSTOMER.col())).as(FOUND.name()),
            sum(pairs(n, n)).as(RIGHT.name()));
  }

  /**
   * Returns how many persons are exactly one customer, and B-cubed: of each record the part of its
   * customer that is its person, and the part of its person that is its customer, averaged over
   * records. Bagga and Baldwin, Entity-based cross-document coreferencing, COLING 1998. An action.
   */
  Persons persons() {
    Column n = RECORDS.col();
    Column perPerson = sum(n);
    Row counts =
        cells()
            .groupBy(TruthFile.CLUSTER.col())
            .agg(
                perPerson.as(RECORDS.name()),
                count(lit(1)).as(PARTS.name()),
                max(OF_CUSTOMER.col()).as(OF_CUSTOMER.name()),
                sum(n.multiply(n).divide(OF_CUSTOMER.col())).as(PURITY.name()),
                sum(n.multiply(n)).divide(perPerson).as(TRUE.name()))
            .agg(
                count(lit(1)),
                count_if(PARTS.col().equalTo(1).and(OF_CUSTOMER.col().equalTo(RECORDS.col()))),
                sum(PURITY.col()).divide(sum(RECORDS.col())),
                sum(TRUE.col()).divide(sum(RECORDS.col())))
            .head();
    return new Persons(
        counts.getLong(0), counts.getLong(1), counts.getDouble(2), counts.getDouble(3));
  }

  @Override
  public Dataset<Row> linked(Dataset<Row> links) {
    return Evidence.betweenRecords(links)
        .union(Evidence.keptIdentifiers(links, members.select(TruthFile.KEY.col())))
        .join(side(TruthFile.LEFT, "l"), TruthFile.LEFT.name())
        .join(side(TruthFile.RIGHT, "r"), TruthFile.RIGHT.name())
        .withColumn(TruthFile.SAME_PERSON.name(), same(TruthFile.CLUSTER))
        .withColumn(SAME_CUSTOMER.name(), same(TruthFile.CUSTOMER));
  }

  @Override
  public Dataset<Row> missed() {
    return side(TruthFile.LEFT, "l")
        .join(
            side(TruthFile.RIGHT, "r"),
            same(TruthFile.CLUSTER).and(TruthFile.LEFT.col().lt(TruthFile.RIGHT.col())))
        .where(same(TruthFile.CUSTOMER).equalTo(false))
        .select(TruthFile.LEFT.col(), TruthFile.RIGHT.col());
  }

  @Override
  public Dataset<Row> someWrong() {
    Dataset<Row> mixed =
        members
            .groupBy(TruthFile.CUSTOMER.col())
            .agg(count_distinct(TruthFile.CLUSTER.col()).as(PARTS.name()))
            .where(PARTS.col().gt(1))
            .orderBy(TruthFile.CUSTOMER.col())
            .limit(SOME_CUSTOMERS)
            .select(TruthFile.CUSTOMER.col());
    var ofBoth =
        Window.partitionBy(TruthFile.CUSTOMER.col(), TruthFile.CLUSTER.col())
            .orderBy(TruthFile.KEY.col());
    var ofCustomer =
        Window.partitionBy(TruthFile.CUSTOMER.col())
            .orderBy(PLACE.col(), TruthFile.KEY.col()); // some of every person
    Dataset<Row> some =
        members
            .join(mixed, TruthFile.CUSTOMER.name())
            .withColumn(PLACE.name(), row_number().over(ofBoth))
            .withColumn(PLACE.name(), row_number().over(ofCustomer))
            .where(PLACE.col().leq(SOME_RECORDS));
    LabelledClusters few = new LabelledClusters(some);
    return few.side(TruthFile.LEFT, "l")
        .join(
            few.side(TruthFile.RIGHT, "r"),
            same(TruthFile.CUSTOMER).and(TruthFile.LEFT.col().lt(TruthFile.RIGHT.col())))
        .where(same(TruthFile.CLUSTER).equalTo(false))
        .select(TruthFile.LEFT.col(), TruthFile.RIGHT.col());
  }

  /** Returns one row for each person and customer that share a record. */
  private Dataset<Row> cells() {
    return members
        .groupBy(TruthFile.CLUSTER.col(), TruthFile.CUSTOMER.col())
        .agg(count(lit(1)).as(RECORDS.name()))
        .withColumn(
            OF_CUSTOMER.name(),
            sum(RECORDS.col()).over(Window.partitionBy(TruthFile.CUSTOMER.col())));
  }

  /** Returns how many pairs {@code some} of the {@code all} records of a group are part of. */
  private static Column pairs(Column some, Column all) {
    return some.cast(DoubleType).multiply(all.minus(1)).divide(2);
  }

  private Dataset<Row> side(Field key, String alias) {
    return members
        .select(
            TruthFile.KEY.col().as(key.name()), TruthFile.CLUSTER.col(), TruthFile.CUSTOMER.col())
        .as(alias);
  }

  private static Column same(Field field) {
    return field.of("l").equalTo(field.of("r"));
  }
}
