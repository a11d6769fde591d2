package io.persegment.scores;

import io.persegment.scores.Learning.Algorithm;
import io.persegment.scores.Preparation.Term;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import ml.dmlc.xgboost4j.scala.spark.XGBoostClassificationModel;
import ml.dmlc.xgboost4j.scala.spark.XGBoostClassifier;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.RandomForestClassifier;
import org.apache.spark.ml.linalg.Matrices;
import org.apache.spark.ml.linalg.Matrix;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * One way to fit a model.
 *
 * @param penalty of logistic regression: strength of the elastic net (Zou and Hastie 2005, J. R.
 *     Statist. Soc. B 67) on the mean log loss
 * @param depth of boosted trees (Chen and Guestrin 2016, KDD 22), or of those of a random forest
 *     (Breiman 2001, Machine Learning 45)
 * @param trees how many of them
 */
record Candidate(Algorithm algorithm, double penalty, int depth, int trees) {
  /** Of the mean log loss; what is gained beyond it changes no score by a thousandth. */
  private static final double TOLERANCE = 1e-6;

  private static final int MOST_ITERATIONS = 500;

  /** Trees that are grown without the log loss having fallen, before no more are. */
  private static final int PATIENCE = 30;

  /** Part of the rows, and of the columns, that each tree looks at. */
  private static final double SUBSAMPLE = 0.8;

  private static final double LEAST_WEIGHT = 5;

  /** Trees of a random forest: more make it no better, and only take time. */
  private static final int FOREST = 100;

  private static final long SEED = 1;

  /** A candidate, and its log loss out of time. */
  record Judged(Candidate candidate, double logLoss) {}

  static Candidate logistic(double penalty) {
    return new Candidate(Algorithm.LOGISTIC_REGRESSION, penalty, 0, 0);
  }

  /** Returns all that {@code learning} asks for. */
  static List<Candidate> all(Learning learning) {
    var all = new ArrayList<Candidate>();
    for (Algorithm algorithm : learning.algorithms()) {
      switch (algorithm) {
        case LOGISTIC_REGRESSION ->
            learning.penalties().stream().sorted().forEach(penalty -> all.add(logistic(penalty)));
        case RANDOM_FOREST ->
            learning.depths().stream()
                .map(depth -> Math.min(depth, Shapley.DEEPEST))
                .distinct()
                .forEach(depth -> all.add(new Candidate(algorithm, 0, depth, FOREST)));
        case XGBOOST ->
            learning
                .depths()
                .forEach(
                    depth -> all.add(new Candidate(algorithm, 0, depth, learning.mostTrees())));
      }
    }
    return all;
  }

  /** Returns the settings that were chosen, by the names that the ledger has them under. */
  Map<String, Double> metrics() {
    return algorithm.growsTrees()
        ? new TreeMap<>(Map.of("depth", (double) depth, "trees", (double) trees))
        : new TreeMap<>(Map.of("penalty", penalty));
  }

  /**
   * Fits to {@code earlier} and finds out how well {@code later} is foretold. Of trees, so many are
   * kept as foretell it best. Many small jobs.
   *
   * @param later with {@link Preparation#VECTOR}, as {@code earlier}
   */
  Judged judged(
      Dataset<Row> earlier, Dataset<Row> later, Preparation preparation, Learning learning) {
    Candidate stopped =
        algorithm == Algorithm.XGBOOST ? stopped(earlier, later, preparation, learning) : this;
    Transformer model = stopped.fit(earlier, preparation, learning);
    return new Judged(
        stopped, Uncertainty.calibratedLogLoss(Propensity.withRaw(model.transform(later))));
  }

  /** Returns this with so many trees as foretell {@code later} best. */
  private Candidate stopped(
      Dataset<Row> earlier, Dataset<Row> later, Preparation preparation, Learning learning) {
    XGBoostClassifier trees = boosted(earlier, preparation, learning);
    trees.setEvalDataset(later);
    trees.setNumEarlyStoppingRounds(PATIENCE);
    float[] losses = trees.fit(earlier).summary().get().validationObjectiveHistory().apply(0)._2();
    int best = 0;
    for (int i = 1; i < losses.length && losses[i] > 0; i++) { // 0 where no tree was grown any more
      best = losses[i] < losses[best] ? i : best;
    }
    return new Candidate(algorithm, 0, depth, best + 1);
  }

  /**
   * Returns the fitted model. Many small jobs.
   *
   * @param examples with {@link Preparation#VECTOR} and {@link Examples#LABEL}, settled
   */
  Transformer fit(Dataset<Row> examples, Preparation preparation, Learning learning) {
    return switch (algorithm) {
      case LOGISTIC_REGRESSION -> logistic(preparation, learning).fit(examples);
      case RANDOM_FOREST -> forest().fit(examples);
      case XGBOOST -> unconstrained(boosted(examples, preparation, learning).fit(examples));
    };
  }

  private RandomForestClassifier forest() {
    return new RandomForestClassifier()
        .setFeaturesCol(Preparation.VECTOR)
        .setLabelCol(Examples.LABEL.name())
        .setProbabilityCol(Propensity.PROBABILITY)
        .setRawPredictionCol(Propensity.RAW)
        .setPredictionCol(Propensity.CLASS)
        .setNumTrees(trees)
        .setMaxDepth(depth)
        .setMinInstancesPerNode((int) LEAST_WEIGHT)
        .setSeed(SEED);
  }

  private LogisticRegression logistic(Preparation preparation, Learning learning) {
    var regression =
        new LogisticRegression()
            .setFeaturesCol(Preparation.VECTOR)
            .setLabelCol(Examples.LABEL.name())
            .setProbabilityCol(Propensity.PROBABILITY)
            .setRawPredictionCol(Propensity.RAW)
            .setPredictionCol(Propensity.CLASS)
            .setStandardization(false) // the preparation did
            .setRegParam(penalty)
            .setElasticNetParam(learning.l1Share())
            .setTol(TOLERANCE)
            .setMaxIter(MOST_ITERATIONS);
    if (learning.isBounded()) {
      // With bounds there is no L1 penalty in MLlib.
      regression
          .setElasticNetParam(0)
          .setLowerBoundsOnCoefficients(
              bounds(preparation, term -> direction(term, learning) > 0 ? 0 : -1))
          .setUpperBoundsOnCoefficients(
              bounds(preparation, term -> direction(term, learning) < 0 ? 0 : 1));
    }
    return regression;
  }

  private static Matrix bounds(Preparation preparation, ToIntFunction<Term> side) {
    double[] bounds =
        preparation.terms().stream()
            .mapToInt(side)
            .mapToDouble(each -> each == 0 ? 0 : each * Double.POSITIVE_INFINITY)
            .toArray();
    return Matrices.dense(1, bounds.length, bounds);
  }

  private XGBoostClassifier boosted(
      Dataset<Row> examples, Preparation preparation, Learning learning) {
    var trees = new XGBoostClassifier();
    trees.setFeaturesCol(Preparation.VECTOR);
    trees.setLabelCol(Examples.LABEL.name());
    trees.setProbabilityCol(Propensity.PROBABILITY);
    trees.setRawPredictionCol(Propensity.RAW);
    trees.setPredictionCol(Propensity.CLASS);
    trees.setObjective("binary:logistic");
    trees.setEvalMetric("logloss");
    trees.setTreeMethod("hist");
    trees.setNumRound(this.trees);
    trees.setMaxDepth(depth);
    trees.setEta(learning.rate());
    trees.setMinChildWeight(LEAST_WEIGHT);
    trees.setSubsample(SUBSAMPLE);
    trees.setColsampleBytree(SUBSAMPLE);
    trees.setSeed(SEED);
    trees.setVerbosity(0);
    trees.setNumWorkers(workers(examples));
    trees.setForceRepartition(true); // evenly: a worker without any rows ends all of them
    if (learning.isBounded()) {
      constrain(trees, preparation, learning);
    }
    return trees;
  }

  /** A worker takes a part of the rows and a core, and all work at once. */
  private static int workers(Dataset<Row> examples) {
    SparkContext spark = examples.sparkSession().sparkContext();
    int slots =
        spark.maxNumConcurrentTasks(spark.resourceProfileManager().defaultResourceProfile());
    return Math.max(1, Math.min(examples.rdd().getNumPartitions(), slots));
  }

  /**
   * XGBoost is handed what the parameter's value is as a text, and that of an array is none; so it
   * is given the text itself. A model with that could not be saved, see {@link #unconstrained}.
   */
  @SuppressWarnings({"unchecked", "rawtypes"})
  private static void constrain(
      XGBoostClassifier trees, Preparation preparation, Learning learning) {
    String constraints =
        preparation.terms().stream()
            .map(term -> String.valueOf(direction(term, learning)))
            .collect(Collectors.joining(",", "(", ")"));
    trees.set((Param) trees.monotoneConstraints(), constraints);
  }

  /** Forgets the constraints, which only growing trees needs. */
  private static XGBoostClassificationModel unconstrained(XGBoostClassificationModel model) {
    model.clear(model.monotoneConstraints());
    return model;
  }

  /** Returns 1 where the score may only rise with the number, -1 where only fall, else 0. */
  private static int direction(Term term, Learning learning) {
    if (term.kind() != Term.Kind.LOGARITHM) {
      return 0;
    }
    return learning.rises().contains(term.feature())
        ? 1
        : learning.falls().contains(term.feature()) ? -1 : 0;
  }

  @Override
  public String toString() {
    return algorithm.growsTrees()
        ? "%s of depth %d, %d trees".formatted(algorithm.inWords(), depth, trees)
        : "%s with penalty %s".formatted(algorithm.inWords(), penalty);
  }
}
