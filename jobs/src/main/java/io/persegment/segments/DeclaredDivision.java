package io.persegment.segments;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A segmentation that needs no model of its own: whoever is in a segment is so for certain.
 *
 * @param memberships of a customer, as {@link #assign} adds them
 */
record DeclaredDivision(
    String segmentation,
    List<Segment> segments,
    List<String> features,
    boolean isProfiling,
    Column memberships)
    implements Division {

  DeclaredDivision {
    segments = List.copyOf(segments);
    features = List.copyOf(features);
  }

  /** Returns the memberships of who is in the segment {@code index}, and no other. */
  static Column only(Column index) {
    return array(Division.membership(index, lit(1.0)));
  }

  @Override
  public Optional<Integer> modelVersion() {
    return Optional.empty();
  }

  @Override
  public Dataset<Row> assign(Dataset<Row> customers, String column) {
    return customers.withColumn(
        column, isProfiling ? when(Candidates.MAY_PROFILE.col(), memberships) : memberships);
  }
}
