package io.persegment.matching;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.xxhash64;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How what is known of two records adds up to their match weight. The weight is no sum over
 * comparisons, as a pair that is not one person may be of several {@link Kind}s. So they are taken
 * in one after the other, and each has the bits by which the weight moves.
 *
 * @param left number of the record, as {@link Matching#LEFT}
 * @param right as {@link Matching#RIGHT}
 * @param start the weight before anything is known of the pair
 * @param steps one for each comparison, in their order
 */
public record Waterfall(long left, long right, double start, List<Step> steps) {
  /**
   * One comparison.
   *
   * @param outcome how far the values agree, in words
   * @param share of all known values, the one that both have; empty where its rarity does not count
   * @param bits by which it moves the weight; below 0 where it speaks against one person
   * @param weight with this and all before it
   */
  public record Step(
      String comparison, String outcome, Optional<Double> share, double bits, double weight) {}

  private static final String UNKNOWN = "not known of both";

  public Waterfall {
    steps = List.copyOf(steps);
  }

  /**
   * Compares pairs by what was learnt. An action; a row a pair comes to the driver.
   *
   * @param contacts rows of contacts with {@link Matching#NODE}; a pair of others is left out
   * @param pairs {@link Matching#LEFT} and {@link Matching#RIGHT}
   */
  public static List<Waterfall> of(Dataset<Row> contacts, Dataset<Row> pairs, LearntModel model) {
    List<Comparison> comparisons = model.compared();
    var settings = MatchingSettings.comparing(comparisons);
    Dataset<Row> compared =
        Pairs.explained(
            Pairs.members(places(pairs), Comparables.of(contacts, settings), settings),
            model.frequencies(),
            settings);
    var odds = new Odds(model.model(), comparisons);
    return compared.collectAsList().stream() // a row a pair that was asked for
        .map(row -> of(row, odds, comparisons))
        .toList();
  }

  /** Each pair is a block of its own. */
  private static Dataset<Row> places(Dataset<Row> pairs) {
    return pairs
        .select(
            xxhash64(Matching.LEFT.col(), Matching.RIGHT.col()).as(Matching.KEY.name()),
            explode(array(Matching.LEFT.col(), Matching.RIGHT.col())).as(Matching.NODE.name()))
        .groupBy(Matching.NODE.col())
        .agg(sort_array(collect_set(Matching.KEY.col())).as(Pairs.KEYS.name()))
        .withColumn(Pairs.IS_FRESH.name(), lit(true));
  }

  private static Waterfall of(Row row, Odds odds, List<Comparison> comparisons) {
    return of(row.getLong(0), row.getLong(1), row.getLong(2), row.getList(3), odds, comparisons);
  }

  /** Adds up one pair, by its pattern and the rarities that {@link Odds} takes. */
  static Waterfall of(
      long left,
      long right,
      long pattern,
      List<Double> rarities,
      Odds odds,
      List<Comparison> comparisons) {
    double start = odds.weight(0, rarities);
    double before = start;
    List<Step> steps = new ArrayList<>();
    for (int place = 0; place < comparisons.size(); place++) {
      double weight = odds.weight(Patterns.upTo(pattern, place), rarities);
      Comparison comparison = comparisons.get(place);
      boolean counts = comparison.termFrequency() && Patterns.outcome(pattern, place) == 1;
      steps.add(
          new Step(
              comparison.name(),
              outcome(pattern, place, comparisons),
              counts ? Optional.of(Math.exp(rarities.get(place))) : Optional.empty(),
              weight - before,
              weight));
      before = weight;
    }
    return new Waterfall(left, right, start, steps);
  }

  /** Returns the weight with all that is known. */
  public double weight() {
    return steps.isEmpty() ? start : steps.get(steps.size() - 1).weight();
  }

  /** Returns the chance that both are one person. */
  public double probability() {
    return 1 / (1 + Math.pow(2, -weight()));
  }

  private static String outcome(long pattern, int place, List<Comparison> comparisons) {
    int outcome = Patterns.outcome(pattern, place);
    if (outcome > 0) {
      return comparisons.get(place).inWords(outcome);
    }
    String name = comparisons.get(place).name();
    for (int other = 0; other < comparisons.size(); other++) {
      Comparison comparison = comparisons.get(other);
      if (comparison.swapsWith().equals(Optional.of(name))
          && Patterns.outcome(pattern, other) == comparison.swapped()) {
        return "swapped, as counted at " + comparison.name();
      }
    }
    return UNKNOWN;
  }
}
