package io.persegment.segments;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sequence;
import static org.apache.spark.sql.functions.xxhash64;

import io.persegment.features.CustomerFeatures;
import io.persegment.segments.KMeansSettings.Fit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/**
 * Tries every number of clusters on a sample of customers. A fit on all of them costs its passes
 * over the data; a sample that fits into one task needs none, so it can be done many times, and in
 * an order of rows that does not depend on how the data lies.
 */
final class Sample {
  /**
   * How many of the sample a silhouette is the mean of: its time grows with the square, and over
   * 5,000 customers its standard error is some .004 already.
   */
  private static final int SILHOUETTE_OF = 5_000;

  private static final String K = "k";
  private static final String DRAW = "draw";

  private Sample() {}

  /**
   * Returns what came of each k, in order; a k is missing where there are fewer different
   * customers. An action.
   *
   * @param prepared customers with {@link Preparation#VECTOR}
   */
  static List<Trial> trials(Dataset<Row> prepared, Fit fit) {
    int partitions = fit.mostK() - fit.leastK() + 1;
    Column id = CustomerFeatures.CUSTOMER_ID.col();
    Column ks = sequence(lit(fit.leastK()), lit(fit.mostK()));
    int starts = fit.starts();
    long seed = fit.seed();
    MapPartitionsFunction<Row, Row> trials = rows -> trials(rows, starts, seed);
    return prepared
        .select(xxhash64(id, lit(fit.seed())).as(DRAW), id, col(Preparation.VECTOR))
        .orderBy(col(DRAW), id)
        .limit(fit.sample())
        .withColumn(K, explode(ks))
        .repartition(partitions, col(K))
        .sortWithinPartitions(col(K), col(DRAW), id)
        .mapPartitions(trials, Encoders.row(Trial.TABLE.schema()))
        .collectAsList()
        .stream()
        .map(Trial::of)
        .sorted(Comparator.comparing(Trial::k))
        .toList();
  }

  private static Iterator<Row> trials(Iterator<Row> rows, int starts, long seed) {
    Map<Integer, List<double[]>> points = new TreeMap<>();
    rows.forEachRemaining(
        row ->
            points
                .computeIfAbsent(row.<Integer>getAs(K), k -> new ArrayList<>())
                .add(row.<Vector>getAs(Preparation.VECTOR).toArray()));
    return points.entrySet().stream()
        .flatMap(
            each ->
                Lloyd.best(each.getValue().toArray(new double[0][]), each.getKey(), starts, seed)
                    .stream())
        .map(clustering -> Trial.row(clustering, SILHOUETTE_OF))
        .iterator();
  }
}
