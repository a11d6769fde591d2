package io.persegment.segments;

import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.segments.StandingModels.Model;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StandingModelsTest {
  private static final StandingModels MODELS =
      new StandingModels(
          List.of(
              model(1, "2026-01-01", "old"),
              model(2, "2026-02-01", "now"),
              model(3, "2026-03-01", "now")));

  @Test
  void aModelStandsUntilItIsTooOld() {
    assertThat(version("2026-03-02", false)).isEqualTo(3);
    assertThat(version("2026-03-28", false)).isEqualTo(3);
    assertThat(version("2026-03-29", false)).isNull();
  }

  @Test
  void theDayItWasFittedFitsItAgainUnderItsVersion() {
    assertThat(version("2026-03-01", false)).isNull();
    assertThat(MODELS.version(LocalDate.parse("2026-03-01"), "now")).isEqualTo(3);
    assertThat(MODELS.version(LocalDate.parse("2026-03-01"), "new")).isEqualTo(4);
    assertThat(MODELS.version(LocalDate.parse("2026-03-29"), "now")).isEqualTo(4);
  }

  @Test
  void aBackfillKeepsToWhatStoodThen() {
    assertThat(version("2026-03-01", true)).isEqualTo(3);
    assertThat(version("2026-02-28", true)).isEqualTo(2);
    assertThat(version("2026-01-31", true)).isNull();
  }

  @Test
  void anotherDefinitionIsAnotherModel() {
    assertThat(MODELS.standing(LocalDate.parse("2026-03-02"), "new", 28, false)).isEmpty();
  }

  @Test
  void segmentsOfLaterVersionsAreNotKnownToEarlierOnes() {
    assertThat(MODELS.namesBefore(3)).containsOnlyKeys("s1", "s2");
  }

  private static Integer version(String asOf, boolean backfill) {
    return MODELS
        .standing(LocalDate.parse(asOf), "now", 28, backfill)
        .map(Model::version)
        .orElse(null);
  }

  private static Model model(int version, String asOf, String definition) {
    return new Model(
        version,
        LocalDate.parse(asOf),
        definition,
        List.of(new Label("s" + version, "Segment")),
        Map.of(),
        "path");
  }
}
