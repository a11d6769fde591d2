package io.persegment.segments;

import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.percentile_approx;
import static org.apache.spark.sql.functions.when;

import io.persegment.features.FeatureSettings;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Segments by the size of one feature. */
final class Buckets {
  /** An edge is off by so many customers at most: one in this; of fewer it is exact. */
  private static final int ACCURACY = 100_000;

  private static final int DIGITS = 6;

  private final BucketSettings settings;
  private final Column value;
  private final Column known;

  private Buckets(BucketSettings settings, Assigned before) {
    this.settings = settings;
    this.value = Division.named(settings.feature()).cast("double");
    this.known = before.holds(settings.population()).and(value.isNotNull()).and(not(isnan(value)));
  }

  /**
   * Returns the segmentation. An action where edges are to be found.
   *
   * @param before customers with the segmentations that its population names
   */
  static Division division(BucketSettings settings, FeatureSettings features, Assigned before) {
    return new Buckets(settings, before).division(features, before);
  }

  private Division division(FeatureSettings features, Assigned before) {
    boolean areFound = settings.equal() > 0;
    List<Double> edges = areFound ? equalEdges(before.customers()) : settings.edges();
    return DeclaredDivision.of(
        settings.name(),
        segments(edges, features.wording(settings.feature()).noun()),
        List.of(settings.feature()),
        before.isProfiling(settings),
        DeclaredDivision.only(index(edges)));
  }

  private List<Segment> segments(List<Double> edges, String noun) {
    boolean areFound = settings.equal() > 0;
    var segments = new ArrayList<Segment>();
    for (int i = 0; i <= edges.size(); i++) {
      // Where they are found, an edge is the last value of the bucket below.
      String from = i == 0 ? "" : (areFound ? " above " : " from ") + shown(edges.get(i - 1));
      String below = areFound ? " up to " : i == 0 ? " below " : " to below ";
      String to = i == edges.size() ? "" : below + shown(edges.get(i));
      String description = "%s:%s%s.".formatted(noun, from, to);
      segments.add(Segment.declared(settings.buckets().get(i), description));
    }
    segments.add(
        Segment.unknown(
            settings.unknown(),
            settings.population(),
            "%s is not known".formatted(settings.feature())));
    return segments;
  }

  /** Returns an edge; one that was found with no more digits than tell. */
  private String shown(double edge) {
    if (Double.isInfinite(edge)) {
      return "any";
    }
    BigDecimal exact = BigDecimal.valueOf(edge);
    BigDecimal shown = settings.equal() > 0 ? exact.round(new MathContext(DIGITS)) : exact;
    return shown.stripTrailingZeros().toPlainString();
  }

  private Column index(List<Double> edges) {
    Column edgesPassed =
        edges.stream()
            .map(edge -> (settings.equal() > 0 ? value.gt(edge) : value.geq(edge)).cast("int"))
            .reduce(lit(0), Column::plus);
    return when(known, edgesPassed).otherwise(lit(settings.buckets().size()));
  }

  /**
   * Returns the values up to which equal parts of the customers lie, but for the last part. Of
   * customers with one value all are in one bucket, the lowest that they reach into; one above can
   * then be empty. An action.
   */
  private List<Double> equalEdges(Dataset<Row> customers) {
    Double[] parts =
        IntStream.range(1, settings.equal())
            .mapToObj(part -> (double) part / settings.equal())
            .toArray(Double[]::new);
    Row edges =
        customers.where(known).agg(percentile_approx(value, lit(parts), lit(ACCURACY))).head();
    return edges.isNullAt(0)
        ? Collections.nCopies(parts.length, Double.POSITIVE_INFINITY) // nobody is known
        : edges.getList(0);
  }
}
