package io.persegment.matching;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.exp;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log2;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.LongType;

import io.persegment.run.StageReport;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/** Compares records, learns what agreement says, and tells how likely each pair is one person. */
public final class Matching {
  public static final Field NODE = Comparables.NODE;
  public static final Field LEFT = Blocks.LEFT;
  public static final Field RIGHT = Blocks.RIGHT;
  public static final Field RULE = Blocks.RULE;
  public static final Field PATTERN = Patterns.PATTERN;
  public static final Field PROBABILITY =
      Field.required("match_probability", DoubleType, "Chance that both records are one person");
  public static final Field WEIGHT =
      Field.required("match_weight", DoubleType, "The same as logarithm of its odds to base 2");

  /** So many records give so many pairs that the rarest levels of strangers are seen. */
  private static final int SAMPLE = 1_500;

  private static final Field RARER_STRANGERS =
      Field.required("rarer_strangers", DoubleType, "What rare values add to strangers' logarithm");
  private static final Field RARER_HOUSEHOLDS =
      Field.required("rarer_households", DoubleType, "The same of households");

  private final Lake lake;
  private final MatchingSettings settings;

  public Matching(Lake lake, MatchingSettings settings) {
    this.lake = lake;
    this.settings = settings;
  }

  /**
   * Returns each pair that was compared, with {@link #PROBABILITY} and {@link #WEIGHT}. An action.
   *
   * @param contacts rows of contacts with {@link #NODE}
   */
  public Dataset<Row> pairs(Dataset<Row> contacts, StageReport report) {
    Dataset<Row> comparables = lake.scratch("matching/records", Comparables.of(contacts, settings));
    long records = comparables.count();
    Frequencies frequencies = Frequencies.count(lake, comparables, records, settings);
    Blocks blocks = Blocks.find(lake, comparables, records, settings);
    report(blocks, report);
    Dataset<Row> compared =
        lake.scratch("matching/pairs", compared(blocks.pairs(), comparables, frequencies));
    List<Training.Count> counts = new ArrayList<>();
    patterns(compared).forEach((pattern, pairs) -> counts.add(new Training.Count(pattern, pairs)));
    double[][] any =
        Training.atRandom(settings.comparisons(), frequencies, patterns(sample(comparables)));
    var training = new Training(settings.comparisons(), counts, any, records);
    Training.Fit fit = training.best(records);
    report(fit, counts.size(), report);
    return scored(compared, counts, fit.model());
  }

  private Dataset<Row> compared(
      Dataset<Row> pairs, Dataset<Row> comparables, Frequencies frequencies) {
    List<Column> rarities = new ArrayList<>();
    for (int place = 0; place < settings.comparisons().size(); place++) {
      if (settings.comparisons().get(place).termFrequency()) {
        rarities.add(Frequencies.rarity(place));
      }
    }
    List<Column> columns =
        new ArrayList<>(List.of(LEFT.col(), RIGHT.col(), RULE.col(), Patterns.column(settings)));
    columns.addAll(rarities);
    Dataset<Row> left =
        Patterns.side(frequencies.withRarity(comparables, settings), LEFT, settings, rarities);
    Dataset<Row> right = Patterns.side(comparables, RIGHT, settings, List.of());
    return pairs
        .join(left, LEFT.name())
        .join(right, RIGHT.name())
        .select(columns.toArray(new Column[0]));
  }

  private Dataset<Row> sample(Dataset<Row> comparables) {
    Dataset<Row> some =
        lake.scratch(
            "matching/sample",
            comparables
                .orderBy(xxhash64(NODE.col(), lit(settings.seed())), NODE.col())
                .limit(SAMPLE));
    return Patterns.side(some, LEFT, settings, List.of())
        .join(
            broadcast(Patterns.side(some, RIGHT, settings, List.of())), LEFT.col().lt(RIGHT.col()))
        .select(Patterns.column(settings));
  }

  private static Map<Long, Long> patterns(Dataset<Row> compared) {
    Map<Long, Long> counts = new HashMap<>();
    compared
        .groupBy(PATTERN.col())
        .agg(count(lit(1)))
        .orderBy(PATTERN.col())
        .collectAsList() // as many as there are patterns, whatever the number of pairs
        .forEach(row -> counts.put(row.getLong(0), row.getLong(1)));
    return counts;
  }

  private Dataset<Row> scored(Dataset<Row> compared, List<Training.Count> counts, Model model) {
    List<Row> rows = new ArrayList<>();
    for (Training.Count count : counts) {
      Model.Likelihood of = model.of(count.pattern());
      rows.add(RowFactory.create(count.pattern(), of.match(), of.household(), of.stranger()));
    }
    StructType schema =
        new StructType()
            .add(PATTERN.name(), LongType)
            .add("match", DoubleType)
            .add("household", DoubleType)
            .add("stranger", DoubleType);
    Column near = lit(0.0);
    Column far = lit(0.0);
    for (int place = 0; place < settings.comparisons().size(); place++) {
      Comparison comparison = settings.comparisons().get(place);
      if (comparison.termFrequency()) {
        Column rarer =
            when(
                    Patterns.is(place, 1),
                    Frequencies.rarity(place).minus(Math.log(model.stranger(place, 1))))
                .otherwise(0.0);
        far = far.plus(rarer);
        if (!comparison.shared()) {
          near = near.plus(rarer);
        }
      }
    }
    Column others =
        exp(col("household").plus(RARER_HOUSEHOLDS.col()).minus(col("match")))
            .plus(exp(col("stranger").plus(RARER_STRANGERS.col()).minus(col("match"))));
    return compared
        .withColumn(RARER_STRANGERS.name(), far)
        .withColumn(RARER_HOUSEHOLDS.name(), near)
        .join(broadcast(lake.spark().createDataFrame(rows, schema)), PATTERN.name())
        .withColumn(PROBABILITY.name(), lit(1.0).divide(others.plus(1.0)))
        .withColumn(WEIGHT.name(), log2(others).multiply(-1))
        .select(
            LEFT.col(), RIGHT.col(), RULE.col(), PATTERN.col(), PROBABILITY.col(), WEIGHT.col());
  }

  private void report(Blocks blocks, StageReport report) {
    for (int rule = 0; rule < blocks.rules().size(); rule++) {
      Blocks.Rule made = blocks.rules().get(rule);
      String name = "blocking." + settings.ruleInWords(rule);
      report.rows(name + ".pairs", made.pairs());
      report.rows(name + ".pairs_left_out", made.pairsLeftOut());
    }
  }

  private void report(Training.Fit fit, int patterns, StageReport report) {
    report.metric("matching.patterns", patterns);
    report.metric("matching.rounds", fit.rounds());
    report.metric("matching.matches", fit.model().matches());
    report.metric("matching.households", fit.model().households());
    if (!fit.converged()) {
      report.warn(
          "The matching model did not settle in %d rounds; its weights are those of the last"
              .formatted(fit.rounds()));
    }
    fit.model().oddities(settings.comparisons()).forEach(report::warn);
    if (System.getenv("PERSEGMENT_DEBUG") != null) {
      Model model = fit.model();
      for (int place = 0; place < settings.comparisons().size(); place++) {
        Comparison comparison = settings.comparisons().get(place);
        for (int outcome = 1; outcome <= comparison.outcomes(); outcome++) {
          System.err.printf(
              "%-12s %-22s m %.5f h %.5f u %.7f%n",
              comparison.name(),
              comparison.inWords(outcome),
              model.match(place, outcome),
              model.household(place, outcome),
              model.stranger(place, outcome));
        }
      }
      System.err.printf("matches %.3g households %.3g%n", model.matches(), model.households());
    }
  }
}
