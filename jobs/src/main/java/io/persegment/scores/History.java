package io.persegment.scores;

import static org.apache.spark.sql.functions.min;

import io.persegment.conformed.Orders;
import io.persegment.customer.ConsentSettings;
import io.persegment.customer.Customers;
import io.persegment.features.CustomerFeatures;
import io.persegment.features.FeatureSettings;
import io.persegment.identity.Owners;
import io.persegment.run.StageContext;
import io.persegment.table.Lake;
import java.sql.Date;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What scores are made from: what is known of those who may be profiled, and their orders. */
final class History {
  private final StageContext context;
  private final Dataset<Row> features;
  private Dataset<Row> orders;

  private History(StageContext context, Dataset<Row> features) {
    this.context = context;
    this.features = features;
  }

  /** Reads what is known. An action: looks whether the as-of date's features are today's. */
  static History read(StageContext context, FeatureSettings settings, ConsentSettings consent) {
    Lake lake = context.lake();
    Dataset<Row> all = lake.read(CustomerFeatures.table(settings));
    Column today = CustomerFeatures.DEFINITION.col().equalTo(settings.definition());
    Column other = CustomerFeatures.DEFINITION.col().notEqual(settings.definition());
    Column ofAsOf = CustomerFeatures.AS_OF.col().equalTo(context.asOfColumn());
    if (!all.where(ofAsOf.and(other)).isEmpty()) {
      throw ScoreErrors.otherFeatures(context.asOf());
    }
    Dataset<Row> profiled =
        lake.read(Customers.TABLE).where(consent.mayProfile()).select(Customers.CUSTOMER_ID.col());
    return new History(
        context, all.where(today).join(profiled, CustomerFeatures.CUSTOMER_ID.name(), "left_semi"));
  }

  /** Returns rows of customer_features of {@code dates} of those whom {@code target} is about. */
  Dataset<Row> population(TargetSettings target, List<LocalDate> dates) {
    Column in = CustomerFeatures.AS_OF.col().isin(dates.stream().map(Date::valueOf).toArray());
    return features.where(in).where(target.population().column());
  }

  /**
   * Returns what happened after {@code cuts} to those whom {@code target} is about. The first time
   * an action.
   */
  Dataset<Row> examples(TargetSettings target, List<LocalDate> cuts) {
    return Examples.of(population(target, cuts), Purchases.after(cuts, target.horizon(), orders()));
  }

  /** Returns the day of the first purchase, if there was one. An action. */
  Optional<LocalDate> firstPurchase() {
    Row first =
        orders()
            .where(Orders.STATUS.col().equalTo(Orders.PAID))
            .agg(min(Orders.ORDERED_AT.col()))
            .head();
    return Optional.ofNullable(first.getTimestamp(0))
        .map(time -> time.toInstant().atZone(ZoneOffset.UTC).toLocalDate());
  }

  /**
   * Returns the orders before the end of the as-of date, with whose they are. Only training needs
   * them, and most nights nothing is trained.
   */
  private Dataset<Row> orders() {
    if (orders == null) {
      Lake lake = context.lake();
      orders =
          Owners.in(lake)
              .ofOrders(
                  Orders.counted(lake.readOrEmpty(Orders.TABLE))
                      .where(Orders.ORDERED_AT.col().lt(context.cutColumn())));
    }
    return orders;
  }
}
