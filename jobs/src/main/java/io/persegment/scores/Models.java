package io.persegment.scores;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;

import io.persegment.table.Lake;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Date;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** The kept models of one target. */
final class Models {
  private static final String FOLDER = "models";

  private final Lake lake;
  private final String target;
  private final String definition;

  /**
   * @param definition of the target and its features as they are now
   */
  Models(Lake lake, String target, String definition) {
    this.lake = lake;
    this.target = target;
    this.definition = definition;
  }

  /** A kept model. */
  record Kept(int version, PipelineModel model, Map<String, Double> metrics) {}

  /**
   * Returns the model of today's definition that knows what happened until the end of {@code
   * trainedAsOf}, if it was made before. An action.
   */
  Optional<Kept> find(LocalDate trainedAsOf) {
    Row found =
        ofTarget()
            .where(ScoreModels.DEFINITION.col().equalTo(definition))
            .where(ScoreModels.TRAINED_AS_OF.col().equalTo(Date.valueOf(trainedAsOf)))
            .agg(max(ScoreModels.VERSION.col()))
            .head();
    return found.isNullAt(0) ? Optional.empty() : Optional.of(kept(found.getInt(0)));
  }

  /** Saves a model under the next version and, but for a backfill, crowns it. Actions. */
  Kept keep(LocalDate trainedAsOf, Training.Result trained) {
    Row last = ofTarget().agg(coalesce(max(ScoreModels.VERSION.col()), lit(0))).head();
    int version = last.getInt(0) + 1;
    try {
      // What is there is left of a run that was killed before it wrote its row.
      trained.model().write().overwrite().save(path(version));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Row row =
        RowFactory.create(
            target,
            version,
            Date.valueOf(trainedAsOf),
            Propensity.ALGORITHM,
            false,
            trained.metrics(),
            relativePath(version),
            definition);
    Dataset<Row> kept = lake.spark().createDataFrame(List.of(row), ScoreModels.TABLE.schema());
    lake.upsert(
        ScoreModels.TABLE,
        isBackfill(champions(), trainedAsOf) ? kept : crowned(ofTarget().union(kept), version));
    return kept(version);
  }

  /**
   * Marks the model that makes today's scores. A backfill of an older date leaves the mark where it
   * is: with the model that knows the most. An action.
   */
  void crown(int version, LocalDate trainedAsOf) {
    List<Row> champions = champions();
    boolean isChampion = champions.stream().anyMatch(row -> row.getInt(0) == version);
    if (!isChampion && !isBackfill(champions, trainedAsOf)) {
      lake.upsert(ScoreModels.TABLE, crowned(ofTarget(), version));
    }
  }

  private List<Row> champions() {
    return ofTarget()
        .where(ScoreModels.CHAMPION.col())
        .select(ScoreModels.VERSION.col(), ScoreModels.TRAINED_AS_OF.col())
        .collectAsList(); // one at most
  }

  private static boolean isBackfill(List<Row> champions, LocalDate trainedAsOf) {
    return champions.stream().anyMatch(row -> row.getDate(1).toLocalDate().isAfter(trainedAsOf));
  }

  private static Dataset<Row> crowned(Dataset<Row> models, int version) {
    return models.withColumn(
        ScoreModels.CHAMPION.name(), ScoreModels.VERSION.col().equalTo(version));
  }

  private Dataset<Row> ofTarget() {
    return lake.readOrEmpty(ScoreModels.TABLE).where(ScoreModels.TARGET.col().equalTo(target));
  }

  private Kept kept(int version) {
    Row row = ofTarget().where(ScoreModels.VERSION.col().equalTo(version)).head();
    Map<String, Double> metrics =
        row.getJavaMap(ScoreModels.TABLE.fields().indexOf(ScoreModels.METRICS));
    return new Kept(version, PipelineModel.load(path(version)), metrics);
  }

  private String path(int version) {
    return lake.folder(FOLDER) + "/scores/" + target + "/" + version;
  }

  private String relativePath(int version) {
    return path(version).substring(lake.root().length() + 1);
  }
}
