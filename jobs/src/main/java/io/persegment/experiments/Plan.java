package io.persegment.experiments;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.stddev;
import static org.apache.spark.sql.functions.when;

import io.persegment.experiments.Metric.Happened;
import io.persegment.features.Outcome;
import io.persegment.identity.Owners;
import io.persegment.table.Lake;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How many customers an experiment needs, by what a metric was in as many days before.
 *
 * @param days that it would run
 * @param mean of a customer in so many days up to now
 * @param needed customers of all arms, for the smallest effect to be found in 80 of 100 such
 *     experiments at a p-value of .05; the most where that is never
 * @param there are in the population
 */
public record Plan(String metric, int days, double mean, double needed, long there) {
  private static final List<Integer> SPANS = List.of(7, 14, 28, 56);
  private static final double POWER = 0.8;
  private static final double ALPHA = 0.05;

  /** Returns whether the population is large enough. */
  public boolean isEnough() {
    return needed <= there;
  }

  /**
   * Returns a plan for each metric of the experiment that is something that happens, and span of
   * days. Actions: one for each. Writes scratch, and so wants the lake's lock.
   *
   * @param population a row a customer who would take part
   */
  public static List<Plan> of(
      Lake lake, Experiment experiment, Dataset<Row> population, LocalDate asOf) {
    // Whose events are whose is written aside once, and may be what the population was read from.
    Dataset<Row> there = lake.scratch("experiments/population", population);
    Owners owners = Owners.in(lake);
    var plans = new ArrayList<Plan>();
    for (Metric metric : experiment.metrics()) {
      if (metric instanceof Happened happened) {
        for (int days : SPANS) {
          plans.add(of(lake, owners, experiment, happened, there, asOf, days));
        }
      }
    }
    return plans;
  }

  private static Plan of(
      Lake lake,
      Owners owners,
      Experiment experiment,
      Happened metric,
      Dataset<Row> population,
      LocalDate asOf,
      int days) {
    Dataset<Row> outcomes =
        metric.outcome(days).after(lake, owners, List.of(asOf.minusDays(days)), 0);
    Column value = coalesce(Outcome.VALUE.col(), lit(0.0));
    Column counted = metric.once() ? when(value.gt(0), 1.0).otherwise(0.0) : value;
    Row row =
        population
            .join(outcomes, new String[] {ExperimentAssignments.CUSTOMER_ID.name()}, "left")
            .agg(count(lit(1)), avg(counted), stddev(counted))
            .head();
    double mean = row.isNullAt(1) ? 0 : row.getDouble(1);
    double deviation = row.isNullAt(2) ? 0 : row.getDouble(2);
    return new Plan(metric.name(), days, mean, needed(experiment, mean, deviation), row.getLong(0));
  }

  /**
   * Returns how many customers all arms need together, so that each arm can be told from the
   * control: of two groups of n p and n q customers the difference has the variance s2 / n (1 / p +
   * 1 / q).
   */
  static double needed(Experiment experiment, double mean, double deviation) {
    double effect = experiment.smallestEffect() * mean;
    var normal = new NormalDistribution(null, 0, 1);
    double quantiles =
        normal.inverseCumulativeProbability(1 - ALPHA / 2)
            + normal.inverseCumulativeProbability(POWER);
    double control = experiment.arms().get(experiment.control());
    double least =
        experiment.arms().values().stream().mapToDouble(Double::doubleValue).min().orElse(1);
    double perShare = 1 / control + 1 / least;
    return effect > 0
        ? Math.ceil(Math.pow(quantiles * deviation / effect, 2) * perShare)
        : Double.POSITIVE_INFINITY;
  }
}
