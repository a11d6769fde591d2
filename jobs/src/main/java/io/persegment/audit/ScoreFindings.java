package io.persegment.audit;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.max;

import io.persegment.features.CustomerFeatures;
import io.persegment.run.StageContext;
import io.persegment.scores.CustomerScores;
import io.persegment.scores.MaturedScores;
import io.persegment.scores.ScoreModels;
import io.persegment.table.Lake;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Whether scores came true, and whether they or what they are made from came to be others. */
final class ScoreFindings {
  /**
   * Scores are held against those of the first date in so many days, so that slow drift is seen.
   */
  private static final int WINDOW_DAYS = 31;

  private final Lake lake;
  private final LocalDate asOf;
  private final AuditSettings settings;
  private final Drift drift;

  ScoreFindings(StageContext context, AuditSettings settings) {
    this.lake = context.lake();
    this.asOf = context.asOf();
    this.settings = settings;
    this.drift = new Drift(asOf);
  }

  /**
   * Returns what is found of each target. Actions: a few rows a target, and two scans of a date.
   */
  List<Finding> findings() {
    var scored = scored();
    var findings = new ArrayList<Finding>(matured(scored.keySet()));
    scored.forEach((target, versions) -> findings.addAll(drift(target, versions)));
    return findings;
  }

  /**
   * Returns how far the scores that matured last were off.
   *
   * @param targets that have scores of the as-of date: one that is gone holds nothing any more
   */
  private List<Finding> matured(Set<String> targets) {
    Map<String, Row> last = new TreeMap<>();
    lake.readOrEmpty(MaturedScores.TABLE)
        .where(MaturedScores.TARGET.col().isin(targets.toArray()))
        .where(
            MaturedScores.MATURED_ON
                .col()
                .between(Date.valueOf(asOf.minusDays(WINDOW_DAYS)), Date.valueOf(asOf)))
        .where(MaturedScores.CUSTOMERS.col().geq(Drift.LEAST_CUSTOMERS))
        .orderBy(MaturedScores.isComplete(), MaturedScores.AS_OF.col()) // the last one counts
        .select(
            MaturedScores.TARGET.col(),
            MaturedScores.AS_OF.col(),
            MaturedScores.SAID.col(),
            coalesce(
                MaturedScores.HAPPENED.col(), // which an older version of us did not write
                MaturedScores.EVENTS.col().divide(MaturedScores.CUSTOMERS.col())),
            MaturedScores.DECILES.col(),
            MaturedScores.MAE.col().isNotNull())
        .collectAsList() // one row a target and date
        .forEach(row -> last.put(row.getString(0), row));
    return last.values().stream()
        .map(
            row ->
                Finding.atMost(
                        "matured_error." + row.getString(0),
                        MaturedScores.TABLE.name(),
                        error(row),
                        settings.maturedError(),
                        settings.onMaturedError())
                    .because(cause(row)))
        .toList();
  }

  private static String cause(Row matured) {
    boolean isAmount = matured.getBoolean(5);
    double said = matured.getDouble(2);
    double happened = matured.getDouble(3);
    return isAmount
        ? "on %s %s a customer was foretold, and it came to %s; deciles tell where it is off"
            .formatted(matured.getDate(1), Finding.amount(said), Finding.amount(happened))
        : "on %s it was foretold of %s, and happened to %s; deciles tell where it is off"
            .formatted(matured.getDate(1), Finding.percent(said), Finding.percent(happened));
  }

  /**
   * Returns by what part of itself the rate, or the mean amount, was missed, on average over
   * tenths, beyond what chance explains: by how far what was said of a tenth lies outside of the
   * interval of its own.
   */
  private static double error(Row matured) {
    double all = 0;
    double missed = 0;
    for (Row tenth : matured.<Row>getList(4)) {
      double said = tenth.getAs("said");
      double low = tenth.getAs("low");
      double high = tenth.getAs("high");
      long customers = tenth.getAs("customers");
      all += customers;
      missed += customers * Math.max(0, Math.max(low - said, said - high));
    }
    double rate = Math.max(matured.getDouble(2), matured.getDouble(3));
    return rate > 0 ? missed / all / rate : 0;
  }

  /** Returns the model's version by date, of targets that have scores of the as-of date. */
  private Map<String, NavigableMap<LocalDate, Integer>> scored() {
    Map<String, NavigableMap<LocalDate, Integer>> versions = new TreeMap<>();
    lake.readOrEmpty(CustomerScores.TABLE)
        .where(
            CustomerScores.AS_OF
                .col()
                .between(Date.valueOf(asOf.minusDays(WINDOW_DAYS)), Date.valueOf(asOf)))
        .groupBy(CustomerScores.TARGET.col(), CustomerScores.AS_OF.col())
        .agg(max(CustomerScores.MODEL_VERSION.col()))
        .collectAsList() // one row a target and date
        .forEach(
            row ->
                versions
                    .computeIfAbsent(row.getString(0), target -> new TreeMap<>())
                    .put(row.getDate(1).toLocalDate(), row.getInt(2)));
    versions.values().removeIf(dates -> !dates.containsKey(asOf));
    return versions;
  }

  /**
   * Holds tonight's scores against those of the first date that had a model of the same definition,
   * and what the model knows against the first date.
   *
   * @param versions of the models by date, up to the as-of date
   */
  private List<Finding> drift(String target, NavigableMap<LocalDate, Integer> versions) {
    var findings = new ArrayList<Finding>();
    Map<Integer, Row> models = models(target);
    Row model = models.get(versions.get(asOf));
    if (model == null || !versions.firstKey().isBefore(asOf)) {
      return findings;
    }
    Dataset<Row> scores =
        lake.read(CustomerScores.TABLE).where(CustomerScores.TARGET.col().equalTo(target));
    versions.headMap(asOf).entrySet().stream()
        .filter(each -> models.containsKey(each.getValue()))
        .filter(each -> models.get(each.getValue()).getString(1).equals(model.getString(1)))
        .findFirst()
        .ifPresent(
            first ->
                drift
                    .since(first.getKey(), scores, List.of(CustomerScores.SCORE.name()))
                    .forEach(
                        (name, index) ->
                            findings.add(
                                Finding.atMost(
                                        "score_psi." + target,
                                        CustomerScores.TABLE.name(),
                                        index,
                                        settings.driftPsi(),
                                        Severity.WARN)
                                    .because(
                                        "scores are not as they were on %s"
                                            .formatted(first.getKey())))));
    LocalDate first = versions.firstKey();
    String[] scored = {CustomerFeatures.AS_OF.name(), CustomerFeatures.CUSTOMER_ID.name()};
    Dataset<Row> features = lake.stored(CustomerFeatures.TABLE).join(scores, scored, "left_semi");
    drift.since(first, features, known(model)).entrySet().stream()
        .max(Map.Entry.comparingByValue(Comparator.naturalOrder()))
        .ifPresent(
            most ->
                findings.add(
                    Finding.atMost(
                            "feature_psi." + target,
                            CustomerFeatures.TABLE.name(),
                            most.getValue(),
                            settings.driftPsi(),
                            Severity.WARN)
                        .because(
                            "of the features that the model knows, %s changed most since %s"
                                .formatted(most.getKey(), first))));
    return findings;
  }

  /** Returns definition and features of each model, by version. */
  private Map<Integer, Row> models(String target) {
    var models = new HashMap<Integer, Row>();
    lake.readOrEmpty(ScoreModels.TABLE)
        .where(ScoreModels.TARGET.col().equalTo(target))
        .select(ScoreModels.VERSION.col(), ScoreModels.DEFINITION.col(), ScoreModels.FEATURES.col())
        .collectAsList() // one row a model
        .forEach(row -> models.put(row.getInt(0), row));
    return models;
  }

  private static List<String> known(Row model) {
    return model.isNullAt(2) ? List.of() : model.getList(2);
  }
}
