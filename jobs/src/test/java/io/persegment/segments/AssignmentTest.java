package io.persegment.segments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AssignmentTest {
  @Test
  void theSumCountsAndNotTheLargestOfEach() {
    // Row 0 likes column 0 best, but row 1 has nothing else.
    assertThat(Assignment.best(new double[][] {{0.9, 0.8}, {0.7, 0.1}})).containsExactly(1, 0);
    assertThat(Assignment.best(new double[][] {{0, 0.2, 0}})).containsExactly(1);
    assertThat(Assignment.best(new double[][] {{0.2}, {0.3}, {0.1}})).containsExactly(-1, 0, -1);
    assertThat(Assignment.best(new double[0][])).isEmpty();
  }

  @Property(tries = 200)
  void noOtherAssignmentIsBetter(
      @ForAll @IntRange(min = 1, max = 6) int rows,
      @ForAll @IntRange(min = 1, max = 6) int columns,
      @ForAll long seed) {
    var random = new SplittableRandom(seed);
    double[][] values =
        Arrays.stream(new double[rows][columns])
            .map(row -> random.doubles(columns).toArray())
            .toArray(double[][]::new);

    int[] best = Assignment.best(values);

    assertThat(Arrays.stream(best).filter(column -> column >= 0).distinct().count())
        .isEqualTo(Math.min(rows, columns));
    double sum = 0;
    for (int row = 0; row < rows; row++) {
      sum += best[row] < 0 ? 0 : values[row][best[row]];
    }
    assertThat(sum).isCloseTo(greatest(values, 0, new boolean[columns]), within(1e-9));
  }

  private static double greatest(double[][] values, int row, boolean[] taken) {
    if (row == values.length) {
      return 0;
    }
    double greatest = greatest(values, row + 1, taken);
    for (int column = 0; column < taken.length; column++) {
      if (!taken[column]) {
        taken[column] = true;
        greatest = Math.max(greatest, values[row][column] + greatest(values, row + 1, taken));
        taken[column] = false;
      }
    }
    return greatest;
  }
}
