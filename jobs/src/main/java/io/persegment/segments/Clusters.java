package io.persegment.segments;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.when;

import io.persegment.features.FeatureSettings;
import io.persegment.run.StageContext;
import io.persegment.segments.KMeansTraining.Trained;
import io.persegment.segments.StandingModels.Model;
import io.persegment.table.Lake;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
  private final KMeansSettings settings;
  private final StandingModels models;

  /** An action: reads the models there are. */
  Clusters(StageContext context, FeatureSettings features, KMeansSettings settings) {
    this.context = context;
    this.lake = context.lake();
    this.features = features;
    this.settings = settings;
    this.models = StandingModels.of(lake, settings.name());
  }

  /**
   * Returns the segmentation. An action.
   *
   * @param candidates rows of {@link Candidates}, persisted
   * @throws Refused where a model is needed and cannot be made
   */
  Division division(Dataset<Row> candidates) throws Refused {
    Optional<Model> standing =
        models.standing(
            context.asOf(),
            settings.definition(),
            settings.refitDays(),
            !segments().where(Segments.AS_OF.col().gt(context.asOfColumn())).isEmpty());
    Saved saved =
        standing.isPresent()
            ? new Saved(standing.get(), ClusterModel.load(lake, standing.get().path()))
            : fit(candidates);
    return new ClusterDivision(
        settings.name(),
        segments(saved.model().clusters()),
        saved.model().version(),
        settings.fit(),
        saved.clusters());
  }

  private Saved fit(Dataset<Row> candidates) throws Refused {
    Dataset<Row> known =
        candidates.where(Candidates.MAY_PROFILE.col().and(Preparation.known(settings.fit())));
    Trained trained = KMeansTraining.train(known, settings.fit());
    int version = models.version(context.asOf(), settings.definition());
    String path = ClusterModel.path(lake, settings.name(), version);
    ClusterModel.save(lake, path, trained.pipeline());
    ClusterModel clusters = ClusterModel.load(lake, path);
    Dataset<Row> scored = clusters.score(known);
    ClusterMeans means = ClusterMeans.of(scored, settings.features());
    var model =
        new Model(
            version,
            context.asOf(),
            settings.definition(),
            labels(visible(trained, means), version, inherited(scored, version)),
            path);
    Row row = FittedModel.row(settings.name(), model, trained, means.cost());
    lake.replaceWhere(
        SegmentModels.TABLE,
        "segmentation = '%s' and version = %d".formatted(settings.name(), version),
        lake.spark().createDataFrame(List.of(row), SegmentModels.TABLE.schema()));
    return new Saved(model, clusters);
  }

  /**
   * Returns which clusters are segments that models before made, by the last date before; for a
   * backfill older than all others by the first one after.
   */
  private Map<Integer, String> inherited(Dataset<Row> scored, int version) {
    Set<String> made = models.namesBefore(version).keySet();
    if (made.isEmpty()) {
      return Map.of();
    }
    Column date = Segments.AS_OF.col();
    Column before = max(when(date.lt(context.asOfColumn()), date));
    Column after = min(when(date.gt(context.asOfColumn()), date));
    Row nearest = segments().agg(coalesce(before, after)).head();
    if (nearest.isNullAt(0)) {
      return Map.of();
    }
    Dataset<Row> membership =
        lake.read(SegmentMembership.TABLE)
            .where(SegmentMembership.SEGMENTATION.col().equalTo(settings.name()))
            .where(SegmentMembership.AS_OF.col().equalTo(nearest.getDate(0)))
            .where(SegmentMembership.SEGMENT_ID.col().isin(made.toArray()));
    return Inheritance.of(
        Inheritance.shared(scored, membership).collectAsList().stream()
            .map(Inheritance::read)
            .toList());
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

  private List<Segment> segments(List<Label> clusters) {
    var segments = new ArrayList<Segment>();
    for (Label label : ClusterLabels.renamed(clusters, settings.names())) {
      segments.add(new Segment(label.id(), label.name(), Optional.empty(), true));
    }
    segments.add(
        Segment.unknown(
            settings.unknown(),
            "Where %s does not hold, or a feature of the clusters is not known."
                .formatted(settings.fit().population())));
    return segments;
  }

  private Dataset<Row> segments() {
    return lake.readOrEmpty(Segments.TABLE)
        .where(Segments.SEGMENTATION.col().equalTo(settings.name()));
  }
}
