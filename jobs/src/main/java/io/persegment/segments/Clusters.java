package io.persegment.segments;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.when;

import io.persegment.features.FeatureSettings;
import io.persegment.quality.StabilityIndex;
import io.persegment.run.StageContext;
import io.persegment.segments.ClusterTraining.Trained;
import io.persegment.segments.StandingModels.Model;
import io.persegment.table.Lake;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Divides customers by the standing model of clusters, and fits one where none stands. */
final class Clusters {
  /** A model, as it is written in the table and as it was read from where it is saved. */
  private record Saved(Model model, ClusterModel clusters) {}

  private final StageContext context;
  private final Lake lake;
  private final FeatureSettings features;
  private final ClusterSettings settings;
  private final StandingModels models;

  /** An action: reads the models there are. */
  Clusters(StageContext context, FeatureSettings features, ClusterSettings settings) {
    this.context = context;
    this.lake = context.lake();
    this.features = features;
    this.settings = settings;
    this.models = StandingModels.of(lake, settings.name());
  }

  /**
   * Returns the segmentation. An action.
   *
   * @param before customers, persisted, with the segmentations that it needs
   * @throws Refused where a model is needed and cannot be made
   */
  Division division(Assigned before) throws Refused {
    boolean isBackfill = !segments().where(Segments.AS_OF.col().gt(context.asOfColumn())).isEmpty();
    Optional<Model> standing =
        models.standing(context.asOf(), settings.definition(), settings.refitDays(), isBackfill);
    if (standing.isPresent()) {
      Saved stands = saved(standing.get());
      if (isBackfill || !hasDrifted(stands, before)) {
        return division(stands, known(before));
      }
    }
    Saved saved;
    try {
      saved = fit(before.customers().where(Candidates.MAY_PROFILE.col().and(known(before))));
    } catch (Refused e) {
      saved = keptAfter(e);
    }
    return division(saved, known(before));
  }

  private Saved saved(Model model) {
    return new Saved(model, ClusterModel.load(lake, model.path()));
  }

  /**
   * Returns the newest model of these settings up to the date, where none could be fitted anew.
   *
   * @throws Refused where there is none
   */
  private Saved keptAfter(Refused refused) throws Refused {
    Model newest =
        models
            .standing(context.asOf(), settings.definition(), settings.refitDays(), true)
            .orElseThrow(() -> refused);
    context
        .report()
        .warn(
            "The segmentation %s could not be fitted anew on %s, and keeps version %d: %s."
                .formatted(
                    settings.name(), context.asOf(), newest.version(), refused.getMessage()));
    return saved(newest);
  }

  /**
   * Returns the segmentation by the newest model of these settings, whenever that was fitted.
   *
   * @throws Refused where none was
   */
  Division byNewest(Assigned before) throws Refused {
    Model newest =
        models.models().stream()
            .filter(model -> model.definition().equals(settings.definition()))
            .max(Comparator.comparing(Model::trainedAsOf).thenComparing(Model::version))
            .orElseThrow(() -> new Refused("no run has fitted a model of these settings"));
    return division(saved(newest), known(before));
  }

  /**
   * Returns whether the sizes of the segments are others than on the first date of the model: on
   * the last date, and so it was nothing that passed, and on this one. Actions: a row a segment and
   * date, and a pass over the customers where the last date says so.
   */
  private boolean hasDrifted(Saved saved, Assigned before) {
    Model model = saved.model();
    var sizes = new TreeMap<java.sql.Date, Map<String, Double>>();
    segments()
        .where(Segments.MODEL_VERSION.col().equalTo(model.version()))
        .where(Segments.AS_OF.col().lt(context.asOfColumn()))
        .select(Segments.AS_OF.col(), Segments.SEGMENT_ID.col(), Segments.SHARE.col())
        .collectAsList()
        .forEach(
            row ->
                sizes
                    .computeIfAbsent(row.getDate(0), date -> new TreeMap<>())
                    .put(row.getString(1), row.getDouble(2)));
    if (sizes.isEmpty()) {
      return false;
    }
    Map<String, Double> first = sizes.firstEntry().getValue();
    if (StabilityIndex.of(first, sizes.lastEntry().getValue()) <= settings.refitPsi()) {
      return false;
    }
    double psi = StabilityIndex.of(first, shares(saved, before));
    if (psi <= settings.refitPsi()) {
      return false;
    }
    context
        .report()
        .warn(
            "The segmentation %s is to be fitted anew on %s: the sizes of its segments had moved by %.2f since %s (refit-psi = %s)."
                .formatted(
                    settings.name(), context.asOf(), psi, sizes.firstKey(), settings.refitPsi()));
    return true;
  }

  /** Returns the part of the customers that each segment of a model has on this date. An action. */
  private Map<String, Double> shares(Saved saved, Assigned before) {
    var ids = new ArrayList<>(saved.model().clusters().stream().map(Label::id).toList());
    ids.add(Segment.id(settings.unknown()));
    Column cluster = when(known(before), col(ClusterModel.CLUSTER)).otherwise(lit(ids.size() - 1));
    List<Row> counts =
        saved
            .clusters()
            .score(before.customers().where(Candidates.MAY_PROFILE.col()))
            .groupBy(cluster)
            .agg(count(lit(1)))
            .collectAsList(); // a row a segment
    double all = counts.stream().mapToLong(row -> row.getLong(1)).sum();
    return counts.stream()
        .collect(Collectors.toMap(row -> ids.get(row.getInt(0)), row -> row.getLong(1) / all));
  }

  private Column known(Assigned before) {
    return Preparation.known(settings.fit(), before.holds(settings.fit().population()));
  }

  private Division division(Saved saved, Column known) {
    return new ClusterDivision(
        settings.name(),
        segments(saved.model()),
        saved.model().version(),
        settings.features(),
        known,
        saved.clusters());
  }

  private Saved fit(Dataset<Row> known) throws Refused {
    Trained trained = ClusterTraining.train(known, settings.fit());
    int version = models.version(context.asOf(), settings.definition());
    String path = ClusterModel.path(lake, settings.name(), version);
    ClusterModel.save(lake, path, trained.pipeline());
    ClusterModel clusters = ClusterModel.load(lake, path);
    Dataset<Row> scored = clusters.score(known);
    ClusterMeans means = ClusterMeans.of(scored, settings.features());
    List<Label> labels =
        labels(visible(trained, means), version, inherited(scored, known, version));
    var model =
        new Model(
            version,
            context.asOf(),
            settings.definition(),
            labels,
            stability(labels, trained.stability()),
            path);
    Row row = FittedModel.row(settings, model, trained, means.cost());
    lake.replaceWhere(
        SegmentModels.TABLE,
        "segmentation = '%s' and version = %d".formatted(settings.name(), version),
        lake.spark().createDataFrame(List.of(row), SegmentModels.TABLE.schema()));
    return new Saved(model, clusters);
  }

  /**
   * Returns which clusters are segments that models before made. Where the last one knows the same
   * features, it is asked where it would put the same customers: then a day on which they were in
   * other segments, since something was wrong with it, takes no segment's meaning away.
   *
   * @param known customers of whom enough is known
   */
  private Map<Integer, String> inherited(Dataset<Row> scored, Dataset<Row> known, int version) {
    Set<String> made = models.namesBefore(version).keySet();
    if (made.isEmpty()) {
      return Map.of();
    }
    return models
        .before(version, context.asOf(), settings.definition())
        .map(last -> assigned(saved(last), known))
        .or(() -> membership(made))
        .map(before -> Inheritance.shared(scored, before).collectAsList()) // a row a pair
        .map(
            shared ->
                Inheritance.of(
                    shared.stream().map(Inheritance::read).toList(), settings.leastOverlap()))
        .orElse(Map.of());
  }

  /** Returns customers with the segment that a model puts them into. */
  private static Dataset<Row> assigned(Saved saved, Dataset<Row> known) {
    String[] ids = saved.model().clusters().stream().map(Label::id).toArray(String[]::new);
    return saved
        .clusters()
        .score(known)
        .select(
            SegmentMembership.CUSTOMER_ID.col(),
            lit(ids).getItem(col(ClusterModel.CLUSTER)).as(SegmentMembership.SEGMENT_ID.name()));
  }

  /**
   * Returns who was in segments of some ids on the last date before; for a backfill older than all
   * others on the first one after; empty where there is none. An action.
   */
  private Optional<Dataset<Row>> membership(Set<String> made) {
    Column date = Segments.AS_OF.col();
    Column before = max(when(date.lt(context.asOfColumn()), date));
    Column after = min(when(date.gt(context.asOfColumn()), date));
    Row nearest = segments().agg(coalesce(before, after)).head();
    return nearest.isNullAt(0)
        ? Optional.empty()
        : Optional.of(
            lake.read(SegmentMembership.TABLE)
                .where(SegmentMembership.SEGMENTATION.col().equalTo(settings.name()))
                .where(SegmentMembership.AS_OF.col().equalTo(nearest.getDate(0)))
                .where(SegmentMembership.SEGMENT_ID.col().isin(made.toArray())));
  }

  private static Map<String, Double> stability(List<Label> labels, List<Double> ofClusters) {
    var stability = new TreeMap<String, Double>();
    for (int cluster = 0; cluster < labels.size(); cluster++) {
      stability.put(labels.get(cluster).id(), ofClusters.get(cluster));
    }
    return stability;
  }

  private static List<Vector> visible(Trained trained, ClusterMeans means) {
    return IntStream.range(0, trained.strengths().size())
        .mapToObj(cluster -> means.visible(cluster, trained.strengths().get(cluster)))
        .toList();
  }

  private List<Label> labels(List<Vector> strengths, int version, Map<Integer, String> inherited) {
    var names = new ClusterNames(settings.features().stream().map(features::wording).toList());
    return new ClusterLabels(names, models.namesBefore(version), settings.unknown())
        .of(strengths, inherited);
  }

  private List<Segment> segments(Model model) {
    warnOfLostNames(model);
    var segments = new ArrayList<Segment>();
    for (Label label : ClusterLabels.renamed(model.clusters(), settings.names())) {
      Optional<Double> stability = Optional.ofNullable(model.stability().get(label.id()));
      segments.add(new Segment(label.id(), label.name(), Optional.empty(), true, stability));
    }
    segments.add(
        Segment.unknown(
            settings.unknown(),
            settings.fit().population(),
            "a feature of the clusters is not known"));
    return segments;
  }

  /** A segment that a model before had may come back, and keeps its name for that day. */
  private void warnOfLostNames(Model model) {
    List<String> ids = model.clusters().stream().map(Label::id).toList();
    settings.names().keySet().stream()
        .filter(id -> !ids.contains(id) && !models.knows(id))
        .sorted()
        .forEach(
            id -> context.report().warn(SegmentErrors.namesNoSegment(settings.name(), id, ids)));
  }

  private Dataset<Row> segments() {
    return lake.readOrEmpty(Segments.TABLE)
        .where(Segments.SEGMENTATION.col().equalTo(settings.name()));
  }
}
