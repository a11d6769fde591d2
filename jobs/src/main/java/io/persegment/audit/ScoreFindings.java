package io.persegment.audit;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.percentile_approx;
import static org.apache.spark.sql.functions.struct;

import io.persegment.features.CustomerFeatures;
import io.persegment.quality.StabilityIndex;
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
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.NumericType;

/** Whether scores came true, and whether they or what they are made from came to be others. */
final class ScoreFindings {
  /**
   * Scores are held against those of the first date in so many days, so that slow drift is seen.
   */
  private static final int WINDOW_DAYS = 31;

  /** Of fewer customers chance alone moves an index by more than a tenth of its usual limit. */
  private static final long LEAST_CUSTOMERS = 200;

  /** Quantiles by which values are compared; between two lie {@code 1 / QUANTILES} of them. */
  private static final int QUANTILES = 100;

  private static final int PARTS = 10;
  private static final int ACCURACY = 1_000;

  private final Lake lake;
  private final LocalDate asOf;
  private final AuditSettings settings;

  ScoreFindings(StageContext context, AuditSettings settings) {
    this.lake = context.lake();
    this.asOf = context.asOf();
    this.settings = settings;
  }

  /**
   * Returns what is found of each target. Actions: a few rows a target, and two scans of a date.
   */
  List<Finding> findings() {
    var findings = new ArrayList<Finding>(matured());
    scored()
        .forEach(
            (target, versions) -> {
              findings.addAll(drift(target, versions));
            });
    return findings;
  }

  /** Returns how far the scores that matured last were off. */
  private List<Finding> matured() {
    Map<String, Row> last = new TreeMap<>();
    lake.readOrEmpty(MaturedScores.TABLE)
        .where(
            MaturedScores.MATURED_ON
                .col()
                .between(Date.valueOf(asOf.minusDays(WINDOW_DAYS)), Date.valueOf(asOf)))
        .where(MaturedScores.CUSTOMERS.col().geq(LEAST_CUSTOMERS))
        .orderBy(MaturedScores.AS_OF.col())
        .select(
            MaturedScores.TARGET.col(),
            MaturedScores.AS_OF.col(),
            MaturedScores.SAID.col(),
            MaturedScores.EVENTS.col().divide(MaturedScores.CUSTOMERS.col()),
            MaturedScores.DECILES.col())
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
                    .because(
                        "on %s it was foretold of %s, and happened to %s; deciles tell where it is off"
                            .formatted(
                                row.getDate(1),
                                Finding.percent(row.getDouble(2)),
                                Finding.percent(row.getDouble(3)))))
        .toList();
  }

  /**
   * Returns by what part of itself the rate was missed, on average over tenths, beyond what chance
   * explains: by how far what was said of a tenth lies outside of the interval of its rate.
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
                psi(scores, List.of(CustomerScores.SCORE.name()), first.getKey())
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
    Dataset<Row> features = lake.stored(CustomerFeatures.TABLE);
    psi(features, numbers(features, model), first).entrySet().stream()
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

  /** Returns the numbers that a model knows. */
  private static List<String> numbers(Dataset<Row> features, Row model) {
    Set<String> known = model.isNullAt(2) ? Set.of() : Set.copyOf(model.<String>getList(2));
    return IntStream.range(0, features.columns().length)
        .filter(i -> features.schema().fields()[i].dataType() instanceof NumericType)
        .mapToObj(i -> features.columns()[i])
        .filter(known::contains)
        .toList();
  }

  /**
   * Returns the index of each column between two dates, by tenths of the first. Values are known by
   * their quantiles, of both dates and all columns in one pass.
   */
  private Map<String, Double> psi(Dataset<Row> rows, List<String> columns, LocalDate first) {
    if (columns.isEmpty()) {
      return Map.of();
    }
    Column at =
        array(
            IntStream.range(1, QUANTILES)
                .mapToObj(i -> lit(i / (double) QUANTILES))
                .toArray(Column[]::new));
    Column[] quantiles =
        columns.stream()
            .map(name -> col("`" + name + "`").cast("double"))
            .map(
                value ->
                    struct(
                        count(value), count(lit(1)), percentile_approx(value, at, lit(ACCURACY))))
            .toArray(Column[]::new);
    var found = new HashMap<LocalDate, Row>();
    rows.where(col("as_of").isin(Date.valueOf(first), Date.valueOf(asOf)))
        .groupBy(col("as_of"))
        .agg(lit(1), quantiles)
        .collectAsList() // two rows
        .forEach(row -> found.put(row.getDate(0).toLocalDate(), row));
    var indexes = new TreeMap<String, Double>();
    if (found.size() < 2) {
      return indexes;
    }
    for (int i = 0; i < columns.size(); i++) {
      Optional<Double> index =
          index(found.get(first).getStruct(2 + i), found.get(asOf).getStruct(2 + i));
      if (index.isPresent()) {
        indexes.put(columns.get(i), index.get());
      }
    }
    return indexes;
  }

  /**
   * @param before of how many it is known, of how many there are, and its quantiles
   */
  private static Optional<Double> index(Row before, Row now) {
    if (before.getLong(0) < LEAST_CUSTOMERS || now.getLong(1) < LEAST_CUSTOMERS) {
      return Optional.empty();
    }
    List<Double> was = before.getList(2);
    var edges = new TreeSet<Double>();
    for (int i = 1; i < PARTS; i++) {
      edges.add(was.get(i * QUANTILES / PARTS - 1));
    }
    return Optional.of(StabilityIndex.of(shares(before, edges), shares(now, edges)));
  }

  /** Returns the parts between edges, each with its upper one; the last is not known. */
  private static Map<Integer, Double> shares(Row values, NavigableSet<Double> edges) {
    double known = (double) values.getLong(0) / values.getLong(1);
    List<Double> quantiles = known > 0 ? values.getList(2) : List.of();
    var shares = new HashMap<Integer, Double>();
    double below = 0;
    for (double edge : edges) {
      double upTo =
          known * quantiles.stream().filter(each -> each <= edge).count() / (double) QUANTILES;
      shares.put(shares.size(), upTo - below);
      below = upTo;
    }
    shares.put(edges.size(), known - below);
    shares.put(edges.size() + 1, 1 - known);
    return shares;
  }
}
