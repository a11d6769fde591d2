package io.persegment.segments;

import io.persegment.table.Lake;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;

/**
 * The models of one segmentation that were fitted so far.
 *
 * @param models in order of their versions
 */
record StandingModels(List<Model> models) {

  /**
   * A fitted model.
   *
   * @param definition what it was fitted by
   * @param clusters what its clusters are called, in order
   * @param stability of its clusters, by the ids of their segments; none of older models
   * @param path where it is saved, under the lake's root
   */
  record Model(
      int version,
      LocalDate trainedAsOf,
      String definition,
      List<Label> clusters,
      Map<String, Double> stability,
      String path) {}

  /** What stands before the segment's id in the name of a metric. */
  static final String STABILITY_OF = "stability.";

  StandingModels {
    models = List.copyOf(models);
  }

  /** Reads the models of {@code segmentation}. An action. */
  static StandingModels of(Lake lake, String segmentation) {
    Column own = SegmentModels.SEGMENTATION.col().equalTo(segmentation);
    return new StandingModels(
        lake
            .readOrEmpty(SegmentModels.TABLE)
            .where(own)
            .select(
                SegmentModels.VERSION.col(),
                SegmentModels.TRAINED_AS_OF.col(),
                SegmentModels.DEFINITION.col(),
                SegmentModels.CLUSTERS.col(),
                SegmentModels.METRICS.col(),
                SegmentModels.PATH.col())
            .collectAsList()
            .stream()
            .map(StandingModels::model)
            .sorted(Comparator.comparing(Model::version))
            .toList());
  }

  private static Model model(Row row) {
    List<Label> clusters =
        row.<Row>getList(row.fieldIndex(SegmentModels.CLUSTERS.name())).stream()
            .map(cluster -> new Label(cluster.getString(0), cluster.getString(1)))
            .toList();
    return new Model(
        row.getAs(SegmentModels.VERSION.name()),
        row.<java.sql.Date>getAs(SegmentModels.TRAINED_AS_OF.name()).toLocalDate(),
        row.getAs(SegmentModels.DEFINITION.name()),
        clusters,
        stability(row),
        row.getAs(SegmentModels.PATH.name()));
  }

  private static Map<String, Double> stability(Row row) {
    var stability = new TreeMap<String, Double>();
    row.<String, Double>getJavaMap(row.fieldIndex(SegmentModels.METRICS.name()))
        .forEach(
            (name, value) -> {
              if (name.startsWith(STABILITY_OF)) {
                stability.put(name.substring(STABILITY_OF.length()), value);
              }
            });
    return stability;
  }

  /**
   * Returns the model to use for {@code asOf}; empty where one is to be fitted. A model is used
   * until it is {@code refitDays} old. The day it was fitted fits it again, so that a day that is
   * done again comes out as the first time or, where late events came in, with them. A backfill
   * keeps to the newest model of its day or before, however old, as what followed was built on it.
   *
   * @param backfill whether a later date was divided before
   */
  Optional<Model> standing(LocalDate asOf, String definition, int refitDays, boolean backfill) {
    return models.stream()
        .filter(model -> model.definition().equals(definition))
        .filter(model -> !model.trainedAsOf().isAfter(asOf))
        .max(Comparator.comparing(Model::trainedAsOf).thenComparing(Model::version))
        .filter(
            newest -> {
              long age = ChronoUnit.DAYS.between(newest.trainedAsOf(), asOf);
              return backfill || (age > 0 && age < refitDays);
            });
  }

  /** Returns the newest model of these settings before {@code version}, of a day or before it. */
  Optional<Model> before(int version, LocalDate asOf, String definition) {
    return models.stream()
        .filter(model -> model.version() < version && model.definition().equals(definition))
        .filter(model -> !model.trainedAsOf().isAfter(asOf))
        .max(Comparator.comparing(Model::trainedAsOf).thenComparing(Model::version));
  }

  /** Returns the version of a model fitted as of a day: the same one when it is fitted again. */
  int version(LocalDate asOf, String definition) {
    return models.stream()
        .filter(model -> model.trainedAsOf().equals(asOf))
        .filter(model -> model.definition().equals(definition))
        .map(Model::version)
        .findFirst()
        .orElseGet(() -> models.stream().mapToInt(Model::version).max().orElse(0) + 1);
  }

  /** Returns the names, by id, of all segments of versions before {@code version}. */
  Map<String, String> namesBefore(int version) {
    var names = new TreeMap<String, String>();
    models.stream()
        .filter(model -> model.version() < version)
        .forEach(model -> model.clusters().forEach(each -> names.put(each.id(), each.name())));
    return names;
  }

  /** Returns whether any model had a segment of that id. */
  boolean knows(String segmentId) {
    return namesBefore(Integer.MAX_VALUE).containsKey(segmentId);
  }
}
