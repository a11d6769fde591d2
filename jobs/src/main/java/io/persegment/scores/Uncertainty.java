package io.persegment.scores;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.round;
import static org.apache.spark.sql.functions.sum;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.math3.distribution.PoissonDistribution;
import org.apache.commons.math3.random.Well19937c;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How far the measures of a test could be other than they are by chance alone: 95 % intervals by
 * the bootstrap (Efron 1979, Annals of Statistics 7). Customers with nearly the same score are one
 * point, so that nothing but some thousand points is on the driver; each draw gives every point a
 * Poisson number of customers with and without the event, which is what drawing customers with
 * replacement comes to (Chamandy and others 2012).
 */
final class Uncertainty {
  private static final int DRAWS = 400;
  private static final long SEED = 1;
  private static final double SIDE = 0.025;
  private static final double WIDTH = 0.01;
  private static final double LEAST = 1e-6;

  /** A sum of sizes: of draws it is larger than of what is drawn from, by which it is set right. */
  private static final String ERROR = "calibration_error";

  /**
   * Of the outcome's logit over the score's (Cox 1958, Biometrika 45): 1 where scores are neither
   * too bold nor too timid.
   */
  static final String SLOPE = "calibration.slope";

  /** The logit of the outcome where that of the score is 0. */
  static final String INTERCEPT = "calibration.intercept";

  private static final int MOST_STEPS = 25;
  private static final double SMALL_STEP = 1e-9;
  private static final double SINGULAR = 1e-12;

  /** Points of the expected calibration error. */
  private static final int BINS = 10;

  /** Customers of one score. */
  private record Point(double score, double events, double others) {
    double all() {
      return events + others;
    }

    double logit() {
      return Math.log(score / (1 - score));
    }
  }

  /** Where a measure lies in 95 of 100 such tests. */
  record Interval(double low, double high) {}

  private Uncertainty() {}

  /** A measure of customers, nearly the same scores of whom count as the same. */
  record Measured(double value, Interval interval) {}

  /**
   * Returns the measures by name, {@link #SLOPE} and {@link #INTERCEPT} among them. An action: one
   * pass.
   */
  static Map<String, Measured> of(Dataset<Row> judged) {
    List<Point> points = points(judged);
    var random = new Well19937c(SEED);
    var draws = new TreeMap<String, double[]>();
    for (int i = 0; i < DRAWS; i++) {
      var drawn = new ArrayList<Point>();
      for (Point point : points) {
        drawn.add(
            new Point(point.score(), drawn(random, point.events()), drawn(random, point.others())));
      }
      int draw = i;
      measures(drawn)
          .forEach(
              (name, value) -> draws.computeIfAbsent(name, key -> new double[DRAWS])[draw] = value);
    }
    Map<String, Double> found = measures(points);
    var measured = new TreeMap<String, Measured>();
    draws.forEach(
        (name, values) -> {
          Arrays.sort(values);
          int side = (int) Math.round(SIDE * DRAWS);
          double low = values[side];
          double high = values[DRAWS - 1 - side];
          if (name.equals(ERROR)) {
            double bias = mean(values) - found.get(name);
            low = Math.max(0, low - bias);
            high = Math.max(0, high - bias);
          }
          measured.put(name, new Measured(found.get(name), new Interval(low, high)));
        });
    return measured;
  }

  /**
   * Returns the mean of -ln of the probability given to what happened, as it would be of scores
   * brought to the line that fits them best: so models are compared that are off in different ways
   * before they are calibrated. An action: one pass.
   */
  static double calibratedLogLoss(Dataset<Row> judged) {
    List<Point> points = points(judged);
    Map<String, Double> line = line(points);
    return points.stream()
            .mapToDouble(
                point -> {
                  double logit = line.get(INTERCEPT) + line.get(SLOPE) * point.logit();
                  return point.events() * Math.log1p(Math.exp(-logit))
                      + point.others() * Math.log1p(Math.exp(logit));
                })
            .sum()
        / points.stream().mapToDouble(Point::all).sum();
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  private static double drawn(Well19937c random, double mean) {
    return mean == 0
        ? 0
        : new PoissonDistribution(
                random,
                mean,
                PoissonDistribution.DEFAULT_EPSILON,
                PoissonDistribution.DEFAULT_MAX_ITERATIONS)
            .sample();
  }

  private static List<Point> points(Dataset<Row> judged) {
    Column score = least(greatest(CustomerScores.SCORE.col(), lit(LEAST)), lit(1 - LEAST));
    Column near = round(Evaluation.logit().divide(WIDTH)).as("near");
    return judged
        .groupBy(near)
        .agg(avg(score).as("score"), sum(Examples.LABEL.col()), count(lit(1)))
        .orderBy("near")
        .collectAsList() // some 2,800 at most
        .stream()
        .map(
            row -> new Point(row.getDouble(1), row.getDouble(2), row.getLong(3) - row.getDouble(2)))
        .toList();
  }

  /**
   * Returns the measures of points in order of their scores, as {@link Evaluation} defines them.
   *
   * @param points from the least score to the greatest
   */
  private static Map<String, Double> measures(List<Point> points) {
    double all = points.stream().mapToDouble(Point::all).sum();
    double events = points.stream().mapToDouble(Point::events).sum();
    double above = 0; // events scored higher
    double seen = 0;
    double won = 0;
    double precision = 0;
    double brier = 0;
    double logLoss = 0;
    for (int i = points.size() - 1; i >= 0; i--) {
      Point point = points.get(i);
      won += point.others() * (above + point.events() / 2);
      above += point.events();
      seen += point.all();
      precision += seen == 0 ? 0 : point.events() * above / seen;
      double rest = 1 - point.score();
      brier += point.others() * point.score() * point.score() + point.events() * rest * rest;
      logLoss -= point.events() * Math.log(point.score()) + point.others() * Math.log(rest);
    }
    var measures = new TreeMap<String, Double>();
    measures.put("auc", won / (events * (all - events)));
    measures.put("average_precision", precision / events);
    measures.put("brier", brier / all);
    measures.put("log_loss", logLoss / all);
    measures.put(ERROR, calibrationError(points, all));
    measures.putAll(line(points));
    return measures;
  }

  /**
   * Fits the line by Newton's method. Where all scores are the same there is none, and 0 its slope.
   */
  private static Map<String, Double> line(List<Point> points) {
    double intercept = 0;
    double slope = 1;
    for (int step = 0; step < MOST_STEPS; step++) {
      double byIntercept = 0;
      double bySlope = 0;
      double curve = 0;
      double curveOfBoth = 0;
      double curveOfSlope = 0;
      for (Point point : points) {
        double x = point.logit();
        double chance = 1 / (1 + Math.exp(-intercept - slope * x));
        double missed = point.events() - point.all() * chance;
        double weight = point.all() * chance * (1 - chance);
        byIntercept += missed;
        bySlope += missed * x;
        curve += weight;
        curveOfBoth += weight * x;
        curveOfSlope += weight * x * x;
      }
      double determinant = curve * curveOfSlope - curveOfBoth * curveOfBoth;
      if (!(determinant > SINGULAR * curve * curveOfSlope)) {
        double events = points.stream().mapToDouble(Point::events).sum();
        double others = points.stream().mapToDouble(Point::others).sum();
        return Map.of(SLOPE, 0.0, INTERCEPT, Math.log(events / others));
      }
      double up = (curveOfSlope * byIntercept - curveOfBoth * bySlope) / determinant;
      double steeper = (curve * bySlope - curveOfBoth * byIntercept) / determinant;
      intercept += up;
      slope += steeper;
      if (Math.abs(up) + Math.abs(steeper) < SMALL_STEP) {
        break;
      }
    }
    return Map.of(SLOPE, slope, INTERCEPT, intercept);
  }

  private static double calibrationError(List<Point> points, double all) {
    double error = 0;
    double said = 0;
    double happened = 0;
    double seen = 0;
    int bin = 1;
    for (Point point : points) {
      said += point.score() * point.all();
      happened += point.events();
      seen += point.all();
      if (seen >= bin * all / BINS) {
        error += Math.abs(said - happened);
        said = 0;
        happened = 0;
        bin = 1 + (int) Math.floor(seen * BINS / all + 1e-9);
      }
    }
    return (error + Math.abs(said - happened)) / all;
  }
}
