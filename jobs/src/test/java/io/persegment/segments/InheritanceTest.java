package io.persegment.segments;

import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.segments.Inheritance.Shared;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InheritanceTest {

  @Test
  void aClusterIsTheSegmentMostOfWhoseCustomersItShares() {
    assertThat(
            of(
                new Shared(0, "food", 90),
                new Shared(0, "decor", 5),
                new Shared(1, "decor", 80),
                new Shared(1, "food", 10)))
        .isEqualTo(Map.of(0, "food", 1, "decor"));
  }

  @Test
  void ofASegmentThatFellApartTheLargerPartIsIt() {
    assertThat(of(new Shared(0, "food", 40), new Shared(1, "food", 60)))
        .isEqualTo(Map.of(1, "food"));
  }

  @Test
  void ofSegmentsThatGrewTogetherTheLargerOneGoesOn() {
    assertThat(of(new Shared(0, "food", 40), new Shared(0, "decor", 60)))
        .isEqualTo(Map.of(0, "decor"));
  }

  @Test
  void whatSharesLessThanHalfIsNew() {
    assertThat(
            of(
                new Shared(0, "food", 49),
                new Shared(0, "decor", 30),
                new Shared(1, "food", 51),
                new Shared(1, "decor", 70)))
        .isEqualTo(Map.of());
  }

  @Test
  void ofExactHalvesTheFirstIsIt() {
    assertThat(of(new Shared(1, "food", 50), new Shared(0, "food", 50)))
        .isEqualTo(Map.of(0, "food"));
  }

  @Test
  void pairsTogetherShareAsMuchAsTheyCan() {
    // Cluster 0 shares most with food, but then little would be left for cluster 1.
    List<Shared> shared =
        List.of(
            new Shared(0, "food", 50),
            new Shared(0, "decor", 20),
            new Shared(1, "food", 44),
            new Shared(1, "tools", 10));
    assertThat(Inheritance.of(shared, 0.2)).isEqualTo(Map.of(0, "decor", 1, "food"));
    // Decor overlaps too little to count, so that it moves nothing.
    assertThat(Inheritance.of(shared, 0.3)).isEqualTo(Map.of(0, "food"));
    assertThat(Inheritance.of(shared, 0.5)).isEqualTo(Map.of());
  }

  private static Map<Integer, String> of(Shared... shared) {
    return Inheritance.of(List.of(shared), 0.5);
  }
}
