package io.persegment.lifetime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.NonPositiveDefiniteMatrixException;
import org.apache.commons.math3.linear.RealMatrix;

/**
 * Newton's method, damped, for positive parameters, in their logarithms (Nocedal and Wright,
 * Numerical Optimization, 2006, chapters 3.4 and 4). Ours because standard errors want the matrix
 * of second derivatives anyway, which the optimisers of Spark's libraries do not give, and because
 * with a handful of parameters it takes but some ten steps.
 */
final class Ascent {
  /** What is climbed. */
  interface Objective {
    /**
     * Returns the log-likelihood a customer.
     *
     * @param parameters all above 0
     * @param slope is filled with the derivatives by the logarithms of the parameters
     */
    double at(double[] parameters, double[] slope);
  }

  /**
   * Where it ended.
   *
   * @param standardErrors of the parameters, for one customer: to be divided by the root of their
   *     number; NaN where there are none
   */
  record Summit(
      List<Double> parameters, double value, boolean converged, List<Double> standardErrors) {
    Summit {
      parameters = List.copyOf(parameters);
      standardErrors = List.copyOf(standardErrors);
    }
  }

  /** Beyond these a parameter makes no difference that data could show. */
  private static final double[] LOGARITHMS = {Math.log(1e-5), Math.log(1e4)};

  private static final int MOST_STEPS = 100;

  /** For central differences of exact derivatives: errs by some 1e-8, rounding by 1e-12. */
  private static final double SPAN = 1e-4;

  /** In logarithms. */
  private static final double LONGEST_STEP = 2;

  private static final double FIRST_DAMPING = 1e-3;
  private static final double LEAST_DAMPING = 1e-10;
  private static final double MOST_DAMPING = 1e10;

  /** A strong damping makes any gain look small. */
  private static final double WEAK = 1;

  /**
   * Where customers do not differ a ridge leads out of sight, on which all is as likely, and
   * doubles do not tell up from down: the search may end where so much of the log-likelihood of all
   * customers is left to gain.
   */
  private static final double NOTHING = 0.01;

  private final Objective objective;
  private final double customers;
  private final double leastGain;
  private final int size;

  /**
   * @param customers that the objective is a mean of: the search ends where all that is left to
   *     gain is 1e-6 of log-likelihood over all of them
   */
  Ascent(Objective objective, int size, double customers) {
    this.objective = objective;
    this.size = size;
    this.customers = customers;
    // Means of doubles cannot be told apart by less.
    this.leastGain = Math.max(1e-6 / customers, 1e-14);
  }

  /**
   * Returns the highest summit that {@code starts} lead to.
   *
   * @throws CannotFit where none leads to any
   */
  Summit highest(double[]... starts) throws CannotFit {
    return Stream.of(starts)
        .map(this::from)
        .filter(Summit::converged)
        .max((one, other) -> Double.compare(one.value(), other.value()))
        .orElseThrow(() -> new CannotFit("the search for the likeliest parameters did not end"));
  }

  Summit from(double... start) {
    double[] place = Arrays.stream(start).map(Math::log).toArray();
    var slope = new double[size];
    double value = at(place, slope);
    RealMatrix curvature = curvature(place);
    double damping = FIRST_DAMPING;
    for (int step = 0; step < MOST_STEPS && damping < MOST_DAMPING; step++) {
      List<Integer> free = free(place, slope);
      double[] move = move(curvature, slope, free, damping);
      if (move == null) {
        damping *= 10;
        continue;
      }
      double[] next = moved(place, move);
      double promised = gain(curvature, slope, place, next);
      var nextSlope = new double[size];
      double nextValue = at(next, nextSlope);
      boolean isSummit = promised <= leastGain && damping <= WEAK;
      if (nextValue > value) {
        place = next;
        slope = nextSlope;
        value = nextValue;
        curvature = curvature(place);
        damping = Math.max(damping / 10, LEAST_DAMPING);
      } else {
        damping *= 10;
      }
      if (isSummit) {
        break;
      }
    }
    return new Summit(
        Arrays.stream(place).map(Math::exp).boxed().toList(),
        value,
        left(curvature, place, slope) * customers <= NOTHING,
        Arrays.stream(errors(place, slope)).boxed().toList());
  }

  /** Returns what is left to gain, as far as can be told. */
  private double left(RealMatrix curvature, double[] place, double[] slope) {
    for (double damping = LEAST_DAMPING; damping <= WEAK; damping *= 10) {
      double[] move = move(curvature, slope, free(place, slope), damping);
      if (move != null) {
        return gain(curvature, slope, place, moved(place, move));
      }
    }
    return Double.POSITIVE_INFINITY;
  }

  private double at(double[] place, double[] slope) {
    double value = objective.at(Arrays.stream(place).map(Math::exp).toArray(), slope);
    return Double.isNaN(value) ? Double.NEGATIVE_INFINITY : value;
  }

  /** Returns the second derivatives, less their sign. */
  private RealMatrix curvature(double[] place) {
    var matrix = new Array2DRowRealMatrix(size, size);
    for (int i = 0; i < size; i++) {
      var above = new double[size];
      var below = new double[size];
      double[] near = place.clone();
      near[i] = place[i] + SPAN;
      at(near, above);
      near[i] = place[i] - SPAN;
      at(near, below);
      for (int j = 0; j < size; j++) {
        double each = (below[j] - above[j]) / (2 * SPAN) / 2;
        matrix.addToEntry(i, j, each);
        matrix.addToEntry(j, i, each);
      }
    }
    return matrix;
  }

  /** Returns the parameters but for those that would leave the bounds. */
  private List<Integer> free(double[] place, double[] slope) {
    var free = new ArrayList<Integer>();
    for (int i = 0; i < size; i++) {
      boolean leaves =
          (place[i] <= LOGARITHMS[0] && slope[i] < 0)
              || (place[i] >= LOGARITHMS[1] && slope[i] > 0);
      if (!leaves) {
        free.add(i);
      }
    }
    return free;
  }

  /** Returns a step uphill; null where the damped curvature has none. */
  private double[] move(RealMatrix curvature, double[] slope, List<Integer> free, double damping) {
    var move = new double[size];
    if (free.isEmpty()) {
      return move;
    }
    int[] at = free.stream().mapToInt(Integer::intValue).toArray();
    RealMatrix damped = curvature.getSubMatrix(at, at);
    for (int i = 0; i < at.length; i++) {
      damped.addToEntry(i, i, damping);
    }
    var uphill = new ArrayRealVector(Arrays.stream(at).mapToDouble(i -> slope[i]).toArray());
    double[] found;
    try {
      found = new CholeskyDecomposition(damped).getSolver().solve(uphill).toArray();
    } catch (NonPositiveDefiniteMatrixException e) {
      return null;
    }
    double longest = Arrays.stream(found).map(Math::abs).max().orElse(0);
    double shorter = Math.min(1, LONGEST_STEP / Math.max(longest, 1e-300));
    for (int i = 0; i < at.length; i++) {
      move[at[i]] = found[i] * shorter;
    }
    return move;
  }

  /** Returns what a step should gain, by slope and curvature. */
  private static double gain(RealMatrix curvature, double[] slope, double[] from, double[] to) {
    var step = new ArrayRealVector(to).subtract(new ArrayRealVector(from));
    return step.dotProduct(new ArrayRealVector(slope))
        - step.dotProduct(curvature.operate(step)) / 2;
  }

  private static double[] moved(double[] place, double[] move) {
    var next = new double[place.length];
    for (int i = 0; i < next.length; i++) {
      next[i] = Math.max(LOGARITHMS[0], Math.min(LOGARITHMS[1], place[i] + move[i]));
    }
    return next;
  }

  /** Returns the roots of the inverted curvature's diagonal, times the parameters. */
  private double[] errors(double[] place, double[] slope) {
    var errors = new double[size];
    Arrays.fill(errors, Double.NaN);
    int[] at = free(place, slope).stream().mapToInt(Integer::intValue).toArray();
    if (at.length > 0) {
      try {
        RealMatrix inverse =
            new CholeskyDecomposition(curvature(place).getSubMatrix(at, at))
                .getSolver()
                .getInverse();
        for (int i = 0; i < at.length; i++) {
          errors[at[i]] = Math.exp(place[at[i]]) * Math.sqrt(inverse.getEntry(i, i));
        }
      } catch (NonPositiveDefiniteMatrixException e) {
        return errors; // flat, as far as can be told
      }
    }
    return errors;
  }
}
