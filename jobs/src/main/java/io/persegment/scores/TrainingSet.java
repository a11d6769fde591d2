package io.persegment.scores;

import static org.apache.spark.sql.functions.when;

import io.persegment.scores.Examples.Size;
import io.persegment.scores.Examples.Sizes;
import io.persegment.scores.TargetSettings.OnLeak;
import io.persegment.scores.TargetSettings.OnRefusal;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a model is made from.
 *
 * @param testedOn names the test in sentences
 * @param examples with {@link Slice#COLUMN}, settled; read many times
 */
record TrainingSet(TargetSettings target, String testedOn, Sizes sizes, Dataset<Row> examples) {
  /** The test may have so much fewer events than training. */
  private static final int TEST_PART = 5;

  Dataset<Row> in(List<Slice> slices) {
    return Slice.of(examples, slices);
  }

  /** Returns the customers of the test, each with what happened and what {@code model} says. */
  Dataset<Row> tested(PipelineModel model) {
    return Propensity.withScore(in(List.of(Slice.TEST)), model)
        .select(CustomerScores.CUSTOMER_ID.col(), Examples.LABEL.col(), CustomerScores.SCORE.col());
  }

  /** Makes sure that there are enough to learn from and to test, and of events of both kinds. */
  void requireEvents() throws Refusal {
    Size past = sizes.of(Slice.TRAINING);
    Size calibration = sizes.of(List.of(Slice.CALIBRATION));
    Size tested = sizes.of(List.of(Slice.TEST));
    int least = target.leastEvents();
    int leastTest = Math.max(1, least / TEST_PART);
    if (!isEnough(past, least)
        || !isEnough(calibration, leastTest)
        || !isEnough(tested, leastTest)) {
      throw new Refusal(
          ("Cannot foretell %s: there were %d events in %d examples in training, %d in %d in"
                  + " calibration and %d in %d in the test %s; an example is a customer at a cut."
                  + " least-events asks for %d with the event and as many without in training, and"
                  + " %d in each of the others.")
              .formatted(
                  target.name(),
                  past.events(),
                  past.customers(),
                  calibration.events(),
                  calibration.customers(),
                  tested.events(),
                  tested.customers(),
                  testedOn,
                  least,
                  leastTest));
    }
  }

  /** Of amounts nobody need have spent nothing. */
  private boolean isEnough(Size size, int least) {
    return target.isAmount() ? size.events() >= least : size.hasBoth(least);
  }

  /**
   * Returns whether there are earlier examples, to be taught by, and later ones to be judged on.
   *
   * @param warnings takes a sentence where there are none
   */
  boolean canChoose(Consumer<String> warnings) {
    boolean can =
        isEnough(sizes.of(List.of(Slice.EARLIER)), 1)
            && isEnough(sizes.of(List.of(Slice.JUDGE)), 1);
    if (!can) {
      warnings.accept(
          "%s has no two training cuts of which the earlier was known by the later, to choose a model by, and is foretold by a plain one: raise cuts, or wait for a longer history."
              .formatted(target.name()));
    }
    return can;
  }

  /**
   * Returns how to prepare what says anything and does not tell the outcome by itself. Actions.
   *
   * @param warnings takes sentences on what is left out
   */
  Preparation preparation(Consumer<String> warnings) throws Refusal {
    Dataset<Row> past = in(Slice.TRAINING);
    Preparation all = Preparation.of(past, target.features());
    List<String> leftOut =
        target.features().stream().filter(each -> !all.features().contains(each)).toList();
    if (!leftOut.isEmpty()) {
      warnings.accept(
          "%s does without %s: in training they are the same for nearly every customer, or never known."
              .formatted(target.name(), String.join(", ", leftOut)));
    }
    if (all.isEmpty()) {
      throw new Refusal(
          "Cannot foretell %s: in training none of its features differs between customers."
              .formatted(target.name()));
    }
    Column happened = when(Examples.LABEL.col().gt(0), 1.0).otherwise(0.0);
    Map<String, Double> leaks =
        Leaks.find(past.withColumn(Examples.LABEL.name(), happened), all, sizes.of(Slice.TRAINING));
    if (leaks.isEmpty()) {
      return all;
    }
    String found =
        leaks.entrySet().stream()
            .map(leak -> "%s (AUC %.3f)".formatted(leak.getKey(), leak.getValue()))
            .collect(Collectors.joining(", "));
    Preparation without = all.without(leaks.keySet());
    if (target.onLeak() == OnLeak.REFUSE || without.isEmpty()) {
      throw new Refusal(
          ("Cannot foretell %s: %s tells by itself who had the event, as only what is made from the"
                  + " outcome does. Take it out of features, or set on-leak = drop.")
              .formatted(target.name(), found));
    }
    warnings.accept(
        ("%s does without %s: it tells by itself who had the event, as only what is made from the"
                + " outcome does.")
            .formatted(target.name(), found));
    return without;
  }

  /**
   * Returns how to prepare the first baseline, which alone takes the place of a model that is not
   * good enough. An action.
   *
   * @param warnings takes why
   * @throws Refusal the same, where settings do not have it so, or it says nothing either
   */
  Preparation insteadOf(Refusal refusal, Consumer<String> warnings) throws Refusal {
    if (target.onRefusal() != OnRefusal.BASELINE) {
      throw refusal;
    }
    Preparation alone = Preparation.of(in(Slice.TRAINING), target.baselines().subList(0, 1));
    Size past = sizes.of(Slice.TRAINING);
    boolean isLeak =
        !target.isAmount()
            && !alone.isEmpty()
            && !Leaks.find(in(Slice.TRAINING), alone, past).isEmpty();
    if (alone.isEmpty() || isLeak) {
      throw refusal;
    }
    warnings.accept(
        refusal.getMessage() + " Its setting on-refusal = baseline scores by it alone.");
    return alone;
  }
}
