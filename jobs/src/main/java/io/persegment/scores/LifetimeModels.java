package io.persegment.scores;

import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.persegment.lifetime.Buying;
import io.persegment.lifetime.Dropout;
import io.persegment.lifetime.OrderValue;
import io.persegment.table.Lake;
import java.sql.Date;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/** The kept models of one target of lifetime: each is a row of parameters. */
final class LifetimeModels {
  private static final StructType PARAMETERS =
      new StructType()
          .add("dropout", StringType)
          .add("r", DoubleType)
          .add("alpha", DoubleType)
          .add("a", DoubleType)
          .add("b", DoubleType)
          .add("p", DoubleType)
          .add("q", DoubleType)
          .add("v", DoubleType);

  private final Lake lake;
  private final LifetimeSettings target;

  /** The rows of the target, of whatever kind its models are. */
  private final Models models;

  LifetimeModels(Lake lake, LifetimeSettings target) {
    this.lake = lake;
    this.models = Models.of(lake, target);
    this.target = target;
  }

  /** A kept model. */
  record Kept(int version, Lifetime model, Map<String, Double> metrics) {
    Kept {
      metrics = Map.copyOf(metrics);
    }
  }

  /**
   * Returns the model to use for {@code asOf}; empty where one is to be fitted. A model is used
   * until it is as old as the settings say. The day it was fitted fits it again, so that a day that
   * is done again comes out as the first time or, where late orders came in, with them. A backfill
   * keeps to the newest model of its day or before. Actions.
   */
  Optional<Kept> standing(LocalDate asOf) {
    Optional<Row> newest = newest(asOf);
    boolean isBackfill = models.isBackfill(asOf);
    return newest
        .filter(
            row -> {
              long age = ChronoUnit.DAYS.between(Models.trainedAsOf(row), asOf);
              return isBackfill || (age > 0 && age < target.refit());
            })
        .map(
            row -> {
              if (!isBackfill && !Models.isChampion(row)) {
                lake.upsert(
                    ScoreModels.TABLE, Models.crowned(models.ofTarget(), Models.version(row)));
              }
              return kept(row);
            });
  }

  /** Returns the newest model that knows nothing after {@code asOf}, however old it is. */
  Optional<Kept> last(LocalDate asOf) {
    return newest(asOf).map(this::kept);
  }

  private Optional<Row> newest(LocalDate asOf) {
    return models.rows().stream()
        .filter(models::isOfDefinition)
        .filter(row -> !Models.trainedAsOf(row).isAfter(asOf))
        .max(Comparator.comparing(Models::trainedAsOf).thenComparing(Models::version));
  }

  /**
   * Saves a model and, but for a backfill, crowns it: under the version of that day and definition,
   * if there was one, else the next. Actions.
   */
  Kept keep(LocalDate asOf, LifetimeTraining.Result trained) {
    List<Row> before = models.rows();
    int version =
        before.stream()
            .filter(row -> Models.trainedAsOf(row).equals(asOf) && models.isOfDefinition(row))
            .map(Models::version)
            .findFirst()
            .orElseGet(() -> 1 + before.stream().mapToInt(Models::version).max().orElse(0));
    save(trained.model(), models.path(version));
    var row = new HashMap<String, Object>();
    row.put(ScoreModels.TARGET.name(), target.name());
    row.put(ScoreModels.VERSION.name(), version);
    row.put(ScoreModels.TRAINED_AS_OF.name(), Date.valueOf(asOf));
    row.put(ScoreModels.ALGORITHM.name(), trained.algorithm());
    row.put(ScoreModels.CHAMPION.name(), false);
    row.put(ScoreModels.METRICS.name(), trained.metrics());
    row.put(ScoreModels.PATH.name(), models.relativePath(version));
    row.put(ScoreModels.DEFINITION.name(), target.definition());
    Object[] values =
        ScoreModels.TABLE.fields().stream().map(field -> row.get(field.name())).toArray();
    Dataset<Row> kept =
        lake.spark()
            .createDataFrame(List.of(RowFactory.create(values)), ScoreModels.TABLE.schema());
    Dataset<Row> others = models.ofTarget().where(ScoreModels.VERSION.col().notEqual(version));
    lake.upsert(
        ScoreModels.TABLE,
        models.isBackfill(asOf) ? kept : Models.crowned(others.union(kept), version));
    return new Kept(version, trained.model(), trained.metrics());
  }

  private void save(Lifetime model, String path) {
    Row row =
        RowFactory.create(
            model.buying().dropout().name(),
            model.buying().r(),
            model.buying().alpha(),
            model.buying().a(),
            model.buying().b(),
            model.orderValue().map(OrderValue::p).orElse(null),
            model.orderValue().map(OrderValue::q).orElse(null),
            model.orderValue().map(OrderValue::v).orElse(null));
    lake.spark()
        .createDataFrame(List.of(row), PARAMETERS)
        .coalesce(1)
        .write()
        .mode("overwrite") // what is there may be left of a run that was killed
        .parquet(path);
  }

  private Kept kept(Row row) {
    Row saved =
        lake.spark().read().schema(PARAMETERS).parquet(models.path(Models.version(row))).head();
    var buying =
        new Buying(
            Dropout.valueOf(saved.getString(0)),
            saved.getDouble(1),
            saved.getDouble(2),
            saved.getDouble(3),
            saved.getDouble(4));
    Optional<OrderValue> orderValue =
        saved.isNullAt(5)
            ? Optional.empty()
            : Optional.of(
                new OrderValue(saved.getDouble(5), saved.getDouble(6), saved.getDouble(7)));
    Map<String, Double> metrics = row.getJavaMap(row.fieldIndex(ScoreModels.METRICS.name()));
    return new Kept(Models.version(row), new Lifetime(buying, orderValue), metrics);
  }
}
