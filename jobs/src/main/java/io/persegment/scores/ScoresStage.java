package io.persegment.scores;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import io.persegment.conformed.Contacts;
import io.persegment.conformed.EmailEvents;
import io.persegment.conformed.OrderLines;
import io.persegment.conformed.Orders;
import io.persegment.conformed.Products;
import io.persegment.conformed.Refunds;
import io.persegment.conformed.WebEvents;
import io.persegment.customer.ConsentSettings;
import io.persegment.customer.Customers;
import io.persegment.features.CustomerFeatures;
import io.persegment.features.FeatureSettings;
import io.persegment.identity.IdentityMap;
import io.persegment.run.Stage;
import io.persegment.run.StageContext;
import io.persegment.run.StageReport;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Foretells what each customer will do. A target's model is trained when its cuts move, on what had
 * happened by then, and scores every night until they move again; where one is refused, that of
 * before goes on.
 */
public final class ScoresStage implements Stage {
  private final List<TargetSettings> targets;
  private final List<LifetimeSettings> lifetimes;
  private final String currency;
  private final FeatureSettings features;
  private final ConsentSettings consent;

  /**
   * @param currency of the shop, for reasons
   */
  public ScoresStage(
      List<TargetSettings> targets,
      List<LifetimeSettings> lifetimes,
      String currency,
      FeatureSettings features,
      ConsentSettings consent) {
    this.targets = List.copyOf(targets);
    this.lifetimes = List.copyOf(lifetimes);
    this.currency = currency;
    this.features = features;
    this.consent = consent;
  }

  @Override
  public String name() {
    return "scores";
  }

  @Override
  public String summary() {
    return "Foretells what each customer will do, by models tested on later time than they learnt"
        + " from";
  }

  @Override
  public List<Table> reads() {
    return List.of(
        CustomerFeatures.TABLE,
        Customers.TABLE,
        IdentityMap.TABLE,
        Contacts.TABLE,
        Orders.TABLE,
        OrderLines.TABLE,
        Refunds.TABLE,
        Products.TABLE,
        WebEvents.TABLE,
        EmailEvents.TABLE);
  }

  @Override
  public List<Table> writes() {
    return List.of(
        ScoreModels.TABLE, ScoreRefusals.TABLE, CustomerScores.TABLE, MaturedScores.TABLE);
  }

  @Override
  public void run(StageContext context) {
    var history = History.read(context, features, consent);
    Dataset<Row> scores =
        context.lake().spark().createDataFrame(List.of(), CustomerScores.TABLE.schema());
    var scoring = new ArrayList<String>();
    for (TargetSettings target : targets) {
      Optional<Models.Kept> model = model(context, history, target);
      if (model.isPresent()) {
        Dataset<Row> customers = history.population(target.population(), List.of(context.asOf()));
        scores = scores.union(Scores.of(context.lake(), customers, target, model.get(), features));
        scoring.add(target.name());
        report(target.name(), model.get().version(), model.get().metrics(), context.report());
      }
    }
    var lifetimeScores = new LifetimeScores(context, history, currency);
    for (LifetimeSettings target : lifetimes) {
      Optional<Dataset<Row>> own = lifetimeScores.of(target);
      own.ifPresent(any -> scoring.add(target.name()));
      scores = own.map(scores::union).orElse(scores);
    }
    context
        .lake()
        .replaceWhere(CustomerScores.TABLE, "as_of = DATE'%s'".formatted(context.asOf()), scores);
    reportCounts(context, scoring);
    var maturity = new Maturity(context, history::owners, history.profiled());
    targets.forEach(target -> maturity.write(target, models(context.lake(), target)));
    lifetimes.forEach(
        target -> maturity.write(target, Models.of(context.lake(), target), lifetimeScores));
  }

  /**
   * Lets another model make the scores of {@code target} from the next run on. Actions.
   *
   * @throws io.persegment.error.PersegmentException where there is no such version, or other
   *     settings made it
   */
  public static void use(Lake lake, TargetSettings target, FeatureSettings features, int version) {
    Models.of(lake, target, features).use(version, features.usable());
  }

  private Models models(Lake lake, TargetSettings target) {
    return Models.of(lake, target, features);
  }

  /**
   * Returns the model that scores the as-of date: one that stands, or a new one. Where none can be
   * made, the last one goes on; what becomes of its scores shows whether it still may.
   */
  private Optional<Models.Kept> model(
      StageContext context, History history, TargetSettings target) {
    Models models = models(context.lake(), target);
    LocalDate trainedAsOf = target.trainedAsOf(context.asOf());
    try {
      LocalDate from = target.standsFrom(context.asOf());
      Optional<Models.Kept> standing = models.standing(from, context.asOf());
      if (standing.isPresent()) {
        return standing;
      }
      Optional<Refusal> refused =
          models.refused(target.refusedBy(features), from, trainedAsOf, context.asOf());
      if (refused.isPresent()) {
        throw refused.get();
      }
      return Optional.of(trained(context, history, target, models));
    } catch (Refusal refusal) {
      if (target.onRefusal() == TargetSettings.OnRefusal.STOP) {
        throw ScoreErrors.refused(refusal);
      }
      Optional<Models.Kept> champion =
          models.champion(context.asOf()).or(() -> models.last(context.asOf()));
      context.report().warn(refusal.inWords(target.name(), champion.map(Models.Kept::version)));
      return champion;
    }
  }

  /** Examples are read once for every step of every fit. */
  private Models.Kept trained(
      StageContext context, History history, TargetSettings target, Models models) throws Refusal {
    Dataset<Row> examples = history.examples(target, context.report());
    Dataset<Row> settled = examples.persist();
    try {
      Examples.Sizes sizes = Examples.sizes(settled);
      Trainer trainer =
          Trainer.of(new TrainingSet(target, history.testedOn(target), sizes, settled));
      Trainer.Result result = trainer.run();
      result.warnings().forEach(context.report()::warn);
      LocalDate trainedAsOf = target.trainedAsOf(context.asOf());
      Optional<Models.Kept> champion = models.champion(context.asOf());
      Optional<String> loses =
          champion.flatMap(kept -> trainer.loses(result, kept.tested(context.lake().spark())));
      if (champion.isEmpty()) {
        models
            .scoring()
            .ifPresent(
                other ->
                    context
                        .report()
                        .warn(
                            "%s is declared otherwise than when version %d was made, and a new model takes its place without being compared with it."
                                .formatted(target.name(), other)));
      }
      Models.Kept kept =
          models.keep(trainedAsOf, context.asOf(), result, loses.flatMap(reason -> champion));
      if (loses.isEmpty()) {
        return kept;
      }
      context
          .report()
          .warn(
              "%s is foretold by version %d still: version %d was made, but %s."
                  .formatted(
                      target.name(),
                      champion.orElseThrow().version(),
                      kept.version(),
                      loses.get()));
      return champion.orElseThrow();
    } catch (Refusal refusal) {
      if (target.onRefusal() != TargetSettings.OnRefusal.STOP) {
        models.refuse(
            target.refusedBy(features),
            target.trainedAsOf(context.asOf()),
            context.asOf(),
            refusal);
      }
      throw refusal;
    } finally {
      settled.unpersist();
    }
  }

  /** Notes how good the model is that scores a target. */
  static void report(String target, int version, Map<String, Double> metrics, StageReport report) {
    metrics.forEach(
        (name, value) -> report.metric(target + "." + name.replaceFirst("^test\\.", ""), value));
    report.metric(target + ".model_version", version);
  }

  /**
   * @param scoring targets that have a model
   */
  private static void reportCounts(StageContext context, List<String> scoring) {
    Lake lake = context.lake();
    var nobody = new TreeSet<>(scoring);
    lake.read(CustomerScores.TABLE)
        .where(CustomerScores.AS_OF.col().equalTo(context.asOfColumn()))
        .groupBy(CustomerScores.TARGET.col())
        .agg(count(lit(1)))
        .collectAsList() // one row a target
        .forEach(
            row -> {
              nobody.remove(row.getString(0));
              context.report().rows(row.getString(0) + ".scored", row.getLong(1));
            });
    nobody.forEach(
        target ->
            context
                .report()
                .warn(
                    "Nobody was scored for %s on %s, though there is a model: of nobody in its population are there features of that date. Look at targets.%s.population, and run the stage features for the date first."
                        .formatted(target, context.asOf(), target)));
  }
}
