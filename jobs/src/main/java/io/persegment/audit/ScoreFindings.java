package io.persegment.audit;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.percentile_approx;
import static org.apache.spark.sql.functions.when;

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
              int version = versions.get(asOf);
              versions.entrySet().stream()
                  .filter(each -> each.getValue() == version && each.getKey().isBefore(asOf))
                  .findFirst()
                  .ifPresent(first -> findings.addAll(drift(target, version, first.getKey())));
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
            MaturedScores.CALIBRATION_ERROR.col())
        .collectAsList() // one row a target and date
        .forEach(row -> last.put(row.getString(0), row));
    return last.values().stream()
        .map(
            row ->
                Finding.atMost(
                        "matured_error." + row.getString(0),
                        MaturedScores.TABLE.name(),
                        row.getDouble(4),
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

  /** Of one model: another one's scores may well be others. */
  private List<Finding> drift(String target, int version, LocalDate first) {
    var findings = new ArrayList<Finding>();
    Dataset<Row> scores =
        lake.read(CustomerScores.TABLE).where(CustomerScores.TARGET.col().equalTo(target));
    psi(scores, List.of(CustomerScores.SCORE.name()), first)
        .forEach(
            (name, index) ->
                findings.add(
                    Finding.atMost(
                            "score_psi." + target,
                            CustomerScores.TABLE.name(),
                            index,
                            settings.driftPsi(),
                            Severity.WARN)
                        .because("scores are not as they were on %s".formatted(first))));
    Dataset<Row> features = lake.stored(CustomerFeatures.TABLE);
    psi(features, numbers(features, target, version), first).entrySet().stream()
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

  /** Returns the numbers that a model knows. */
  private List<String> numbers(Dataset<Row> features, String target, int version) {
    var known = new TreeSet<String>();
    lake.read(ScoreModels.TABLE)
        .where(ScoreModels.TARGET.col().equalTo(target))
        .where(ScoreModels.VERSION.col().equalTo(version))
        .select(ScoreModels.FEATURES.col())
        .where(ScoreModels.FEATURES.col().isNotNull())
        .collectAsList() // one at most
        .forEach(row -> known.addAll(row.<String>getList(0)));
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
                    when(
                        count(value).geq(LEAST_CUSTOMERS),
                        percentile_approx(value, at, lit(ACCURACY))))
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
      Optional<Double> index = index(found.get(first), found.get(asOf), 2 + i);
      if (index.isPresent()) {
        indexes.put(columns.get(i), index.get());
      }
    }
    return indexes;
  }

  private static Optional<Double> index(Row before, Row now, int place) {
    if (before.isNullAt(place) || now.isNullAt(place)) {
      return Optional.empty();
    }
    List<Double> was = before.getList(place);
    List<Double> is = now.getList(place);
    var edges = new TreeSet<Double>();
    for (int i = 1; i < PARTS; i++) {
      edges.add(was.get(i * QUANTILES / PARTS - 1));
    }
    return Optional.of(StabilityIndex.of(shares(was, edges), shares(is, edges)));
  }

  /** Returns the parts between edges, each with its upper one. */
  private static Map<Integer, Double> shares(List<Double> quantiles, NavigableSet<Double> edges) {
    var shares = new HashMap<Integer, Double>();
    double below = 0;
    int part = 0;
    for (double edge : edges) {
      double upTo = quantiles.stream().filter(each -> each <= edge).count() / (double) QUANTILES;
      shares.put(part, upTo - below);
      below = upTo;
      part++;
    }
    shares.put(part, 1 - below);
    return shares;
  }
}
