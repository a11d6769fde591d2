package io.persegment.segments;

import io.persegment.segments.ClusterTraining.Trained;
import io.persegment.segments.StandingModels.Model;
import java.sql.Date;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** What is written down of a model when it is fitted. */
final class FittedModel {
  private FittedModel() {}

  /**
   * Returns a row of {@link SegmentModels}.
   *
   * @param cost sum of squared distances of all customers to the centre of their cluster
   */
  static Row row(ClusterSettings settings, Model model, Trained trained, double cost) {
    // In an order of their own, so that two runs write the same map.
    var metrics = new TreeMap<String, Double>();
    metrics.put("cost", cost);
    metrics.put("silhouette", trained.chosen().silhouette());
    metrics.put("customers", (double) trained.customers());
    metrics.put("iterations", (double) trained.iterations());
    model.stability().forEach((id, each) -> metrics.put(StandingModels.STABILITY_OF + id, each));
    return RowFactory.create(
        settings.name(),
        model.version(),
        Date.valueOf(model.trainedAsOf()),
        settings.fit().method().kind(),
        trained.chosen().k(),
        trained.trials().stream().map(Trial::evidence).toList(),
        metrics,
        model.path(),
        model.definition(),
        model.clusters().stream()
            .map(label -> RowFactory.create(label.id(), label.name()))
            .toList(),
        trained.joins().isEmpty()
            ? null
            : trained.joins().stream()
                .map(
                    join ->
                        RowFactory.create(join.left(), join.right(), join.height(), join.weight()))
                .toList());
  }
}
