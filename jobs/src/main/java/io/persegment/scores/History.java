package io.persegment.scores;

import io.persegment.customer.ConsentSettings;
import io.persegment.customer.Customers;
import io.persegment.features.CustomerFeatures;
import io.persegment.features.FeatureSettings;
import io.persegment.features.Outcome;
import io.persegment.identity.Owners;
import io.persegment.run.StageContext;
import io.persegment.run.StageReport;
import io.persegment.scores.Examples.Size;
import io.persegment.scores.TargetSettings.Goal;
import io.persegment.sql.SqlExpression;
import io.persegment.table.Lake;
import java.sql.Date;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What scores are made from: what is known of those who may be profiled, and what they did. */
final class History {
  /** Such a part of a horizon says nothing yet. */
  private static final int PART = 10;

  private final StageContext context;
  private final Dataset<Row> features;
  private final Dataset<Row> profiled;
  private Owners owners;

  private History(StageContext context, Dataset<Row> features, Dataset<Row> profiled) {
    this.context = context;
    this.profiled = profiled;
    this.features = features.join(profiled, CustomerFeatures.CUSTOMER_ID.name(), "left_semi");
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
    return new History(context, all.where(today), profiled);
  }

  /** Returns the ids of the customers who may be profiled. */
  Dataset<Row> profiled() {
    return profiled;
  }

  /** Returns rows of customer_features of {@code dates} for which {@code population} holds. */
  Dataset<Row> population(SqlExpression population, List<LocalDate> dates) {
    Column in = CustomerFeatures.AS_OF.col().isin(dates.stream().map(Date::valueOf).toArray());
    return features.where(in).where(population.column());
  }

  /**
   * Returns examples for {@code target}, settled. Actions.
   *
   * @param report takes how many customers each cut has
   * @throws Refusal where the history is too short
   */
  Dataset<Row> examples(TargetSettings target, StageReport report) throws Refusal {
    if (target.goal() instanceof Goal.Labelled labelled) {
      Dataset<Row> known =
          Examples.labelled(
              target, population(target.population(), List.of(context.asOf())), labelled);
      return Examples.settled(known, known.count());
    }
    var later = (Goal.Later) target.goal();
    List<LocalDate> asked = target.cuts(context.asOf());
    // Written aside: which cuts can be used shows only when they are there, and they are dear.
    Dataset<Row> examples =
        context
            .lake()
            .scratch(
                "scores/examples-" + target.name(),
                Examples.of(
                    Examples.known(population(target.population(), asked), target),
                    later.outcome().after(context.lake(), owners(), asked, target.gap()),
                    later));
    Map<LocalDate, Size> sizes =
        Examples.sizes(examples, CustomerFeatures.AS_OF, day -> ((Date) day).toLocalDate());
    Optional<Outcome.Days> days = later.outcome().known(context.lake(), owners(), context.asOf());
    Cuts cuts = Cuts.usable(target, context.asOf(), sizes.keySet(), days.map(Outcome.Days::first));
    days.ifPresent(known -> warnOfUndelivered(target, known.last(), report));
    for (LocalDate cut : asked) {
      boolean used = cuts.slices().containsKey(cut);
      report.rows(target.name() + ".cut." + cut, used ? sizes.get(cut).customers() : 0);
    }
    Dataset<Row> sliced =
        examples
            .withColumn(Slice.COLUMN.name(), cuts.slice())
            .where(Slice.COLUMN.col().isNotNull());
    return Examples.settled(
        sliced, cuts.slices().keySet().stream().mapToLong(cut -> sizes.get(cut).customers()).sum());
  }

  private void warnOfUndelivered(TargetSettings target, LocalDate last, StageReport report) {
    LocalDate end = target.trainedAsOf(context.asOf());
    if (ChronoUnit.DAYS.between(last, end)
        > Math.max(MaturedScores.LATE, target.horizon() / PART)) {
      report.warn(
          "%s learns from events up to %s, though the horizon of its test ends on %s: whose events have not come in yet counts as having none, and scores come out too low. Run again when they are there."
              .formatted(target.name(), last, end));
    }
  }

  /** Only training needs to know whose events are whose, and most nights nothing is trained. */
  Owners owners() {
    if (owners == null) {
      owners = Owners.dated(context.lake());
    }
    return owners;
  }

  /** Returns how the test is named in sentences. */
  String testedOn(TargetSettings target) {
    return target.goal() instanceof Goal.Labelled labelled
        ? labelled.by().map("of the latest fifth by %s"::formatted).orElse("of a fifth by chance")
        : "of the cut " + target.testCut(context.asOf());
  }
}
