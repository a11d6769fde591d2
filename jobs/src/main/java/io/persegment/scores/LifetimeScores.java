package io.persegment.scores;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.call_function;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.DoubleType;

import io.persegment.conformed.Orders;
import io.persegment.conformed.Refunds;
import io.persegment.customer.Customers;
import io.persegment.features.CustomerFeatures;
import io.persegment.run.StageContext;
import io.persegment.table.Lake;
import java.sql.Date;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Foretells what customers will be worth: all buyers who may be profiled are learnt from, and those
 * of a target's population are scored.
 */
final class LifetimeScores {
  private final StageContext context;
  private final History history;
  private final String currency;

  /** Rows of {@link Buyers} by the days of their holdout; targets mostly have the same. */
  private final Map<Integer, Dataset<Row>> buyers = new TreeMap<>();

  private Dataset<Row> orders;

  LifetimeScores(StageContext context, History history, String currency) {
    this.context = context;
    this.history = history;
    this.currency = currency;
  }

  /** Returns rows of {@link CustomerScores}; empty where there is no model. Actions. */
  Optional<Dataset<Row>> of(LifetimeSettings target) {
    Dataset<Row> known = buyers.computeIfAbsent(target.holdout(), this::buyers);
    Optional<LifetimeModels.Kept> model = model(target, known);
    model.ifPresent(
        kept ->
            ScoresStage.report(target.name(), kept.version(), kept.metrics(), context.report()));
    return model.map(kept -> scores(target, kept, known));
  }

  /** Where none can be fitted, the last one stands, however old it is. */
  private Optional<LifetimeModels.Kept> model(LifetimeSettings target, Dataset<Row> known) {
    var models = new LifetimeModels(context.lake(), target);
    Optional<LifetimeModels.Kept> standing = models.standing(context.asOf());
    if (standing.isPresent()) {
      return standing;
    }
    try {
      var trained = new LifetimeTraining(target, context.asOf(), known).run();
      trained.remarks().forEach(context.report()::warn);
      return Optional.of(models.keep(context.asOf(), trained));
    } catch (Refusal refusal) {
      if (target.onRefusal() == LifetimeSettings.OnRefusal.STOP) {
        throw ScoreErrors.refused(refusal);
      }
      Optional<LifetimeModels.Kept> last = models.last(context.asOf());
      context.report().warn(refusal.inWords(target.name(), last.map(LifetimeModels.Kept::version)));
      return last;
    }
  }

  /**
   * Adds {@link Examples#LABEL} to scores of {@code target}: what was bought within its horizon, as
   * it is foretold. Keeps every row.
   *
   * @param days of the scores, whose horizons have passed
   */
  Dataset<Row> withOutcome(Dataset<Row> scores, LifetimeSettings target, List<LocalDate> days) {
    Column bought =
        (target.of().isAmount() ? Buyers.LATER_VALUE : Buyers.LATER).col().cast(DoubleType);
    Dataset<Row> outcomes =
        days.stream()
            .map(
                day ->
                    buyers(day.plusDays(target.horizon()), day, target.discountRate())
                        .select(
                            lit(Date.valueOf(day)).as(CustomerScores.AS_OF.name()),
                            Buyers.CUSTOMER_ID.col(),
                            bought.as(Examples.LABEL.name())))
            .reduce(Dataset::union)
            .orElseThrow();
    String[] same = {CustomerScores.AS_OF.name(), CustomerScores.CUSTOMER_ID.name()};
    // Who had more sent back than they bought is worth nothing; so is who has no order left.
    Column atLeastNothing = greatest(coalesce(Examples.LABEL.col(), lit(0.0)), lit(0.0));
    return scores.join(outcomes, same, "left").withColumn(Examples.LABEL.name(), atLeastNothing);
  }

  private Dataset<Row> buyers(int holdout) {
    LocalDate then = context.asOf().minusDays(holdout);
    return context
        .lake()
        .scratch(
            "scores/buyers-" + holdout,
            buyers(context.asOf(), then, 0)
                .join(history.profiled(), Customers.CUSTOMER_ID.name(), "left_semi"));
  }

  private Dataset<Row> buyers(LocalDate asOf, LocalDate then, double discountRate) {
    Lake lake = context.lake();
    if (orders == null) {
      orders =
          history
              .owners()
              .ofOrders(
                  Orders.counted(lake.readOrEmpty(Orders.TABLE))
                      .where(Orders.ORDERED_AT.col().lt(context.cutColumn())));
    }
    return Buyers.of(orders, lake.readOrEmpty(Refunds.TABLE), asOf, then, discountRate);
  }

  /** Figures are worked out once and written aside, since deciles read them twice. */
  private Dataset<Row> scores(
      LifetimeSettings target, LifetimeModels.Kept kept, Dataset<Row> known) {
    Dataset<Row> scored =
        context
            .lake()
            .scratch(
                "scores/" + target.name(),
                history
                    .population(target.population(), List.of(context.asOf()))
                    .select(CustomerFeatures.CUSTOMER_ID.col())
                    .join(known, CustomerFeatures.CUSTOMER_ID.name())
                    .select(
                        context.asOfColumn().as(CustomerScores.AS_OF.name()),
                        CustomerScores.CUSTOMER_ID.col(),
                        lit(target.name()).as(CustomerScores.TARGET.name()),
                        kept.model().figure(target).as(CustomerScores.SCORE.name()),
                        reasons().as(CustomerScores.REASONS.name()),
                        lit(kept.version()).as(CustomerScores.MODEL_VERSION.name()),
                        lit(null)
                            .cast(CustomerScores.CONTRIBUTIONS.type())
                            .as(CustomerScores.CONTRIBUTIONS.name())));
    return Ranking.ofAmounts(scored).select(CustomerScores.TABLE.columns());
  }

  /** Returns what the figure is made of, in words. */
  private Column reasons() {
    Column times = Buyers.FREQUENCY.of(Buyers.NOW).plus(1);
    Column age = Buyers.AGE.of(Buyers.NOW);
    Column last = age.minus(Buyers.RECENCY.of(Buyers.NOW));
    Column value = Buyers.ORDER_VALUE.of(Buyers.NOW);
    Column amount =
        call_function("format_number", value, when(value.lt(10), "0.00").otherwise("0"));
    return array(
        when(times.equalTo(1), "bought once")
            .otherwise(concat(lit("bought "), times, lit(" times in "), days(age))),
        when(last.equalTo(0), "last bought on this very day")
            .otherwise(concat(lit("last bought "), days(last), lit(" ago"))),
        concat(lit("orders of "), amount, lit(" " + currency + " on average")));
  }

  private static Column days(Column number) {
    return concat(number, when(number.equalTo(1), " day").otherwise(" days"));
  }
}
