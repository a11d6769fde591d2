package io.persegment.scores;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.corr;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.rand;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.persegment.scores.Candidate.Judged;
import io.persegment.scores.Examples.Size;
import io.persegment.scores.Learning.Algorithm;
import io.persegment.scores.Preparation.Input;
import io.persegment.scores.Preparation.Term;
import io.persegment.scores.TargetSettings.Goal;
import io.persegment.testing.LocalSpark;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.Transformer;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models of people whose chances are known: a planted logistic truth. */
@ExtendWith(LocalSpark.class)
class PropensityTest {
  private static final List<String> FEATURES = List.of("visits", "balance", "recency", "noise");

  @TempDir Path folder;
  private Dataset<Row> people;

  /**
   * Chances are {@code -1 + log1p(visits) - 0.8 sgn(balance) log1p|balance| + 1.5 if recency is not
   * known}; the draws are hashes, so that they are the same on every machine.
   */
  @BeforeEach
  void plant(LocalSpark.Handle spark) {
    people =
        spark
            .session()
            .sql(
                """
                with drawn as (
                  select format_string('c%05d', id) as customer_id, date'2026-05-31' as as_of,
                    cast(6 * u(id, 1) as int) as visits,
                    cast(round(8 * u(id, 2) - 4, 2) as decimal(18,4)) as balance,
                    if(u(id, 3) < 0.3, null, cast(90 * u(id, 4) as int)) as recency,
                    u(id, 5) as noise, u(id, 6) as luck
                  from range(8000))
                select *, 1 / (1 + exp(1 - log1p(visits) + 0.8 * sign(balance) * log1p(abs(balance))
                  - if(recency is null, 1.5, 0))) as chance
                from drawn"""
                    .replaceAll("u\\(id, (\\d)\\)", "(pmod(xxhash64(id, $1), 1000003) / 1000003)"))
            .selectExpr("*", "if(luck < chance, 1D, 0D) as _label")
            .localCheckpoint();
  }

  @Test
  void findsThePlantedWeights() {
    PipelineModel model = fit(people, 0, 0);

    Map<Term, Double> perDeviation = Propensity.weights(model);
    Map<String, Double> perUnit =
        perDeviation.entrySet().stream()
            .collect(
                Collectors.toMap(
                    each -> each.getKey().toString(),
                    each -> each.getValue() / deviation(each.getKey())));
    assertThat(perUnit)
        .containsOnlyKeys(
            "log visits", "log balance", "log recency", "unknown recency", "log noise");
    assertThat(perUnit.get("log visits")).isCloseTo(1, within(.1));
    assertThat(perUnit.get("log balance")).isCloseTo(-.8, within(.06));
    assertThat(perUnit.get("log recency")).isCloseTo(0, within(.1));
    assertThat(perUnit.get("unknown recency")).isCloseTo(1.5, within(.3));
  }

  @Test
  void scoresLieAtTheTrueChances() {
    PipelineModel model = fit(people, 0.001, 0.5);

    Row apart =
        Propensity.withScore(people, model)
            .selectExpr("avg(score - chance)", "avg(abs(score - chance))", "avg(_label - score)")
            .head();
    assertThat(apart.getDouble(0)).isCloseTo(0, within(.01));
    assertThat(apart.getDouble(1)).isLessThan(.02);
    assertThat(apart.getDouble(2)).isCloseTo(0, within(1e-3));
  }

  @ParameterizedTest
  @CsvSource({"XGBOOST, 3", "RANDOM_FOREST, 5"})
  void treesFindTheTrueChancesTooAndSayWhatMovedThem(Algorithm algorithm, int depth) {
    PipelineModel model = fit(people, new Candidate(algorithm, 0, depth, 60), 0);
    Dataset<Row> scored = Propensity.withContributions(Propensity.withScore(people, model), model);

    Row apart = scored.selectExpr("avg(score - chance)", "avg(abs(score - chance))").head();
    assertThat(apart.getDouble(0)).isCloseTo(0, within(.01));
    assertThat(apart.getDouble(1)).isLessThan(.05);
    Propensity.Logit logit = Propensity.logit(model, scored);
    assertThat(logit.contributions()).containsOnlyKeys("visits", "balance", "recency", "noise");
    assertThat(rest(scored, logit)).isLessThan(1e-4); // trees add up floats
    assertThat(
            scored
                .select(corr(logit.contributions().get("visits"), col("visits")))
                .head()
                .getDouble(0))
        .isGreaterThan(.8);
  }

  @Test
  void whatFeaturesAddIsTheScoresLogitHoweverItIsCalibrated() {
    for (Dataset<Row> rows : List.of(people, people.limit(1_500))) { // by a curve, and by a line
      PipelineModel model = fit(rows, 0.01, 0);
      Dataset<Row> scored = Propensity.withScore(people, model);
      assertThat(rest(scored, Propensity.logit(model, scored))).isLessThan(1e-6);
    }
  }

  /** Returns by how much the parts of a logit miss that of a score, at most. */
  private static double rest(Dataset<Row> scored, Propensity.Logit logit) {
    Column sum = logit.contributions().values().stream().reduce(Column::plus).orElseThrow();
    return scored
        .select(max(abs(log(expr("score / (1 - score)")).minus(logit.average()).minus(sum))))
        .head()
        .getDouble(0);
  }

  @Test
  void treesThatStopEarlyAreJudgedByTheRoundsThatWere() {
    var learning =
        new Learning(
            List.of(Algorithm.XGBOOST),
            List.of(0.01),
            0.5,
            List.of(3),
            .3,
            200,
            List.of(),
            List.of());
    Preparation preparation = Preparation.of(people, FEATURES);
    Dataset<Row> prepared =
        Propensity.prepare(people, preparation).transform(people.where("customer_id < 'c03000'"));
    Dataset<Row> later =
        Propensity.prepare(people, preparation).transform(people.where("customer_id >= 'c03000'"));

    Judged trees =
        new Candidate(Algorithm.XGBOOST, 0, 3, 200).judged(prepared, later, preparation, learning);
    Judged plain = Candidate.logistic(0.01).judged(prepared, later, preparation, learning);
    assertThat(trees.candidate().trees()).isBetween(3, 150);
    assertThat(trees.logLoss()).isBetween(plain.logLoss() * .98, plain.logLoss() * 1.1);
  }

  @Test
  void valuesOfTextsMeanNothingInSql() {
    String odd = "it's \\ `${env:HOME}` __THIS__ \n\u20ac";
    Dataset<Row> rows =
        people.withColumn("odd", when(col("visits").gt(2), lit(odd)).otherwise(lit("plain")));
    Preparation preparation = Preparation.of(rows, List.of("odd"));

    Row told =
        Propensity.prepare(rows, preparation)
            .transform(rows)
            .selectExpr("sum(`value 0 odd`) + sum(`value 1 odd`)", "count(*)")
            .head();
    assertThat(told.getDouble(0)).isEqualTo((double) told.getLong(1));
  }

  @Test
  void aTextThatSaysTheSameOfAllWhoHaveOneTellsWhoHasNone() {
    Dataset<Row> rows =
        people.withColumn("newsletter", when(col("visits").gt(2), lit("yes")).otherwise(lit(null)));
    Preparation preparation = Preparation.of(rows, List.of("newsletter"));

    assertThat(preparation.terms()).containsExactly(new Term(Term.Kind.UNKNOWN, "newsletter", 0));
    Row told =
        Propensity.prepare(rows, preparation)
            .transform(rows)
            .selectExpr("count_if(`unknown newsletter` <> if(visits > 2, 0, 1))")
            .head();
    assertThat(told.getLong(0)).isZero();
  }

  @Test
  void aTextWhoseValuesTogetherTellTheOutcomeIsALeakThoughNoneOfThemDoes() {
    Dataset<Row> rows =
        people.selectExpr(
            "*",
            "concat(if(_label = 1, 'won ', 'lost '), pmod(xxhash64(customer_id), 4)) as stage",
            "concat('shop ', pmod(xxhash64(customer_id, 1), 9)) as shop");
    Row size = rows.selectExpr("count(*)", "cast(sum(_label) as bigint)").head();
    Preparation preparation = Preparation.of(rows, List.of("stage", "shop", "visits"));

    assertThat(Leaks.find(rows, preparation, new Size(size.getLong(0), size.getLong(1))))
        .containsOnlyKeys("stage")
        .containsEntry("stage", 1.0);
  }

  @ParameterizedTest
  @CsvSource({
    "3, '1: JUDGE, 2: CALIBRATION, 3: TEST'",
    "2, '1: CALIBRATION, 2: TEST'",
    "1, '1: TEST'",
    "5, '1: EARLIER, 2: EARLIER, 3: JUDGE, 4: CALIBRATION, 5: TEST'"
  })
  void ofFewTimesTheLastOnesTestAndCalibrate(int times, String slices) throws Refusal {
    TargetSettings target =
        PlantedShop.targets(
                "targets { purchase_30d = null, bought { kind = label, label = \"orders_30d > 1\","
                    + " split-by = tenure, features = [recency], baselines = [recency] } }")
            .get(0);
    Dataset<Row> rows =
        people.selectExpr(
            "*",
            "visits as orders_30d",
            "1 + pmod(xxhash64(customer_id), %d) as tenure".formatted(times));

    assertThat(
            Examples.labelled(target, rows, (Goal.Labelled) target.goal())
                .join(rows, "customer_id")
                .selectExpr("concat(tenure, ': ', _slice) as told")
                .distinct()
                .orderBy("told")
                .as(Encoders.STRING())
                .collectAsList())
        .isEqualTo(List.of(slices.split(", ")));
  }

  @Test
  void aScoreMayOnlyRiseWhereItIsAsked() {
    var learning =
        new Learning(
            List.of(Algorithm.XGBOOST),
            List.of(0.01),
            0.5,
            List.of(3),
            .1,
            30,
            List.of("balance", "noise"),
            List.of("visits"));
    Preparation preparation = Preparation.of(people, FEATURES);
    PipelineModel prepared = Propensity.prepare(people, preparation);
    for (Candidate each :
        List.of(new Candidate(Algorithm.XGBOOST, 0, 3, 30), Candidate.logistic(0.01))) {
      Transformer model = each.fit(prepared.transform(people), preparation, learning);
      Dataset<Row> same =
          prepared.transform(
              people
                  .limit(40)
                  .selectExpr("* except (balance, visits)", "explode(sequence(-4, 4)) as balance")
                  .selectExpr("*", "3 - balance as visits"));
      Row wrong =
          Propensity.withRaw(model.transform(same))
              .selectExpr(
                  "customer_id",
                  "score < lag(score) over (partition by customer_id order by balance) as falls")
              .selectExpr("count_if(falls)", "count(falls)")
              .head();
      assertThat(wrong.getLong(1)).isEqualTo(320);
      assertThat(wrong.getLong(0)).as(each.toString()).isZero();
    }
  }

  @Test
  void theOrderAndPartitionsOfRowsDoNotMatter() {
    PipelineModel model = fitSettled(people);
    PipelineModel shuffled = fitSettled(people.repartition(7).orderBy(rand(5)));

    Propensity.weights(model)
        .forEach(
            (term, weight) ->
                assertThat(Propensity.weights(shuffled).get(term)).isCloseTo(weight, within(1e-9)));
  }

  @Test
  void aSavedModelScoresTheSame(LocalSpark.Handle spark) {
    for (Candidate each :
        List.of(
            Candidate.logistic(0.01),
            new Candidate(Algorithm.RANDOM_FOREST, 0, 3, 5),
            new Candidate(Algorithm.XGBOOST, 0, 3, 20))) {
      PipelineModel model = fit(people.limit(2_000), each, 0.5);
      String path = folder.resolve(each.toString()).toString();
      SavedModel.save(model, spark.session(), path);
      PipelineModel loaded = SavedModel.load(spark.session(), path, each.algorithm().inWords());

      assertThat(scores(loaded)).isEqualTo(scores(model)).hasSize(50);
    }
  }

  @Test
  void whatIsTheSameForAllOrNeverKnownIsLeftOut() {
    Dataset<Row> rows =
        people.selectExpr(
            "visits",
            "7 as same",
            "cast(null as double) as never",
            "if(visits > 2, 5, null) as sometimes",
            "double('NaN') as wrong",
            "if(visits > 2, double('Infinity'), visits) as infinite");

    assertThat(
            Preparation.of(
                    rows, List.of("visits", "same", "never", "sometimes", "wrong", "infinite"))
                .inputs())
        .containsExactly(
            new Input("visits", false, true, false, List.of()),
            new Input("sometimes", true, false, false, List.of()),
            new Input("infinite", true, true, false, List.of()));
  }

  private static PipelineModel fit(Dataset<Row> rows, double penalty, double l1Share) {
    return fit(rows, Candidate.logistic(penalty), l1Share);
  }

  /** Returns a model of {@code rows} that is calibrated on them as well. */
  private static PipelineModel fit(Dataset<Row> rows, Candidate candidate, double l1Share) {
    Preparation preparation = Preparation.of(rows, FEATURES);
    PipelineModel prepared = Propensity.prepare(rows, preparation);
    var learning =
        new Learning(
            List.of(candidate.algorithm()),
            List.of(0.0),
            l1Share,
            List.of(3),
            .1,
            100,
            List.of(),
            List.of());
    var stages = new ArrayList<PipelineStage>(List.of(prepared.stages()));
    stages.add(candidate.fit(prepared.transform(rows), preparation, learning));
    Dataset<Row> scored = Propensity.pipeline(stages, rows).transform(rows);
    Row size = rows.selectExpr("count(*)", "cast(sum(_label) as bigint)").head();
    stages.addAll(Calibration.of(scored, new Size(size.getLong(0), size.getLong(1))));
    return Propensity.pipeline(stages, rows);
  }

  private static PipelineModel fitSettled(Dataset<Row> rows) {
    return fit(Examples.settled(rows, 8_000), 0.001, 0.5);
  }

  private double deviation(Term term) {
    var input = new Input(term.feature(), true, true, false, List.of());
    return people.selectExpr("stddev_samp(%s)".formatted(input.sql(term))).head().getDouble(0);
  }

  private List<Double> scores(PipelineModel model) {
    return Propensity.withScore(people.orderBy("customer_id").limit(50), model)
        .select(CustomerScores.SCORE.col())
        .collectAsList()
        .stream()
        .map(row -> row.getDouble(0))
        .toList();
  }
}
