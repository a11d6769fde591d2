package io.persegment.identity;

import static org.apache.spark.sql.functions.max;

import io.persegment.identity.EvaluationResult.Persons;
import io.persegment.identity.EvaluationResult.Point;
import io.persegment.table.Lake;
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
  private final Truth truth;
  private final Dataset<Row> links;
  private final TruthFile.Counts counts;
  private final Dataset<Row> known;

  /**
   * @param known labels, of records that have a customer
   */
  private Evaluation(Truth truth, Dataset<Row> links, TruthFile.Counts counts, Dataset<Row> known) {
    this.truth = truth;
    this.links = links;
    this.counts = counts;
    this.known = known;
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
    Dataset<Row> labels = file.labels().persist();
    try {
      var evaluation =
          new Evaluation(truth, links, file.check(labels), labels.where(file.isKnown()));
      return truth.grain() == Truth.Grain.CLUSTER ? evaluation.ofClusters() : evaluation.ofPairs();
    } finally {
      labels.unpersist();
    }
  }

  private EvaluationResult ofClusters() {
    var labels = new LabelledClusters(known);
    return result(labels, counts.known(), Optional.of(labels.persons()));
  }

  private EvaluationResult ofPairs() {
    long records =
        known
            .select(TruthFile.LEFT.col())
            .union(known.select(TruthFile.RIGHT.col()))
            .distinct()
            .count();
    return result(new LabelledPairs(known), records, Optional.empty());
  }

  private EvaluationResult result(Labels labels, long records, Optional<Persons> persons) {
    Agreement agreement = Agreement.of(labels.units());
    Dataset<Row> linked = labels.linked(links);
    long right = agreement.rightPairs();
    return new EvaluationResult(
        truth.grain(),
        counts.all(),
        counts.all() - counts.known(),
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
    Dataset<Row> pairs =
        linked
            .where(IdentityLinks.RULE.col().equalTo(Matches.RULE).or(IdentityLinks.KEPT.col()))
            .groupBy(TruthFile.LEFT.col(), TruthFile.RIGHT.col(), TruthFile.SAME_PERSON.col())
            .agg(max(probability).as(IdentityLinks.MATCH_PROBABILITY.name()));
    return Threshold.all(pairs, TruthFile.SAME_PERSON.col()).stream()
        .map(each -> new Point(each.at(), each.pairs(), (long) each.total(), truePairs))
        .toList();
  }
}
