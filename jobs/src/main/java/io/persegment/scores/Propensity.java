package io.persegment.scores;

import static org.apache.spark.ml.functions.vector_to_array;
import static org.apache.spark.sql.functions.col;

import io.persegment.scores.Preparation.Term;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import ml.dmlc.xgboost4j.scala.spark.XGBoostClassificationModel;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A saved pipeline that makes probabilities of rows of customer_features: its preparation, so that
 * scoring cannot differ from training; a model; and, but for those that candidates are, the
 * calibration.
 */
final class Propensity {
  static final String RAW = "_raw";
  static final String PROBABILITY = "_probability";
  static final String CLASS = "_class";
  static final String CONTRIBUTIONS = "_contributions";
  static final String CALIBRATED = "_calibrated";

  private Propensity() {}

  /** Fits the preparation alone. A few small jobs over {@code examples}. */
  static PipelineModel prepare(Dataset<Row> examples, Preparation preparation) {
    return pipeline(preparation.stages(), examples);
  }

  /** Returns stages one after another; those that are not fitted yet are, to {@code examples}. */
  static PipelineModel pipeline(List<? extends PipelineStage> stages, Dataset<Row> examples) {
    return new Pipeline().setStages(stages.toArray(new PipelineStage[0])).fit(examples);
  }

  /** Adds {@link CustomerScores#SCORE}, what the model says before it is calibrated. */
  static Dataset<Row> withRaw(Dataset<Row> transformed) {
    return transformed.withColumn(CustomerScores.SCORE.name(), ofEvent(PROBABILITY));
  }

  /** Adds {@link CustomerScores#SCORE} and what the model needs on the way. Keeps every row. */
  static Dataset<Row> withScore(Dataset<Row> rows, PipelineModel model) {
    Dataset<Row> transformed = model.transform(rows);
    boolean isVector =
        transformed.schema().apply(CALIBRATED).dataType().equals(SQLDataTypes.VectorType());
    return transformed.withColumn(
        CustomerScores.SCORE.name(), isVector ? ofEvent(CALIBRATED) : col(CALIBRATED));
  }

  private static Column ofEvent(String vector) {
    return vector_to_array(col(vector), "float64").getItem(1);
  }

  /**
   * Returns, by feature, what it adds to the logit of the model's probability beyond what it adds
   * for the average customer: of logistic regression weight times standardised value, of trees
   * their SHAP values (Lundberg and others 2020, Nature Machine Intelligence 2). Together with what
   * is the same for all they add up to that logit.
   */
  static Map<String, Column> contributions(PipelineModel model) {
    List<Term> terms = terms(model);
    Map<String, Column> contributions = new LinkedHashMap<>();
    Optional<LogisticRegressionModel> regression = stage(model, LogisticRegressionModel.class);
    boolean hasTrees = stage(model, XGBoostClassificationModel.class).isPresent();
    Column numbers = vector_to_array(col(hasTrees ? CONTRIBUTIONS : Preparation.VECTOR), "float64");
    for (int i = 0; i < terms.size(); i++) {
      double weight = hasTrees ? 1 : regression.orElseThrow().coefficients().apply(i);
      if (weight != 0) {
        Column adds = numbers.getItem(i).multiply(weight);
        contributions.merge(terms.get(i).feature(), adds, Column::plus);
      }
    }
    return contributions;
  }

  /** Returns the numbers that the model learnt from, in order. */
  static List<Term> terms(PipelineModel model) {
    var terms = new ArrayList<Term>();
    for (String name : stage(model, VectorAssembler.class).orElseThrow().getInputCols()) {
      terms.add(Term.parse(name));
    }
    return terms;
  }

  /**
   * Returns what one standard deviation of each number adds to the logit of a logistic regression.
   */
  static Map<Term, Double> weights(PipelineModel model) {
    List<Term> terms = terms(model);
    Map<Term, Double> all = new LinkedHashMap<>();
    double[] weights =
        stage(model, LogisticRegressionModel.class).orElseThrow().coefficients().toArray();
    for (int i = 0; i < weights.length; i++) {
      all.put(terms.get(i), weights[i]);
    }
    return all;
  }

  /** Returns the first such stage: a logistic regression that calibrates comes after the model. */
  private static <T> Optional<T> stage(PipelineModel model, Class<T> type) {
    return Stream.of(model.stages()).filter(type::isInstance).map(type::cast).findFirst();
  }
}
