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
  static List<Trial> trials(Dataset<Row> prepared, Fit fit, int leastK, int mostK) {
    // Small clusters are found once and joined to every number.
    boolean inOne = fit.method() == Method.HIERARCHICAL;
    int first = inOne ? mostK : leastK;
    Column ks = sequence(lit(first), lit(mostK));
    MapPartitionsFunction<Row, Row> trials = rows -> trials(rows, fit, inOne ? leastK : 0);
    return drawn(prepared, fit)
        .withColumn(K, explode(ks))
        .repartition(mostK - first + 1, col(K))
        .sortWithinPartitions(col(K), col(DRAW), ID)
        .mapPartitions(trials, Encoders.row(Trial.TABLE.schema()))
        .collectAsList()
        .stream()
        .map(Trial::of)
        .sorted(Comparator.comparing(Trial::k))
        .toList();
  }

  /** Returns the centres of {@link Hierarchy#small} clusters. An action. */
  static List<Vector> small(Dataset<Row> prepared, Fit fit) {
    MapPartitionsFunction<Row, double[]> centres =
        rows -> Arrays.asList(Hierarchy.small(points(rows), fit).centres()).iterator();
    return drawn(prepared, fit)
        .repartition(1)
        .sortWithinPartitions(col(DRAW), ID)
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

  private static double[][] points(Iterator<Row> rows) {
    List<double[]> points = new ArrayList<>();
    rows.forEachRemaining(row -> points.add(row.<Vector>getAs(Preparation.VECTOR).toArray()));
    return points.toArray(double[][]::new);
  }

  /**
   * @param leastK of a hierarchy, which is tried from there on; else 0
   */
  private static Iterator<Row> trials(Iterator<Row> rows, Fit fit, int leastK) {
    Map<Integer, List<Row>> byK = new TreeMap<>();
    rows.forEachRemaining(
        row -> byK.computeIfAbsent(row.<Integer>getAs(K), k -> new ArrayList<>()).add(row));
    return byK.entrySet().stream()
        .flatMap(each -> trials(points(each.getValue().iterator()), fit, leastK, each.getKey()))
        .iterator();
  }

  private static Stream<Row> trials(double[][] points, Fit fit, int leastK, int k) {
    return switch (fit.method()) {
      case K_MEANS ->
          Lloyd.best(points, k, fit.starts(), fit.seed()).stream()
              .map(
                  best ->
                      row(
                          best,
                          fit,
                          MEASURED,
                          (again, of, seed) -> Lloyd.best(again, of, 2, seed)));
      case BISECTING ->
          Bisecting.clusters(points, k, fit.seed()).stream()
              .map(best -> row(best, fit, MEASURED, Bisecting::clusters));
      case HIERARCHICAL -> {
        Clustering small = Hierarchy.small(points, fit);
        List<Join> joins = Ward.joins(small.centres(), small.weights());
        yield IntStream.rangeClosed(leastK, Math.min(k, joins.size() + 1))
            .mapToObj(each -> Hierarchy.clustering(points, small, joins, each))
            .map(best -> row(best, fit, JOINED, Hierarchy::clusters));
      }
    };
  }

  private static Row row(Clustering best, Fit fit, int resampled, Stability.Method method) {
    double[] stability = best.stability(resampled, method, RESAMPLES, fit.seed());
    return Trial.row(best, MEASURED, stability);
  }
}
