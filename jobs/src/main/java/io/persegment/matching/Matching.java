package io.persegment.matching;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.arrays_overlap;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.pow;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.xxhash64;
import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;

import io.persegment.run.StageReport;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.StructType;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Compares records, learns what agreement says, and tells how likely each pair is one person. */
public final class Matching {
  public static final Field NODE = Comparables.NODE;
  public static final Field HASH = Comparables.HASH;
  public static final Field KEY = Blocks.KEY;
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

  private static final Field MEET =
      Field.required("meet", BooleanType, "Whether a blocking rule brings the two together");

  private static final String NOW = "now";
  private static final String BEFORE = "before";
  private static final String LEFT_KEYS = "left_keys";
  private static final String RIGHT_KEYS = "right_keys";

  private final Lake lake;
  private final MatchingSettings settings;

  public Matching(Lake lake, MatchingSettings settings) {
    this.lake = lake;
    this.settings = settings;
  }

  /**
   * What is known from before.
   *
   * @param model by which records were judged last; empty where none were
   * @param compared the records that it compared, as {@link #NODE} and {@link #HASH}
   * @param leftOut the blocks that it does not compare, as {@link #KEY}
   */
  public record Before(Optional<LearntModel> model, Dataset<Row> compared, Dataset<Row> leftOut) {}

  /**
   * What came of it.
   *
   * @param model by which records were judged; empty where none were, because nothing is to be
   *     compared, there are too few records to learn from, or what was learnt cannot be
   * @param isNew whether the model was learnt now
   * @param records the records that were compared, now or before, as rows of {@link Comparables}
   * @param standing those of which earlier pairs still count, as {@link #NODE}
   * @param leftOut the blocks that the model does not compare, as {@link #KEY}
   * @param pairs each pair that was compared now: {@link #LEFT}, {@link #RIGHT}, {@link
   *     #PROBABILITY}, {@link #WEIGHT}
   */
  public record Compared(
      Optional<LearntModel> model,
      boolean isNew,
      Dataset<Row> records,
      Dataset<Row> standing,
      Dataset<Row> leftOut,
      Dataset<Row> pairs) {}

  /**
   * Compares the records that are new or changed with all; where the model is to be learnt, all
   * with all. An action.
   *
   * @param contacts rows of contacts with {@link #NODE}
   */
  public Compared compare(Dataset<Row> contacts, Before before, StageReport report) {
    if (settings.comparesNobody()) {
      return nothing(contacts);
    }
    Dataset<Row> comparables =
        lake.scratch(
            "matching/records", marked(Comparables.of(contacts, settings), before.compared()));
    long records = comparables.count();
    report.rows("records_to_match", records);
    if (records < LEAST_RECORDS) {
      return nothing(contacts);
    }
    return before
        .model()
        .filter(model -> stands(model, records))
        .flatMap(model -> again(comparables, records, before, model, report))
        .orElseGet(() -> anew(comparables, records, report));
  }

  /** Adds whether a record is fresh: not among those that were compared as it is. */
  private static Dataset<Row> marked(Dataset<Row> comparables, Dataset<Row> compared) {
    Column same = NODE.of(NOW).equalTo(NODE.of(BEFORE)).and(HASH.of(NOW).equalTo(HASH.of(BEFORE)));
    return comparables
        .as(NOW)
        .join(compared.select(NODE.col(), HASH.col()).as(BEFORE), same, "left")
        .select(col(NOW + ".*"), NODE.of(BEFORE).isNull().as(Blocks.IS_FRESH.name()));
  }

  /** Returns the {@link #WEIGHT} of a probability. */
  public static double bits(double probability) {
    return Math.log(probability / (1 - probability)) / Math.log(2);
  }

  /**
   * Judges pairs by what was learnt.
   *
   * @param pairs {@link #LEFT} and {@link #RIGHT} of {@code records}, once each
   * @param records as {@link Compared#records}
   */
  public Dataset<Row> judged(Dataset<Row> pairs, Dataset<Row> records, LearntModel model) {
    return scored(compared(pairs, records, model.frequencies(), settings), model);
  }

  private boolean stands(LearntModel model, long records) {
    boolean doubled = records >= 2 * model.records();
    return model.fits(settings)
        && settings.refit() != MatchingSettings.Refit.ALWAYS
        && !(doubled && settings.refit() == MatchingSettings.Refit.WHEN_DOUBLED);
  }

  private Compared anew(Dataset<Row> comparables, long records, StageReport report) {
    Dataset<Row> none = comparables.limit(0);
    Frequencies frequencies = Frequencies.of(lake, comparables, records, settings);
    Blocks blocks = Blocks.ofAll(lake, comparables, records, settings);
    blocks.report(report);
    Dataset<Row> compared =
        lake.scratch(
            "matching/pairs", compared(blocks.pairs(), comparables, frequencies, settings));
    List<Training.Count> counts = counts(compared);
    Training.Fit fit = fit(counts, sample(comparables), frequencies, records);
    List<String> oddities = fit.model().oddities(settings.comparisons());
    oddities.forEach(report::warn);
    Map<String, Double> metrics = report(fit, counts, report);
    if (!oddities.isEmpty()) {
      return nothing(none);
    }
    var model =
        new LearntModel(
            records,
            settings.comparisonsInWords(),
            blocks.rules().stream().map(Blocks.Rule::name).toList(),
            fit.model(),
            frequencies,
            metrics);
    return new Compared(
        Optional.of(model),
        true,
        comparables,
        none.select(NODE.col()),
        blocks.leftOut(),
        scored(compared, model));
  }

  /** Compares what is fresh; nothing where blocks have outgrown the model, and it may be learnt. */
  private Optional<Compared> again(
      Dataset<Row> comparables,
      long records,
      Before before,
      LearntModel model,
      StageReport report) {
    Blocks blocks =
        Blocks.ofFresh(
            lake, comparables, records, before.leftOut(), model.isOfEverybody(), settings);
    if (blocks.areTooMany(settings) && settings.refit() != MatchingSettings.Refit.NEVER) {
      return Optional.empty();
    }
    blocks.refuseTooMany(settings);
    blocks.report(report);
    Dataset<Row> compared =
        lake.scratch(
            "matching/pairs", compared(blocks.pairs(), comparables, model.frequencies(), settings));
    report.rows("pairs_compared", compared.count());
    return Optional.of(
        new Compared(
            Optional.of(model),
            false,
            comparables,
            comparables.where(not(Blocks.IS_FRESH.col())).select(NODE.col()),
            before.leftOut(),
            scored(compared, model)));
  }

  private Compared nothing(Dataset<Row> contacts) {
    Dataset<Row> none = contacts.limit(0).select(NODE.col(), lit(0L).as(HASH.name()));
    StructType schema = new StructType();
    for (Field field : List.of(LEFT, RIGHT, PROBABILITY, WEIGHT)) {
      schema = schema.add(field.name(), field.type());
    }
    return new Compared(
        Optional.empty(),
        false,
        none,
        none.select(NODE.col()),
        none.select(HASH.col().as(KEY.name())),
        lake.spark().createDataFrame(List.of(), schema));
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

  /**
   * Compares pairs of records.
   *
   * @return {@link #LEFT}, {@link #RIGHT}, {@link Patterns#PATTERN}, and the rarity of the left
   *     value of each comparison with term frequency
   */
  static Dataset<Row> compared(
      Dataset<Row> pairs,
      Dataset<Row> comparables,
      Frequencies frequencies,
      MatchingSettings settings) {
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

  private Dataset<Row> scored(Dataset<Row> compared, LearntModel learnt) {
    var odds = new Odds(learnt.model(), settings.comparisons());
    // As an expression it is too long for the compiler of the Java machine.
    UserDefinedFunction weight =
        udf(
            (UDF2<Long, Seq<Double>, Double>)
                (pattern, rarities) -> odds.weight(pattern, CollectionConverters.asJava(rarities)),
            DoubleType);
    List<Column> rarities = new ArrayList<>();
    for (int place = 0; place < settings.comparisons().size(); place++) {
      boolean counts = settings.comparisons().get(place).termFrequency();
      rarities.add(counts ? Frequencies.rarity(place) : lit(null).cast(DoubleType));
    }
    return compared
        .withColumn(
            WEIGHT.name(),
            weight.apply(Patterns.PATTERN.col(), array(rarities.toArray(new Column[0]))))
        .select(
            LEFT.col(),
            RIGHT.col(),
            lit(1.0)
                .divide(pow(lit(2.0), WEIGHT.col().multiply(-1)).plus(1.0))
                .as(PROBABILITY.name()),
            WEIGHT.col());
  }

  private static Map<String, Double> report(
      Training.Fit fit, List<Training.Count> counts, StageReport report) {
    long pairs = counts.stream().mapToLong(Training.Count::pairs).sum();
    Map<String, Double> metrics = new TreeMap<>();
    metrics.put("patterns", (double) counts.size());
    metrics.put("rounds", (double) fit.rounds());
    metrics.put("log_likelihood", fit.logLikelihood());
    metrics.put("converged", fit.converged() ? 1.0 : 0.0);
    for (Kind kind : Kind.values()) {
      metrics.put("share." + kind.name().toLowerCase(Locale.ROOT), fit.model().share(kind));
    }
    metrics.forEach((name, value) -> report.metric("matching." + name, value));
    metrics.put("pairs_compared", (double) pairs);
    report.rows("pairs_compared", pairs);
    if (!fit.converged()) {
      report.warn(
          "Matching did not settle in %d rounds; its weights are those of the last"
              .formatted(fit.rounds()));
    }
    return metrics;
  }
}
