package io.persegment.scores;

import io.persegment.features.FeatureSettings;
import io.persegment.table.Lake;
import java.sql.Date;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/** The kept models of one target. */
final class Models {
  private static final String FOLDER = "models";

  private final Lake lake;
  private final String target;
  private final String definition;
  private final Optional<String> foretells;
  private final Function<List<String>, Optional<String>> knows;

  /**
   * Returns the models of a target, of which one of other settings may do what one of today's does:
   * foretell the same of the same customers, by features that are made as they are now.
   */
  static Models of(Lake lake, TargetSettings target, FeatureSettings features) {
    return new Models(
        lake,
        target.name(),
        target.definition(features),
        Optional.of(target.foretells()),
        known -> target.knows(known, features));
  }

  /** Returns the models of a target that those of other settings have nothing to do with. */
  static Models of(Lake lake, LifetimeSettings target) {
    return new Models(
        lake, target.name(), target.definition(), Optional.empty(), known -> Optional.empty());
  }

  private Models(
      Lake lake,
      String target,
      String definition,
      Optional<String> foretells,
      Function<List<String>, Optional<String>> knows) {
    this.lake = lake;
    this.target = target;
    this.definition = definition;
    this.foretells = foretells;
    this.knows = knows;
  }

  /**
   * A kept model.
   *
   * @param path of the model that scores
   * @param tested of the model of the same kind that was tested, which knew less
   */
  record Kept(
      int version, String algorithm, String path, String tested, Map<String, Double> metrics) {
    /** Reads it. Some small jobs. */
    PipelineModel used(SparkSession spark) {
      return SavedModel.load(spark, path, algorithm);
    }

    /** Reads the one that was tested. Some small jobs. */
    PipelineModel tested(SparkSession spark) {
      return SavedModel.load(spark, tested, algorithm);
    }
  }

  /**
   * Returns the model that scores a date, if one was made before that knows what happened until the
   * end of a day from {@code from} to that date: the champion, or, for a backfill, the one that was
   * it then. An action.
   */
  Optional<Kept> standing(LocalDate from, LocalDate asOf) {
    Optional<Row> found =
        newest(
            row ->
                isOfDefinition(row)
                    && !trainedAsOf(row).isBefore(from)
                    && !trainedAsOf(row).isAfter(asOf));
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Integer lostTo = found.get().getAs(ScoreModels.LOST_TO.name());
    Kept then = lostTo == null ? kept(found.get()) : kept(lostTo);
    return Optional.of(isBackfill(asOf) ? then : champion(asOf).orElse(then));
  }

  /**
   * Returns the model that makes today's scores, if it does what one of today's definition would
   * and knows nothing after {@code to}. An action.
   */
  Optional<Kept> champion(LocalDate to) {
    return newest(row -> isAlike(row) && !trainedAsOf(row).isAfter(to) && isChampion(row))
        .map(this::kept);
  }

  /**
   * Returns the newest model that does so, lost to none and knows nothing after {@code to}. An
   * action.
   */
  Optional<Kept> last(LocalDate to) {
    return newest(
            row ->
                isAlike(row)
                    && !trainedAsOf(row).isAfter(to)
                    && row.getAs(ScoreModels.LOST_TO.name()) == null)
        .map(this::kept);
  }

  /** Returns the version that makes today's scores, whatever made it. An action. */
  Optional<Integer> scoring() {
    return newest(Models::isChampion).map(Models::version);
  }

  /** Returns the one of those with the highest version. An action: a row a model. */
  private Optional<Row> newest(Predicate<Row> which) {
    return rows().stream().filter(which).max(Comparator.comparing(Models::version));
  }

  /** Returns one row a model: few. An action. */
  List<Row> rows() {
    return ofTarget().collectAsList();
  }

  static int version(Row model) {
    return model.<Integer>getAs(ScoreModels.VERSION.name());
  }

  static LocalDate trainedAsOf(Row model) {
    return model.<Date>getAs(ScoreModels.TRAINED_AS_OF.name()).toLocalDate();
  }

  static boolean isChampion(Row model) {
    return model.<Boolean>getAs(ScoreModels.CHAMPION.name());
  }

  boolean isOfDefinition(Row model) {
    return definition.equals(model.getAs(ScoreModels.DEFINITION.name()));
  }

  /**
   * Keeps why no model was made that would know what happened until the end of a day. An action.
   *
   * @param by the settings that it was refused by
   * @param asOf of the run that found it
   */
  void refuse(String by, LocalDate trainedAsOf, LocalDate asOf, Refusal refusal) {
    Row row =
        RowFactory.create(
            target, by, Date.valueOf(trainedAsOf), Date.valueOf(asOf), refusal.getMessage());
    lake.upsert(
        ScoreRefusals.TABLE,
        lake.spark().createDataFrame(List.of(row), ScoreRefusals.TABLE.schema()));
  }

  /**
   * Returns why no such model was made on a date before {@code asOf}: on one date it is tried as
   * often as it is run. An action.
   */
  Optional<Refusal> refused(String by, LocalDate from, LocalDate to, LocalDate asOf) {
    return lake
        .readOrEmpty(ScoreRefusals.TABLE)
        .where(ScoreRefusals.TARGET.col().equalTo(target))
        .where(ScoreRefusals.DEFINITION.col().equalTo(by))
        .where(ScoreRefusals.TRAINED_AS_OF.col().between(Date.valueOf(from), Date.valueOf(to)))
        .where(ScoreRefusals.AS_OF.col().lt(Date.valueOf(asOf)))
        .orderBy(ScoreRefusals.TRAINED_AS_OF.col().desc())
        .limit(1)
        .collectAsList()
        .stream()
        .findFirst()
        .map(
            row ->
                Refusal.found(
                    row.getAs(ScoreRefusals.REASON.name()),
                    row.<Date>getAs(ScoreRefusals.AS_OF.name()).toLocalDate()));
  }

  /**
   * Saves a model under the next version and, where it lost to none and is for no backfill, crowns
   * it. Actions.
   */
  Kept keep(LocalDate trainedAsOf, LocalDate asOf, Trainer.Result trained, Optional<Kept> lostTo) {
    int version = 1 + rows().stream().mapToInt(Models::version).max().orElse(0);
    SavedModel.save(trained.used(), lake.spark(), path(version));
    SavedModel.save(trained.tested(), lake.spark(), tested(version));
    Row row =
        RowFactory.create(
            target,
            version,
            Date.valueOf(trainedAsOf),
            trained.algorithm(),
            false,
            trained.metrics(),
            relativePath(version),
            definition,
            trained.features(),
            trained.deciles().stream().map(Models::row).toList(),
            lostTo.map(Kept::version).orElse(null),
            lifts(trained.deciles()),
            knows.apply(trained.features()).orElse(null));
    Dataset<Row> kept = lake.spark().createDataFrame(List.of(row), ScoreModels.TABLE.schema());
    boolean stays = isBackfill(asOf) || lostTo.isPresent();
    lake.upsert(ScoreModels.TABLE, stays ? kept : crowned(ofTarget().union(kept), version));
    return kept(version);
  }

  /** Returns {@link ScoreModels#LIFTS}; an interval is null where nothing happened. */
  static List<Row> lifts(List<Evaluation.Decile> deciles) {
    return deciles.stream()
        .map(Evaluation.Decile::liftInterval)
        .map(each -> each.map(lift -> RowFactory.create(lift.low(), lift.high())).orElse(null))
        .toList();
  }

  /** Returns a row of {@link ScoreModels#DECILES}. */
  static Row row(Evaluation.Decile decile) {
    return RowFactory.create(
        decile.decile(),
        decile.customers(),
        decile.events(),
        decile.said(),
        decile.low(),
        decile.high(),
        decile.lift());
  }

  /**
   * Marks another model to make today's scores. Actions.
   *
   * @param features that it may know
   * @throws io.persegment.error.PersegmentException where there is none, or other settings made it
   */
  void use(int version, List<String> features) {
    Row row =
        newest(model -> version(model) == version)
            .orElseThrow(() -> ScoreErrors.noVersion(target, version, versions()));
    if (!isAlike(row)) {
      List<String> known = known(row);
      List<String> gone = known.stream().filter(each -> !features.contains(each)).toList();
      throw ScoreErrors.otherSettings(target, version, gone);
    }
    lake.upsert(ScoreModels.TABLE, crowned(ofTarget(), version));
  }

  private List<Integer> versions() {
    return rows().stream().map(Models::version).sorted().toList();
  }

  /** Returns whether a model knows what came later: a backfill leaves the mark with that. */
  boolean isBackfill(LocalDate asOf) {
    return rows().stream().anyMatch(row -> trainedAsOf(row).isAfter(asOf));
  }

  static Dataset<Row> crowned(Dataset<Row> models, int version) {
    return models.withColumn(
        ScoreModels.CHAMPION.name(), ScoreModels.VERSION.col().equalTo(version));
  }

  /**
   * Returns whether a score foretold what is declared now: by a model of today's definition, or of
   * one that foretells the same. An action.
   */
  Column isForetold() {
    Object[] versions =
        rows().stream()
            .filter(row -> isOfDefinition(row) || isOfTheSame(row))
            .map(Models::version)
            .toArray();
    return CustomerScores.TARGET
        .col()
        .equalTo(target)
        .and(CustomerScores.MODEL_VERSION.col().isin(versions));
  }

  private boolean isOfTheSame(Row model) {
    String knows = model.getAs(ScoreModels.KNOWS.name());
    return knows != null && foretells.filter(knows::startsWith).isPresent();
  }

  private boolean isAlike(Row model) {
    String knows = model.getAs(ScoreModels.KNOWS.name());
    return isOfDefinition(model)
        || (knows != null && this.knows.apply(known(model)).filter(knows::equals).isPresent());
  }

  private static List<String> known(Row model) {
    int place = model.fieldIndex(ScoreModels.FEATURES.name());
    return model.isNullAt(place) ? List.of() : model.getList(place);
  }

  Dataset<Row> ofTarget() {
    return lake.readOrEmpty(ScoreModels.TABLE).where(ScoreModels.TARGET.col().equalTo(target));
  }

  private Kept kept(int version) {
    return newest(model -> version(model) == version).map(this::kept).orElseThrow();
  }

  private Kept kept(Row row) {
    int version = version(row);
    return new Kept(
        version,
        row.getAs(ScoreModels.ALGORITHM.name()),
        path(version),
        tested(version),
        row.getJavaMap(row.fieldIndex(ScoreModels.METRICS.name())));
  }

  String path(int version) {
    return lake.folder(FOLDER) + "/scores/" + target + "/" + version;
  }

  private String tested(int version) {
    return path(version) + "-tested";
  }

  String relativePath(int version) {
    return path(version).substring(lake.root().length() + 1);
  }
}
