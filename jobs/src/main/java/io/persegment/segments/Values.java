package io.persegment.segments;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.persegment.features.FeatureSettings;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;

/** Segments by the value of one feature that is a text. */
final class Values {
  private Values() {}

  static Division division(ValueSettings settings, FeatureSettings features) {
    String noun = features.wording(settings.feature()).noun();
    var segments = new ArrayList<Segment>();
    for (String value : settings.values()) {
      segments.add(Segment.declared(value, "%s: %s.".formatted(noun, value)));
    }
    segments.add(Segment.declared(settings.otherwise(), "%s: another value.".formatted(noun)));
    segments.add(Segment.unknown(settings.unknown(), "%s is not known.".formatted(noun)));
    return DeclaredDivision.of(
        settings.name(), segments, List.of(), false, DeclaredDivision.only(index(settings)));
  }

  private static Column index(ValueSettings settings) {
    Column value = Division.named(settings.feature());
    List<String> values = settings.values();
    Column index = when(value.isNull(), lit(values.size() + 1)).otherwise(lit(values.size()));
    for (int i = 0; i < values.size(); i++) {
      index = when(value.equalTo(values.get(i)), lit(i)).otherwise(index);
    }
    return index;
  }
}
