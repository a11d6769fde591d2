package io.persegment.segments;

import static org.apache.spark.sql.functions.col;

import io.persegment.features.CustomerFeatures;
import io.persegment.segments.ClusterSettings.Fit;
import io.persegment.segments.ClusterSettings.Method;
import io.persegment.segments.Ward.Join;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.clustering.KMeansModel;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.mllib.clustering.KMeans;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Fits clusters: chooses their number and where to start on a sample, then fits once on all
 * customers from there.
 */
final class ClusterTraining {
  /**
   * What came of it.
   *
   * @param pipeline preparation and clusters in one, as it is to be saved
   * @param trials every number of clusters that was tried
   * @param chosen the one of them that was taken
   * @param iterations passes of the final fit
   * @param stability of each cluster, that of the one on the sample that it is
   * @param strengths of each cluster, what {@link Preparation#strengths} says of its centre
   * @param joins of a hierarchy; none of other clusters
   */
  record Trained(
      PipelineModel pipeline,
      long customers,
      List<Trial> trials,
      Trial chosen,
      int iterations,
      List<Double> stability,
      List<Vector> strengths,
      List<Join> joins) {}

  /**
   * Clusters of all customers.
   *
   * @param stages what assigns a prepared customer to its cluster
   * @param centres of the clusters, in order
   */
  private record Fitted(
      List<Transformer> stages, List<Vector> centres, int iterations, List<Join> joins) {}

  private static final int LEAST_CUSTOMERS_A_CLUSTER = 10;
  private static final int MOST_ITERATIONS = 100;
  private static final int FEWEST_CLUSTERS = 2;

  private final Fit fit;
  private final Preparation preparation;
  private final Dataset<Row> prepared;

  private ClusterTraining(Fit fit, Preparation preparation, Dataset<Row> known) {
    this.fit = fit;
    this.preparation = preparation;
    this.prepared =
        preparation
            .prepare(known)
            .select(CustomerFeatures.CUSTOMER_ID.col(), col(Preparation.VECTOR));
  }

  /**
   * Fits a model. An action: reads {@code known} some {@link Trained#iterations} times at least, so
   * it had better be persisted.
   *
   * @param known customers of whom enough is known, as {@link Preparation#known} says
   * @throws Refused where there are too few customers, or no number of clusters will do
   */
  static Trained train(Dataset<Row> known, Fit fit) throws Refused {
    Preparation preparation = Preparation.of(known, fit);
    int fewest = fit.height() > 0 ? FEWEST_CLUSTERS : fit.leastK();
    int needed = LEAST_CUSTOMERS_A_CLUSTER * fewest;
    if (preparation.customers() < needed) {
      throw new Refused(
          "%d customers can be clustered, but %d clusters need %d"
              .formatted(preparation.customers(), fewest, needed));
    }
    var training = new ClusterTraining(fit, preparation.withComponents(known), known);
    return fit.method() == Method.HIERARCHICAL ? training.hierarchy() : training.flat();
  }

  private Trained flat() throws Refused {
    List<Trial> trials = Sample.trials(prepared, fit);
    Trial chosen = chosen(trials);
    return trained(trials, chosen, kMeans(chosen));
  }

  private Trained hierarchy() throws Refused {
    Hierarchy hierarchy = Hierarchy.of(prepared, preparation.customers(), fit);
    List<Trial> trials;
    if (fit.height() > 0) {
      int k = Ward.clusters(hierarchy.joins(), fit.height());
      if (k < FEWEST_CLUSTERS || k > Fit.MOST_CLUSTERS) {
        throw new Refused(
            "joined up to %s, %d clusters are left; it takes %d to %d"
                .formatted(fit.height(), k, FEWEST_CLUSTERS, Fit.MOST_CLUSTERS));
      }
      trials = Sample.trials(prepared, hierarchy.joinsOfSample(), fit, k, k);
    } else {
      trials = Sample.trials(prepared, hierarchy.joinsOfSample(), fit, fit.leastK(), fit.mostK());
    }
    Trial chosen = chosen(trials);
    return trained(trials, chosen, joined(hierarchy, chosen.k()));
  }

  private Trial chosen(List<Trial> trials) throws Refused {
    double least = (double) LEAST_CUSTOMERS_A_CLUSTER / preparation.customers();
    return choose(trials, fit, Math.max(fit.leastShare(), least));
  }

  private Trained trained(List<Trial> trials, Trial chosen, Fitted fitted) {
    List<Transformer> stages = new ArrayList<>(preparation.stages());
    stages.addAll(fitted.stages());
    return new Trained(
        new PipelineModel("segments", stages),
        preparation.customers(),
        trials,
        chosen,
        fitted.iterations(),
        stability(chosen, fitted.centres()),
        fitted.centres().stream().map(preparation::strengths).toList(),
        fitted.joins());
  }

  /** Returns the stability of the clusters of the sample that are nearest, each once. */
  private static List<Double> stability(Trial sample, List<Vector> centres) {
    double[][] near =
        centres.stream()
            .map(
                centre ->
                    sample.centres().stream()
                        .mapToDouble(
                            each -> 1 / (1 + Clustering.squared(centre.toArray(), each.toArray())))
                        .toArray())
            .toArray(double[][]::new);
    return Arrays.stream(Assignment.best(near)).mapToObj(sample.stability()::get).toList();
  }

  private Fitted kMeans(Trial chosen) {
    var fitted = fit(prepared, chosen.centres(), MOST_ITERATIONS);
    return new Fitted(
        List.of(stage("clusters", fitted, ClusterModel.CLUSTER)),
        vectors(Hierarchy.arrays(fitted)),
        fitted.numIter(),
        List.of());
  }

  private static List<Vector> vectors(double[][] points) {
    return Arrays.stream(points).map(Vectors::dense).toList();
  }

  private static Fitted joined(Hierarchy hierarchy, int k) {
    String ofSmall = // one word to the parser, where an array of thousands would be as many
        Arrays.stream(hierarchy.clusters(k))
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(" "));
    var clusters =
        new SQLTransformer("clusters")
            .setStatement(
                "select *, cast(split('%s', ' ')[cast(`%s` as int)] as int) as `%s` from __THIS__"
                    .formatted(ofSmall, ClusterModel.SMALL, ClusterModel.CLUSTER));
    List<Vector> centres = vectors(hierarchy.centres(k));
    var ofClusters =
        new org.apache.spark.mllib.clustering.KMeansModel(
            centres.stream().map(org.apache.spark.mllib.linalg.Vectors::fromML).toList());
    return new Fitted(
        List.of(
            stage("small", hierarchy.small(), ClusterModel.SMALL),
            clusters,
            stage("centres", ofClusters, ClusterModel.NEAREST)),
        centres,
        hierarchy.small().numIter(),
        hierarchy.joins());
  }

  /** Returns a fitted model as a stage that writes the nearest centre to {@code column}. */
  static KMeansModel stage(
      String name, org.apache.spark.mllib.clustering.KMeansModel fitted, String column) {
    KMeansModel stage = new KMeansModel(name, fitted);
    stage.set(stage.k(), fitted.k());
    return stage.setFeaturesCol(Preparation.VECTOR).setPredictionCol(column);
  }

  /**
   * Returns the least k whose silhouette is within the tolerance of the best, among those whose
   * clusters are all large enough and, if there are any, all stable enough.
   *
   * @param leastShare of the customers that each cluster must hold
   */
  static Trial choose(List<Trial> trials, Fit fit, double leastShare) throws Refused {
    List<Trial> large =
        trials.stream()
            .filter(trial -> trial.leastShare() > 0 && trial.leastShare() >= leastShare)
            .toList();
    List<Trial> stable =
        large.stream().filter(trial -> trial.leastStability() >= fit.leastStability()).toList();
    List<Trial> from = stable.isEmpty() ? large : stable;
    double best =
        from.stream().mapToDouble(Trial::silhouette).max().orElse(Double.NEGATIVE_INFINITY);
    return from.stream()
        .filter(trial -> trial.silhouette() >= best - fit.tolerance() * Math.abs(best))
        .min(Comparator.comparing(Trial::k))
        .orElseThrow(() -> new Refused(noneIn(trials, fit, leastShare)));
  }

  private static String noneIn(List<Trial> trials, Fit fit, double leastShare) {
    String tried =
        fit.height() > 0 // which alone says how many there are
            ? "the %s clusters that are left where what is nearer than %s is joined cannot"
                .formatted(trials.isEmpty() ? "few" : trials.get(0).k(), fit.height())
            : "of %d..%d clusters none can".formatted(fit.leastK(), fit.mostK());
    return String.format(
        Locale.ROOT,
        "%s be told apart such that each holds %.1f %% of the customers",
        tried,
        100 * leastShare);
  }

  /**
   * Fits K-Means from some centres on. Rows come in an order of their own, so that sums do not
   * depend on how the data lies. An action of so many passes at most.
   */
  static org.apache.spark.mllib.clustering.KMeansModel fit(
      Dataset<Row> prepared, List<Vector> from, int most) {
    RDD<org.apache.spark.mllib.linalg.Vector> vectors =
        prepared
            .repartition(CustomerFeatures.CUSTOMER_ID.col())
            .sortWithinPartitions(CustomerFeatures.CUSTOMER_ID.col())
            .javaRDD()
            .map(
                row ->
                    org.apache.spark.mllib.linalg.Vectors.fromML(
                        row.<Vector>getAs(Preparation.VECTOR)))
            .rdd();
    var start =
        new org.apache.spark.mllib.clustering.KMeansModel(
            from.stream().map(org.apache.spark.mllib.linalg.Vectors::fromML).toList());
    return new KMeans()
        .setK(from.size())
        .setMaxIterations(most)
        .setInitialModel(start)
        .run(vectors);
  }
}
