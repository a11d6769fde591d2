package io.persegment.segments;

import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.config.TextSection;
import io.persegment.segments.LastSegments.Sized;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class LastSegmentsTest {
  @Test
  void whatIsNamedOfClustersAndWasNotThereIsTold() {
    List<SegmentationSettings> settings =
        SegmentationSettingsTest.all(
            TextSection.of(
                """
                segmentations {
                  value { names { low = "Thrifty" } }
                  a { kind = rules, first-match = [
                    { name = A, when = "in_segment('value', 'Hihg spend', 'high-spend', 'Thrifty') or in_segment('lifecycle', 'Lapsed')" }
                  ], otherwise = B }
                }
                """));
    var last =
        new LastSegments(
            LocalDate.parse("2026-06-30"),
            List.of(
                new Sized("value", "high-spend", "High spend", 5),
                new Sized("lifecycle", "others", "Others", 5)));

    assertThat(last.missing(settings))
        .containsExactly(
            "segmentations.a names the segment Hihg spend of value, which it did not have on"
                + " 2026-06-30; did you mean High spend?");
    assertThat(new LastSegments(LocalDate.parse("2026-06-30"), List.of()).missing(settings))
        .isEmpty();
  }
}
