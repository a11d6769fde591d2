package io.persegment.scores;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.corr;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.sqrt;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.DoubleType;

import io.persegment.lifetime.BuyingFit;
import io.persegment.lifetime.CannotFit;
import io.persegment.lifetime.Dropout;
import io.persegment.lifetime.Estimate;
import io.persegment.lifetime.OrderValueFit;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Makes one model of what customers will be worth, and finds out how good it is: models that know
 * the purchases until the holdout foretell those in it, beside who goes on as before and the mean
 * of all. The one that is used is fitted on all purchases.
 */
final class LifetimeTraining {
  /** Two models whose log-likelihoods differ by less cannot be told apart by them. */
  private static final double AS_LIKELY = 2;

  /** Beyond it who buys more often has other orders, and Gamma-Gamma is told a lie. */
  private static final double MOST_CORRELATION = 0.3;

  private static final String ORDER_VALUES = "gamma_gamma";
  private static final String RATE_SO_FAR = "baseline.rate_so_far";
  private static final String MEAN = "baseline.mean";

  private final LifetimeSettings target;
  private final LocalDate asOf;
  private final Dataset<Row> buyers;
  private final Map<String, Double> metrics = new TreeMap<>();
  private final List<String> remarks = new ArrayList<>();

  /**
   * What training gives.
   *
   * @param remarks sentences for the person on call
   */
  record Result(
      Lifetime model, String algorithm, Map<String, Double> metrics, List<String> remarks) {
    Result {
      metrics = Map.copyOf(metrics);
      remarks = List.copyOf(remarks);
    }
  }

  /**
   * @param buyers rows of {@link Buyers}, read many times
   */
  LifetimeTraining(LifetimeSettings target, LocalDate asOf, Dataset<Row> buyers) {
    this.target = target;
    this.asOf = asOf;
    this.buyers = buyers;
  }

  /**
   * Fits and tests. Some ten actions.
   *
   * @throws Refusal where there is too little to learn from, or no model of it
   */
  Result run() throws Refusal {
    requireHistory();
    LifetimeCounts.Histories past = LifetimeCounts.histories(buyers, Buyers.THEN);
    LifetimeCounts.Histories all = LifetimeCounts.histories(buyers, Buyers.NOW);
    metrics.put("training.histories", (double) all.all().size());
    metrics.put("training.days_a_unit", (double) all.daysAUnit());
    Map<Dropout, BuyingFit> tested = new EnumMap<>(Dropout.class);
    Map<Dropout, BuyingFit> used = new EnumMap<>(Dropout.class);
    String why = "";
    for (Dropout dropout : candidates()) {
      try {
        BuyingFit ofPast = BuyingFit.of(dropout, past.all());
        used.put(dropout, BuyingFit.of(dropout, all.all()));
        tested.put(dropout, ofPast);
      } catch (CannotFit e) {
        why = "%s: %s".formatted(inWords(dropout), e.getMessage());
      }
    }
    if (tested.isEmpty()) {
      throw new Refusal(
          "Cannot foretell %s: %s. It takes customers who came back at different times."
              .formatted(target.name(), why));
    }
    Optional<OrderValueFit> valuesThen = orderValues(Buyers.THEN);
    Optional<OrderValueFit> valuesNow = orderValues(Buyers.NOW);
    test(tested, valuesThen);
    Dropout best = best(used);
    requireBetter(best);
    metrics.putAll(ofBest(best));
    used.values().forEach(fit -> tell(key(fit.model().dropout()), fit));
    valuesNow.ifPresent(fit -> tell(ORDER_VALUES, fit.estimates(), fit.logLikelihood()));
    return new Result(
        new Lifetime(used.get(best).model(), valuesNow.map(OrderValueFit::model)),
        inWords(best) + (valuesNow.isPresent() ? " + gamma-gamma" : ""),
        metrics,
        remarks);
  }

  private List<Dropout> candidates() {
    return switch (target.model()) {
      case BEST -> List.of(Dropout.values());
      case BG_NBD -> List.of(Dropout.BG_NBD);
      case MBG_NBD -> List.of(Dropout.MBG_NBD);
    };
  }

  private void requireHistory() throws Refusal {
    Column then = col(Buyers.THEN).isNotNull();
    Row sizes =
        buyers
            .agg(
                count(lit(1)),
                count(when(Buyers.FREQUENCY.of(Buyers.NOW).gt(0), 1)),
                count(when(then, 1)),
                count(when(then.and(Buyers.FREQUENCY.of(Buyers.THEN).gt(0)), 1)),
                max(Buyers.AGE.of(Buyers.NOW)))
            .head();
    if (sizes.getLong(0) == 0) {
      throw new Refusal(
          "Cannot foretell %s as of %s: nobody has bought anything."
              .formatted(target.name(), asOf));
    }
    int days = sizes.getInt(4) + 1; // with the first one
    if (target.of().isWithinHorizon() && days < target.horizon()) {
      throw new Refusal(
          ("Cannot foretell %s as of %s: its horizon of %d days is longer than the history of %d"
                  + " days, which began on %s.")
              .formatted(target.name(), asOf, target.horizon(), days, asOf.minusDays(days - 1L)));
    }
    if (days < 2 * target.holdout()) {
      throw new Refusal(
          ("Cannot foretell %s as of %s: its holdout of %d days leaves %d days of history to learn"
                  + " from; at least as many are needed.")
              .formatted(target.name(), asOf, target.holdout(), days - target.holdout()));
    }
    long again = Math.min(sizes.getLong(1), sizes.getLong(3));
    if (again < target.leastRepeatBuyers()) {
      throw new Refusal(
          ("Cannot foretell %s as of %s: until %s only %d customers bought on a second day;"
                  + " least-repeat-buyers asks for %d.")
              .formatted(
                  target.name(),
                  asOf,
                  asOf.minusDays(target.holdout()),
                  again,
                  target.leastRepeatBuyers()));
    }
    metrics.put("training.customers", (double) sizes.getLong(0));
    metrics.put("training.repeat_buyers", (double) sizes.getLong(1));
    metrics.put("training.days", (double) days);
    metrics.put("test.customers", (double) sizes.getLong(2));
    metrics.put("test.days", (double) target.holdout());
  }

  private Optional<OrderValueFit> orderValues(String side) throws Refusal {
    if (!target.of().isAmount()) {
      return Optional.empty();
    }
    try {
      OrderValueFit fit = OrderValueFit.of(LifetimeCounts.spendings(buyers, side));
      if (side.equals(Buyers.NOW)) {
        tellCorrelation();
      }
      return Optional.of(fit);
    } catch (CannotFit e) {
      throw new Refusal(
          "Cannot foretell %s: of what orders are worth Gamma-Gamma has no model: %s."
              .formatted(target.name(), e.getMessage()));
    }
  }

  /** Gamma-Gamma takes how often somebody buys and for how much for independent. */
  private void tellCorrelation() {
    Column value = Buyers.REPEAT_VALUE.of(Buyers.NOW);
    Row found =
        buyers
            .where(value.gt(0))
            .agg(corr(Buyers.FREQUENCY.of(Buyers.NOW).cast(DoubleType), value))
            .head();
    double correlation = found.isNullAt(0) ? 0 : found.getDouble(0);
    metrics.put("training.frequency_value_correlation", correlation);
    if (Math.abs(correlation) > MOST_CORRELATION) {
      remarks.add(
          ("%s: who buys more often has %s orders (correlation %.2f), which Gamma-Gamma takes for"
                  + " independent; amounts of the most frequent buyers are too %s.")
              .formatted(
                  target.name(),
                  correlation > 0 ? "larger" : "smaller",
                  correlation,
                  correlation > 0 ? "low" : "high"));
    }
  }

  /** Foretells the holdout. A job. */
  private void test(Map<Dropout, BuyingFit> fits, Optional<OrderValueFit> values) {
    Column age = Buyers.AGE.of(Buyers.THEN);
    Column frequency = Buyers.FREQUENCY.of(Buyers.THEN);
    Dataset<Row> known = buyers.where(col(Buyers.THEN).isNotNull());
    Row rates = known.agg(sum(frequency).cast(DoubleType), sum(age).cast(DoubleType)).head();
    Column rateSoFar =
        when(age.gt(0), frequency.divide(age).multiply(target.holdout())).otherwise(0.0);
    var orders = new LinkedHashMap<String, Column>();
    fits.forEach(
        (dropout, fit) -> {
          var model = new Lifetime(fit.model(), values.map(OrderValueFit::model));
          orders.put("test." + key(dropout), model.orders(Buyers.THEN, target.holdout()));
        });
    orders.put(RATE_SO_FAR, rateSoFar);
    orders.put(MEAN, lit(rates.getDouble(0) / rates.getDouble(1) * target.holdout()));
    var measures = new LinkedHashMap<String, Column>();
    measures.put("test.actual_orders", sum(Buyers.LATER.col()));
    Dataset<Row> foretold = known;
    for (var each : orders.entrySet()) {
      foretold = foretold.withColumn(each.getKey(), each.getValue());
      measures(each.getKey(), "", "expected_orders", Buyers.LATER.col(), measures);
    }
    if (values.isPresent()) {
      var model =
          new Lifetime(fits.values().iterator().next().model(), values.map(OrderValueFit::model));
      measures.put("test.actual_value", sum(Buyers.LATER_VALUE.col()));
      for (String each : orders.keySet()) {
        String amount = each + ".amount";
        Column worth =
            each.equals(RATE_SO_FAR)
                ? Buyers.ORDER_VALUE.of(Buyers.THEN)
                : model.orderValue(Buyers.THEN);
        foretold = foretold.withColumn(amount, col("`" + each + "`").multiply(worth));
        measures(amount, "value_", "expected_value", Buyers.LATER_VALUE.col(), measures);
      }
    }
    Row found =
        foretold
            .agg(
                lit(1),
                measures.entrySet().stream()
                    .map(each -> each.getValue().cast(DoubleType).as(each.getKey()))
                    .toArray(Column[]::new))
            .head();
    int place = 1;
    for (String name : measures.keySet()) {
      if (!found.isNullAt(place) && !Double.isNaN(found.getDouble(place))) {
        metrics.put(name, found.getDouble(place));
      }
      place++;
    }
  }

  /** Puts how well the column {@code name} foretold {@code actual}. */
  private static void measures(
      String name, String prefix, String total, Column actual, Map<String, Column> measures) {
    Column said = col("`" + name + "`");
    Column error = said.minus(actual);
    String of = name.replaceFirst("\\.amount$", "") + "." + prefix;
    if (!name.startsWith(MEAN)) { // which says the same of all
      measures.put(of + "correlation", corr(said, actual.cast(DoubleType)));
    }
    measures.put(of + "mae", avg(abs(error)));
    measures.put(of + "rmse", sqrt(avg(error.multiply(error))));
    measures.put(name.replaceFirst("\\.amount$", "") + "." + total, sum(said));
  }

  private Dropout best(Map<Dropout, BuyingFit> fits) {
    BuyingFit likelier =
        fits.values().stream()
            .max((one, other) -> Double.compare(one.logLikelihood(), other.logLikelihood()))
            .orElseThrow();
    return fits.values().stream()
        .filter(fit -> likelier.logLikelihood() - fit.logLikelihood() < AS_LIKELY)
        .map(fit -> fit.model().dropout())
        .min((one, other) -> Double.compare(rmse(one), rmse(other)))
        .orElseThrow();
  }

  /** Who cannot foretell orders better than these says nothing of what they will be worth. */
  private void requireBetter(Dropout best) throws Refusal {
    for (String baseline : List.of(RATE_SO_FAR, MEAN)) {
      double other = metrics.get(baseline + ".rmse");
      if (!(rmse(best) < other)) {
        throw new Refusal(
            "Cannot foretell %s: in the holdout of %d days the number of orders is off by %.4f (root mean square), no less than the %.4f of %s. Try a longer history, or another holdout."
                .formatted(
                    target.name(),
                    target.holdout(),
                    rmse(best),
                    other,
                    baseline.equals(MEAN) ? "saying the same of all" : "going on as before"));
      }
    }
  }

  private double rmse(Dropout dropout) {
    return metrics.get("test." + key(dropout) + ".rmse");
  }

  /** Returns the test of the model that is used under the names that a test has. */
  private Map<String, Double> ofBest(Dropout best) {
    String prefix = "test." + key(best) + ".";
    var all = new TreeMap<String, Double>();
    metrics.forEach(
        (name, value) -> {
          if (name.startsWith(prefix)) {
            all.put("test." + name.substring(prefix.length()), value);
          }
        });
    return all;
  }

  private void tell(String name, BuyingFit fit) {
    tell(name, fit.estimates(), fit.logLikelihood());
  }

  private void tell(String name, List<Estimate> estimates, double logLikelihood) {
    metrics.put(name + ".log_likelihood", logLikelihood);
    for (Estimate each : estimates) {
      metrics.put(name + "." + each.name(), each.value());
      if (!Double.isNaN(each.standardError())) {
        metrics.put(name + "." + each.name() + ".low", each.low());
        metrics.put(name + "." + each.name() + ".high", each.high());
      }
    }
  }

  private static String key(Dropout dropout) {
    return dropout.name().toLowerCase(Locale.ROOT);
  }

  private static String inWords(Dropout dropout) {
    return key(dropout).replace('_', '-');
  }
}
