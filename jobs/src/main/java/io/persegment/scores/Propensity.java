package io.persegment.scores;

import static org.apache.spark.ml.functions.vector_to_array;
import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log;
import static org.apache.spark.sql.functions.when;

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
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.classification.RandomForestClassificationModel;
import org.apache.spark.ml.feature.StandardScalerModel;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.regression.GeneralizedLinearRegressionModel;
import org.apache.spark.ml.regression.IsotonicRegressionModel;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

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

  /** Logits that differ by less are the same. */
  private static final double NOTHING = 1e-5;

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

  /** Adds {@link CustomerScores#SCORE} and what explains it. Keeps every row. */
  static Dataset<Row> withScore(Dataset<Row> rows, PipelineModel model) {
    Dataset<Row> transformed = rows;
    for (Transformer stage : model.stages()) {
      transformed = stage.transform(transformed);
      if (stage instanceof StandardScalerModel) { // trees take rows apart, with all that they have
        transformed = transformed.drop(Preparation.scaffold(terms(model)));
      }
    }
    boolean isVector =
        transformed.schema().apply(CALIBRATED).dataType().equals(SQLDataTypes.VectorType());
    return transformed.withColumn(
        CustomerScores.SCORE.name(), isVector ? ofEvent(CALIBRATED) : col(CALIBRATED));
  }

  private static Column ofEvent(String vector) {
    return numbers(vector).getItem(1);
  }

  /**
   * Adds to scored rows what {@link #logit} needs of them: of trees, what each number adds to the
   * model's own logit.
   */
  static Dataset<Row> withContributions(Dataset<Row> scored, PipelineModel model) {
    Optional<XGBoostClassificationModel> boosted = stage(model, XGBoostClassificationModel.class);
    if (boosted.isPresent()) {
      return Trees.withContributions(scored, boosted.get().nativeBooster(), terms(model).size());
    }
    return stage(model, RandomForestClassificationModel.class)
        .map(forest -> Trees.withContributions(scored, forest, terms(model).size()))
        .orElse(scored);
  }

  /**
   * What the logit of a score is made of, or the logarithm of an amount.
   *
   * @param all the whole of it
   * @param average that of the average customer, the same for all
   * @param contributions by feature, what it adds; together with the average they are all of it
   */
  record Logit(Column all, Column average, Map<String, Column> contributions) {}

  /**
   * Returns what the logits of scores are made of: of logistic regression weight times standardised
   * value, of trees their SHAP values (Lundberg and others 2020, Nature Machine Intelligence 2).
   * These add up to the model's own logit; calibration stretches it, and each part of it alike. An
   * action where trees were calibrated, over one row.
   *
   * @param scored as {@link #withContributions}
   */
  static Logit logit(PipelineModel model, Dataset<Row> scored) {
    Optional<GeneralizedLinearRegressionModel> amounts =
        stage(model, GeneralizedLinearRegressionModel.class);
    if (amounts.isPresent()) {
      return new Logit(
          log(CustomerScores.SCORE.col()),
          lit(amounts.get().intercept()),
          contributions(model, amounts.get().coefficients()));
    }
    Map<String, Column> own = contributions(model);
    Column raw = numbers(RAW).getItem(1);
    double average = average(model, scored.sparkSession());
    double calibrated = calibrated(model, average);
    Column all = Evaluation.logit();
    Column beyond = raw.minus(average);
    Column stretch =
        when(abs(beyond).gt(NOTHING), all.minus(calibrated).divide(beyond)).otherwise(1.0);
    Map<String, Column> contributions = new LinkedHashMap<>();
    own.forEach((feature, adds) -> contributions.put(feature, adds.multiply(stretch)));
    return new Logit(all, lit(calibrated), contributions);
  }

  /** Returns what the model itself says of the average customer, as {@link #RAW} has it. */
  private static double average(PipelineModel model, SparkSession spark) {
    Optional<RandomForestClassificationModel> forest =
        stage(model, RandomForestClassificationModel.class);
    if (forest.isPresent()) {
      return Trees.average(forest.get());
    }
    Optional<XGBoostClassificationModel> trees = stage(model, XGBoostClassificationModel.class);
    if (trees.isEmpty()) {
      return stage(model, LogisticRegressionModel.class).orElseThrow().intercept();
    }
    int size = terms(model).size();
    // XGBoost tells it of any customer.
    Dataset<Row> anybody =
        spark.createDataFrame(
            List.of(RowFactory.create(Vectors.zeros(size))),
            new StructType().add(Preparation.VECTOR, SQLDataTypes.VectorType()));
    return Trees.withTheirContributions(anybody, trees.get().nativeBooster())
        .select(col(CONTRIBUTIONS).getItem(size))
        .head()
        .getDouble(0);
  }

  /**
   * Returns the calibrated logit of what a model itself says: its logit, or, of a forest, the sum
   * of the trees' probabilities.
   */
  private static double calibrated(PipelineModel model, double raw) {
    Transformer last = model.stages()[model.stages().length - 1];
    if (last instanceof IsotonicRegressionModel curve) {
      double own =
          stage(model, RandomForestClassificationModel.class)
              .map(forest -> raw / forest.getNumTrees())
              .orElse(1 / (1 + Math.exp(-raw)));
      double probability = curve.predict(own);
      return Math.log(probability / (1 - probability));
    }
    var line = (LogisticRegressionModel) last;
    return line.intercept() + line.coefficients().apply(0) * raw;
  }

  /** Returns, by feature, what it adds to what the model itself says. */
  private static Map<String, Column> contributions(PipelineModel model) {
    if (stage(model, XGBoostClassificationModel.class).isEmpty()
        && stage(model, RandomForestClassificationModel.class).isEmpty()) {
      return contributions(
          model, stage(model, LogisticRegressionModel.class).orElseThrow().coefficients());
    }
    List<Term> terms = terms(model);
    Map<String, Column> contributions = new LinkedHashMap<>();
    for (int i = 0; i < terms.size(); i++) {
      Column adds = col(CONTRIBUTIONS).getItem(i);
      contributions.merge(terms.get(i).feature(), adds, Column::plus);
    }
    return contributions;
  }

  /** Returns, by feature, what weights of standardised numbers add. */
  private static Map<String, Column> contributions(PipelineModel model, Vector weights) {
    List<Term> terms = terms(model);
    Map<String, Column> contributions = new LinkedHashMap<>();
    for (int i = 0; i < terms.size(); i++) {
      double weight = weights.apply(i);
      if (weight != 0) {
        Column adds = numbers(Preparation.VECTOR).getItem(i).multiply(weight);
        contributions.merge(terms.get(i).feature(), adds, Column::plus);
      }
    }
    return contributions;
  }

  static Column numbers(String vector) {
    return vector_to_array(col(vector), "float64");
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
