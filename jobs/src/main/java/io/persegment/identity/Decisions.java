package io.persegment.identity;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.persegment.matching.Matching;
import io.persegment.run.StageReport;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** Pairs of records that a person judged: one row a pair, which wins over everything else. */
final class Decisions {
  static final Field DECISION =
      Field.required("decision", StringType, "same or different: one customer, or never");

  /** Rule of links that a person declared. */
  static final String RULE = "decided";

  static final String SAME = "same";
  static final String DIFFERENT = "different";

  private static final Field LEFT_KEY = IdentityLinks.LEFT_KEY;
  private static final Field RIGHT_KEY = IdentityLinks.RIGHT_KEY;
  private static final Field PLACE = Spreadsheet.PLACE;
  private static final StructType PAIRS =
      new StructType()
          .add(Matching.LEFT.name(), Matching.LEFT.type())
          .add(Matching.RIGHT.name(), Matching.RIGHT.type())
          .add(DECISION.name(), StringType);

  private Decisions() {}

  /**
   * Returns the decisions on records that the lake has: {@link Matching#LEFT}, {@link
   * Matching#RIGHT} and {@link #DECISION}. An action.
   *
   * @param judged as {@link #judged}; empty where the settings name no file
   * @param records as {@link Records}
   */
  static Dataset<Row> read(
      Lake lake,
      IdentitySettings settings,
      Optional<Dataset<Row>> judged,
      Dataset<Row> records,
      StageReport report) {
    if (judged.isEmpty()) {
      return lake.spark().createDataFrame(List.of(), PAIRS);
    }
    String file = settings.decisions().get();
    Dataset<Row> keys = records.select(Records.NODE.col(), Records.shownKey().as(LEFT_KEY.name()));
    Dataset<Row> pairs =
        lake.scratch(
            "identity/decisions",
            judged
                .get()
                .join(
                    keys.withColumnRenamed(Records.NODE.name(), "one"),
                    Members.names(LEFT_KEY),
                    "left")
                .join(
                    keys.select(
                        Records.NODE.col().as("other"), LEFT_KEY.col().as(RIGHT_KEY.name())),
                    Members.names(RIGHT_KEY),
                    "left"));
    reportLost(file, pairs, report);
    Dataset<Row> decisions =
        pairs
            .where(col("one").notEqual(col("other")))
            .select(
                least(col("one"), col("other")).as(Matching.LEFT.name()),
                greatest(col("one"), col("other")).as(Matching.RIGHT.name()),
                DECISION.col())
            .distinct();
    reportTwofold(file, decisions, report);
    return decisions;
  }

  /**
   * Returns the rows of the file of the settings that decide, as left_key, right_key, {@link
   * #DECISION} and {@link #PLACE}. An action.
   *
   * @throws io.persegment.error.PersegmentException where there is no such file, it lacks a column,
   *     or a decision is none
   */
  static Dataset<Row> judged(SparkSession spark, String file) {
    Dataset<Row> rows =
        Spreadsheet.open(spark, file, cause -> IdentityErrors.noDecisions(file, cause));
    List<String> columns = List.of(rows.columns());
    List<String> missing =
        List.of(LEFT_KEY, RIGHT_KEY, DECISION).stream()
            .map(Field::name)
            .filter(name -> !columns.contains(name))
            .toList();
    if (!missing.isEmpty()) {
      throw IdentityErrors.decisionsWithout(file, missing, columns);
    }
    Dataset<Row> judged =
        rows.select(
                trim(LEFT_KEY.col()).as(LEFT_KEY.name()),
                trim(RIGHT_KEY.col()).as(RIGHT_KEY.name()),
                lower(trim(coalesce(DECISION.col(), lit("")))).as(DECISION.name()),
                Spreadsheet.place())
            .where(DECISION.col().notEqual(""));
    Column unknown = not(DECISION.col().isin(SAME, DIFFERENT));
    Row counts = judged.agg(count_if(unknown), min(when(unknown, PLACE.col()))).head();
    if (counts.getLong(0) > 0) {
      throw IdentityErrors.noDecision(file, counts.getLong(0), counts.getLong(1));
    }
    return judged;
  }

  /** Returns the pairs declared to be one customer, as edges of {@link Components}. */
  static Dataset<Row> edges(Dataset<Row> decisions) {
    return decisions
        .where(DECISION.col().equalTo(SAME))
        .select(
            Matching.RIGHT.col().as(Components.LARGER.name()),
            Matching.LEFT.col().as(Components.SMALLER.name()));
  }

  /**
   * Returns rows of {@link IdentityLinks}.
   *
   * @param cut as {@link Guard#cut}: why a pair is not one customer though it was declared to be
   */
  static Dataset<Row> rows(Dataset<Row> decisions, Dataset<Row> cut, Dataset<Row> records) {
    Column reason = when(isNever(), Judgement.NEVER).otherwise(Identifiers.CUT.col());
    // A pair that is both is told as what it is taken for.
    Dataset<Row> pairs =
        decisions
            .groupBy(Matching.LEFT.col(), Matching.RIGHT.col())
            .agg(min(DECISION.col()).as(DECISION.name()))
            .join(
                Matches.named(cut, Identifiers.CUT),
                Members.names(Matching.LEFT, Matching.RIGHT),
                "left");
    return Matches.keyed(pairs, records)
        .withColumn(IdentityLinks.RULE.name(), lit(RULE))
        .withColumn(IdentityLinks.MATCH_WEIGHT.name(), lit(null).cast(DoubleType))
        .withColumn(IdentityLinks.MATCH_PROBABILITY.name(), lit(1.0))
        .withColumn(IdentityLinks.CUT_REASON.name(), reason)
        .withColumn(IdentityLinks.KEPT.name(), IdentityLinks.CUT_REASON.col().isNull())
        .select(IdentityLinks.TABLE.columns());
  }

  static Column isNever() {
    return DECISION.col().equalTo(DIFFERENT);
  }

  private static void reportLost(String file, Dataset<Row> pairs, StageReport report) {
    Column isLost = col("one").isNull().or(col("other").isNull());
    Row counts = pairs.agg(count(lit(1)), count_if(isLost), min(when(isLost, PLACE.col()))).head();
    report.rows("decisions", counts.getLong(0));
    if (counts.getLong(1) > 0) {
      report.warn(
          "%d of %d pairs in %s name a record that the lake has not, the first in row %d below its header; they say nothing"
              .formatted(counts.getLong(1), counts.getLong(0), file, counts.getLong(2)));
    }
  }

  private static void reportTwofold(String file, Dataset<Row> decisions, StageReport report) {
    long twofold =
        decisions
            .groupBy(Matching.LEFT.col(), Matching.RIGHT.col())
            .agg(count(lit(1)).as(PLACE.name()))
            .where(PLACE.col().gt(1))
            .count();
    if (twofold > 0) {
      report.warn(
          "%d pairs in %s are both same and different; they are taken as different"
              .formatted(twofold, file));
    }
  }
}
