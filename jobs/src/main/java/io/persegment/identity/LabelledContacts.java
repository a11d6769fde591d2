package io.persegment.identity;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.xxhash64;
import static org.apache.spark.sql.types.DataTypes.LongType;

import io.persegment.conformed.Contacts;
import io.persegment.matching.Labelled;
import io.persegment.matching.Matching;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Labels of a {@link Truth} that are of contacts, by their numbers. */
final class LabelledContacts implements Labelled {
  private static final Field CLUSTER = TruthFile.CLUSTER;

  /** Of a person of more records the pairs would be too many, and say more than all others. */
  private static final long MOST_RECORDS = 1_000;

  private static final Field RECORDS =
      Field.required("records", LongType, "Labelled records of a person");
  private static final String ONE = "one";
  private static final String OTHER = "other";

  private final Lake lake;
  private final Truth truth;
  private final TruthFile file;
  private final double fingerprint;
  private Dataset<Row> known;
  private TruthFile.Counts counts;

  private LabelledContacts(Lake lake, Truth truth, TruthFile file) {
    this.lake = lake;
    this.truth = truth;
    this.file = file;
    this.fingerprint = file.fingerprint();
  }

  /**
   * Opens the file. An action.
   *
   * @param contacts rows of {@link Contacts}
   * @throws io.persegment.error.PersegmentException where it is none, or lacks a column
   */
  static LabelledContacts open(Lake lake, Truth truth, Dataset<Row> contacts) {
    // Who is who is not known yet: each is a customer of its own.
    Dataset<Row> map =
        contacts.select(
            IdentityMap.SOURCE.col(),
            lit(IdentityMap.CONTACT).as(IdentityMap.RECORD_TYPE.name()),
            Contacts.RECORD_ID.col().as(IdentityMap.RECORD_ID.name()),
            Contacts.RECORD_ID.col().as(IdentityMap.CUSTOMER_ID.name()));
    TruthFile file = TruthFile.open(lake.spark(), truth, map);
    file.checkColumns();
    return new LabelledContacts(lake, truth, file);
  }

  @Override
  public double fingerprint() {
    return fingerprint;
  }

  @Override
  public Dataset<Row> groups() {
    if (isOfClusters()) {
      return known()
          .select(
              xxhash64(CLUSTER.col()).as(Matching.KEY.name()),
              node(TruthFile.KEY).as(Matching.NODE.name()));
    }
    Dataset<Row> same = known().where(TruthFile.SAME_PERSON.col());
    return ofPair(same, TruthFile.LEFT).union(ofPair(same, TruthFile.RIGHT));
  }

  @Override
  public Dataset<Row> told(Dataset<Row> pairs) {
    if (isOfClusters()) {
      return pairs
          .join(side(Matching.LEFT, ONE), Matching.LEFT.name())
          .join(side(Matching.RIGHT, OTHER), Matching.RIGHT.name())
          .withColumn(SAME.name(), CLUSTER.of(ONE).equalTo(CLUSTER.of(OTHER)));
    }
    Column left = node(TruthFile.LEFT);
    Column right = node(TruthFile.RIGHT);
    Dataset<Row> labels =
        known()
            .select(
                least(left, right).as(Matching.LEFT.name()),
                greatest(left, right).as(Matching.RIGHT.name()),
                TruthFile.SAME_PERSON.col().as(SAME.name()));
    return pairs.join(labels, Members.names(Matching.LEFT, Matching.RIGHT));
  }

  @Override
  public List<String> warnings() {
    known();
    long lost = counts.all() - counts.known();
    return lost == 0
        ? List.of()
        : List.of(
            "%,d of %,d labels of %s are of contacts that the lake has not; they say nothing"
                .formatted(lost, counts.all(), truth.file()));
  }

  /** Returns the labels of contacts that the lake has. An action, the first time. */
  private Dataset<Row> known() {
    if (known == null) {
      Dataset<Row> labels = lake.scratch("identity/labels", file.labels());
      counts = file.check(labels);
      known = labels.where(file.isKnown());
      if (isOfClusters()) {
        refuseLarge(known);
      }
    }
    return known;
  }

  private void refuseLarge(Dataset<Row> labels) {
    labels
        .groupBy(CLUSTER.col())
        .agg(count(lit(1)).as(RECORDS.name()))
        .where(RECORDS.col().gt(MOST_RECORDS))
        .orderBy(RECORDS.col().desc())
        .limit(1)
        .collectAsList() // the largest, if any
        .forEach(
            person -> {
              throw EvaluationErrors.tooLarge(truth, person.getLong(1), MOST_RECORDS);
            });
  }

  private boolean isOfClusters() {
    return truth.grain() == Truth.Grain.CLUSTER;
  }

  private Dataset<Row> side(Field end, String alias) {
    return known().select(node(TruthFile.KEY).as(end.name()), CLUSTER.col()).as(alias);
  }

  private static Dataset<Row> ofPair(Dataset<Row> pairs, Field end) {
    return pairs.select(
        xxhash64(TruthFile.LEFT.col(), TruthFile.RIGHT.col()).as(Matching.KEY.name()),
        node(end).as(Matching.NODE.name()));
  }

  /** Returns the number of a contact by its key. */
  private static Column node(Field key) {
    return xxhash64(key.col());
  }
}
