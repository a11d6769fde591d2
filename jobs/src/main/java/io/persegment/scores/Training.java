package io.persegment.scores;

import static org.apache.spark.sql.functions.lit;

import io.persegment.scores.Candidate.Judged;
import io.persegment.scores.Evaluation.Decile;
import io.persegment.scores.Examples.Size;
import io.persegment.scores.Examples.Sizes;
import io.persegment.scores.Learning.Algorithm;
import io.persegment.scores.TargetSettings.Goal;
import io.persegment.scores.Uncertainty.Interval;
import io.persegment.scores.Uncertainty.Measured;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Makes one model, and finds out how good it is on a time later than any it was trained on:
 *
 * <ol>
 *   <li>of all candidates, the one is taken whose model of the earlier examples foretells those of
 *       the latest training cut best;
 *   <li>the same, fitted to all training examples and calibrated on later ones, foretells the test,
 *       which gives the measures;
 *   <li>fitted to the calibration's examples too, it calibrates itself on the test's; a plain model
 *       is then fitted to all, and that calibration serves it.
 * </ol>
 */
final class Training implements Trainer {
  /** Changes when the same settings would make another model. */
  static final String METHOD = "3";

  /** A model is better than chance if its AUC is by so many standard errors. */
  private static final double SURE = 3;

  /** From so many examples on, more of them hardly make a model better, and only take time. */
  private static final long MANY = 200_000;

  private static final int ENOUGH_EVENTS = 2_000;
  private static final long SEED = 1;

  /** By so much of itself the log loss of one cut may differ by chance alone. */
  private static final double TOLERANCE = 0.005;

  private final TrainingSet set;
  private final TargetSettings target;
  private final Sizes sizes;
  private final List<String> warnings = new ArrayList<>();

  Training(TrainingSet set) {
    this.set = set;
    this.target = set.target();
    this.sizes = set.sizes();
  }

  /**
   * Fits and tests. Many actions.
   *
   * @throws Refusal where there is too little to learn from, or nothing was learnt
   */
  @Override
  public Result run() throws Refusal {
    set.requireEvents();
    Preparation preparation = set.preparation(warnings::add);
    Candidate chosen = chosen(preparation);
    try {
      return tested(chosen.algorithm().inWords(), preparation, chosen, target.baselines());
    } catch (Refusal refusal) {
      Preparation alone = set.insteadOf(refusal, warnings::add);
      return tested("baseline", alone, Candidate.logistic(leastPenalty()), List.of());
    }
  }

  @Override
  public Optional<String> loses(Result result, PipelineModel champion) {
    Dataset<Row> scored = set.tested(champion).persist();
    try {
      return loses(result.metrics(), scored);
    } finally {
      scored.unpersist();
    }
  }

  private Optional<String> loses(Map<String, Double> metrics, Dataset<Row> scored) {
    double auc = Evaluation.of(scored).auc();
    double error = Evaluation.calibrationError(Evaluation.deciles(scored));
    if (metrics.get("test.auc") < auc + target.margin()) {
      return Optional.of(
          "its AUC is %.4f, and the standing one's %.4f; margin asks for %s more"
              .formatted(metrics.get("test.auc"), auc, target.margin()));
    }
    return metrics.get("test.calibration_error.low") > error
        ? Optional.of(
            ("it is worse calibrated: its scores are off by %.4f on average, the standing one's by"
                    + " %.4f")
                .formatted(metrics.get("test.calibration_error"), error))
        : Optional.empty();
  }

  /**
   * Fits and tests one candidate.
   *
   * @param better columns than each of which alone it must be better
   */
  private Result tested(
      String algorithm, Preparation preparation, Candidate candidate, List<String> better)
      throws Refusal {
    PipelineModel model = calibrated(Slice.TRAINING, Slice.CALIBRATION, preparation, candidate);
    Dataset<Row> test = set.tested(model).persist();
    try {
      Evaluation tested = Evaluation.of(test);
      var baselines = new TreeMap<String, Baseline>();
      for (String baseline : better) {
        baselines.put(baseline, baseline(baseline));
      }
      requireBetter(tested, baselines);
      baselines.put("base_rate", Baseline.of(withPastRate(test)));
      List<Decile> deciles = Evaluation.deciles(test);
      Map<String, Double> metrics = metrics(tested, baselines, candidate);
      metrics.putAll(ofTest(test, deciles));
      return new Result(
          algorithm,
          used(preparation, candidate),
          model,
          metrics,
          deciles,
          preparation.features(),
          warnings);
    } finally {
      test.unpersist();
    }
  }

  /** How well a model does that knows one feature alone, or nothing. */
  private record Baseline(Evaluation tested, Map<String, Measured> measured) {
    static Baseline of(Dataset<Row> judged) {
      Dataset<Row> scored = judged.persist();
      try {
        return new Baseline(Evaluation.of(scored), Uncertainty.of(scored));
      } finally {
        scored.unpersist();
      }
    }

    /** Returns the measures by name, each after {@code prefix}, with their intervals. */
    Map<String, Double> metrics(String prefix) {
      Map<String, Double> metrics = tested.metrics(prefix);
      for (String name : List.copyOf(metrics.keySet())) {
        Interval interval = measured.get(name.substring(prefix.length() + 1)).interval();
        metrics.put(name + ".low", interval.low());
        metrics.put(name + ".high", interval.high());
      }
      return metrics;
    }
  }

  private void requireBetter(Evaluation model, Map<String, Baseline> baselines) throws Refusal {
    for (var baseline : baselines.entrySet()) {
      double alone = baseline.getValue().tested().auc();
      if (!(model.auc() > alone)) {
        throw new Refusal(
            ("Cannot foretell %s: on the test %s the model's AUC is %.3f, no better than the %.3f"
                    + " of %s alone. Give it features that say more.")
                .formatted(target.name(), set.testedOn(), model.auc(), alone, baseline.getKey()));
      }
    }
    if (!(model.auc() - SURE * model.aucError() > 0.5)) {
      throw new Refusal(
          ("Cannot foretell %s: on the test %s the model's AUC is %.3f, and chance alone reaches"
                  + " that with %d events among %d customers. Give it features that say more, or"
                  + " more customers.")
              .formatted(
                  target.name(), set.testedOn(), model.auc(), model.events(), model.customers()));
    }
  }

  /**
   * Returns the candidate with the least log loss out of time, of the first algorithm of the
   * settings that comes near the best.
   */
  private Candidate chosen(Preparation preparation) {
    Learning learning = target.learning();
    List<Candidate> candidates = candidates(learning);
    if (!set.canChoose(warnings::add)) {
      return Candidate.logistic(
          learning.penalties().stream().sorted().toList().get(learning.penalties().size() / 2));
    }
    PipelineModel prepared = Propensity.prepare(set.in(List.of(Slice.EARLIER)), preparation);
    Dataset<Row> past = vectors(prepared, sample(Slice.EARLIER)).persist();
    Dataset<Row> later = vectors(prepared, sample(Slice.JUDGE)).persist();
    try {
      List<Judged> judged =
          candidates.stream()
              .map(candidate -> candidate.judged(past, later, preparation, learning))
              .toList();
      double best = judged.stream().mapToDouble(Judged::logLoss).min().orElseThrow();
      // In the order of the settings the plain one comes first.
      Algorithm plainest =
          judged.stream()
              .filter(each -> each.logLoss() <= best * (1 + TOLERANCE))
              .findFirst()
              .orElseThrow()
              .candidate()
              .algorithm();
      return judged.stream()
          .filter(each -> each.candidate().algorithm() == plainest)
          .min(Comparator.comparingDouble(Judged::logLoss))
          .orElseThrow()
          .candidate();
    } finally {
      past.unpersist();
      later.unpersist();
    }
  }

  /** XGBoost's workers all start at once, which Spark refuses where executors come and go. */
  private List<Candidate> candidates(Learning learning) {
    boolean isDynamic =
        set.examples()
            .sparkSession()
            .conf()
            .get("spark.dynamicAllocation.enabled", "false")
            .equals("true");
    if (!isDynamic || !learning.algorithms().contains(Algorithm.XGBOOST)) {
      return Candidate.all(learning);
    }
    Learning without = learning.withoutXgboost();
    warnings.add(
        "%s is foretold by %s: xgboost takes no dynamic allocation of executors."
            .formatted(
                target.name(),
                without.algorithms().stream()
                    .map(Algorithm::inWords)
                    .collect(Collectors.joining(" or "))));
    return Candidate.all(without);
  }

  /** Candidates are told apart by so many examples at most. */
  private Dataset<Row> sample(Slice slice) {
    Dataset<Row> all = set.in(List.of(slice));
    double share = sizes.of(List.of(slice)).share(MANY / 4.0, ENOUGH_EVENTS);
    return share < 1 ? all.sample(share, SEED) : all;
  }

  /** Returns a model of {@code past} that is calibrated on {@code later}. */
  private PipelineModel calibrated(
      List<Slice> past, Slice later, Preparation preparation, Candidate candidate) {
    var stages = new ArrayList<PipelineStage>(fitted(past, preparation, candidate));
    Dataset<Row> scored =
        Propensity.pipeline(stages, set.examples()).transform(set.in(List.of(later)));
    stages.addAll(Calibration.of(scored, sizes.of(List.of(later))));
    return Propensity.pipeline(stages, set.in(List.of(later)));
  }

  /**
   * Returns the model that is used: of all examples, with a calibration that none of them taught.
   * Of many examples those of the test are left to the calibration alone: more of them would make
   * no model better. So they are where trees grow: these remember who bought, foretell the next
   * weeks of customers by the last ones, and would be calibrated by the mistakes of a model that
   * had not seen these.
   */
  private PipelineModel used(Preparation preparation, Candidate candidate) {
    var past = new ArrayList<Slice>(Slice.TRAINING);
    past.add(Slice.CALIBRATION);
    PipelineModel calibrated = calibrated(past, Slice.TEST, preparation, candidate);
    if (sizes.all().customers() > MANY || candidate.algorithm().growsTrees()) {
      return calibrated;
    }
    List<Transformer> ofAll = fitted(List.of(Slice.values()), preparation, candidate);
    var stages = new ArrayList<PipelineStage>(ofAll);
    stages.addAll(List.of(calibrated.stages()).subList(ofAll.size(), calibrated.stages().length));
    return Propensity.pipeline(stages, set.examples());
  }

  private List<Transformer> fitted(
      List<Slice> slices, Preparation preparation, Candidate candidate) {
    Dataset<Row> rows = set.in(slices);
    PipelineModel prepared = Propensity.prepare(rows, preparation);
    Dataset<Row> vectors = vectors(prepared, rows).persist();
    try {
      var stages = new ArrayList<Transformer>(List.of(prepared.stages()));
      stages.add(candidate.fit(vectors, preparation, target.learning()));
      return stages;
    } finally {
      vectors.unpersist();
    }
  }

  /** Returns what fitting needs of rows, and no more. */
  private static Dataset<Row> vectors(PipelineModel prepared, Dataset<Row> rows) {
    return prepared.transform(rows).select(Examples.LABEL.name(), Preparation.VECTOR);
  }

  private Baseline baseline(String feature) {
    Preparation alone = Preparation.of(set.in(Slice.TRAINING), List.of(feature));
    if (alone.isEmpty()) {
      return Baseline.of(withPastRate(set.in(List.of(Slice.TEST))));
    }
    return Baseline.of(
        set.tested(
            calibrated(
                Slice.TRAINING, Slice.CALIBRATION, alone, Candidate.logistic(leastPenalty()))));
  }

  /** Returns {@code test} with the same score for everybody. */
  private Dataset<Row> withPastRate(Dataset<Row> test) {
    return test.withColumn(CustomerScores.SCORE.name(), lit(sizes.of(Slice.TRAINING).rate()));
  }

  private double leastPenalty() {
    return target.learning().penalties().stream().min(Double::compare).orElseThrow();
  }

  private static Map<String, Double> ofTest(Dataset<Row> test, List<Decile> deciles) {
    var metrics = new TreeMap<String, Double>();
    metrics.put("test.calibration_error", Evaluation.calibrationError(deciles));
    Evaluation.decomposition(deciles)
        .forEach((name, value) -> metrics.put("test.brier." + name, value));
    Uncertainty.of(test)
        .forEach(
            (name, measured) -> {
              if (name.equals(Uncertainty.SLOPE) || name.equals(Uncertainty.INTERCEPT)) {
                metrics.put("test." + name, measured.value());
              }
              metrics.put("test." + name + ".low", measured.interval().low());
              metrics.put("test." + name + ".high", measured.interval().high());
            });
    return metrics;
  }

  private Map<String, Double> metrics(
      Evaluation model, Map<String, Baseline> baselines, Candidate chosen) {
    Size past = sizes.of(Slice.TRAINING);
    var metrics = new TreeMap<String, Double>();
    metrics.putAll(model.metrics("test"));
    metrics.put("test.customers", (double) model.customers());
    metrics.put("test.events", (double) model.events());
    metrics.put("test.base_rate", (double) model.events() / model.customers());
    baselines.forEach((name, baseline) -> metrics.putAll(baseline.metrics("baseline." + name)));
    if (target.goal() instanceof Goal.Labelled labelled) {
      metrics.put("test.is_later", labelled.by().isPresent() ? 1.0 : 0.0);
    }
    metrics.put("training.customers", (double) past.customers());
    metrics.put("training.events", (double) past.events());
    metrics.putAll(chosen.metrics());
    return metrics;
  }
}
