package io.persegment.segments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StabilityTest {
  private static final Stability.Method METHOD =
      (points, k, seed) -> Lloyd.best(points, k, 2, seed);

  @Test
  void clustersApartAreFoundAgainAndHalvesOfOneAreNot() {
    var random = new SplittableRandom(7);
    // Two far apart, the second of which is divided although it is one.
    double[][] points =
        IntStream.range(0, 300)
            .mapToObj(
                i ->
                    new double[] {
                      (i < 100 ? 0 : 50) + random.nextGaussian(), random.nextGaussian()
                    })
            .toArray(double[][]::new);
    Clustering three = Lloyd.best(points, 3, 5, 1).orElseThrow();
    int[] clusters = IntStream.range(0, 300).map(three::cluster).toArray();
    int first = clusters[0];

    double[] stability = Stability.of(points, clusters, 3, METHOD, 20, 1);

    assertThat(stability[first]).isGreaterThan(0.97);
    assertThat(IntStream.range(0, 3).filter(i -> i != first).mapToDouble(i -> stability[i]))
        .allMatch(each -> each < 0.85);
    assertThat(Stability.of(points, clusters, 3, METHOD, 20, 1)).isEqualTo(stability);
  }

  @Test
  void ofTooFewDifferentPointsNothingIsFoundAgain() {
    double[][] points = {{1}, {1}, {1}, {2}};

    assertThat(Stability.of(points, new int[] {0, 0, 0, 1}, 2, METHOD, 30, 1)[1])
        .isBetween(0.3, 1.0);
    assertThat(Stability.of(new double[][] {{1}, {1}}, new int[] {0, 1}, 2, METHOD, 3, 1))
        .containsExactly(0, 0);
  }
}
