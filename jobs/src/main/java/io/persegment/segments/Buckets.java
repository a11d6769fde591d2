package io.persegment.segments;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log10;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.pow;
import static org.apache.spark.sql.functions.round;
import static org.apache.spark.sql.functions.when;

import io.persegment.features.FeatureSettings;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Segments by the size of one feature. */
final class Buckets {
  /**
   * Digits to which values are rounded where equal parts are looked for: there are then some
   * thousand different ones, however many customers, and an edge is a number that people can read.
   */
  private static final int DIGITS = 3;

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
    return new DeclaredDivision(
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
      String from = i == 0 ? "" : (areFound ? " above " : " from ") + edges.get(i - 1);
      String below = areFound ? " up to " : i == 0 ? " below " : " to below ";
      String to = i == edges.size() ? "" : below + edges.get(i);
      String description = "%s:%s%s.".formatted(noun, from, to);
      segments.add(Segment.declared(settings.buckets().get(i), description));
    }
    segments.add(
        Segment.unknown(
            settings.unknown(),
            "Where %s does not hold, or %s is not known."
                .formatted(settings.population(), settings.feature())));
    return segments;
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
   * then be empty. An action: a row a rounded value comes to the driver.
   */
  private List<Double> equalEdges(Dataset<Row> customers) {
    Column scale = pow(lit(10.0), floor(log10(abs(value))).minus(DIGITS - 1));
    Column rounded =
        when(value.equalTo(0.0), lit(0.0)).otherwise(round(value.divide(scale)).multiply(scale));
    List<Row> counts =
        customers
            .where(known)
            .groupBy(rounded.as("value"))
            .agg(count(lit(1)))
            .orderBy("value")
            .collectAsList();
    long all = counts.stream().mapToLong(row -> row.getLong(1)).sum();
    var edges = new ArrayList<Double>();
    long passed = 0;
    for (Row row : counts) {
      passed += row.getLong(1);
      while (edges.size() < settings.equal() - 1
          && passed * settings.equal() >= all * (edges.size() + 1)) {
        edges.add(new BigDecimal(row.getDouble(0)).round(new MathContext(DIGITS)).doubleValue());
      }
    }
    while (edges.size() < settings.equal() - 1) { // nobody is known
      edges.add(Double.POSITIVE_INFINITY);
    }
    return edges;
  }
}
