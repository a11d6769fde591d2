package io.persegment.identity;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.persegment.matching.Matching;
import io.persegment.matching.MatchingSettings;
import io.persegment.run.StageReport;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Pairs of contacts that may be one person, by how far their values agree. */
final class Matches {
  /** Rule of links that were found by comparing records. */
  static final String RULE = "matched";

  /** Reason of a pair that was compared and is too unlike. */
  static final String BELOW = "below the threshold";

  private static final Field CUT =
      Field.optional("cut", StringType, "Why the match is not followed; null where it is");

  /** A pair less likely is not worth a row. */
  private static final double LEAST = 0.01;

  private Matches() {}

  /** Returns all pairs of {@link Matching}. An action. */
  static Dataset<Row> compared(
      Lake lake, Dataset<Row> contacts, MatchingSettings settings, StageReport report) {
    Dataset<Row> numbered =
        contacts
            .withColumn(IdentityMap.RECORD_TYPE.name(), lit(IdentityMap.CONTACT))
            .withColumn(Matching.NODE.name(), Records.node());
    return new Matching(lake, settings).pairs(numbered, report);
  }

  /** Keeps pairs that are not out of the question. */
  static Dataset<Row> likely(Dataset<Row> compared) {
    return compared.where(Matching.PROBABILITY.col().geq(LEAST));
  }

  /** Adds {@link #CUT} to matches, of those that {@code cut} has. */
  static Dataset<Row> cut(Dataset<Row> matches, Dataset<Row> cut) {
    return matches.join(
        cut.select(Matching.LEFT.col(), Matching.RIGHT.col(), lit(Guard.REASON).as(CUT.name())),
        Members.names(List.of(Matching.LEFT, Matching.RIGHT)),
        "left");
  }

  /** Returns the pairs that are one person, as edges of {@link Components}. */
  static Dataset<Row> edges(Dataset<Row> matches, double threshold) {
    return matches
        .where(not(isBelow(threshold)))
        .select(
            Matching.RIGHT.col().as(Components.LARGER.name()),
            Matching.LEFT.col().as(Components.SMALLER.name()));
  }

  /** Returns rows of {@link IdentityLinks}. */
  static Dataset<Row> rows(Dataset<Row> matches, Dataset<Row> records, double threshold) {
    Column reason = coalesce(CUT.col(), when(isBelow(threshold), BELOW));
    return matches
        .join(keys(records, Matching.LEFT, IdentityLinks.LEFT_KEY), Matching.LEFT.name())
        .join(keys(records, Matching.RIGHT, IdentityLinks.RIGHT_KEY), Matching.RIGHT.name())
        .withColumn(IdentityLinks.RULE.name(), lit(RULE))
        .withColumn(IdentityLinks.KEPT.name(), reason.isNull())
        .withColumn(IdentityLinks.CUT_REASON.name(), reason)
        .select(IdentityLinks.TABLE.columns());
  }

  /** Notes how many pairs are followed, and how many only seemed to be one person. An action. */
  static void report(Dataset<Row> matches, double threshold, StageReport report) {
    Column follows = not(isBelow(threshold));
    Row counts =
        matches
            .agg(count_if(follows.and(CUT.col().isNull())), count_if(CUT.col().isNotNull()))
            .head();
    report.rows("matches_kept", counts.getLong(0));
    report.rows("matches_cut", counts.getLong(1));
  }

  private static Column isBelow(double threshold) {
    return Matching.WEIGHT.col().lt(Matching.bits(threshold));
  }

  private static Dataset<Row> keys(Dataset<Row> records, Field node, Field key) {
    return records.select(Records.NODE.col().as(node.name()), Records.shownKey().as(key.name()));
  }
}
