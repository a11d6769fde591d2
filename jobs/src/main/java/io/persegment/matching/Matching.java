package io.persegment.matching;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.negate;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.pow;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.xxhash64;
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
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;

/** Compares records, learns what agreement says, and tells how likely each pair is one person. */
public final class Matching {
  public static final Field NODE = Comparables.NODE;
  public static final Field HASH = Comparables.HASH;
  public static final Field KEY = Blocks.KEY;
  public static final Field LEFT = Pairs.LEFT;
  public static final Field RIGHT = Pairs.RIGHT;
  public static final Field PROBABILITY =
      Field.required("match_probability", DoubleType, "Chance that both records are one person");
  public static final Field WEIGHT = Pairs.WEIGHT;

  /** Of fewer records nothing can be learnt. */
  private static final int LEAST_RECORDS = 100;

  /** So many records give so many pairs that the rarest levels of strangers are seen. */
  private static final int SAMPLE = 1_500;

  /** A pair less likely is not told. */
  private static final double LEAST = bits(0.01);

  /** Of so many pairs, about, is learnt: more would tell hardly anything new. */
  private static final long LEARNT_FROM = 500_000;

  /** Key of the block that the sample is, less than that of any other. */
  private static final long OF_SAMPLE = Long.MIN_VALUE;

  private static final String NOW = "now";
  private static final String BEFORE = "before";

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
   * @param pairs of those that were compared now each that is not out of the question: {@link
   *     #LEFT}, {@link #RIGHT}, {@link #PROBABILITY}, {@link #WEIGHT}
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
   * Compares records within groups, and judges each pair by what was learnt.
   *
   * @param groups {@link #KEY} and {@link #NODE}; a record is in one group
   * @param records as {@link Compared#records}
   * @return {@link #KEY}, {@link #LEFT}, {@link #RIGHT} and {@link #WEIGHT}
   */
  public Dataset<Row> judged(Dataset<Row> groups, Dataset<Row> records, LearntModel model) {
    Dataset<Row> places =
        groups.select(
            NODE.col(),
            lit(true).as(Pairs.IS_FRESH.name()),
            array(KEY.col()).as(Pairs.KEYS.name()));
    return Pairs.weighed(
        Pairs.members(places, records, settings), model, settings, Weigher.EVERY, () -> {});
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
    Dataset<Row> members = members(blocks, comparables);
    long one = Math.max(1, blocks.sum() / LEARNT_FROM); // of so many pairs
    List<Training.Count> counts = counts(members, one);
    Training.Fit fit = fit(counts, sample(comparables), frequencies, records);
    List<String> oddities = fit.model().oddities(settings.comparisons());
    oddities.forEach(report::warn);
    Map<String, Double> metrics = report(fit, counts, one, report);
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
        likely(members, model, report));
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
    return Optional.of(
        new Compared(
            Optional.of(model),
            false,
            comparables,
            comparables.where(not(Blocks.IS_FRESH.col())).select(NODE.col()),
            before.leftOut(),
            likely(members(blocks, comparables), model, report)));
  }

  private Dataset<Row> members(Blocks blocks, Dataset<Row> comparables) {
    return lake.scratch("matching/members", Pairs.members(blocks.places(), comparables, settings));
  }

  /** Compares pairs, and tells those that are not out of the question. An action. */
  private Dataset<Row> likely(Dataset<Row> members, LearntModel model, StageReport report) {
    LongAccumulator compared = lake.spark().sparkContext().longAccumulator("pairs compared");
    Dataset<Row> likely =
        lake.scratch(
            "matching/likely",
            Pairs.weighed(members, model, settings, LEAST, () -> compared.add(1)));
    report.rows("pairs_compared", compared.sum());
    Column odds = pow(lit(2.0), negate(WEIGHT.col()));
    return likely.withColumn(PROBABILITY.name(), lit(1.0).divide(odds.plus(1.0))).drop(KEY.name());
  }

  private Compared nothing(Dataset<Row> contacts) {
    Dataset<Row> none = contacts.limit(0).select(NODE.col(), lit(0L).as(HASH.name()));
    StructType schema = new StructType();
    for (Field field : List.of(LEFT, RIGHT, WEIGHT, PROBABILITY)) {
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
    for (Row row : patterns(sample, count_if(Pairs.BLOCKS.col().equalTo(1)))) {
      sampled.add(new Training.Count(row.getLong(0), row.getLong(1)));
      unseen.add(new Training.Count(row.getLong(0), row.getLong(2)));
    }
    double[][] any = Training.atRandom(settings.comparisons(), frequencies, sampled);
    return new Training(settings.comparisons(), counts, unseen, any, records).best();
  }

  /** Compares some records with all others of them: strangers, nearly all. */
  private Dataset<Row> sample(Dataset<Row> comparables) {
    Dataset<Row> some =
        lake.scratch(
            "matching/sample",
            comparables
                .orderBy(xxhash64(NODE.col(), lit(settings.seed())), NODE.col())
                .limit(SAMPLE));
    Column keys = filter(Comparables.KEYS.col(), Column::isNotNull);
    Dataset<Row> places =
        some.select(
            NODE.col(),
            lit(true).as(Pairs.IS_FRESH.name()),
            sort_array(concat(array(lit(OF_SAMPLE)), keys)).as(Pairs.KEYS.name()));
    return Pairs.patterns(Pairs.members(places, some, settings), array(lit(OF_SAMPLE)), settings);
  }

  /**
   * Compares the pairs of one in so many blocks, by chance, and counts each as so many. Blocks are
   * chosen by hash: the same ones whatever the order and the partitions.
   */
  private List<Training.Count> counts(Dataset<Row> members, long one) {
    Column in =
        filter(
            Pairs.KEYS.col(),
            key -> pmod(xxhash64(key, lit(settings.seed())), lit(one)).equalTo(0));
    return patterns(Pairs.patterns(members, in, settings)).stream()
        .map(row -> new Training.Count(row.getLong(0), row.getLong(1) * one))
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

  private static Map<String, Double> report(
      Training.Fit fit, List<Training.Count> counts, long one, StageReport report) {
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
    metrics.put("pairs_learnt_from", pairs / (double) one);
    if (!fit.converged()) {
      report.warn(
          "Matching did not settle in %d rounds; its weights are those of the last"
              .formatted(fit.rounds()));
    }
    return metrics;
  }
}
