package io.persegment.matching;

import static org.apache.spark.sql.functions.arrays_overlap;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.exp;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log2;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;
import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.LongType;

import io.persegment.run.StageReport;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
  public static final Field PROBABILITY =
      Field.required("match_probability", DoubleType, "Chance that both records are one person");
  public static final Field WEIGHT =
      Field.required("match_weight", DoubleType, "The same as logarithm of its odds to base 2");

  /** Of fewer records nothing can be learnt. */
  private static final int LEAST_RECORDS = 100;

  /** So many records give so many pairs that the rarest levels of strangers are seen. */
  private static final int SAMPLE = 1_500;

  private static final Field ODDS_AGAINST =
      Field.required("odds_against", DoubleType, "Odds that the records are not one person");

  private static final Field MEET =
      Field.required("meet", BooleanType, "Whether a blocking rule brings the two together");

  private static final String LEFT_KEYS = "left_keys";
  private static final String RIGHT_KEYS = "right_keys";

  private final Lake lake;
  private final MatchingSettings settings;

  public Matching(Lake lake, MatchingSettings settings) {
    this.lake = lake;
    this.settings = settings;
  }

  /**
   * Returns each pair that was compared, with {@link #PROBABILITY} and {@link #WEIGHT}; none where
   * nothing is to be compared, there are too few records to learn from, or what was learnt cannot
   * be. An action.
   *
   * @param contacts rows of contacts with {@link #NODE}
   */
  public Dataset<Row> pairs(Dataset<Row> contacts, StageReport report) {
    if (settings.blocking().isEmpty() || settings.comparisons().isEmpty()) {
      return none();
    }
    Dataset<Row> comparables = lake.scratch("matching/records", Comparables.of(contacts, settings));
    long records = comparables.count();
    if (records < LEAST_RECORDS) {
      return none();
    }
    Frequencies frequencies = Frequencies.of(lake, comparables, records, settings);
    Blocks blocks = Blocks.find(lake, comparables, records, settings);
    blocks.report(report);
    Dataset<Row> compared =
        lake.scratch("matching/pairs", compared(blocks.pairs(), comparables, frequencies));
    List<Training.Count> counts = counts(compared);
    Training.Fit fit = fit(counts, sample(comparables), frequencies, records);
    report(fit, counts, report);
    List<String> oddities = fit.model().oddities(settings.comparisons());
    oddities.forEach(report::warn);
    return oddities.isEmpty() ? scored(compared, counts, fit.model()) : none();
  }

  /** Returns the {@link #WEIGHT} of a probability. */
  public static double bits(double probability) {
    return Math.log(probability / (1 - probability)) / Math.log(2);
  }

  private Dataset<Row> none() {
    StructType schema = new StructType();
    for (Field field : List.of(LEFT, RIGHT, PROBABILITY, WEIGHT)) {
      schema = schema.add(field.name(), field.type());
    }
    return lake.spark().createDataFrame(List.of(), schema);
  }

  private Training.Fit fit(
      List<Training.Count> counts, Dataset<Row> sample, Frequencies frequencies, long records) {
    List<Training.Count> sampled = new ArrayList<>();
    List<Training.Count> unseen = new ArrayList<>();
    for (Row row : patterns(sample, count_if(not(MEET.col())))) {
      sampled.add(new Training.Count(row.getLong(0), row.getLong(1)));
      unseen.add(new Training.Count(row.getLong(0), row.getLong(2)));
    }
    double[][] any = Training.atRandom(settings.comparisons(), frequencies, sampled);
    return new Training(settings.comparisons(), counts, unseen, any, records).best();
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
        new ArrayList<>(List.of(LEFT.col(), RIGHT.col(), Patterns.column(settings)));
    columns.addAll(rarities);
    Dataset<Row> left =
        Patterns.side(frequencies.withRarity(comparables, settings), LEFT, settings, rarities);
    Dataset<Row> right = Patterns.side(comparables, RIGHT, settings, List.of());
    return pairs
        .join(left, LEFT.name())
        .join(right, RIGHT.name())
        .select(columns.toArray(new Column[0]));
  }

  /**
   * Returns pairs at random, with {@link Patterns#PATTERN} and whether a rule brings them together.
   */
  private Dataset<Row> sample(Dataset<Row> comparables) {
    Dataset<Row> some =
        lake.scratch(
            "matching/sample",
            comparables
                .orderBy(xxhash64(NODE.col(), lit(settings.seed())), NODE.col())
                .limit(SAMPLE));
    Dataset<Row> left =
        Patterns.side(some, LEFT, settings, List.of(Comparables.KEYS.col().as(LEFT_KEYS)));
    Dataset<Row> right =
        Patterns.side(some, RIGHT, settings, List.of(Comparables.KEYS.col().as(RIGHT_KEYS)));
    Column meet = coalesce(arrays_overlap(col(LEFT_KEYS), col(RIGHT_KEYS)), lit(false));
    return left.join(broadcast(right), LEFT.col().lt(RIGHT.col()))
        .select(Patterns.column(settings), meet.as(MEET.name()));
  }

  private static List<Training.Count> counts(Dataset<Row> pairs) {
    return patterns(pairs).stream()
        .map(row -> new Training.Count(row.getLong(0), row.getLong(1)))
        .toList();
  }

  /** Counts patterns, and more of each: some thousand rows, whatever the number of pairs. */
  private static List<Row> patterns(Dataset<Row> pairs, Column... more) {
    return pairs
        .groupBy(Patterns.PATTERN.col())
        .agg(count(lit(1)), more)
        .orderBy(Patterns.PATTERN.col())
        .collectAsList();
  }

  private Dataset<Row> scored(Dataset<Row> compared, List<Training.Count> counts, Model model) {
    StructType schema = new StructType().add(Patterns.PATTERN.name(), LongType);
    for (Kind kind : Kind.values()) {
      schema = schema.add(kind.name(), DoubleType);
    }
    List<Row> rows = new ArrayList<>();
    for (Training.Count count : counts) {
      List<Object> row = new ArrayList<>(List.of(count.pattern()));
      for (Kind kind : Kind.values()) {
        row.add(model.log(kind, count.pattern()));
      }
      rows.add(RowFactory.create(row.toArray()));
    }
    Column others = lit(0.0); // odds against one person
    for (Kind kind : Kind.values()) {
      if (kind != Kind.ONE_PERSON && model.share(kind) > 0) {
        others =
            others.plus(
                exp(col(kind.name()).plus(rarer(kind, model)).minus(col(Kind.ONE_PERSON.name()))));
      }
    }
    return compared
        .join(broadcast(lake.spark().createDataFrame(rows, schema)), Patterns.PATTERN.name())
        .withColumn(
            ODDS_AGAINST.name(), greatest(others, lit(Double.MIN_NORMAL))) // has a logarithm
        .withColumn(PROBABILITY.name(), lit(1.0).divide(ODDS_AGAINST.col().plus(1.0)))
        .withColumn(WEIGHT.name(), log2(ODDS_AGAINST.col()).multiply(-1))
        .select(LEFT.col(), RIGHT.col(), PROBABILITY.col(), WEIGHT.col());
  }

  /** Returns by how much rare values make it less likely that a pair of the kind agrees on them. */
  private Column rarer(Kind kind, Model model) {
    Column rarer = lit(0.0);
    for (int place = 0; place < settings.comparisons().size(); place++) {
      Comparison comparison = settings.comparisons().get(place);
      if (comparison.termFrequency() && !kind.shares(comparison.sharedBy())) {
        double usual = Math.log(model.chance(Kind.STRANGERS, place, 1));
        rarer =
            rarer.plus(
                when(Patterns.is(place, 1), Frequencies.rarity(place).minus(usual)).otherwise(0.0));
      }
    }
    return rarer;
  }

  private void report(Training.Fit fit, List<Training.Count> counts, StageReport report) {
    report.rows("pairs_compared", counts.stream().mapToLong(Training.Count::pairs).sum());
    report.metric("matching.patterns", counts.size());
    report.metric("matching.rounds", fit.rounds());
    for (Kind kind : Kind.values()) {
      report.metric(
          "matching.share." + kind.name().toLowerCase(Locale.ROOT), fit.model().share(kind));
    }
    if (!fit.converged()) {
      report.warn(
          "Matching did not settle in %d rounds; its weights are those of the last"
              .formatted(fit.rounds()));
    }
  }
}
