package io.persegment.scores;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;

import io.persegment.identity.Owners;
import io.persegment.run.StageContext;
import io.persegment.scores.Evaluation.Decile;
import io.persegment.scores.TargetSettings.Goal;
import io.persegment.scores.Uncertainty.Interval;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import java.sql.Date;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Holds earlier scores against what happened, once their horizon has passed. */
final class Maturity {
  /** Dates that are held against it in one run; more are none of a night's, and wait. */
  private static final int MOST = 31;

  /** Of fewer with the event, or without, no AUC is told. */
  private static final int LEAST = 10;

  private static final List<Field> TOLD =
      List.of(
          MaturedScores.SAID,
          MaturedScores.HAPPENED,
          MaturedScores.CALIBRATION_ERROR,
          MaturedScores.AUC,
          MaturedScores.MAE,
          MaturedScores.CORRELATION,
          MaturedScores.RATIO);

  private final StageContext context;
  private final Supplier<Owners> owners;
  private final Dataset<Row> profiled;

  /**
   * @param owners asked only where a horizon has passed
   * @param profiled ids of the customers who may be profiled, as training knows them
   */
  Maturity(StageContext context, Supplier<Owners> owners, Dataset<Row> profiled) {
    this.context = context;
    this.owners = owners;
    this.profiled = profiled;
  }

  /**
   * What was foretold, and so what is to be looked for.
   *
   * @param span days from an as-of date until it is known what came of it
   * @param isForetold whether a score is of the target as it is declared now: another one foretold
   *     something else
   */
  private record Said(String target, int span, boolean isAmount, Column isForetold) {}

  /** Adds {@link Examples#LABEL} to scores of some dates, and leaves out whose is not known. */
  private interface Outcomes {
    Dataset<Row> addedTo(Dataset<Row> scores, List<LocalDate> days);
  }

  /**
   * Writes rows of {@link MaturedScores} for what has matured of {@code target}, and notes the last
   * in the ledger. Actions: some small ones, and a scan of the events where anything has.
   */
  void write(TargetSettings target, Models models) {
    if (target.goal() instanceof Goal.Later later) {
      write(
          new Said(target.name(), target.span(), target.isAmount(), models.isForetold()),
          (scores, days) ->
              Examples.of(
                  scores,
                  later.outcome().after(context.lake(), owners.get(), days, target.gap()),
                  later));
    }
  }

  /** Does the same for what is about the days of a horizon. */
  void write(LifetimeSettings target, Models models, LifetimeScores lifetimes) {
    if (target.of().isWithinHorizon()) {
      write(
          new Said(target.name(), target.horizon(), true, models.isForetold()),
          (scores, days) -> lifetimes.withOutcome(scores, target, days));
    }
  }

  private void write(Said said, Outcomes outcomes) {
    List<LocalDate> due = due(said);
    if (due.isEmpty()) {
      return;
    }
    Lake lake = context.lake();
    Dataset<Row> scores =
        lake.read(CustomerScores.TABLE)
            .where(isOn(due))
            .where(said.isForetold())
            .join(profiled, CustomerScores.CUSTOMER_ID.name(), "left_semi")
            .select(
                CustomerScores.AS_OF.col(),
                CustomerScores.CUSTOMER_ID.col(),
                CustomerScores.SCORE.col(),
                CustomerScores.MODEL_VERSION.col());
    Dataset<Row> judged = outcomes.addedTo(scores, due).persist();
    try {
      List<Row> rows =
          due.stream()
              .map(day -> row(day, said, judged.where(isOn(List.of(day)))))
              .flatMap(Optional::stream)
              .toList();
      if (rows.isEmpty()) {
        return;
      }
      lake.upsert(
          MaturedScores.TABLE, lake.spark().createDataFrame(rows, MaturedScores.TABLE.schema()));
      report(said.target(), rows.get(0));
    } finally {
      judged.unpersist();
    }
  }

  /**
   * Returns the dates that have matured and are not held against what happened, the last first.
   * Those that matured of late are looked at again, with events that have come in since.
   */
  private List<LocalDate> due(Said said) {
    Lake lake = context.lake();
    LocalDate last = context.asOf().minusDays(said.span());
    Dataset<Row> held =
        lake.readOrEmpty(MaturedScores.TABLE)
            .where(MaturedScores.TARGET.col().equalTo(said.target()))
            .where(MaturedScores.isComplete())
            .select(MaturedScores.AS_OF.col());
    Dataset<Row> scores = lake.readOrEmpty(CustomerScores.TABLE).where(said.isForetold());
    List<LocalDate> due =
        days(
            scores
                .where(CustomerScores.AS_OF.col().leq(lit(Date.valueOf(last))))
                .select(CustomerScores.AS_OF.col())
                .distinct()
                .join(held, CustomerScores.AS_OF.name(), "left_anti")
                .orderBy(CustomerScores.AS_OF.col().desc())
                .limit(MOST));
    // Of who may not be profiled any more nobody looks what became; a date may have no others.
    return due.isEmpty()
        ? due
        : days(
            scores
                .where(isOn(due))
                .join(profiled, CustomerScores.CUSTOMER_ID.name(), "left_semi")
                .select(CustomerScores.AS_OF.col())
                .distinct()
                .orderBy(CustomerScores.AS_OF.col().desc()));
  }

  private static List<LocalDate> days(Dataset<Row> dates) {
    return dates.collectAsList().stream().map(row -> row.getDate(0).toLocalDate()).toList(); // few
  }

  private static Column isOn(List<LocalDate> days) {
    return CustomerScores.AS_OF.col().isin(days.stream().map(Date::valueOf).toArray());
  }

  /** Returns none where of nobody it is known what happened: nobody was sent an e-mail. */
  private Optional<Row> row(LocalDate day, Said said, Dataset<Row> judged) {
    List<Decile> deciles = said.isAmount() ? Spending.deciles(judged) : Evaluation.deciles(judged);
    if (deciles.isEmpty()) {
      return Optional.empty();
    }
    long customers = deciles.stream().mapToLong(Decile::customers).sum();
    long events = deciles.stream().mapToLong(Decile::events).sum();
    Row first =
        judged.agg(avg(CustomerScores.SCORE.col()), max(CustomerScores.MODEL_VERSION.col())).head();
    var values = new HashMap<Field, Object>();
    values.put(MaturedScores.AS_OF, Date.valueOf(day));
    values.put(MaturedScores.TARGET, said.target());
    values.put(MaturedScores.MODEL_VERSION, first.getInt(1));
    values.put(MaturedScores.MATURED_ON, Date.valueOf(day.plusDays(said.span())));
    values.put(MaturedScores.JUDGED_AS_OF, Date.valueOf(context.asOf()));
    values.put(MaturedScores.CUSTOMERS, customers);
    values.put(MaturedScores.EVENTS, events);
    values.put(MaturedScores.SAID, first.getDouble(0));
    values.put(MaturedScores.HAPPENED, deciles.get(0).ofAll());
    values.put(MaturedScores.CALIBRATION_ERROR, Evaluation.calibrationError(deciles));
    values.put(MaturedScores.DECILES, deciles.stream().map(Models::row).toList());
    values.put(MaturedScores.LIFTS, Models.lifts(deciles));
    values.putAll(said.isAmount() ? ofAmounts(judged) : ofEvents(judged, customers, events));
    return Optional.of(
        RowFactory.create(MaturedScores.TABLE.fields().stream().map(values::get).toArray()));
  }

  /** Returns what only of events is told. */
  private static Map<Field, Double> ofEvents(Dataset<Row> judged, long customers, long events) {
    Interval rate = Evaluation.rate(customers, events);
    var values = new HashMap<Field, Double>();
    values.put(MaturedScores.LOW, rate.low());
    values.put(MaturedScores.HIGH, rate.high());
    if (Math.min(events, customers - events) >= LEAST) {
      Interval auc = Uncertainty.of(judged).get("auc").interval();
      values.put(MaturedScores.AUC, Evaluation.of(judged).auc());
      values.put(MaturedScores.AUC_LOW, auc.low());
      values.put(MaturedScores.AUC_HIGH, auc.high());
    }
    return values;
  }

  /**
   * Returns what only of amounts is told. What was said is known; only what was spent could be
   * other by chance.
   */
  private static Map<Field, Double> ofAmounts(Dataset<Row> judged) {
    Spending all = Spending.of(judged);
    Interval mean = all.mean();
    var values = new HashMap<Field, Double>();
    values.put(MaturedScores.LOW, mean.low());
    values.put(MaturedScores.HIGH, mean.high());
    values.put(MaturedScores.MAE, all.mae());
    if (!Double.isNaN(all.correlation())) {
      values.put(MaturedScores.CORRELATION, all.correlation());
    }
    if (all.spent() > 0) {
      double said = all.said() / all.customers();
      values.put(MaturedScores.RATIO, all.said() / all.spent());
      values.put(MaturedScores.RATIO_LOW, said / mean.high());
      values.put(MaturedScores.RATIO_HIGH, mean.low() > 0 ? said / mean.low() : null);
    }
    return values;
  }

  /** Notes how right the last scores were. */
  private void report(String target, Row row) {
    for (Field field : TOLD) {
      Double value = row.getAs(MaturedScores.TABLE.fields().indexOf(field));
      if (value != null) {
        context.report().metric(target + ".matured." + field.name(), value);
      }
    }
  }
}
