package io.persegment.segments;

import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;

import io.persegment.features.FeatureSettings;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;

/** Segments by the size of one feature. */
final class Buckets {
  private Buckets() {}

  static Division division(BucketSettings settings, FeatureSettings features) {
    String noun = features.wording(settings.feature()).noun();
    return new DeclaredDivision(
        settings.name(), segments(settings, noun), List.of(settings.feature()), index(settings));
  }

  private static List<Segment> segments(BucketSettings settings, String noun) {
    List<Double> edges = settings.edges();
    var segments = new ArrayList<Segment>();
    for (int i = 0; i <= edges.size(); i++) {
      String from = i == 0 ? "" : " from " + edges.get(i - 1);
      String to = i == edges.size() ? "" : (i == 0 ? " below " : " to below ") + edges.get(i);
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

  private static Column index(BucketSettings settings) {
    Column value = Division.named(settings.feature()).cast("double");
    Column edgesPassed =
        settings.edges().stream()
            .map(edge -> value.geq(edge).cast("int"))
            .reduce(lit(0), Column::plus);
    Column known =
        Conditions.holds(settings.population()).and(value.isNotNull()).and(not(isnan(value)));
    return when(known, edgesPassed).otherwise(lit(settings.buckets().size()));
  }
}
