package io.persegment.segments;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sequence;
import static org.apache.spark.sql.functions.xxhash64;

import io.persegment.features.CustomerFeatures;
import io.persegment.segments.ClusterSettings.Fit;
import io.persegment.segments.ClusterSettings.Method;
import io.persegment.segments.Ward.Join;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
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
   * How many of the sample silhouette and stability are of: the former's time grows with the
   * square, and over 5,000 customers its standard error is some .004 already.
   */
  private static final int MEASURED = 5_000;

  /** The same for resamples of a hierarchy, whose time grows with the square as well, each time. */
  private static final int JOINED = 1_000;

  /** The mean of so many overlaps has a standard error of some .01 where clusters are doubtful. */
  private static final int RESAMPLES = 20;

  private static final Column ID = CustomerFeatures.CUSTOMER_ID.col();
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
    MapPartitionsFunction<Row, Row> trials = rows -> trials(rows, fit);
    return trials(
        drawn(prepared, fit)
            .withColumn(K, explode(sequence(lit(fit.leastK()), lit(fit.mostK()))))
            .repartition(fit.mostK() - fit.leastK() + 1, col(K))
            .sortWithinPartitions(col(K), col(DRAW), ID),
        trials);
  }

  /**
   * Returns the same of a hierarchy, whose small clusters are found once and joined to every
   * number. An action.
   *
   * @param joins of the sample's customers, each its own small cluster; empty where these are found
   */
  static List<Trial> trials(
      Dataset<Row> prepared, Optional<List<Join>> joins, Fit fit, int leastK, int mostK) {
    List<Join> known = joins.orElse(List.of()); // an Optional cannot be sent
    MapPartitionsFunction<Row, Row> trials =
        rows -> trials(points(rows), known, fit, leastK, mostK).iterator();
    return trials(inOrder(prepared, fit), trials);
  }

  private static List<Trial> trials(Dataset<Row> sample, MapPartitionsFunction<Row, Row> trials) {
    return sample.mapPartitions(trials, Encoders.row(Trial.TABLE.schema())).collectAsList().stream()
        .map(Trial::of)
        .sorted(Comparator.comparing(Trial::k))
        .toList();
  }

  /** Returns the centres of {@link Hierarchy#small} clusters. An action. */
  static List<Vector> small(Dataset<Row> prepared, boolean isExact, Fit fit) {
    MapPartitionsFunction<Row, double[]> centres =
        rows -> Arrays.asList(Hierarchy.small(points(rows), isExact, fit).centres()).iterator();
    return inOrder(prepared, fit)
        .mapPartitions(centres, Encoders.javaSerialization(double[].class))
        .collectAsList()
        .stream()
        .map(Vectors::dense)
        .toList();
  }

  /** Returns the shape of each feature. An action. */
  static List<Shape> shapes(Dataset<Row> features, Fit fit) {
    MapPartitionsFunction<Row, double[]> shapes = rows -> shapes(points(rows), fit).iterator();
    return drawn(features, fit)
        .repartition(1)
        .mapPartitions(shapes, Encoders.javaSerialization(double[].class))
        .collectAsList()
        .stream()
        .map(shape -> new Shape(shape[0], shape[1], shape[2]))
        .toList();
  }

  private static List<double[]> shapes(double[][] points, Fit fit) {
    return IntStream.range(0, fit.features().size())
        .mapToObj(
            i -> Shape.of(Arrays.stream(points).mapToDouble(point -> point[i]).toArray(), fit))
        .map(shape -> new double[] {shape.least(), shape.most(), shape.lambda()})
        .toList();
  }

  private static Dataset<Row> drawn(Dataset<Row> prepared, Fit fit) {
    return prepared
        .select(xxhash64(ID, lit(fit.seed())).as(DRAW), ID, col(Preparation.VECTOR))
        .orderBy(col(DRAW), ID)
        .limit(fit.sample());
  }

  private static Dataset<Row> inOrder(Dataset<Row> prepared, Fit fit) {
    return drawn(prepared, fit).repartition(1).sortWithinPartitions(col(DRAW), ID);
  }

  private static double[][] points(Iterator<Row> rows) {
    List<double[]> points = new ArrayList<>();
    rows.forEachRemaining(row -> points.add(row.<Vector>getAs(Preparation.VECTOR).toArray()));
    return points.toArray(double[][]::new);
  }

  private static Iterator<Row> trials(Iterator<Row> rows, Fit fit) {
    Map<Integer, List<Row>> byK = new TreeMap<>();
    rows.forEachRemaining(
        row -> byK.computeIfAbsent(row.<Integer>getAs(K), k -> new ArrayList<>()).add(row));
    return byK.entrySet().stream()
        .flatMap(each -> trial(points(each.getValue().iterator()), fit, each.getKey()).stream())
        .iterator();
  }

  private static Optional<Row> trial(double[][] points, Fit fit, int k) {
    return fit.method() == Method.BISECTING
        ? Bisecting.clusters(points, k, fit.starts(), fit.seed())
            .map(
                best ->
                    row(
                        best,
                        fit,
                        MEASURED,
                        (again, of, seed) -> Bisecting.clusters(again, of, 2, seed)))
        : Lloyd.best(points, k, fit.starts(), fit.seed())
            .map(
                best ->
                    row(best, fit, MEASURED, (again, of, seed) -> Lloyd.best(again, of, 2, seed)));
  }

  /**
   * @param known joins of the points; where there are none, small clusters of them are joined
   */
  private static Stream<Row> trials(
      double[][] points, List<Join> known, Fit fit, int leastK, int mostK) {
    Clustering small = Hierarchy.small(points, !known.isEmpty(), fit);
    List<Join> joins = known.isEmpty() ? Ward.joins(small.centres(), small.weights()) : known;
    return IntStream.rangeClosed(leastK, Math.min(mostK, Ward.different(joins)))
        .mapToObj(k -> Hierarchy.clustering(points, small, joins, k))
        .map(best -> row(best, fit, JOINED, Hierarchy::clusters));
  }

  private static Row row(Clustering best, Fit fit, int resampled, Stability.Method method) {
    double[] stability = best.stability(resampled, method, RESAMPLES, fit.seed());
    return Trial.row(best, MEASURED, stability);
  }
}
