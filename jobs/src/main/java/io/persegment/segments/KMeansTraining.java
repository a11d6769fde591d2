package io.persegment.segments;

import static org.apache.spark.sql.functions.col;

import io.persegment.features.CustomerFeatures;
import io.persegment.segments.KMeansSettings.Fit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.mllib.clustering.KMeans;
import org.apache.spark.mllib.linalg.Vectors;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Fits clusters: chooses their number and where to start on a sample, then fits once on all
 * customers from there.
 */
final class KMeansTraining {
  /**
   * What came of it.
   *
   * @param pipeline preparation and clusters in one, as it is to be saved
   * @param trials every number of clusters that was tried
   * @param chosen the one of them that was taken
   * @param iterations passes of the final fit
   * @param strengths of each cluster, what {@link Preparation#strengths} says of its centre
   */
  record Trained(
      PipelineModel pipeline,
      long customers,
      List<Trial> trials,
      Trial chosen,
      int iterations,
      List<Vector> strengths) {}

  private static final int LEAST_CUSTOMERS_A_CLUSTER = 10;
  private static final int MOST_ITERATIONS = 100;

  private KMeansTraining() {}

  /**
   * Fits a model. An action: reads {@code known} some {@link Trained#iterations} times at least, so
   * it had better be persisted.
   *
   * @param known customers of whom enough is known, as {@link Preparation#known} says
   * @throws Refused where there are too few customers, or no number of clusters will do
   */
  static Trained train(Dataset<Row> known, Fit fit) throws Refused {
    Preparation preparation = Preparation.of(known, fit);
    int needed = LEAST_CUSTOMERS_A_CLUSTER * fit.leastK();
    if (preparation.customers() < needed) {
      throw new Refused(
          "%d customers can be clustered, but %d clusters need %d"
              .formatted(preparation.customers(), fit.leastK(), needed));
    }
    Dataset<Row> prepared =
        preparation
            .prepare(known)
            .select(CustomerFeatures.CUSTOMER_ID.col(), col(Preparation.VECTOR));
    List<Trial> trials = Sample.trials(prepared, fit);
    Trial chosen = choose(trials, fit);
    var fitted = fit(prepared, chosen);
    KMeansModel clusters = new KMeansModel("clusters", fitted);
    clusters.set(clusters.k(), chosen.k());
    clusters.setFeaturesCol(Preparation.VECTOR).setPredictionCol(ClusterModel.CLUSTER);
    List<Transformer> stages = new ArrayList<>(preparation.stages());
    stages.add(clusters);
    return new Trained(
        new PipelineModel("segments", stages),
        preparation.customers(),
        trials,
        chosen,
        fitted.numIter(),
        Stream.of(clusters.clusterCenters()).map(preparation::strengths).toList());
  }

  /**
   * Returns the least k whose silhouette is within the tolerance of the best, among those whose
   * clusters are all large enough.
   */
  static Trial choose(List<Trial> trials, Fit fit) throws Refused {
    List<Trial> large =
        trials.stream()
            .filter(trial -> trial.leastShare() > 0 && trial.leastShare() >= fit.leastShare())
            .toList();
    double best =
        large.stream().mapToDouble(Trial::silhouette).max().orElse(Double.NEGATIVE_INFINITY);
    return large.stream()
        .filter(trial -> trial.silhouette() >= best - fit.tolerance() * Math.abs(best))
        .min(Comparator.comparing(Trial::k))
        .orElseThrow(
            () ->
                new Refused(
                    String.format(
                        Locale.ROOT,
                        "of %d..%d clusters none can be told apart such that each holds %.1f %%"
                            + " of the customers",
                        fit.leastK(),
                        fit.mostK(),
                        100 * fit.leastShare())));
  }

  /** Rows come in an order of their own, so that sums do not depend on how the data lies. */
  private static org.apache.spark.mllib.clustering.KMeansModel fit(
      Dataset<Row> prepared, Trial from) {
    RDD<org.apache.spark.mllib.linalg.Vector> vectors =
        prepared
            .repartition(CustomerFeatures.CUSTOMER_ID.col())
            .sortWithinPartitions(CustomerFeatures.CUSTOMER_ID.col())
            .javaRDD()
            .map(row -> Vectors.fromML(row.<Vector>getAs(Preparation.VECTOR)))
            .rdd();
    var start =
        new org.apache.spark.mllib.clustering.KMeansModel(
            from.centres().stream().map(Vectors::fromML).toList());
    return new KMeans()
        .setK(from.k())
        .setMaxIterations(MOST_ITERATIONS)
        .setInitialModel(start)
        .run(vectors);
  }
}
