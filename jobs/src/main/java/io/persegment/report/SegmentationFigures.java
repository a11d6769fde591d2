package io.persegment.report;

import io.persegment.features.FeatureSettings;
import io.persegment.features.Wording;
import io.persegment.segments.SegmentModels;
import io.persegment.segments.Segments;
import io.persegment.table.Lake;
import java.sql.Date;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;

/**
 * One way to divide the customers.
 *
 * @param segments the largest first
 * @param model behind it; empty for rules and buckets
 */
public record SegmentationFigures(String name, List<Segment> segments, Optional<Model> model) {

  /**
   * One part.
   *
   * @param share of the customers of the segmentation, 0 to 1
   * @param stability mean overlap under resampling, 0 to 1; empty where not measured
   * @param traits the features that it is told by, and scores
   */
  public record Segment(
      String name,
      String description,
      long size,
      double share,
      Optional<Double> stability,
      List<Trait> traits) {}

  /**
   * A feature in one segment.
   *
   * @param noun what the feature is, in words
   * @param share whether it is a part of a whole
   * @param mean in the segment
   * @param overall over all customers of the segmentation
   * @param lift the ratio of the two
   */
  public record Trait(String noun, boolean share, double mean, double overall, double lift) {}

  /** What {@link SegmentModels} says of the model. */
  public record Model(
      int version, String algorithm, int k, LocalDate trainedAsOf, Optional<Double> silhouette) {}

  public long customers() {
    return segments.stream().mapToLong(Segment::size).sum();
  }

  /**
   * Returns the segmentations of {@code asOf} by name; none where nothing was divided. Two actions,
   * with one row a segment and a model.
   */
  static List<SegmentationFigures> read(Lake lake, LocalDate asOf, FeatureSettings features) {
    Map<String, List<Row>> rows =
        lake
            .readOrEmpty(Segments.TABLE)
            .where(Segments.AS_OF.col().equalTo(Date.valueOf(asOf)))
            .collectAsList()
            .stream()
            .collect(
                Collectors.groupingBy(
                    row -> row.getAs(Segments.SEGMENTATION.name()),
                    TreeMap::new,
                    Collectors.toList()));
    List<Row> models = lake.readOrEmpty(SegmentModels.TABLE).collectAsList();
    return rows.entrySet().stream()
        .map(each -> of(each.getKey(), each.getValue(), models, features))
        .toList();
  }

  private static SegmentationFigures of(
      String name, List<Row> rows, List<Row> models, FeatureSettings features) {
    List<Segment> segments =
        rows.stream()
            .map(row -> segment(row, features))
            .sorted(Comparator.comparing(Segment::size).reversed().thenComparing(Segment::name))
            .toList();
    Integer version = rows.get(0).getAs(Segments.MODEL_VERSION.name());
    return new SegmentationFigures(name, segments, model(models, name, version));
  }

  private static Segment segment(Row row, FeatureSettings features) {
    List<Row> profile = row.getList(row.fieldIndex(Segments.PROFILE.name()));
    List<Trait> traits =
        profile.stream()
            .filter(trait -> !trait.anyNull()) // nobody in it has the feature
            .map(trait -> trait(trait, features))
            .toList();
    return new Segment(
        row.getAs(Segments.NAME.name()),
        row.getAs(Segments.DESCRIPTION.name()),
        row.<Long>getAs(Segments.SIZE.name()),
        row.<Double>getAs(Segments.SHARE.name()),
        Optional.ofNullable(row.getAs(Segments.STABILITY.name())),
        traits);
  }

  /** A feature that is declared no more is called by its name. */
  private static Trait trait(Row row, FeatureSettings features) {
    String feature = row.getString(0);
    boolean isScore = feature.startsWith("score(");
    Wording wording =
        features.names().contains(feature)
            ? features.wording(feature)
            : new Wording(feature, feature, feature, isScore);
    return new Trait(
        wording.noun(), wording.share(), row.getDouble(1), row.getDouble(2), row.getDouble(3));
  }

  private static Optional<Model> model(List<Row> models, String name, Integer version) {
    Function<Row, Model> toModel =
        row ->
            new Model(
                row.<Integer>getAs(SegmentModels.VERSION.name()),
                row.getAs(SegmentModels.ALGORITHM.name()),
                row.<Integer>getAs(SegmentModels.K.name()),
                row.<Date>getAs(SegmentModels.TRAINED_AS_OF.name()).toLocalDate(),
                Optional.ofNullable(
                    row.<String, Double>getJavaMap(row.fieldIndex(SegmentModels.METRICS.name()))
                        .get("silhouette")));
    return models.stream()
        .filter(row -> row.getAs(SegmentModels.SEGMENTATION.name()).equals(name))
        .filter(row -> row.getAs(SegmentModels.VERSION.name()).equals(version))
        .map(toModel)
        .findFirst();
  }
}
