package io.persegment.matching;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.xxhash64;

import io.persegment.run.StageReport;
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

/** Learns from a shop's records, and from labels where it has some, what agreement says. */
final class Learning {
  /** So many records give so many pairs that the rarest levels of strangers are seen. */
  private static final int SAMPLE = 1_500;

  /** Of so many pairs, about, is learnt: more would tell hardly anything new. */
  private static final long LEARNT_FROM = 500_000;

  /** Key of the block that the sample is, less than that of any other. */
  private static final long OF_SAMPLE = Long.MIN_VALUE;

  private final Lake lake;
  private final MatchingSettings settings;
  private final Dataset<Row> comparables;
  private final long records;
  private final Optional<Labelled> labelled;

  /**
   * @param comparables all records, as {@link Comparables}
   * @param records how many they are
   */
  Learning(
      Lake lake,
      MatchingSettings settings,
      Dataset<Row> comparables,
      long records,
      Optional<Labelled> labelled) {
    this.lake = lake;
    this.settings = settings;
    this.comparables = comparables;
    this.records = records;
    this.labelled = labelled;
  }

  /**
   * Learns a model; empty where what was learnt cannot be right. An action.
   *
   * @param members as {@link Pairs#members}, of {@code blocks}
   */
  Optional<LearntModel> learn(Blocks blocks, Dataset<Row> members, StageReport report) {
    List<Training.Count> known = labelled.map(this::known).orElse(List.of());
    Frequencies frequencies = Frequencies.of(lake, comparables, records, settings);
    long one = Math.max(1, blocks.sum() / LEARNT_FROM); // of so many pairs
    List<Training.Count> counts = counts(members, one);
    Training.Fit fit = fit(counts, known, frequencies);
    List<String> oddities = fit.model().oddities(settings.comparisons());
    oddities.forEach(report::warn);
    Map<String, Double> metrics = metrics(fit, counts);
    metrics.forEach((name, value) -> report.metric("matching." + name, value));
    metrics.put("pairs_learnt_from", pairs(counts) / (double) one);
    if (!fit.converged()) {
      report.warn(
          "Matching did not settle in %d rounds; its weights are those of the last"
              .formatted(fit.rounds()));
    }
    if (!oddities.isEmpty()) {
      return Optional.empty();
    }
    labelled.ifPresent(
        labels -> {
          report.rows("labelled_pairs_of_one_person", pairs(known));
          if (known.isEmpty()) {
            report.warn(
                "No two contacts are one person by identity.labels; nothing is learnt from them");
          }
          labels.warnings().forEach(report::warn);
          metrics.put(LearntModel.LABELS, labels.fingerprint());
          metrics.put(LearntModel.LABELLED_PAIRS, (double) pairs(known));
        });
    return Optional.of(
        new LearntModel(
            records,
            settings.comparisonsInWords(),
            blocks.rules().stream().map(Blocks.Rule::name).toList(),
            fit.model().silenced(settings.comparisons()),
            frequencies,
            metrics));
  }

  /**
   * Adds the threshold by which labels are followed best; nothing where there are none. An action.
   *
   * @param likely pairs with {@link Pairs#WEIGHT}
   */
  LearntModel withThreshold(LearntModel model, Dataset<Row> likely, StageReport report) {
    if (labelled.isEmpty()) {
      return model;
    }
    Column step = floor(Pairs.WEIGHT.col().multiply(LabelledCurve.STEPS_PER_BIT));
    List<LabelledCurve.Step> steps =
        labelled
            .get()
            .told(likely)
            .groupBy(step.as(LabelledCurve.STEP))
            .agg(count(lit(1)), count_if(Labelled.SAME.col()))
            .collectAsList() // some hundred, whatever the number of pairs
            .stream()
            .map(row -> new LabelledCurve.Step(row.getLong(0), row.getLong(1), row.getLong(2)))
            .toList();
    var curve = new LabelledCurve(steps, model.labelledPairs());
    double threshold = curve.threshold(settings.threshold());
    report.metric("matching." + LearntModel.THRESHOLD, threshold);
    Map<String, Double> metrics = new TreeMap<>(model.metrics());
    metrics.put(LearntModel.THRESHOLD, threshold);
    metrics.put(LearntModel.DECLARED, settings.threshold());
    return model.with(metrics);
  }

  private Training.Fit fit(
      List<Training.Count> counts, List<Training.Count> known, Frequencies frequencies) {
    List<Training.Count> sampled = new ArrayList<>();
    List<Training.Count> unseen = new ArrayList<>();
    for (Row row : patterns(sample(), count_if(Pairs.BLOCKS.col().equalTo(1)))) {
      sampled.add(new Training.Count(row.getLong(0), row.getLong(1)));
      unseen.add(new Training.Count(row.getLong(0), row.getLong(2)));
    }
    double[][] any = Training.atRandom(settings.comparisons(), frequencies, sampled);
    return new Training(settings.comparisons(), counts, unseen, known, any, records).best();
  }

  /** Compares some records with all others of them: strangers, nearly all. */
  private Dataset<Row> sample() {
    Dataset<Row> some =
        lake.scratch(
            "matching/sample",
            comparables
                .orderBy(
                    xxhash64(Comparables.NODE.col(), lit(settings.seed())), Comparables.NODE.col())
                .limit(SAMPLE));
    Column keys = filter(Comparables.KEYS.col(), Column::isNotNull);
    Dataset<Row> places =
        some.select(
            Comparables.NODE.col(),
            lit(true).as(Pairs.IS_FRESH.name()),
            sort_array(concat(array(lit(OF_SAMPLE)), keys)).as(Pairs.KEYS.name()));
    return Pairs.patterns(Pairs.members(places, some, settings), array(lit(OF_SAMPLE)), settings);
  }

  /** Compares the records of one person, by the labels. */
  private List<Training.Count> known(Labelled labels) {
    Dataset<Row> places =
        labels
            .groups()
            .groupBy(Comparables.NODE.col())
            .agg(sort_array(collect_list(Blocks.KEY.col())).as(Pairs.KEYS.name()))
            .withColumn(Pairs.IS_FRESH.name(), lit(true));
    Dataset<Row> members = Pairs.members(places, comparables, settings);
    return patterns(Pairs.patterns(members, Pairs.KEYS.col(), settings)).stream()
        .map(row -> new Training.Count(row.getLong(0), row.getLong(1)))
        .toList();
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

  private static long pairs(List<Training.Count> counts) {
    return counts.stream().mapToLong(Training.Count::pairs).sum();
  }

  private static Map<String, Double> metrics(Training.Fit fit, List<Training.Count> counts) {
    Map<String, Double> metrics = new TreeMap<>();
    metrics.put("patterns", (double) counts.size());
    metrics.put("rounds", (double) fit.rounds());
    metrics.put("log_likelihood", fit.logLikelihood());
    metrics.put("converged", fit.converged() ? 1.0 : 0.0);
    for (Kind kind : Kind.values()) {
      metrics.put("share." + kind.name().toLowerCase(Locale.ROOT), fit.model().share(kind));
    }
    return metrics;
  }
}
