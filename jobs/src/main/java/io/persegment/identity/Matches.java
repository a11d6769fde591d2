package io.persegment.identity;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.persegment.matching.Matching;
import io.persegment.matching.MatchingSettings;
import io.persegment.run.StageReport;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Pairs of contacts that may be one person, by how far their values agree. */
final class Matches {
  static final String RULE = "matched";
  static final String BELOW = "below the threshold";

  /** A pair less likely is not worth a row. */
  private static final double LEAST = 0.01;

  private Matches() {}

  /** Returns pairs of {@link Matching} that are not out of the question. An action. */
  static Dataset<Row> find(
      Lake lake, Dataset<Row> contacts, MatchingSettings settings, StageReport report) {
    Dataset<Row> numbered =
        contacts
            .withColumn(IdentityMap.RECORD_TYPE.name(), lit(IdentityMap.CONTACT))
            .withColumn(Matching.NODE.name(), Records.node());
    return lake.scratch(
        "identity/matches",
        new Matching(lake, settings)
            .pairs(numbered, report)
            .where(Matching.PROBABILITY.col().geq(LEAST)));
  }

  /** Returns the pairs that are one person, as edges of {@link Components}. */
  static Dataset<Row> edges(Dataset<Row> matches, double threshold) {
    return matches
        .where(Matching.PROBABILITY.col().geq(threshold))
        .select(
            Matching.RIGHT.col().as(Components.LARGER.name()),
            Matching.LEFT.col().as(Components.SMALLER.name()));
  }

  /** Returns rows of {@link IdentityLinks}. */
  static Dataset<Row> rows(Dataset<Row> matches, Dataset<Row> records, double threshold) {
    Column kept = Matching.PROBABILITY.col().geq(threshold);
    return matches
        .join(keys(records, Matching.LEFT, IdentityLinks.LEFT_KEY), Matching.LEFT.name())
        .join(keys(records, Matching.RIGHT, IdentityLinks.RIGHT_KEY), Matching.RIGHT.name())
        .withColumn(IdentityLinks.RULE.name(), lit(RULE))
        .withColumn(IdentityLinks.KEPT.name(), kept)
        .withColumn(IdentityLinks.CUT_REASON.name(), when(kept, lit(null)).otherwise(BELOW))
        .select(IdentityLinks.TABLE.columns());
  }

  private static Dataset<Row> keys(Dataset<Row> records, Field node, Field key) {
    return records.select(Records.NODE.col().as(node.name()), Records.shownKey().as(key.name()));
  }
}
