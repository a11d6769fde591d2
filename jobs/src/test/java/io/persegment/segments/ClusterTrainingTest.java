package io.persegment.segments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.persegment.segments.ClusterSettings.Fit;
import io.persegment.segments.ClusterSettings.Method;
import io.persegment.segments.ClusterSettings.Scale;
import io.persegment.segments.ClusterSettings.Transform;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterTrainingTest {
  private static final List<Trial> TRIALS =
      List.of(trial(2, 0.30, 0.4), trial(3, 0.44, 0.2), trial(4, 0.45, 0.1), trial(5, 0.9, 0.01));

  @Test
  void theBestSilhouetteIsTakenOfThoseWithLargeEnoughClusters() throws Refused {
    assertThat(ClusterTraining.choose(TRIALS, fit(0, 0.02)).k()).isEqualTo(4);
    assertThat(ClusterTraining.choose(TRIALS, fit(0, 0)).k()).isEqualTo(5);
  }

  @Test
  void fewerClustersAreTakenWhereTheyAreNearlyAsGood() throws Refused {
    assertThat(ClusterTraining.choose(TRIALS, fit(0.03, 0.02)).k()).isEqualTo(3);
    assertThat(ClusterTraining.choose(TRIALS, fit(0.02, 0.02)).k()).isEqualTo(4);
  }

  @Test
  void stableClustersGoBeforeOthersWhereThereAreAny() throws Refused {
    assertThat(ClusterTraining.choose(TRIALS, fit(0.03, 0.02, 0.35)).k()).isEqualTo(4);
    assertThat(ClusterTraining.choose(TRIALS, fit(0.03, 0.02, 0.7)).k()).isEqualTo(3);
  }

  @Test
  void noneIsTakenWhereOneClusterIsAlwaysTooSmall() {
    assertThatThrownBy(() -> ClusterTraining.choose(TRIALS, fit(0, 0.5)))
        .isInstanceOf(Refused.class)
        .hasMessage(
            "of 2..5 clusters none can be told apart such that each holds 50.0 % of the customers");
  }

  private static Trial trial(int k, double silhouette, double leastShare) {
    return new Trial(k, 1, silhouette, 1, 1, leastShare, List.of(k / 10.0, 0.9), List.of());
  }

  private static Fit fit(double tolerance, double leastShare) {
    return fit(tolerance, leastShare, 0);
  }

  private static Fit fit(double tolerance, double leastShare, double leastStability) {
    return new Fit(
        Method.K_MEANS,
        0,
        0,
        0,
        List.of("recency"),
        Condition.parse("true"),
        0,
        Transform.NONE,
        Scale.NONE,
        0,
        2,
        5,
        1,
        100,
        tolerance,
        leastShare,
        leastStability,
        1);
  }
}
