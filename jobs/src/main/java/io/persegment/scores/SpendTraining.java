package io.persegment.scores;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.sum;

import io.persegment.scores.Examples.Size;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.ml.regression.GeneralizedLinearRegression;
import org.apache.spark.ml.regression.GeneralizedLinearRegressionModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Makes one model of how much customers spend, as {@link Training} makes one of what they do: a
 * generalised linear model of Tweedie's family, for amounts of which many are 0 (Jorgensen 1987, J.
 * R. Statist. Soc. B 49), with the logarithm as its link, so that what features add multiplies the
 * amount. On later examples it is brought to their total.
 */
final class SpendTraining implements Trainer {
  private static final String FAMILY = "tweedie";

  /** The power of a link that is the logarithm. */
  private static final double LOGARITHM = 0;

  /** Between the variance of a number of orders, 1, and that of an order's amount, 2. */
  private static final double POWER = 1.5;

  private static final int MOST_ITERATIONS = 50;
  private static final String MEAN = "mean";
  private static final String AMOUNT = "_amount";

  /** A model is better than the mean if its deviance is by so many standard errors. */
  private static final double SURE = 3;

  /** Nobody is foretold more than anybody spent, nor less than such a part of it. */
  private static final double LEAST = 1e-9;

  private final TrainingSet set;
  private final TargetSettings target;
  private final List<String> warnings = new ArrayList<>();

  SpendTraining(TrainingSet set) {
    this.set = set;
    this.target = set.target();
  }

  @Override
  public Result run() throws Refusal {
    set.requireEvents();
    Preparation preparation = set.preparation(warnings::add);
    double penalty = chosen(preparation);
    try {
      return tested(FAMILY, preparation, penalty, target.baselines());
    } catch (Refusal refusal) {
      return tested("baseline", set.insteadOf(refusal, warnings::add), penalty, List.of());
    }
  }

  @Override
  public Optional<String> loses(Result result, PipelineModel champion) {
    double standing = Spending.of(set.tested(champion)).deviance();
    double deviance = result.metrics().get("test.deviance");
    return deviance <= standing * (1 - target.margin())
        ? Optional.empty()
        : Optional.of(
            "its deviance is %.4f, and the standing one's %.4f; margin asks for a part of %s less"
                .formatted(deviance, standing, target.margin()));
  }

  /**
   * @param better columns than each of which alone it must be better
   */
  private Result tested(
      String algorithm, Preparation preparation, double penalty, List<String> better)
      throws Refusal {
    PipelineModel model = calibrated(Slice.TRAINING, Slice.CALIBRATION, preparation, penalty);
    Dataset<Row> test = set.tested(model).persist();
    try {
      Spending tested = Spending.of(test);
      var baselines = new TreeMap<String, Spending>();
      Dataset<Row> past = set.in(Slice.TRAINING);
      double mean = past.agg(avg(Examples.LABEL.col())).head().getDouble(0);
      baselines.put(MEAN, Spending.of(test.withColumn(CustomerScores.SCORE.name(), lit(mean))));
      for (String baseline : better) {
        Preparation alone = Preparation.of(past, List.of(baseline));
        if (!alone.isEmpty()) {
          baselines.put(
              baseline,
              Spending.of(
                  set.tested(calibrated(Slice.TRAINING, Slice.CALIBRATION, alone, penalty))));
        }
      }
      requireBetter(tested, baselines, Spending.gain(test, mean));
      var known = new ArrayList<Slice>(Slice.TRAINING);
      known.add(Slice.CALIBRATION);
      return new Result(
          algorithm,
          calibrated(known, Slice.TEST, preparation, penalty),
          model,
          metrics(tested, baselines, penalty),
          Spending.deciles(test),
          preparation.features(),
          warnings);
    } finally {
      test.unpersist();
    }
  }

  private void requireBetter(Spending model, Map<String, Spending> baselines, Spending.Gain gain)
      throws Refusal {
    for (var baseline : baselines.entrySet()) {
      if (!(model.deviance() < baseline.getValue().deviance())) {
        throw new Refusal(
            "Cannot foretell %s: on the test %s the model's deviance is %.4f, no less than the %.4f of %s alone. Give it features that say more."
                .formatted(
                    target.name(),
                    set.testedOn(),
                    model.deviance(),
                    baseline.getValue().deviance(),
                    baseline.getKey().equals(MEAN) ? "the mean" : baseline.getKey()));
      }
    }
    if (!(gain.mean() > SURE * gain.error())) {
      throw new Refusal(
          "Cannot foretell %s: on the test %s the model's deviance is %.4f less than that of the mean, and chance alone reaches that among %d customers. Give it features that say more, or more customers."
              .formatted(target.name(), set.testedOn(), gain.mean(), model.customers()));
    }
  }

  /** Returns the penalty whose model of the earlier examples foretells later ones best. */
  private double chosen(Preparation preparation) {
    List<Double> penalties = target.learning().penalties().stream().sorted().toList();
    if (!set.canChoose(warnings::add)) {
      return penalties.get(penalties.size() / 2);
    }
    try (var prepared = new Prepared(List.of(Slice.EARLIER), preparation)) {
      Dataset<Row> later = set.in(List.of(Slice.JUDGE));
      return penalties.stream()
          .min(
              Comparator.comparingDouble(
                  penalty ->
                      Spending.of(Propensity.withScore(later, prepared.fitted(penalty)))
                          .deviance()))
          .orElseThrow();
    }
  }

  /** Returns a model of {@code past} that is brought to the total of {@code later}. */
  private PipelineModel calibrated(
      List<Slice> past, Slice later, Preparation preparation, double penalty) {
    try (var prepared = new Prepared(past, preparation)) {
      PipelineModel model = prepared.fitted(penalty);
      Row totals =
          Propensity.withScore(set.in(List.of(later)), model)
              .agg(sum(Examples.LABEL.col()), sum(CustomerScores.SCORE.col()))
              .head();
      PipelineStage[] stages = model.stages();
      int place = stages.length - 2;
      stages[place] =
          times(
              (GeneralizedLinearRegressionModel) stages[place],
              totals.getDouble(0) / totals.getDouble(1));
      return Propensity.pipeline(List.of(stages), set.examples());
    }
  }

  /** Examples as models learn from them, kept in memory until it is closed. */
  private final class Prepared implements AutoCloseable {
    private final PipelineModel preparation;
    private final Dataset<Row> vectors;

    /** Whatever the currency, amounts are about 1, so that a penalty means the same. */
    private final double unit;

    private final double most;

    Prepared(List<Slice> slices, Preparation preparation) {
      Dataset<Row> rows = set.in(slices);
      Row amounts = rows.agg(avg(Examples.LABEL.col()), max(Examples.LABEL.col())).head();
      this.unit = amounts.getDouble(0);
      this.most = amounts.getDouble(1);
      this.preparation = Propensity.prepare(rows, preparation);
      this.vectors =
          this.preparation
              .transform(rows)
              .select(
                  Examples.LABEL.col().divide(unit).as(Examples.LABEL.name()),
                  col(Preparation.VECTOR))
              .persist();
    }

    PipelineModel fitted(double penalty) {
      GeneralizedLinearRegressionModel model =
          new GeneralizedLinearRegression()
              .setFamily(FAMILY)
              .setVariancePower(POWER)
              .setLinkPower(LOGARITHM)
              .setFeaturesCol(Preparation.VECTOR)
              .setLabelCol(Examples.LABEL.name())
              .setRegParam(penalty)
              .setMaxIter(MOST_ITERATIONS)
              .fit(vectors);
      var stages = new ArrayList<PipelineStage>(List.of(preparation.stages()));
      stages.add(times(model, unit));
      stages.add(
          new SQLTransformer()
              .setStatement(
                  "select *, greatest(least(%s, %sD), %sD) as %s from __THIS__"
                      .formatted(AMOUNT, most, most * LEAST, Propensity.CALIBRATED)));
      return Propensity.pipeline(stages, set.examples());
    }

    @Override
    public void close() {
      vectors.unpersist();
    }
  }

  /** Returns the model whose amounts are so many times as large. */
  private static GeneralizedLinearRegressionModel times(
      GeneralizedLinearRegressionModel model, double factor) {
    var times =
        new GeneralizedLinearRegressionModel(
            model.uid(), model.coefficients(), model.intercept() + Math.log(factor));
    times.set(times.family(), FAMILY);
    times.set(times.variancePower(), POWER);
    times.set(times.linkPower(), LOGARITHM);
    times.setFeaturesCol(Preparation.VECTOR);
    times.setPredictionCol(AMOUNT);
    return times;
  }

  private Map<String, Double> metrics(
      Spending model, Map<String, Spending> baselines, double penalty) {
    Size past = set.sizes().of(Slice.TRAINING);
    var metrics = new TreeMap<>(model.metrics("test"));
    baselines.forEach((name, spending) -> metrics.putAll(spending.metrics("baseline." + name)));
    metrics.put("test.customers", (double) model.customers());
    metrics.put("test.events", (double) model.buyers());
    metrics.put("training.customers", (double) past.customers());
    metrics.put("training.events", (double) past.events());
    metrics.put("penalty", penalty);
    return metrics;
  }
}
