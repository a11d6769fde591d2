package io.persegment.segments;

import static org.apache.spark.sql.functions.lit;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A segmentation that needs no model: every customer is in one segment, for certain.
 *
 * @param index place of a customer's segment, from the features
 */
record DeclaredDivision(
    String segmentation, List<Segment> segments, List<String> features, Column index)
    implements Division {

  DeclaredDivision {
    segments = List.copyOf(segments);
    features = List.copyOf(features);
  }

  @Override
  public Optional<Integer> modelVersion() {
    return Optional.empty();
  }

  @Override
  public Dataset<Row> assign(Dataset<Row> customers, String column) {
    return customers.withColumn(column, Division.membership(index, lit(1.0)));
  }
}
