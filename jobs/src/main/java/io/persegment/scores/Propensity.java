package io.persegment.scores;

import static org.apache.spark.ml.functions.vector_to_array;
import static org.apache.spark.sql.functions.col;

import io.persegment.scores.Preparation.Term;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Logistic regression: the logit of the probability is a sum of what each prepared column adds. The
 * model holds its preparation, so that scoring cannot differ from training.
 */
final class Propensity {
  static final String ALGORITHM = "logistic-regression";

  /** Of the mean log loss; what is gained beyond it changes no score by a thousandth. */
  private static final double TOLERANCE = 1e-6;

  private static final int MOST_ITERATIONS = 500;
  private static final String PROBABILITY = "probability";

  private Propensity() {}

  /** Fits the preparation alone. A few small jobs over {@code examples}. */
  static PipelineModel prepare(Dataset<Row> examples, Preparation preparation) {
    return fitted(preparation.stages(), examples);
  }

  /**
   * Fits a model. Many small jobs over {@code examples}, one for each step of the search.
   *
   * @param examples with {@link Examples#LABEL}, settled
   * @param prepared what {@link #prepare} made of them
   * @param penalty strength of the elastic net (Zou and Hastie 2005, J. R. Statist. Soc. B 67) on
   *     the mean log loss
   * @param l1Share its part that takes columns out, 0 to 1
   */
  static PipelineModel fit(
      Dataset<Row> examples, PipelineModel prepared, double penalty, double l1Share) {
    var stages = new ArrayList<PipelineStage>(List.of(prepared.stages()));
    stages.add(
        new LogisticRegression()
            .setFeaturesCol(Preparation.VECTOR)
            .setLabelCol(Examples.LABEL.name())
            .setProbabilityCol(PROBABILITY)
            .setStandardization(false) // the preparation did
            .setRegParam(penalty)
            .setElasticNetParam(l1Share)
            .setTol(TOLERANCE)
            .setMaxIter(MOST_ITERATIONS));
    return fitted(stages, examples);
  }

  /** Adds {@link CustomerScores#SCORE} and {@link Preparation#VECTOR}. Keeps every row. */
  static Dataset<Row> withScore(Dataset<Row> rows, PipelineModel model) {
    Column ofEvent = vector_to_array(col(PROBABILITY), "float64").getItem(1);
    return model.transform(rows).withColumn(CustomerScores.SCORE.name(), ofEvent);
  }

  /** Returns what each column adds to the logit beyond what it adds for the average customer. */
  static Map<String, Column> contributions(PipelineModel model) {
    Column standardised = vector_to_array(col(Preparation.VECTOR), "float64");
    Map<String, Column> contributions = new LinkedHashMap<>();
    int place = 0;
    for (var weight : weights(model).entrySet()) {
      if (weight.getValue() != 0) {
        Column adds = standardised.getItem(place).multiply(weight.getValue());
        contributions.merge(weight.getKey().feature(), adds, Column::plus);
      }
      place++;
    }
    return contributions;
  }

  /**
   * Returns what one standard deviation of each number adds to the logit, in the order in which
   * they stand in {@link Preparation#VECTOR}.
   */
  static Map<Term, Double> weights(PipelineModel model) {
    double[] weights = stage(model, LogisticRegressionModel.class).coefficients().toArray();
    String[] names = stage(model, VectorAssembler.class).getInputCols();
    Map<Term, Double> all = new LinkedHashMap<>();
    for (int i = 0; i < weights.length; i++) {
      all.put(Term.parse(names[i]), weights[i]);
    }
    return all;
  }

  private static PipelineModel fitted(List<PipelineStage> stages, Dataset<Row> examples) {
    return new Pipeline().setStages(stages.toArray(new PipelineStage[0])).fit(examples);
  }

  private static <T> T stage(PipelineModel model, Class<T> type) {
    return Stream.of(model.stages())
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst()
        .orElseThrow();
  }
}
