package io.persegment.report;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;

import io.persegment.scores.CustomerScores;
import io.persegment.scores.ScoreModels;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import java.sql.Date;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;

/**
 * What is foretold of the customers.
 *
 * @param model that made the scores; empty where {@link ScoreModels} does not have it
 * @param deciles the best tenth first
 */
public record TargetFigures(String name, Optional<Model> model, List<Decile> deciles) {
  private static final Pattern BASELINE = Pattern.compile("baseline\\.(.+)\\.(auc|mae)");

  /** Baselines that say the same of all customers. */
  private static final Set<String> OF_ALL = Set.of("base_rate", "mean");

  /**
   * The model.
   *
   * @param baseline the one feature that the model it is compared with knows; empty where none
   * @param measures how good both were where they had not looked
   * @param baseRate part of the tested customers for whom it came true, 0 to 1
   * @param tested customers of the test
   * @param tenths of these, the best first
   */
  public record Model(
      int version,
      String algorithm,
      LocalDate trainedAsOf,
      Optional<String> baseline,
      List<Measure> measures,
      Optional<Double> baseRate,
      Optional<Double> tested,
      List<Tenth> tenths) {

    Optional<Measure> measure(Quality quality) {
      return measures.stream().filter(measure -> measure.quality() == quality).findFirst();
    }
  }

  /** What is measured of a model on customers and times it had not looked at. */
  public enum Quality {
    AUC("AUC", "chance that who did it has a higher score than who did not; luck gives 0.5"),
    AVERAGE_PRECISION("Average precision", "higher is better; luck gives the base rate"),
    BRIER("Brier score", "mean squared error of the probability; lower is better"),
    CALIBRATION_ERROR(
        "Calibration error",
        "by how much what was said of a tenth and what happened differ, on average; 0 is perfect"),
    DEVIANCE("Deviance", "how far amounts were from what was spent, by Tweedie; 0 is perfect"),
    CORRELATION("Correlation", "of what was foretold of customers with what came; 1 is perfect"),
    MAE(
        "Mean absolute error",
        "orders, or the amount, by which a customer's were missed; lower is better");

    private final String inWords;
    private final String reading;

    Quality(String inWords, String reading) {
      this.inWords = inWords;
      this.reading = reading;
    }

    public String inWords() {
      return inWords;
    }

    /** Returns how to read it. */
    public String reading() {
      return reading;
    }

    String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A measure on the test cut.
   *
   * @param baseline the same measure of a model that knows one feature only, such as recency
   * @param range where the measure lies in 95 of 100 such tests
   * @param baselineRange the same of the baseline's
   */
  public record Measure(
      Quality quality,
      double value,
      Optional<Double> baseline,
      Optional<Range> range,
      Optional<Range> baselineRange) {}

  /** Where something lies in 95 of 100 cases. */
  public record Range(double low, double high) {}

  /**
   * A tenth of the tested customers.
   *
   * @param events of them, how many had the event, or any amount
   * @param said mean of the scores
   * @param lift rate, or mean amount, over that of all
   */
  public record Tenth(
      int decile, long customers, long events, double said, double lift, Optional<Range> range) {}

  /**
   * A tenth of the scored customers.
   *
   * @param mean of the scores
   */
  public record Decile(int decile, long customers, double mean, double least, double most) {}

  public long customers() {
    return deciles.stream().mapToLong(Decile::customers).sum();
  }

  /** Returns the mean of all scores. */
  public double mean() {
    return deciles.stream().mapToDouble(each -> each.mean() * each.customers()).sum() / customers();
  }

  /**
   * Returns the targets of {@code asOf} by name; none where nobody was scored. Two actions, with a
   * row for each tenth and model.
   */
  static List<TargetFigures> read(Lake lake, LocalDate asOf) {
    Map<String, List<Row>> rows =
        lake
            .readOrEmpty(CustomerScores.TABLE)
            .where(CustomerScores.AS_OF.col().equalTo(Date.valueOf(asOf)))
            .groupBy(
                CustomerScores.TARGET.col(),
                CustomerScores.MODEL_VERSION.col(),
                CustomerScores.DECILE.col())
            .agg(
                count(lit(1)),
                avg(CustomerScores.SCORE.col()),
                min(CustomerScores.SCORE.col()),
                max(CustomerScores.SCORE.col()))
            .orderBy(CustomerScores.DECILE.col())
            .collectAsList()
            .stream()
            .collect(
                Collectors.groupingBy(row -> row.getString(0), TreeMap::new, Collectors.toList()));
    List<Row> models = lake.readOrEmpty(ScoreModels.TABLE).collectAsList();
    return rows.entrySet().stream()
        .map(
            each ->
                new TargetFigures(
                    each.getKey(),
                    model(models, each.getKey(), each.getValue().get(0).getInt(1)),
                    each.getValue().stream().map(TargetFigures::decile).toList()))
        .toList();
  }

  private static Decile decile(Row row) {
    return new Decile(
        row.getInt(2), row.getLong(3), row.getDouble(4), row.getDouble(5), row.getDouble(6));
  }

  private static Optional<Model> model(List<Row> models, String target, int version) {
    return models.stream()
        .filter(row -> row.getAs(ScoreModels.TARGET.name()).equals(target))
        .filter(row -> row.<Integer>getAs(ScoreModels.VERSION.name()) == version)
        .map(TargetFigures::model)
        .findFirst();
  }

  private static Model model(Row row) {
    Map<String, Double> metrics = row.getJavaMap(row.fieldIndex(ScoreModels.METRICS.name()));
    return new Model(
        row.<Integer>getAs(ScoreModels.VERSION.name()),
        row.getAs(ScoreModels.ALGORITHM.name()),
        row.<Date>getAs(ScoreModels.TRAINED_AS_OF.name()).toLocalDate(),
        baseline(metrics),
        measures(metrics),
        Optional.ofNullable(metrics.get("test.base_rate")),
        Optional.ofNullable(metrics.get("test.customers")),
        tenths(row));
  }

  private static List<Tenth> tenths(Row model) {
    List<Row> tenths = listOf(model, ScoreModels.DECILES);
    List<Row> lifts = listOf(model, ScoreModels.LIFTS);
    return IntStream.range(0, tenths.size())
        .mapToObj(place -> tenth(tenths.get(place), place < lifts.size() ? lifts.get(place) : null))
        .toList();
  }

  private static Tenth tenth(Row tenth, Row lift) {
    return new Tenth(
        tenth.<Integer>getAs("decile"),
        tenth.<Long>getAs("customers"),
        tenth.<Long>getAs("events"),
        tenth.<Double>getAs("said"),
        tenth.<Double>getAs("lift"),
        Optional.ofNullable(lift).map(each -> new Range(each.getDouble(0), each.getDouble(1))));
  }

  /** Returns a list; an older version of us may not have written it. */
  private static List<Row> listOf(Row row, Field field) {
    int place = row.fieldIndex(field.name());
    return row.isNullAt(place) ? List.of() : row.getList(place);
  }

  private static Optional<Range> range(Map<String, Double> metrics, String measure) {
    return Optional.ofNullable(metrics.get(measure + ".low"))
        .map(low -> new Range(low, metrics.get(measure + ".high")));
  }

  /** Returns the feature that does best alone, after which its measures are called. */
  private static Optional<String> baseline(Map<String, Double> metrics) {
    return metrics.keySet().stream()
        .map(BASELINE::matcher)
        .filter(Matcher::matches)
        .map(matcher -> matcher.group(1))
        .filter(name -> !OF_ALL.contains(name))
        .max(
            Comparator.comparingDouble(
                name ->
                    metrics.getOrDefault(
                        "baseline." + name + ".auc",
                        -metrics.getOrDefault("baseline." + name + ".deviance", 0.0))));
  }

  private static List<Measure> measures(Map<String, Double> metrics) {
    String baseline = "baseline." + baseline(metrics).orElse("none") + ".";
    return Arrays.stream(Quality.values())
        .filter(quality -> metrics.containsKey("test." + quality.key()))
        .map(
            quality ->
                new Measure(
                    quality,
                    metrics.get("test." + quality.key()),
                    Optional.ofNullable(metrics.get(baseline + quality.key())),
                    range(metrics, "test." + quality.key()),
                    range(metrics, baseline + quality.key())))
        .toList();
  }
}
