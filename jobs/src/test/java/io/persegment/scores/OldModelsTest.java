package io.persegment.scores;

import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.persegment.scores.Learning.Algorithm;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import io.persegment.testing.LocalSpark;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Models that version 0.1.0 saved, of made-up people: every later version must load them and say
 * the same. Scores were written down when they were made.
 */
@ExtendWith(LocalSpark.class)
class OldModelsTest {
  static final String PEOPLE =
      "select id, cast(id %% 7 as int) as visits, if(id %% 5 = 0, null, cast(id %% 11 as double)) as recency,"
          + " if(id %% 3 = 0, 'web', if(id %% 3 = 1, 'till', null)) as channel from range(%d)";

  @ParameterizedTest
  @CsvSource({
    "LOGISTIC_REGRESSION, 0.2062891426, 0.1148647514, 0.1941646792, 0.4397791157",
    "XGBOOST, 0.3364621263, 0.1054849476, 0.2086689305, 0.3717658707",
  })
  void scoreAsTheyDid(
      Algorithm algorithm,
      double first,
      double second,
      double third,
      double fourth,
      LocalSpark.Handle spark) {
    PipelineModel model =
        SavedModel.load(spark.session(), folder(algorithm).toString(), algorithm.inWords());
    Dataset<Row> scored =
        Propensity.withScore(spark.session().sql(PEOPLE.formatted(4)), model).orderBy("id");

    List<Double> scores =
        scored.select(CustomerScores.SCORE.col()).collectAsList().stream()
            .map(row -> row.getDouble(0))
            .toList();
    List<Double> then = List.of(first, second, third, fourth);
    for (int i = 0; i < then.size(); i++) {
      assertThat(scores.get(i)).isCloseTo(then.get(i), within(1e-6));
    }
    assertThat(Propensity.logit(model, Propensity.withContributions(scored, model)).contributions())
        .containsOnlyKeys("visits", "recency", "channel");
  }

  @Test
  void tablesTakeTheColumnsThatCameLater(@TempDir Path folder, LocalSpark.Handle spark) {
    var lake = new Lake(spark.session(), folder.toString());
    Dataset<Row> model =
        spark.rows(
            ScoreModels.TABLE,
            "select 'buys' as target, 1 as version, date'2026-06-27' as trained_as_of, 'xgboost' as"
                + " algorithm, true as champion, map('test.auc', .8D) as metrics, 'p' as path, 'd' as definition");
    Dataset<Row> matured =
        spark.rows(
            MaturedScores.TABLE,
            "select date'2026-05-31' as as_of, 'buys' as target, 1 as model_version, date'2026-06-30' as"
                + " matured_on, 9L as customers, 3L as events, .3D as said, .2D as low, .5D as high,"
                + " .1D as calibration_error, array() as deciles");
    Map<Table, Dataset<Row>> old =
        Map.of(
            ScoreModels.TABLE, model.drop("lifts"),
            MaturedScores.TABLE,
                matured.drop(
                    "happened", "mae", "correlation", "ratio", "ratio_low", "ratio_high", "lifts"));
    old.forEach(
        (table, rows) ->
            rows.write().format("delta").save(folder.resolve(table.name()).toString()));

    assertThat(lake.read(ScoreModels.TABLE).head().<Object>getAs("lifts")).isNull();
    assertThat(lake.read(MaturedScores.TABLE).head().<Object>getAs("happened")).isNull();
    lake.upsert(ScoreModels.TABLE, model.withColumn("version", lit(2)));
    lake.upsert(MaturedScores.TABLE, matured.withColumn("happened", lit(.33)));
    assertThat(lake.stored(ScoreModels.TABLE).columns()).contains("lifts");
    assertThat(lake.read(ScoreModels.TABLE).count()).isEqualTo(2);
    assertThat(lake.read(MaturedScores.TABLE).head().<Double>getAs("happened")).isEqualTo(.33);
  }

  static Path folder(Algorithm algorithm) {
    return Path.of("jobs/src/test/resources/models", algorithm.inWords());
  }
}
