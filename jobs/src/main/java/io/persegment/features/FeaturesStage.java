package io.persegment.features;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;

import io.persegment.conformed.Contacts;
import io.persegment.conformed.EmailEvents;
import io.persegment.conformed.OrderLines;
import io.persegment.conformed.Orders;
import io.persegment.conformed.Products;
import io.persegment.conformed.Refunds;
import io.persegment.conformed.SurveyAnswers;
import io.persegment.conformed.WebEvents;
import io.persegment.customer.ConsentSettings;
import io.persegment.customer.Customers;
import io.persegment.identity.IdentityMap;
import io.persegment.identity.Owners;
import io.persegment.run.Stage;
import io.persegment.run.StageContext;
import io.persegment.run.StageReport;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import java.sql.Date;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Says what was known of each customer as of the date, and as of the earlier dates that models are
 * trained on. An earlier date that was written under the same settings stays as it is.
 */
public final class FeaturesStage implements Stage {
  private final FeatureSettings settings;
  private final ConsentSettings consent;
  private final Function<LocalDate, List<LocalDate>> trainedOn;

  /**
   * @param trainedOn which earlier dates models for an as-of date are trained on
   */
  public FeaturesStage(
      FeatureSettings settings,
      ConsentSettings consent,
      Function<LocalDate, List<LocalDate>> trainedOn) {
    this.settings = settings;
    this.consent = consent;
    this.trainedOn = trainedOn;
  }

  @Override
  public String name() {
    return "features";
  }

  @Override
  public String summary() {
    return "Says what was known of each customer by the end of the as-of date, and of the dates"
        + " that models learn from";
  }

  @Override
  public List<Table> reads() {
    return List.of(
        Customers.TABLE,
        IdentityMap.TABLE,
        Contacts.TABLE,
        Orders.TABLE,
        OrderLines.TABLE,
        Refunds.TABLE,
        Products.TABLE,
        WebEvents.TABLE,
        EmailEvents.TABLE,
        SurveyAnswers.TABLE);
  }

  @Override
  public List<Table> writes() {
    return List.of(CustomerFeatures.table(settings));
  }

  @Override
  public void run(StageContext context) {
    Lake lake = context.lake();
    Set<LocalDate> dates = datesToWrite(context);
    Table table = CustomerFeatures.table(settings);
    lake.replaceWhere(
        table,
        "as_of in (%s)"
            .formatted(
                dates.stream().map(date -> "DATE'" + date + "'").collect(Collectors.joining(", "))),
        asOf(lake, settings, consent, dates, context.report()));
    context.report().rows("dates", dates.size());
    if (isOfTheWeb(new FeatureRows(settings))) {
      reportBots(context);
    }
    context
        .report()
        .rows(
            "customers",
            lake.read(table)
                .where(CustomerFeatures.AS_OF.col().equalTo(context.asOfColumn()))
                .count());
  }

  /**
   * Returns rows of {@code customer_features} as of some dates, as far as it is known now: what
   * came in late counts by its own time. Customers are those who had been seen by the end of the
   * date, of the last one as of any other: a model may learn from it one day, and of whoever came
   * later it would learn that to have done nothing foretells everything.
   *
   * @param report takes what is told of values that were missing
   */
  public static Dataset<Row> asOf(
      Lake lake,
      FeatureSettings settings,
      ConsentSettings consent,
      Collection<LocalDate> dates,
      StageReport report) {
    var cuts = new Cuts(dates.stream().map(FeaturesStage::end).toList());
    var features = new FeatureRows(settings);
    Owners owners = isOfTheWeb(features) ? Owners.dated(lake) : Owners.in(lake);
    var events = new Events(lake, owners, cuts);
    var aggregated = new ArrayList<Dataset<Row>>();
    features
        .origins()
        .forEach(
            (origin, needed) ->
                aggregated.add(features.aggregated(origin, events.of(origin, needed), cuts)));
    Dataset<Row> customers =
        seen(lake.read(Customers.TABLE), cuts)
            .withColumn(Imputation.MAY_PROFILE.name(), consent.mayProfile());
    return features.of(
        customers, aggregated, cuts, new Imputation(lake, report, Collections.max(dates)));
  }

  private static boolean isOfTheWeb(FeatureRows features) {
    Set<Origin> origins = features.origins().keySet();
    return origins.contains(Origin.WEB_EVENTS) || origins.contains(Origin.SESSIONS);
  }

  /** Notes how many events are none of a visitor's. An action of one narrow column. */
  private static void reportBots(StageContext context) {
    context
        .report()
        .rows(
            "web_events_by_bots",
            context
                .lake()
                .readOrEmpty(WebEvents.TABLE)
                .where(WebEvents.EVENT_TIME.col().lt(context.cutColumn()))
                .where(not(WebEvents.byVisitor()))
                .count());
  }

  /**
   * The as-of date, and those to learn from that are not there under today's settings; all of these
   * where the newest date is to be done again, as what came late is known on them as well.
   */
  private Set<LocalDate> datesToWrite(StageContext context) {
    var dates = new LinkedHashSet<>(List.of(context.asOf()));
    dates.addAll(trainedOn.apply(context.asOf()));
    Column date = CustomerFeatures.AS_OF.col();
    Dataset<Row> written = context.lake().readOrEmpty(CustomerFeatures.TABLE);
    if (context.force() && written.where(date.gt(context.asOfColumn())).isEmpty()) {
      return dates;
    }
    written
        .where(date.isin(dates.stream().map(Date::valueOf).toArray()))
        .where(CustomerFeatures.DEFINITION.col().equalTo(settings.definition()))
        .select(date)
        .distinct()
        .collectAsList() // one row a date
        .forEach(row -> dates.remove(row.getDate(0).toLocalDate()));
    dates.add(context.asOf());
    return dates;
  }

  /**
   * Returns each customer for each cut by which they had been seen; those of whom no time is known
   * count as seen.
   */
  private static Dataset<Row> seen(Dataset<Row> customers, Cuts cuts) {
    Column first = Customers.FIRST_SEEN_AT.col();
    return cuts.each(customers).where(first.isNull().or(first.lt(col(Feature.CUT))));
  }

  static Instant end(LocalDate date) {
    return date.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
