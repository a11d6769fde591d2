package io.persegment.segments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ClusteringTest {
  private static final double[][] POINTS = {
    {0, 0}, {0, 1}, {1, 0}, {5, 5}, {5, 6}, {6, 5}, {9, 0}, {9, 2}
  };

  @Test
  void measuresWhatScikitLearnMeasures() {
    Clustering clustering = Lloyd.best(POINTS, 3, 5, 1).orElseThrow();

    assertThat(clustering.cost()).isCloseTo(4.666666666666667, within(1e-9));
    assertThat(clustering.silhouette(100)).isCloseTo(0.7754671242032742, within(1e-9));
    assertThat(clustering.daviesBouldin()).isCloseTo(0.2576865034279255, within(1e-9));
    assertThat(clustering.calinskiHarabasz()).isCloseTo(73.4375, within(1e-9));
    assertThat(clustering.leastShare()).isEqualTo(0.25);
  }

  @Test
  void aSilhouetteOfSomeIsThatOfTheFirst() {
    Clustering clustering = Lloyd.best(POINTS, 3, 5, 1).orElseThrow();
    Clustering ofSix =
        new Clustering(
            java.util.Arrays.copyOf(POINTS, 6),
            new double[][] {{1 / 3., 1 / 3.}, {16 / 3., 16 / 3.}},
            new int[] {0, 0, 0, 1, 1, 1});

    assertThat(clustering.silhouette(6)).isCloseTo(ofSix.silhouette(6), within(1e-12));
  }

  @Test
  void findsClustersThatAreFarApart() {
    var random = new SplittableRandom(7);
    var points = new double[300][2];
    for (int i = 0; i < points.length; i++) {
      points[i][0] = 10 * (i % 3) + random.nextDouble();
      points[i][1] = 10 * (i % 3 == 1 ? 1 : 0) + random.nextDouble();
    }

    Clustering three = Lloyd.best(points, 3, 5, 1).orElseThrow();

    assertThat(three.leastShare()).isCloseTo(1 / 3., within(1e-12));
    assertThat(three.silhouette(300))
        .isGreaterThan(Lloyd.best(points, 2, 5, 1).orElseThrow().silhouette(300))
        .isGreaterThan(Lloyd.best(points, 4, 5, 1).orElseThrow().silhouette(300));
  }

  @Test
  void asManyDifferentPointsAreNeededAsClusters() {
    double[][] two = {{0, 0}, {1, 1}, {0, 0}, {1, 1}};

    assertThat(Lloyd.best(two, 2, 3, 1)).map(Clustering::cost).contains(0.0);
    assertThat(Lloyd.best(two, 3, 3, 1)).isEmpty();
  }
}
