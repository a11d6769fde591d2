package io.persegment.scores;

import static org.apache.spark.sql.types.DataTypes.BinaryType;
import static org.apache.spark.sql.types.DataTypes.createStructField;
import static org.apache.spark.sql.types.DataTypes.createStructType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import ml.dmlc.xgboost4j.java.XGBoostError;
import ml.dmlc.xgboost4j.scala.XGBoost;
import ml.dmlc.xgboost4j.scala.spark.XGBoostClassificationModel;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.feature.StandardScalerModel;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * A model in its folder. Trees lie beside the other stages, in XGBoost's own format, which later
 * versions of it read: as a stage they cannot be written on Spark 4.1, whose json4s is another one.
 */
final class SavedModel {
  private static final StructType BOOSTER =
      createStructType(List.of(createStructField("ubj", BinaryType, false)));

  private SavedModel() {}

  /** Saves over what is left of a run that was killed before it wrote its row. Some small jobs. */
  static void save(PipelineModel model, SparkSession spark, String folder) {
    var stages = new ArrayList<Transformer>(List.of(model.stages()));
    stages.removeIf(XGBoostClassificationModel.class::isInstance);
    var trees =
        List.of(model.stages()).stream()
            .filter(XGBoostClassificationModel.class::isInstance)
            .map(XGBoostClassificationModel.class::cast)
            .findFirst();
    try {
      of(stages).write().overwrite().save(folder + "/stages");
      if (trees.isPresent()) {
        byte[] ubj = trees.get().nativeBooster().toByteArray("ubj");
        spark
            .createDataFrame(List.of(RowFactory.create((Object) ubj)), BOOSTER)
            .write()
            .mode("overwrite")
            .parquet(folder + "/booster");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (XGBoostError e) {
      throw new IllegalStateException("A fitted model can be written", e);
    }
  }

  /**
   * Reads what {@link #save} wrote. Some small jobs.
   *
   * @param algorithm as {@link ScoreModels#ALGORITHM} has it
   */
  static PipelineModel load(SparkSession spark, String folder, String algorithm) {
    PipelineModel stages = PipelineModel.load(folder + "/stages");
    if (!algorithm.equals(Learning.Algorithm.XGBOOST.inWords())) {
      return stages;
    }
    var all = new ArrayList<Transformer>();
    for (Transformer stage : stages.stages()) {
      all.add(stage);
      if (stage instanceof StandardScalerModel) { // the last of the preparation
        all.add(trees(spark, folder));
      }
    }
    return of(all);
  }

  private static PipelineModel of(List<Transformer> stages) {
    return new PipelineModel("model", stages);
  }

  private static Transformer trees(SparkSession spark, String folder) {
    byte[] ubj = spark.read().parquet(folder + "/booster").head().getAs(0);
    try {
      return Trees.model(XGBoost.loadModel(new ByteArrayInputStream(ubj)));
    } catch (XGBoostError e) {
      throw new IllegalStateException("The model in " + folder + " is damaged", e);
    }
  }
}
