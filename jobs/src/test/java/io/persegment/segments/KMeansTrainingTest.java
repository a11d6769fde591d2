package io.persegment.segments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.persegment.segments.KMeansSettings.Fit;
import io.persegment.segments.KMeansSettings.Scale;
import io.persegment.segments.KMeansSettings.Transform;
import io.persegment.sql.SqlExpression;
import java.util.List;
import org.junit.jupiter.api.Test;

class KMeansTrainingTest {
  private static final List<Trial> TRIALS =
      List.of(trial(2, 0.30, 0.4), trial(3, 0.44, 0.2), trial(4, 0.45, 0.1), trial(5, 0.9, 0.01));

  @Test
  void theBestSilhouetteIsTakenOfThoseWithLargeEnoughClusters() throws Refused {
    assertThat(KMeansTraining.choose(TRIALS, fit(0, 0.02)).k()).isEqualTo(4);
    assertThat(KMeansTraining.choose(TRIALS, fit(0, 0)).k()).isEqualTo(5);
  }

  @Test
  void fewerClustersAreTakenWhereTheyAreNearlyAsGood() throws Refused {
    assertThat(KMeansTraining.choose(TRIALS, fit(0.03, 0.02)).k()).isEqualTo(3);
    assertThat(KMeansTraining.choose(TRIALS, fit(0.02, 0.02)).k()).isEqualTo(4);
  }

  @Test
  void noneIsTakenWhereOneClusterIsAlwaysTooSmall() {
    assertThatThrownBy(() -> KMeansTraining.choose(TRIALS, fit(0, 0.5)))
        .isInstanceOf(Refused.class)
        .hasMessage(
            "of 2..5 clusters none can be told apart such that each holds 50.0 % of the customers");
  }

  private static Trial trial(int k, double silhouette, double leastShare) {
    return new Trial(k, 1, silhouette, 1, 1, leastShare, List.of());
  }

  private static Fit fit(double tolerance, double leastShare) {
    return new Fit(
        List.of("recency"),
        SqlExpression.parse("true"),
        Transform.NONE,
        Scale.NONE,
        2,
        5,
        1,
        100,
        tolerance,
        leastShare,
        1);
  }
}
