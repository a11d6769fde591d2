package io.persegment.segments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.persegment.segments.ClusterSettings.Fit;
import io.persegment.segments.ClusterSettings.Method;
import io.persegment.segments.ClusterSettings.Scale;
import io.persegment.segments.ClusterSettings.Transform;
import io.persegment.testing.LocalSpark;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalSpark.class)
class ShapeTest {
  @Test
  void yeoJohnsonIsThatOfScipy() {
    double[] values = {0, 1, 2, 4, 9, 30, 120, -3};

    double lambda = Shape.of(values, fit(0, Transform.YEO_JOHNSON, Scale.NONE, 0)).lambda();

    // scipy.stats.yeojohnson([0, 1, 2, 4, 9, 30, 120, -3])
    assertThat(lambda).isCloseTo(0.2750400, within(1e-4));
    assertThat(Shape.yeoJohnson(30, lambda)).isCloseTo(5.71366, within(1e-3));
    assertThat(Shape.yeoJohnson(-3, lambda)).isCloseTo(-5.75533, within(1e-3));
  }

  @Test
  void tailsAreCutOffToWhereTheyBegin() {
    double[] values = IntStream.rangeClosed(1, 100).asDoubleStream().toArray();

    Shape shape = Shape.of(values, fit(0.05, Transform.NONE, Scale.NONE, 0));

    assertThat(shape).isEqualTo(new Shape(6, 95, 1));
    assertThat(shape.sql("x", Transform.NONE)).isEqualTo("greatest(least(x, 95.0d), 6.0d)");
  }

  @Test
  void whatIsPreparedIsWhatWasMeasured(LocalSpark.Handle spark) {
    Dataset<Row> customers =
        spark
            .session()
            .sql(
                "select concat('c', id) as customer_id, id / 10.0 as x, 2 * id / 10.0 + 1 as y"
                    + " from range(101)");

    List<Vector> plain = prepared(customers, fit(0.1, Transform.YEO_JOHNSON, Scale.STANDARD, 0));
    assertThat(plain).allMatch(vector -> vector.size() == 2);
    assertThat(plain.get(0)).isEqualTo(plain.get(9)); // cut off to the same
    assertThat(plain.stream().mapToDouble(vector -> vector.apply(0)).sum())
        .isCloseTo(0, within(1e-9));

    // Both features are one: of it is all there is.
    List<Vector> first = prepared(customers, fit(0, Transform.NONE, Scale.STANDARD, 1));
    assertThat(first).allMatch(vector -> vector.size() == 1);
    assertThat(Math.abs(first.get(0).apply(0) - first.get(100).apply(0)))
        .isCloseTo(Math.sqrt(2) * 100 / Math.sqrt((101 * 101 - 1) / 12.0), within(1e-9));

    // Shares of 1 to 2 are the same of every size.
    List<Vector> ratios =
        prepared(
            customers.selectExpr("customer_id", "(x + 1) / 99 as x", "2 * (x + 1) / 99 as y"),
            fit(0, Transform.CENTRED_LOG_RATIO, Scale.NONE, 0));
    assertThat(ratios)
        .allSatisfy(vector -> assertThat(vector.apply(1)).isCloseTo(Math.log(2) / 2, within(1e-6)));
  }

  private static List<Vector> prepared(Dataset<Row> customers, Fit fit) {
    Preparation preparation = Preparation.of(customers, fit).withComponents(customers);
    return preparation.prepare(customers).collectAsList().stream()
        .map(row -> row.<Vector>getAs(Preparation.VECTOR))
        .toList();
  }

  private static Fit fit(double winsorise, Transform transform, Scale scale, int components) {
    return new Fit(
        Method.K_MEANS,
        0,
        0,
        0,
        List.of("x", "y"),
        Condition.parse("true"),
        winsorise,
        transform,
        scale,
        components,
        2,
        3,
        1,
        1_000,
        0,
        0,
        0,
        1);
  }
}
