package io.persegment.segments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.persegment.segments.Ward.Join;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class WardTest {
  private static final double[][] POINTS = {{0}, {1}, {4}, {6}, {20}};

  @Test
  void joinsAreThoseOfScipy() {
    // scipy.cluster.hierarchy.linkage([[0], [1], [4], [6], [20]], 'ward')
    List<Join> joins = Ward.joins(POINTS, ones(5));

    assertThat(joins).extracting(Join::left).containsExactly(0, 2, 5, 4);
    assertThat(joins).extracting(Join::right).containsExactly(1, 3, 6, 7);
    assertThat(joins).extracting(Join::weight).containsExactly(2.0, 2.0, 4.0, 5.0);
    double[] heights = {1, 2, 6.363961030678928, 21.8197158550616};
    for (int i = 0; i < 4; i++) {
      assertThat(joins.get(i).height()).isCloseTo(heights[i], within(1e-9));
    }
  }

  @Test
  void aCutLeavesAsManyClustersAsAskedFor() {
    List<Join> joins = Ward.joins(POINTS, ones(5));

    assertThat(Ward.cut(joins, 1)).containsExactly(0, 0, 0, 0, 0);
    assertThat(Ward.cut(joins, 2)).containsExactly(0, 0, 0, 0, 1);
    assertThat(Ward.cut(joins, 3)).containsExactly(0, 0, 1, 1, 2);
    assertThat(Ward.cut(joins, 5)).containsExactly(0, 1, 2, 3, 4);
    assertThat(Ward.cut(joins, 9)).containsExactly(0, 1, 2, 3, 4);
    assertThat(Ward.clusters(joins, 0.5)).isEqualTo(5);
    assertThat(Ward.clusters(joins, 2)).isEqualTo(3);
    assertThat(Ward.clusters(joins, 99)).isEqualTo(1);
  }

  @Test
  void aPointOfWeightTwoIsTwoPoints() {
    List<Join> twice = Ward.joins(new double[][] {{0}, {0}, {1}, {4}, {6}}, ones(5));
    List<Join> weighted =
        Ward.joins(new double[][] {{0}, {1}, {4}, {6}}, new double[] {2, 1, 1, 1});

    assertThat(twice.get(0).height()).isZero();
    for (int i = 0; i < 3; i++) {
      assertThat(twice.get(i + 1).height()).isCloseTo(weighted.get(i).height(), within(1e-9));
    }
  }

  private static double[] ones(int points) {
    var ones = new double[points];
    Arrays.fill(ones, 1);
    return ones;
  }
}
