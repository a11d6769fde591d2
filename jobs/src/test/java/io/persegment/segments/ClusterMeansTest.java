package io.persegment.segments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.junit.jupiter.api.Test;

class ClusterMeansTest {
  private static final Vector STRENGTHS = Vectors.dense(0.5, 0.6, -0.7);

  @Test
  void whatDoesNotShowInTheMeansIsNotSpokenOf() {
    // The first is 50 % above the mean of all, the second 5 %, the third above and not below it.
    assertThat(means(Vectors.dense(150, 105, 130)).visible(0, STRENGTHS))
        .isEqualTo(Vectors.dense(0.5, 0, 0));
    assertThat(means(Vectors.dense(150, 140, 20)).visible(0, STRENGTHS)).isEqualTo(STRENGTHS);
  }

  @Test
  void nothingShowsOfAClusterWithoutCustomers() {
    assertThat(means(Vectors.dense(150, 140, 20)).visible(1, STRENGTHS))
        .isEqualTo(Vectors.dense(0, 0, 0));
  }

  private static ClusterMeans means(Vector mean) {
    return new ClusterMeans(1, Map.of(0, mean), Vectors.dense(100, 100, 100));
  }
}
