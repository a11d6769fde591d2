package io.persegment.scores;

import static org.apache.spark.sql.functions.lit;

import io.persegment.scores.Examples.Size;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Makes one model, and finds out how good it is on a time later than any it was trained on:
 *
 * <ol>
 *   <li>the penalty is the one whose model of the earlier training cuts foretells the latest
 *       training cut best;
 *   <li>a model of all training cuts foretells the test cut, which gives the measures;
 *   <li>the model that is used is fitted with the same penalty on all cuts, the test cut too.
 * </ol>
 */
final class Training {
  private final TargetSettings target;
  private final LocalDate test;
  private final List<LocalDate> training;
  private final Map<LocalDate, Size> sizes;
  private final Dataset<Row> examples;

  /** What training gives. */
  record Result(PipelineModel model, Map<String, Double> metrics, List<String> leftOut) {}

  /**
   * @param sizes of each of {@code cuts}
   * @param examples of {@code cuts}, settled; read many times
   */
  Training(TargetSettings target, Cuts cuts, Map<LocalDate, Size> sizes, Dataset<Row> examples) {
    this.target = target;
    this.test = cuts.test();
    this.training = cuts.training();
    this.sizes = Map.copyOf(sizes);
    this.examples = examples;
  }

  /**
   * Fits and tests. Many actions.
   *
   * @throws Refusal where there is too little to learn from, or nothing was learnt
   */
  Result run() throws Refusal {
    requireEvents();
    Dataset<Row> past = Examples.at(training, examples);
    Preparation preparation = Preparation.of(past, target.features());
    if (preparation.isEmpty()) {
      throw new Refusal(
          "Cannot foretell %s: in training none of its features differs between customers."
              .formatted(target.name()));
    }
    double penalty = penalty(preparation);
    Evaluation model = tested(past, preparation, penalty);
    Evaluation baseline =
        tested(past, Preparation.of(past, List.of(target.baseline())), leastPenalty());
    requireBetter(model, baseline);
    return new Result(
        fit(examples, preparation, penalty),
        metrics(model, baseline, penalty),
        target.features().stream().filter(each -> !preparation.features().contains(each)).toList());
  }

  private void requireEvents() throws Refusal {
    Size past = size(training);
    Size tested = size(List.of(test));
    if (!past.hasBoth(target.leastEvents()) || !tested.hasBoth(target.leastEvents())) {
      throw new Refusal(
          ("Cannot foretell %s: there were %d events among %d customers in training and %d among %d"
                  + " in the test of %s; least-events asks for %d customers with the event and as"
                  + " many without in each.")
              .formatted(
                  target.name(),
                  past.events(),
                  past.customers(),
                  tested.events(),
                  tested.customers(),
                  test,
                  target.leastEvents()));
    }
  }

  private void requireBetter(Evaluation model, Evaluation baseline) throws Refusal {
    if (!(model.auc() > baseline.auc())) {
      throw new Refusal(
          ("Cannot foretell %s: on the test cut %s the model's AUC is %.3f, no better than the %.3f"
                  + " of %s alone. Give it features that say more.")
              .formatted(target.name(), test, model.auc(), baseline.auc(), target.baseline()));
    }
  }

  /**
   * Returns the penalty with the least log loss out of time; where no earlier cut's horizon had
   * ended by the latest training cut, the middle one.
   */
  private double penalty(Preparation preparation) {
    List<Double> penalties = target.penalties().stream().sorted().toList();
    LocalDate judge = training.get(0);
    List<LocalDate> before =
        training.stream().filter(cut -> !cut.plusDays(target.horizon()).isAfter(judge)).toList();
    Size size = size(before);
    if (penalties.size() == 1 || !size.hasBoth(1) || !sizes.get(judge).hasBoth(1)) {
      return penalties.get(penalties.size() / 2);
    }
    Dataset<Row> earlier = Examples.at(before, examples);
    Dataset<Row> later = Examples.at(List.of(judge), examples);
    double best = Double.POSITIVE_INFINITY;
    double chosen = penalties.get(0);
    PipelineModel prepared = Propensity.prepare(earlier, preparation);
    for (double penalty : penalties) {
      PipelineModel model = Propensity.fit(earlier, prepared, penalty, target.l1Share());
      double loss = Evaluation.logLoss(Propensity.withScore(later, model));
      if (loss < best) {
        best = loss;
        chosen = penalty;
      }
    }
    return chosen;
  }

  private Evaluation tested(Dataset<Row> past, Preparation preparation, double penalty) {
    Dataset<Row> later = Examples.at(List.of(test), examples);
    if (preparation.isEmpty()) {
      return Evaluation.of(
          later.withColumn(CustomerScores.SCORE.name(), lit(size(training).rate())));
    }
    return Evaluation.of(Propensity.withScore(later, fit(past, preparation, penalty)));
  }

  private PipelineModel fit(Dataset<Row> rows, Preparation preparation, double penalty) {
    PipelineModel prepared = Propensity.prepare(rows, preparation);
    return Propensity.fit(rows, prepared, penalty, target.l1Share());
  }

  private double leastPenalty() {
    return target.penalties().stream().min(Double::compare).orElseThrow();
  }

  private Map<String, Double> metrics(Evaluation model, Evaluation baseline, double penalty) {
    Size past = size(training);
    Evaluation rate = Evaluation.ofConstant(past.rate(), model.customers(), model.events());
    var metrics = new TreeMap<String, Double>();
    metrics.putAll(model.metrics("test"));
    metrics.put("test.customers", (double) model.customers());
    metrics.put("test.events", (double) model.events());
    metrics.put("test.base_rate", (double) model.events() / model.customers());
    metrics.putAll(baseline.metrics("baseline." + target.baseline()));
    metrics.putAll(rate.metrics("baseline.base_rate"));
    metrics.put("training.customers", (double) past.customers());
    metrics.put("training.events", (double) past.events());
    metrics.put("training.cuts", (double) training.size());
    metrics.put("penalty", penalty);
    return metrics;
  }

  private Size size(List<LocalDate> cuts) {
    return cuts.stream().map(sizes::get).reduce(Size.NONE, Size::plus);
  }
}
