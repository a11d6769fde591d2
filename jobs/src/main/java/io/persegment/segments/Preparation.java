package io.persegment.segments;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.stddev_pop;

import io.persegment.segments.KMeansSettings.Fit;
import io.persegment.segments.KMeansSettings.Scale;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.Transformer;
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
 * @param customers of whom enough is known
 * @param means of the transformed features over them, in order
 * @param deviations population standard deviations of the same
 */
record Preparation(Fit fit, long customers, Vector means, Vector deviations) {
  /** What the last stage writes. */
  static final String VECTOR = "_vector";

  private static final String TRANSFORMED = "_transformed_";
  private static final String ASSEMBLED = "_assembled";

  /**
   * Returns whether enough is known of a customer to be clustered: in the population, and every
   * feature a finite number.
   */
  static Column known(Fit fit) {
    Column known = Conditions.holds(fit.population());
    for (String feature : fit.features()) {
      // A comparison with NaN, the largest of all in Spark, is false as well.
      Column finite = abs(Division.named(feature).cast("double")).lt(Double.POSITIVE_INFINITY);
      known = known.and(coalesce(finite, lit(false)));
    }
    return known;
  }

  /** Measures what standardising needs. An action: one pass over {@code known} customers. */
  static Preparation of(Dataset<Row> known, Fit fit) {
    var measures = new ArrayList<Column>();
    for (int i = 0; i < fit.features().size(); i++) {
      measures.add(avg(TRANSFORMED + i));
      measures.add(stddev_pop(TRANSFORMED + i));
    }
    Row row =
        transform(fit).transform(known).agg(count(lit(1)), measures.toArray(new Column[0])).head();
    return new Preparation(fit, row.getLong(0), everySecond(row, 1), everySecond(row, 2));
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
    var stages = new ArrayList<Transformer>();
    stages.add(transform(fit));
    stages.add(
        new VectorAssembler("assemble")
            .setInputCols(
                IntStream.range(0, fit.features().size())
                    .mapToObj(i -> TRANSFORMED + i)
                    .toArray(String[]::new))
            .setOutputCol(scaled ? ASSEMBLED : VECTOR));
    if (scaled) {
      var scaler = new StandardScalerModel("scale", deviations, means);
      scaler.set(scaler.withMean(), true).set(scaler.withStd(), true);
      stages.add(scaler.setInputCol(ASSEMBLED).setOutputCol(VECTOR));
    }
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
  Vector strengths(Vector centre) {
    if (fit.scale() == Scale.STANDARD) {
      return centre;
    }
    return Vectors.dense(
        IntStream.range(0, centre.size())
            .mapToDouble(
                i ->
                    deviations.apply(i) == 0
                        ? 0
                        : (centre.apply(i) - means.apply(i)) / deviations.apply(i))
            .toArray());
  }

  /** A null becomes 0, as vectors have no nulls; {@link #known} says whom to leave out. */
  private static SQLTransformer transform(Fit fit) {
    var columns = new ArrayList<String>();
    for (int i = 0; i < fit.features().size(); i++) {
      String name = fit.features().get(i).replace("`", "``");
      String value = "coalesce(nanvl(cast(`%s` as double), 0d), 0d)".formatted(name);
      String transformed =
          switch (fit.transform()) {
            case NONE -> value;
            case LOG -> "sign(%1$s) * log1p(abs(%1$s))".formatted(value);
            case HELLINGER -> "sign(%1$s) * sqrt(abs(%1$s))".formatted(value);
          };
      columns.add("%s as `%s%d`".formatted(transformed, TRANSFORMED, i));
    }
    return new SQLTransformer("transform")
        .setStatement("select *, %s from __THIS__".formatted(String.join(", ", columns)));
  }
}
