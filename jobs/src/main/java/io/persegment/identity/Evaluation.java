package io.persegment.identity;

import static org.apache.spark.sql.functions.bool_or;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.LongType;

import io.persegment.identity.EvaluationResult.Persons;
import io.persegment.identity.EvaluationResult.Point;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Holds the customers and links that a lake has against a truth. Reads tables as they are, and
 * brings no row to the driver but sums and a few examples.
 */
public final class Evaluation {
  private static final List<Double> THRESHOLDS = List.of(0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99);

  private static final String ALL = "all";
  private static final String KNOWN = "known";
  private static final Field TIMES =
      Field.required("times", LongType, "How often something is labelled, each time otherwise");
  private static final Field IS_KNOWN =
      Field.required("is_known", BooleanType, "Whether the map has its records");
  private static final Field IS_ITSELF =
      Field.required("is_itself", BooleanType, "Whether it is a pair of a record with itself");

  private final Truth truth;
  private final Dataset<Row> links;
  private final Dataset<Row> labelled;

  private Evaluation(Truth truth, Dataset<Row> links, Dataset<Row> labelled) {
    this.truth = truth;
    this.links = links;
    this.labelled = labelled;
  }

  /**
   * Returns how far the lake's customers agree with {@code truth}. An action.
   *
   * @throws io.persegment.error.PersegmentException where the file cannot be read as labels, or
   *     none of them is of a record that the lake has
   */
  public static EvaluationResult of(Lake lake, Truth truth) {
    TruthFile file = TruthFile.open(lake.spark(), truth, lake.read(IdentityMap.TABLE));
    Dataset<Row> links = lake.read(IdentityLinks.TABLE);
    Dataset<Row> labelled =
        (truth.grain() == Truth.Grain.CLUSTER ? file.clusters() : file.pairs()).persist();
    try {
      var evaluation = new Evaluation(truth, links, labelled);
      return truth.grain() == Truth.Grain.CLUSTER ? evaluation.ofClusters() : evaluation.ofPairs();
    } finally {
      labelled.unpersist();
    }
  }

  private EvaluationResult ofClusters() {
    Column known = TruthFile.CUSTOMER.col().isNotNull();
    Row counts = checked(TruthFile.KEY.col(), known, lit(false));
    var labels = new LabelledClusters(labelled.where(known));
    return result(labels, counts, counts.<Long>getAs(KNOWN), Optional.of(labels.persons()));
  }

  private EvaluationResult ofPairs() {
    Column left = TruthFile.LEFT.col();
    Column right = TruthFile.RIGHT.col();
    Column known =
        TruthFile.LEFT_CUSTOMER.col().isNotNull().and(TruthFile.RIGHT_CUSTOMER.col().isNotNull());
    Row counts = checked(concat(left, lit(" and "), right), known, left.equalTo(right));
    Dataset<Row> pairs = labelled.where(known);
    long records = pairs.select(left).union(pairs.select(right)).distinct().count();
    return result(new LabelledPairs(pairs), counts, records, Optional.empty());
  }

  /**
   * Makes sure that the labels can be used: whoever labels a record twice must have meant the same.
   * An action: one pass.
   *
   * @param key of what is labelled
   * @param known whether the map has its records
   * @param itself whether it is a pair of a record with itself
   * @return how many there are, and how many are known
   */
  private Row checked(Column key, Column known, Column itself) {
    Column twice = TIMES.col().gt(1);
    Column isItself = IS_ITSELF.col();
    Column name = TruthFile.KEY.col();
    Row counts =
        labelled
            .groupBy(key.as(TruthFile.KEY.name()))
            .agg(
                count(lit(1)).as(TIMES.name()),
                bool_or(known).as(IS_KNOWN.name()),
                bool_or(itself).as(IS_ITSELF.name()))
            .agg(
                count(lit(1)).as(ALL),
                count_if(IS_KNOWN.col()).as(KNOWN),
                count_if(twice).as("twice"),
                min(when(twice, name)).as("one_twice"),
                count_if(isItself).as("itself"),
                min(when(isItself, name)).as("one_itself"))
            .head();
    long all = counts.<Long>getAs(ALL);
    if (all == 0) {
      throw EvaluationErrors.noLabels(truth.file());
    }
    if (counts.<Long>getAs("twice") > 0) {
      throw EvaluationErrors.labelledTwice(
          truth.file(), counts.<Long>getAs("twice"), counts.getAs("one_twice"));
    }
    if (counts.<Long>getAs("itself") > 0) {
      throw EvaluationErrors.withItself(
          truth.file(), counts.<Long>getAs("itself"), counts.getAs("one_itself"));
    }
    if (counts.<Long>getAs(KNOWN) == 0) {
      throw EvaluationErrors.noneInTheMap(truth.file(), all);
    }
    return counts;
  }

  private EvaluationResult result(
      Labels labels, Row counts, long records, Optional<Persons> persons) {
    Agreement agreement = Agreement.of(labels.units());
    Dataset<Row> linked = labels.linked(links);
    long right = agreement.rightPairs();
    return new EvaluationResult(
        truth.grain(),
        counts.<Long>getAs(ALL),
        counts.<Long>getAs(ALL) - counts.<Long>getAs(KNOWN),
        records,
        agreement.truePairs(),
        agreement.foundPairs(),
        right,
        agreement.precision(),
        agreement.recall(),
        agreement.f1(),
        persons,
        curve(linked, agreement.truePairs()),
        Mistakes.twoPersons(labels, linked, agreement.foundPairs() - right),
        Mistakes.twoCustomers(labels, links, agreement.truePairs() - right));
  }

  /** Deterministic links count at every threshold. Empty where no link was found by matching. */
  private List<Point> curve(Dataset<Row> linked, long truePairs) {
    if (links.where(IdentityLinks.RULE.col().equalTo(Matches.RULE)).isEmpty()) {
      return List.of();
    }
    Column probability = IdentityLinks.MATCH_PROBABILITY.col();
    var counts = new ArrayList<Column>();
    for (double threshold : THRESHOLDS) {
      Column over = probability.geq(threshold);
      counts.add(count_if(over));
      counts.add(count_if(over.and(TruthFile.SAME_PERSON.col())));
    }
    Row row =
        linked
            .where(IdentityLinks.RULE.col().equalTo(Matches.RULE).or(IdentityLinks.KEPT.col()))
            .groupBy(TruthFile.LEFT.col(), TruthFile.RIGHT.col(), TruthFile.SAME_PERSON.col())
            .agg(max(probability).as(IdentityLinks.MATCH_PROBABILITY.name()))
            .agg(counts.get(0), counts.subList(1, counts.size()).toArray(new Column[0]))
            .head();
    var points = new ArrayList<Point>();
    for (int i = 0; i < THRESHOLDS.size(); i++) {
      points.add(
          new Point(THRESHOLDS.get(i), row.getLong(2 * i), row.getLong(2 * i + 1), truePairs));
    }
    return points;
  }
}
