package io.persegment.identity;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How far customers agree with a truth, by sums over units of it: of pairs of one person T, of one
 * customer F, of both R, and of their products.
 *
 * <p>Pairs are not independent: one record gone wrong takes all of its pairs along. Precision R/F,
 * recall R/T and F1 2R/(T+F) are therefore ratios of sums over independent units, with the variance
 * of a linearised ratio (Cochran, Sampling Techniques, 1977, 6.3). An interval is Wilson's for as
 * many independent observations as have that variance (Korn and Graubard, Survey Methodology 24,
 * 1998), and for the number of units where all are right or all are wrong.
 */
record Agreement(Sums sums) {
  /** Each with how many units have pairs of one person, of one customer, of either. */
  record Sums(
      double t,
      double f,
      double r,
      double tt,
      double ff,
      double rr,
      double tf,
      double tr,
      double fr,
      long unitsTrue,
      long unitsFound,
      long units) {}

  /** Adds {@code units} up. An action: one pass. */
  static Agreement of(Dataset<Row> units) {
    Column t = Labels.TRUE.col();
    Column f = Labels.FOUND.col();
    Column r = Labels.RIGHT.col();
    Row sums =
        units
            .agg(
                total(t),
                total(f),
                total(r),
                total(t.multiply(t)),
                total(f.multiply(f)),
                total(r.multiply(r)),
                total(t.multiply(f)),
                total(t.multiply(r)),
                total(f.multiply(r)),
                count_if(t.gt(0)),
                count_if(f.gt(0)),
                count_if(t.plus(f).gt(0)))
            .head();
    return new Agreement(
        new Sums(
            sums.getDouble(0),
            sums.getDouble(1),
            sums.getDouble(2),
            sums.getDouble(3),
            sums.getDouble(4),
            sums.getDouble(5),
            sums.getDouble(6),
            sums.getDouble(7),
            sums.getDouble(8),
            sums.getLong(9),
            sums.getLong(10),
            sums.getLong(11)));
  }

  long truePairs() {
    return Math.round(sums.t());
  }

  long foundPairs() {
    return Math.round(sums.f());
  }

  long rightPairs() {
    return Math.round(sums.r());
  }

  /** Returns which share of the pairs of one customer is right; empty where there is none. */
  Optional<Share> precision() {
    return share(sums.f(), sums.fr(), sums.ff(), sums.unitsFound());
  }

  /** Returns which share of the pairs of one person was found; empty where there is none. */
  Optional<Share> recall() {
    return share(sums.t(), sums.tr(), sums.tt(), sums.unitsTrue());
  }

  /** Returns the harmonic mean of both; empty where there is no pair of either kind. */
  Optional<Share> f1() {
    return share(
        (sums.t() + sums.f()) / 2,
        (sums.tr() + sums.fr()) / 2,
        (sums.tt() + 2 * sums.tf() + sums.ff()) / 4,
        sums.units());
  }

  /**
   * Returns R/D.
   *
   * @param dr sum of the products of D and R
   * @param dd sum of the squares of D
   */
  private Optional<Share> share(double d, double dr, double dd, long units) {
    if (d == 0) {
      return Optional.empty();
    }
    double p = sums.r() / d;
    double spread = sums.rr() - 2 * p * dr + p * p * dd;
    double variance = units > 1 ? spread / (d * d) * units / (units - 1) : 0;
    boolean varies = p > 0 && p < 1 && variance > 0;
    return Optional.of(
        Share.wilson(
            p, varies ? Math.min(d, p * (1 - p) / variance) : Math.min(d, (double) units)));
  }

  private static Column total(Column values) {
    return coalesce(sum(values), lit(0.0));
  }
}
