package io.persegment.identity;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.types.DataTypes.BooleanType;

import io.persegment.table.Field;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What {@code identity_links} says of pairs of records: by a link between the two, and by an
 * identifier that both have.
 */
final class Evidence {
  static final Field BETWEEN_RECORDS =
      Field.required("between_records", BooleanType, "Whether the link is between two records");

  private static final String LEFT = "l";
  private static final String RIGHT = "r";

  private Evidence() {}

  /** Returns the links between two records, the record of the lesser key at the left. */
  static Dataset<Row> betweenRecords(Dataset<Row> links) {
    Column one = IdentityLinks.LEFT_KEY.col();
    Column other = IdentityLinks.RIGHT_KEY.col();
    return links
        .where(not(isIdentifier()))
        .select(
            least(one, other).as(TruthFile.LEFT.name()),
            greatest(one, other).as(TruthFile.RIGHT.name()),
            IdentityLinks.RULE.col(),
            IdentityLinks.MATCH_PROBABILITY.col(),
            IdentityLinks.KEPT.col(),
            IdentityLinks.CUT_REASON.col(),
            lit(true).as(BETWEEN_RECORDS.name()));
  }

  /**
   * Returns the pairs of {@code records} that an identifier joins, like {@link #betweenRecords}.
   * What is on too many records joins none, so that these are not many more than records.
   */
  static Dataset<Row> keptIdentifiers(Dataset<Row> links, Dataset<Row> records) {
    Column isRecord = IdentityLinks.LEFT_KEY.col().equalTo(TruthFile.KEY.col());
    Dataset<Row> kept =
        links
            .where(isIdentifier().and(IdentityLinks.KEPT.col()))
            .join(records, isRecord, "left_semi");
    Column lesserFirst = IdentityLinks.LEFT_KEY.of(LEFT).lt(IdentityLinks.LEFT_KEY.of(RIGHT));
    return kept.as(LEFT)
        .join(kept.as(RIGHT), sameIdentifier().and(lesserFirst))
        .select(
            shared(
                IdentityLinks.LEFT_KEY.of(LEFT).as(TruthFile.LEFT.name()),
                IdentityLinks.LEFT_KEY.of(RIGHT).as(TruthFile.RIGHT.name())));
  }

  /**
   * Returns all that is said of {@code pairs}, like {@link #betweenRecords}; an identifier joins
   * two records where it was cut of neither.
   */
  static Dataset<Row> of(Dataset<Row> links, Dataset<Row> pairs) {
    Dataset<Row> keys = pairs.select(TruthFile.LEFT.col(), TruthFile.RIGHT.col());
    Dataset<Row> identifiers = links.where(isIdentifier());
    Dataset<Row> shared =
        keys.join(
                identifiers.as(LEFT), TruthFile.LEFT.col().equalTo(IdentityLinks.LEFT_KEY.of(LEFT)))
            .join(
                identifiers.as(RIGHT),
                TruthFile.RIGHT
                    .col()
                    .equalTo(IdentityLinks.LEFT_KEY.of(RIGHT))
                    .and(sameIdentifier()))
            .select(shared(TruthFile.LEFT.col(), TruthFile.RIGHT.col()));
    return betweenRecords(links)
        .join(keys, Members.names(TruthFile.LEFT, TruthFile.RIGHT), "left_semi")
        .union(shared);
  }

  private static Column[] shared(Column left, Column right) {
    return new Column[] {
      left,
      right,
      IdentityLinks.RULE.of(LEFT),
      IdentityLinks.MATCH_PROBABILITY.of(LEFT),
      IdentityLinks.KEPT.of(LEFT).and(IdentityLinks.KEPT.of(RIGHT)).as(IdentityLinks.KEPT.name()),
      coalesce(IdentityLinks.CUT_REASON.of(LEFT), IdentityLinks.CUT_REASON.of(RIGHT))
          .as(IdentityLinks.CUT_REASON.name()),
      lit(false).as(BETWEEN_RECORDS.name())
    };
  }

  private static Column sameIdentifier() {
    return IdentityLinks.RIGHT_KEY.of(LEFT).equalTo(IdentityLinks.RIGHT_KEY.of(RIGHT));
  }

  static Column isIdentifier() {
    return IdentityLinks.RIGHT_KEY.col().startsWith(Chain.IDENTIFIER);
  }
}
