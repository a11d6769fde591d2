package io.persegment.segments;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.stddev_pop;

import io.persegment.features.CustomerFeatures;
import io.persegment.segments.ClusterSettings.Fit;
import io.persegment.segments.ClusterSettings.Scale;
import io.persegment.segments.ClusterSettings.Transform;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.feature.PCA;
import org.apache.spark.ml.feature.PCAModel;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.ml.feature.StandardScalerModel;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How features become the vectors that clusters are found in. All of it is stages of the saved
 * model, so that whoever is assigned later is prepared as those were whom it was fitted on.
 *
 * @param shapes of the features, in order
 * @param customers of whom enough is known
 * @param means of the transformed features over them, in order
 * @param deviations population standard deviations of the same
 * @param components principal components of what comes of all that; empty where none are wanted
 */
record Preparation(
    Fit fit,
    List<Shape> shapes,
    long customers,
    Vector means,
    Vector deviations,
    Optional<PCAModel> components) {
  /** What the last stage writes. */
  static final String VECTOR = "_vector";

  private static final String TRANSFORMED = "_transformed_";
  private static final String ASSEMBLED = "_assembled";
  private static final String FEATURES = "_features";
  private static final String COMPONENTS = "_components";

  /**
   * Returns whether enough is known of a customer to be clustered: in the population, and every
   * feature a finite number.
   *
   * @param inPopulation whether the condition of {@link Fit#population} holds
   */
  static Column known(Fit fit, Column inPopulation) {
    Column known = inPopulation;
    for (String feature : fit.features()) {
      // A comparison with NaN, the largest of all in Spark, is false as well.
      Column finite = abs(Division.named(feature).cast("double")).lt(Double.POSITIVE_INFINITY);
      known = known.and(coalesce(finite, lit(false)));
    }
    return known;
  }

  /**
   * Measures what preparing needs, but for {@link #withComponents}. An action: one pass over {@code
   * known} customers, and one over a sample where shapes are to be found.
   */
  static Preparation of(Dataset<Row> known, Fit fit) {
    List<Shape> shapes = shapes(known, fit);
    var measures = new ArrayList<Column>();
    for (int i = 0; i < fit.features().size(); i++) {
      measures.add(avg(TRANSFORMED + i));
      measures.add(stddev_pop(TRANSFORMED + i));
    }
    Row row =
        transform(fit, shapes)
            .transform(known)
            .agg(count(lit(1)), measures.toArray(new Column[0]))
            .head();
    return new Preparation(
        fit, shapes, row.getLong(0), everySecond(row, 1), everySecond(row, 2), Optional.empty());
  }

  /**
   * Finds the principal components, where they are wanted, of two customers or more. An action: one
   * pass over {@code known} customers.
   */
  Preparation withComponents(Dataset<Row> known) {
    if (fit.components() == 0) {
      return this;
    }
    PCAModel components =
        new PCA()
            .setK(fit.components())
            .setInputCol(VECTOR)
            .setOutputCol(COMPONENTS)
            .fit(prepare(known));
    return new Preparation(fit, shapes, customers, means, deviations, Optional.of(components));
  }

  private static List<Shape> shapes(Dataset<Row> known, Fit fit) {
    if (fit.winsorise() == 0 && fit.transform() != Transform.YEO_JOHNSON) {
      Shape asIs = new Shape(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, 1);
      return Collections.nCopies(fit.features().size(), asIs);
    }
    var assemble =
        new VectorAssembler("assemble")
            .setInputCols(fit.features().toArray(new String[0]))
            .setOutputCol(VECTOR);
    Column[] numbers =
        Stream.concat(
                Stream.of(CustomerFeatures.CUSTOMER_ID.col()),
                fit.features().stream().map(name -> Division.named(name).cast("double").as(name)))
            .toArray(Column[]::new);
    return Sample.shapes(assemble.transform(known.select(numbers)), fit);
  }

  private static Vector everySecond(Row row, int from) {
    return Vectors.dense(
        IntStream.iterate(from, i -> i < row.size(), i -> i + 2)
            .mapToDouble(i -> row.isNullAt(i) ? 0 : row.getDouble(i))
            .toArray());
  }

  /** Returns the stages that make {@link #VECTOR} of the features. */
  List<Transformer> stages() {
    boolean scaled = fit.scale() == Scale.STANDARD;
    String features = components.isPresent() ? FEATURES : VECTOR;
    var stages = new ArrayList<Transformer>();
    stages.add(transform(fit, shapes));
    stages.add(
        new VectorAssembler("assemble")
            .setInputCols(
                IntStream.range(0, fit.features().size())
                    .mapToObj(i -> TRANSFORMED + i)
                    .toArray(String[]::new))
            .setOutputCol(scaled ? ASSEMBLED : features));
    if (scaled) {
      var scaler = new StandardScalerModel("scale", deviations, means);
      scaler.set(scaler.withMean(), true).set(scaler.withStd(), true);
      stages.add(scaler.setInputCol(ASSEMBLED).setOutputCol(features));
    }
    components.ifPresent(pca -> stages.add(pca.setInputCol(FEATURES).setOutputCol(VECTOR)));
    return stages;
  }

  /** Adds {@link #VECTOR}, among other columns. Keeps every row. */
  Dataset<Row> prepare(Dataset<Row> customers) {
    return new PipelineModel("prepare", stages()).transform(customers);
  }

  /**
   * Returns by how many standard deviations a centre lies above the mean of all, by feature; 0 of
   * one that is the same everywhere.
   */
  Vector strengths(Vector found) {
    Vector centre = components.map(pca -> inFeatures(pca, found)).orElse(found);
    if (fit.scale() == Scale.STANDARD) {
      return centre;
    }
    // Components are not centred: of the mean, too, they have a part alone.
    Vector mean =
        components
            .map(pca -> inFeatures(pca, pca.pc().transpose().multiply(means.toDense())))
            .orElse(means);
    return Vectors.dense(
        IntStream.range(0, centre.size())
            .mapToDouble(
                i ->
                    deviations.apply(i) == 0
                        ? 0
                        : (centre.apply(i) - mean.apply(i)) / deviations.apply(i))
            .toArray());
  }

  private static Vector inFeatures(PCAModel pca, Vector components) {
    return pca.pc().multiply(components.toDense());
  }

  /** A null becomes 0, as vectors have no nulls; {@link #known} says whom to leave out. */
  private static SQLTransformer transform(Fit fit, List<Shape> shapes) {
    var transformed = new ArrayList<String>();
    for (int i = 0; i < fit.features().size(); i++) {
      String name = fit.features().get(i).replace("`", "``");
      String value = "coalesce(nanvl(cast(`%s` as double), 0d), 0d)".formatted(name);
      transformed.add(shapes.get(i).sql(value, fit.transform()));
    }
    String mean =
        fit.transform() == Transform.CENTRED_LOG_RATIO
            ? " - (%s) / %d".formatted(String.join(" + ", transformed), transformed.size())
            : "";
    var columns = new ArrayList<String>();
    for (int i = 0; i < transformed.size(); i++) {
      columns.add("%s%s as `%s%d`".formatted(transformed.get(i), mean, TRANSFORMED, i));
    }
    return new SQLTransformer("transform")
        .setStatement("select *, %s from __THIS__".formatted(String.join(", ", columns)));
  }
}
