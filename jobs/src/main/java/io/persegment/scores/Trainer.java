package io.persegment.scores;

import io.persegment.scores.Evaluation.Decile;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.ml.PipelineModel;

/** Makes one model of a target. */
sealed interface Trainer permits Training, SpendTraining {

  /**
   * What training gives.
   *
   * @param used scores customers
   * @param tested was tested, and will be compared with models to come
   * @param deciles of the test
   * @param warnings sentences on what was not as it should be
   */
  record Result(
      String algorithm,
      PipelineModel used,
      PipelineModel tested,
      Map<String, Double> metrics,
      List<Decile> deciles,
      List<String> features,
      List<String> warnings) {}

  /** Returns what makes models of what {@code set} is of. */
  static Trainer of(TrainingSet set) {
    return set.target().isAmount() ? new SpendTraining(set) : new Training(set);
  }

  /**
   * Fits and tests. Many actions.
   *
   * @throws Refusal where there is too little to learn from, or nothing was learnt
   */
  Result run() throws Refusal;

  /**
   * Returns why the model of {@code result} is not to take the place of {@code champion}, if it is
   * not: it must be better out of time and, of probabilities, not be worse calibrated than chance
   * explains. Neither learnt from what they are compared on. An action.
   */
  Optional<String> loses(Result result, PipelineModel champion);
}
