package io.persegment.segments;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A segmentation by a model of clusters. Who may not be profiled is in none of its segments.
 *
 * @param segments those of the clusters, in the model's order, and then the unknown one
 * @param known whether enough is known of a customer to be clustered
 */
record ClusterDivision(
    String segmentation,
    List<Segment> segments,
    int version,
    List<String> features,
    Column known,
    ClusterModel model)
    implements Division {

  ClusterDivision {
    segments = List.copyOf(segments);
    features = List.copyOf(features);
  }

  @Override
  public boolean isProfiling(int index) {
    return true;
  }

  @Override
  public Optional<Integer> modelVersion() {
    return Optional.of(version);
  }

  @Override
  public Dataset<Row> assign(Dataset<Row> customers, String column) {
    Column clustered =
        when(known, Division.membership(col(ClusterModel.CLUSTER), ClusterModel.confidence()))
            .otherwise(Division.membership(lit(segments.size() - 1), lit(1.0)));
    Column assigned = when(Candidates.MAY_PROFILE.col(), array(clustered)).as(column);
    Stream<Column> before = Stream.of(customers.columns()).map(Division::named);
    return model
        .score(customers)
        .select(Stream.concat(before, Stream.of(assigned)).toArray(Column[]::new));
  }
}
