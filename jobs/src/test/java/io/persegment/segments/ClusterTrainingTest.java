package io.persegment.segments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.persegment.segments.ClusterSettings.Fit;
import io.persegment.segments.ClusterSettings.Method;
import io.persegment.segments.ClusterSettings.Scale;
import io.persegment.segments.ClusterSettings.Transform;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.feature.PCAModel;
import org.apache.spark.ml.linalg.DenseMatrix;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.Vectors;
import org.junit.jupiter.api.Test;

class ClusterTrainingTest {
  private static final List<Trial> TRIALS =
      List.of(trial(2, 0.30, 0.4), trial(3, 0.44, 0.2), trial(4, 0.45, 0.1), trial(5, 0.9, 0.01));

  @Test
  void theBestSilhouetteIsTakenOfThoseWithLargeEnoughClusters() throws Refused {
    assertThat(choose(TRIALS, fit(0, 0.02)).k()).isEqualTo(4);
    assertThat(choose(TRIALS, fit(0, 0)).k()).isEqualTo(5);
  }

  @Test
  void fewerClustersAreTakenWhereTheyAreNearlyAsGood() throws Refused {
    assertThat(choose(TRIALS, fit(0.03, 0.02)).k()).isEqualTo(3);
    assertThat(choose(TRIALS, fit(0.02, 0.02)).k()).isEqualTo(4);
  }

  @Test
  void stableClustersGoBeforeOthersWhereThereAreAny() throws Refused {
    assertThat(choose(TRIALS, fit(0.03, 0.02, 0.35)).k()).isEqualTo(4);
    assertThat(choose(TRIALS, fit(0.03, 0.02, 0.7)).k()).isEqualTo(3);
  }

  @Test
  void noneIsTakenWhereOneClusterIsAlwaysTooSmall() {
    assertThatThrownBy(() -> choose(TRIALS, fit(0, 0.5)))
        .isInstanceOf(Refused.class)
        .hasMessage(
            "of 2..5 clusters none can be told apart such that each holds 50.0 % of the customers");
    assertThatThrownBy(() -> choose(TRIALS.subList(2, 3), fit(0, 0.5, 0, 3.5)))
        .hasMessage(
            "the 4 clusters that are left where what is nearer than 3.5 is joined cannot be told"
                + " apart such that each holds 50.0 % of the customers");
  }

  @Test
  void aCentreOfComponentsIsNamedByHowFarItLiesFromTheirMean() {
    double half = Math.sqrt(0.5);
    var component = new DenseMatrix(2, 1, new double[] {half, half});
    var preparation =
        new Preparation(
            fit(0, 0),
            List.of(),
            10,
            Vectors.dense(10, 2),
            Vectors.dense(2, 4),
            Optional.of(new PCAModel("pca", component, (DenseVector) Vectors.dense(1))));

    assertThat(preparation.strengths(Vectors.dense(12 * half)).toArray())
        .as("of the mean itself")
        .containsExactly(new double[] {0, 0}, within(1e-9));
    assertThat(preparation.strengths(Vectors.dense(12 * half + 8 * half)).toArray())
        .as("of 4 more of each")
        .containsExactly(new double[] {2, 1}, within(1e-9));
  }

  private static Trial choose(List<Trial> trials, Fit fit) throws Refused {
    return ClusterTraining.choose(trials, fit, fit.leastShare());
  }

  private static Trial trial(int k, double silhouette, double leastShare) {
    return new Trial(k, 1, silhouette, 1, 1, leastShare, List.of(k / 10.0, 0.9), List.of());
  }

  private static Fit fit(double tolerance, double leastShare) {
    return fit(tolerance, leastShare, 0);
  }

  private static Fit fit(double tolerance, double leastShare, double leastStability) {
    return fit(tolerance, leastShare, leastStability, 0);
  }

  private static Fit fit(
      double tolerance, double leastShare, double leastStability, double height) {
    return new Fit(
        Method.K_MEANS,
        0,
        0,
        height,
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
