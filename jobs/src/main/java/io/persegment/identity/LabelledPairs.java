package io.persegment.identity;

import static org.apache.spark.sql.functions.not;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Labels of pairs, each of which is a unit by itself.
 *
 * @param pairs as {@link TruthFile#pairs}, of records that have a customer
 */
record LabelledPairs(Dataset<Row> pairs) implements Labels {
  LabelledPairs {
    Column same = TruthFile.LEFT_CUSTOMER.col().equalTo(TruthFile.RIGHT_CUSTOMER.col());
    pairs =
        pairs.select(
            TruthFile.LEFT.col(),
            TruthFile.RIGHT.col(),
            TruthFile.SAME_PERSON.col(),
            same.as(SAME_CUSTOMER.name()));
  }

  @Override
  public Dataset<Row> units() {
    Column person = TruthFile.SAME_PERSON.col();
    Column customer = SAME_CUSTOMER.col();
    return pairs.select(
        person.cast(TRUE.type()).as(TRUE.name()),
        customer.cast(FOUND.type()).as(FOUND.name()),
        person.and(customer).cast(RIGHT.type()).as(RIGHT.name()));
  }

  @Override
  public Dataset<Row> linked(Dataset<Row> links) {
    Column byRecords = Evidence.BETWEEN_RECORDS.col();
    return Evidence.of(links, pairs)
        .where(byRecords.or(IdentityLinks.KEPT.col()))
        .join(pairs, Members.names(TruthFile.LEFT, TruthFile.RIGHT));
  }

  @Override
  public Dataset<Row> missed() {
    return pairs
        .where(TruthFile.SAME_PERSON.col().and(not(SAME_CUSTOMER.col())))
        .select(TruthFile.LEFT.col(), TruthFile.RIGHT.col());
  }

  @Override
  public Dataset<Row> someWrong() {
    return pairs
        .where(not(TruthFile.SAME_PERSON.col()).and(SAME_CUSTOMER.col()))
        .select(TruthFile.LEFT.col(), TruthFile.RIGHT.col());
  }
}
