package io.persegment.segments;

import io.persegment.segments.ClusterSettings.Fit;
import io.persegment.segments.ClusterSettings.Transform;
import java.util.Arrays;
import java.util.Locale;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.univariate.BrentOptimizer;
import org.apache.commons.math3.optim.univariate.SearchInterval;
import org.apache.commons.math3.optim.univariate.UnivariateObjectiveFunction;

/**
 * How the values of one feature are brought into shape, as found in a sample.
 *
 * @param least what is below it counts as it; minus infinity where nothing is cut off
 * @param most what is above it counts as it; infinity where nothing is cut off
 * @param lambda of {@link Transform#YEO_JOHNSON} its parameter; 1, which changes nothing, of others
 */
record Shape(double least, double most, double lambda) {
  private static final double LEAST_LAMBDA = -2;
  private static final double MOST_LAMBDA = 4;
  private static final double PRECISION = 1e-6;
  private static final int MOST_EVALUATIONS = 200;

  /** Stands for a share of nothing, of which there is no logarithm. */
  private static final double NOTHING = 0.01;

  /** Returns the shape of values; they come back sorted. */
  static Shape of(double[] values, Fit fit) {
    if (values.length == 0) {
      return new Shape(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, 1);
    }
    Arrays.sort(values);
    double least = Double.NEGATIVE_INFINITY;
    double most = Double.POSITIVE_INFINITY;
    if (fit.winsorise() > 0) {
      int tail = (int) (fit.winsorise() * values.length);
      least = values[tail];
      most = values[values.length - 1 - tail];
    }
    double from = least;
    double to = most;
    double[] cut =
        Arrays.stream(values).map(value -> Math.max(from, Math.min(to, value))).toArray();
    double lambda = fit.transform() == Transform.YEO_JOHNSON ? lambda(cut) : 1;
    return new Shape(least, most, lambda);
  }

  /**
   * Returns the lambda under which the values are most like those of a normal distribution (Yeo and
   * Johnson, "A new family of power transformations to improve normality or symmetry", Biometrika
   * 87, 2000, section 3); 1 where all are equal.
   */
  private static double lambda(double[] values) {
    if (values[0] == values[values.length - 1]) {
      return 1;
    }
    double logs =
        Arrays.stream(values).map(value -> Math.signum(value) * Math.log1p(Math.abs(value))).sum();
    return new BrentOptimizer(PRECISION, PRECISION)
        .optimize(
            new UnivariateObjectiveFunction(
                lambda -> logLikelihood(values, lambda) + (lambda - 1) * logs),
            GoalType.MAXIMIZE,
            new SearchInterval(LEAST_LAMBDA, MOST_LAMBDA, 1),
            new MaxEval(MOST_EVALUATIONS))
        .getPoint();
  }

  private static double logLikelihood(double[] values, double lambda) {
    double sum = 0;
    double squares = 0;
    for (double value : values) {
      double transformed = yeoJohnson(value, lambda);
      sum += transformed;
      squares += transformed * transformed;
    }
    double mean = sum / values.length;
    double variance = squares / values.length - mean * mean;
    return variance <= 0 ? Double.NEGATIVE_INFINITY : -values.length / 2.0 * Math.log(variance);
  }

  static double yeoJohnson(double value, double lambda) {
    if (value >= 0) {
      return Math.abs(lambda) < PRECISION
          ? Math.log1p(value)
          : (Math.pow(value + 1, lambda) - 1) / lambda;
    }
    double other = 2 - lambda;
    return Math.abs(other) < PRECISION
        ? -Math.log1p(-value)
        : -(Math.pow(1 - value, other) - 1) / other;
  }

  /** Returns {@code value}, an SQL expression, brought into shape. */
  String sql(String value, Transform transform) {
    String cut = value;
    if (Double.isFinite(least)) {
      cut = "greatest(least(%s, %s), %s)".formatted(value, number(most), number(least));
    }
    return switch (transform) {
      case NONE -> cut;
      case LOG -> "sign(%1$s) * log1p(abs(%1$s))".formatted(cut);
      case HELLINGER -> "sign(%1$s) * sqrt(abs(%1$s))".formatted(cut);
      case CENTRED_LOG_RATIO -> "ln(greatest(%s, %s))".formatted(cut, number(NOTHING));
      case YEO_JOHNSON ->
          "if(%1$s >= 0, %2$s, -%3$s)"
              .formatted(cut, power(cut, lambda), power("-(%s)".formatted(cut), 2 - lambda));
    };
  }

  private static String power(String value, double lambda) {
    return Math.abs(lambda) < PRECISION
        ? "log1p(%s)".formatted(value)
        : "((pow(1 + %s, %s) - 1) / %s)".formatted(value, number(lambda), number(lambda));
  }

  private static String number(double number) {
    return String.format(Locale.ROOT, "%sd", number);
  }
}
