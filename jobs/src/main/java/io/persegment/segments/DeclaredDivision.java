package io.persegment.segments;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A segmentation that needs no model of its own: whoever is in a segment is so for certain.
 *
 * @param profiling whether each segment is made by clusters or scores
 * @param isOfEverybody as {@link Division#isOfEverybody}
 * @param memberships of a customer, as {@link #assign} adds them of those who may be profiled
 */
record DeclaredDivision(
    String segmentation,
    List<Segment> segments,
    List<String> features,
    List<Boolean> profiling,
    boolean isOfEverybody,
    Column memberships)
    implements Division {

  DeclaredDivision {
    segments = List.copyOf(segments);
    features = List.copyOf(features);
    profiling = List.copyOf(profiling);
  }

  /** Returns a segmentation of which all segments are made by clusters or scores, or none is. */
  static DeclaredDivision of(
      String segmentation,
      List<Segment> segments,
      List<String> features,
      boolean isProfiling,
      Column memberships) {
    List<Boolean> profiling = Collections.nCopies(segments.size(), isProfiling);
    return new DeclaredDivision(segmentation, segments, features, profiling, false, memberships);
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
  public boolean isProfiling(int index) {
    return profiling.get(index);
  }

  @Override
  public Dataset<Row> assign(Dataset<Row> customers, String column) {
    Object[] plain =
        IntStream.range(0, segments.size()).filter(i -> !profiling.get(i)).boxed().toArray();
    Column ofAll =
        plain.length == segments.size()
            ? memberships
            : filter(memberships, each -> each.getField(INDEX.name()).isin(plain));
    return customers.withColumn(
        column, when(Candidates.MAY_PROFILE.col(), memberships).otherwise(ofAll));
  }
}
