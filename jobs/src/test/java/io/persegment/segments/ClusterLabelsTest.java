package io.persegment.segments;

import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.features.Wording;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.junit.jupiter.api.Test;

class ClusterLabelsTest {
  private static final ClusterNames SHARES =
      new ClusterNames(List.of(share("Lounging"), share("Decoration"), share("Growing")));
  private static final ClusterNames VALUE =
      new ClusterNames(
          List.of(
              new Wording("Days since the last purchase", "long ago", "recent", false),
              new Wording("Purchases", "many orders", "few orders", false),
              new Wording("Spent", "high spend", "low spend", false)));

  @Test
  void ofAWholeWhatThereIsMuchOfGivesTheName() {
    assertThat(SHARES.name(Vectors.dense(1.3, -0.7, -0.8))).isEqualTo("Lounging");
    assertThat(SHARES.name(Vectors.dense(-0.9, 0.6, 0.8))).isEqualTo("Growing, Decoration");
    assertThat(SHARES.name(Vectors.dense(-0.9, -0.8, -0.7)))
        .isEqualTo("Little Lounging, little Decoration, little Growing");
  }

  @Test
  void amountsAreNamedTheStrongestFirstAndTheWeakLeftOut() {
    assertThat(VALUE.name(Vectors.dense(-0.9, 1.4, 1.1)))
        .isEqualTo("Many orders, high spend, recent");
    assertThat(VALUE.name(Vectors.dense(1.2, -0.4, -0.7))).isEqualTo("Long ago, low spend");
    assertThat(VALUE.name(Vectors.dense(0.1, -0.2, 0.1))).isEqualTo("Near the average");
  }

  @Test
  void noTwoAreCalledTheSame() {
    var labels = new ClusterLabels(VALUE, Map.of(), "Never Bought");

    assertThat(
            labels.of(
                List.of(
                    Vectors.dense(0, 2.0, 2.0),
                    Vectors.dense(0, 0.9, 0.9),
                    Vectors.dense(0, 1.5, 1.5)),
                Map.of()))
        .containsExactly(
            new Label("many-orders-high-spend-2", "Many orders, high spend 2"),
            new Label("many-orders-high-spend", "Many orders, high spend"),
            new Label("very-many-orders-high-spend", "Very many orders, high spend"));
    assertThat(SHARES.more(Vectors.dense(1.3, -0.7, -0.8))).isEqualTo("Mostly Lounging");
    assertThat(labels.of(List.of(Vectors.zeros(3), Vectors.zeros(3)), Map.of()))
        .extracting(Label::name)
        .containsExactly("Near the average", "Near the average 2");
  }

  @Test
  void whoIsASegmentOfBeforeKeepsIdAndName() {
    Map<String, String> before = Map.of("lounging", "Lounging", "growing", "Growing");
    List<Vector> strengths = List.of(Vectors.dense(1.3, -0.7, -0.8), Vectors.dense(-1, 1, 0));

    assertThat(labels(before).of(strengths, Map.of(0, "growing", 1, "lounging")))
        .containsExactly(new Label("growing", "Growing"), new Label("lounging", "Lounging"));
  }

  @Test
  void anIdIsNeverGivenTwiceNotEvenAfterItsSegmentIsGone() {
    Map<String, String> before = Map.of("lounging", "Lounging", "lounging-2", "Lounging");

    assertThat(labels(before).of(List.of(Vectors.dense(1.3, -0.7, -0.8)), Map.of()))
        .containsExactly(new Label("lounging-3", "Lounging"));
  }

  @Test
  void aNameThatWasChosenWins() {
    List<Label> labels =
        List.of(new Label("lounging", "Lounging"), new Label("growing", "Loungers"));

    assertThat(ClusterLabels.renamed(labels, Map.of("lounging", "Loungers")))
        .containsExactly(new Label("lounging", "Loungers"), new Label("growing", "Loungers 2"));
  }

  private static ClusterLabels labels(Map<String, String> before) {
    return new ClusterLabels(SHARES, before, "Not enough known");
  }

  private static Wording share(String value) {
    return new Wording(value, value, "little " + value, true);
  }
}
