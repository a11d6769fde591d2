package io.persegment.matching;

import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;
import static org.apache.spark.sql.types.DataTypes.createMapType;
import static scala.jdk.javaapi.CollectionConverters.asJava;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import scala.collection.Seq;

/**
 * What was learnt from one shop's records, by which later ones are judged as well.
 *
 * @param records how many it was learnt from
 * @param comparisons each in words, with all that it depends on
 * @param blocking rules in words; {@link Blocks#EVERYBODY} where all pairs were compared
 * @param metrics how the learning went
 */
public record LearntModel(
    long records,
    List<String> comparisons,
    List<String> blocking,
    Model model,
    Frequencies frequencies,
    Map<String, Double> metrics) {

  /** The type of {@link #parameters}. */
  public static final StructType PARAMETERS =
      new StructType()
          .add("records", LongType)
          .add("comparisons", createArrayType(StringType))
          .add("blocking", createArrayType(StringType))
          .add("shares", createMapType(StringType, DoubleType))
          .add("chances", createMapType(StringType, createArrayType(createArrayType(DoubleType))))
          .add("known", createArrayType(LongType))
          .add("agreeing", createArrayType(DoubleType));

  /** Where so many pairs have the same value, agreement on it tells nobody apart. */
  private static final double CONSTANT = 0.98;

  /** Metrics of labels: their number, how many pairs of one person they have. */
  static final String LABELS = "labels.fingerprint";

  static final String LABELLED_PAIRS = "labels.pairs_of_one_person";

  /** The threshold that they ask for, and that of the settings, to which it is the nearest. */
  static final String THRESHOLD = "labels.threshold";

  static final String DECLARED = "labels.declared_threshold";

  public LearntModel {
    comparisons = List.copyOf(comparisons);
    blocking = List.copyOf(blocking);
    metrics = Map.copyOf(metrics);
  }

  /** Returns whether it can judge by {@code settings}: the same is compared in the same way. */
  boolean fits(MatchingSettings settings) {
    return comparisons.equals(settings.comparisonsInWords())
        && (isOfEverybody() || blocking.equals(settings.rulesInWords()));
  }

  /**
   * Returns whether it was learnt from the same labels, and for the same threshold, which does not
   * matter where there are none.
   *
   * @param labels their number; empty for none
   */
  boolean isOf(Optional<Double> labels, double threshold) {
    return Optional.ofNullable(metrics.get(LABELS)).equals(labels)
        && metrics.getOrDefault(DECLARED, threshold).equals(threshold);
  }

  /** Returns from how many labelled pairs of one person it was learnt beside. */
  public long labelledPairs() {
    return Math.round(metrics.getOrDefault(LABELLED_PAIRS, 0.0));
  }

  /** Returns the threshold that labels ask for; empty where it was learnt without. */
  public Optional<Double> threshold() {
    return Optional.ofNullable(metrics.get(THRESHOLD));
  }

  LearntModel with(Map<String, Double> otherMetrics) {
    return new LearntModel(records, comparisons, blocking, model, frequencies, otherMetrics);
  }

  boolean isOfEverybody() {
    return blocking.equals(List.of(Blocks.EVERYBODY));
  }

  /** Returns what is compared. */
  List<Comparison> compared() {
    return comparisons.stream().map(Comparison::read).toList();
  }

  /** Returns how many pairs of records are one person, as was learnt. */
  public double expectedPairs() {
    return model.onePerson() * allPairs();
  }

  /** Returns how many of all pairs are of each kind, as was learnt, strangers left out. */
  public Map<String, Double> expectedPairsOfKinds() {
    Map<String, Double> pairs = new LinkedHashMap<>();
    for (Kind kind : Kind.values()) {
      if (kind != Kind.STRANGERS) {
        pairs.put(name(kind), model.share(kind) * allPairs());
      }
    }
    return pairs;
  }

  private double allPairs() {
    return records * (records - 1.0) / 2;
  }

  /** Returns what each outcome of each comparison that says something says. */
  public List<LevelWeight> weights() {
    List<LevelWeight> weights = new ArrayList<>();
    List<Comparison> compared = compared();
    for (int place = 0; place < compared.size(); place++) {
      Comparison comparison = compared.get(place);
      for (int outcome = 1; outcome <= comparison.outcomes() && isKnown(place); outcome++) {
        weights.add(
            new LevelWeight(
                comparison.name(),
                comparison.inWords(outcome),
                model.onePerson(place, outcome),
                model.chance(Kind.HOUSEHOLD, place, outcome),
                model.chance(Kind.NEIGHBOURS, place, outcome),
                model.chance(Kind.STRANGERS, place, outcome),
                comparison.termFrequency() && outcome == 1,
                (expectedPairs() + labelledPairs()) * model.onePerson(place, outcome) < 1));
      }
    }
    return weights;
  }

  /** Returns the comparisons that say nothing or next to nothing, with the reason in words. */
  public Map<String, String> silent() {
    Map<String, String> silent = new LinkedHashMap<>();
    List<Comparison> compared = compared();
    for (int place = 0; place < compared.size(); place++) {
      double same = frequencies.agreeing().get(place);
      if (!isKnown(place)) {
        silent.put(compared.get(place).name(), "no two records have a value");
      } else if (same >= CONSTANT) {
        silent.put(
            compared.get(place).name(),
            "%.1f %% of all pairs have the same value".formatted(100 * same));
      } else if (compared.get(place).startsWithExact()
          && model.onePerson(place, 1) <= model.chance(Kind.STRANGERS, place, 1)) {
        silent.put(
            compared.get(place).name(),
            "pairs of one person have it in common no more often than strangers");
      }
    }
    return silent;
  }

  private boolean isKnown(int place) {
    return frequencies.known().get(place) > 1;
  }

  /** Returns all but {@link #metrics} and the shares of values, of type {@link #PARAMETERS}. */
  public Row parameters() {
    Map<String, Double> shares = new TreeMap<>();
    Map<String, List<List<Double>>> chances = new TreeMap<>();
    for (Kind kind : Kind.values()) {
      shares.put(name(kind), model.share(kind));
      chances.put(name(kind), model.chances(kind));
    }
    return RowFactory.create(
        records,
        comparisons,
        blocking,
        shares,
        chances,
        frequencies.known(),
        frequencies.agreeing());
  }

  /** Reads what {@link #parameters} returned, by an earlier version too. */
  public static LearntModel of(
      Row parameters, List<Frequencies.Share> values, Map<String, Double> metrics) {
    Map<String, Double> shareOf = parameters.getJavaMap(3);
    Map<String, Seq<Seq<Double>>> chancesOf = parameters.getJavaMap(4);
    Map<Kind, Double> shares = new EnumMap<>(Kind.class);
    Map<Kind, double[][]> chances = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      if (!shareOf.containsKey(name(kind))) {
        continue;
      }
      shares.put(kind, shareOf.get(name(kind)));
      chances.put(
          kind,
          asJava(chancesOf.get(name(kind))).stream()
              .map(each -> asJava(each).stream().mapToDouble(Double::doubleValue).toArray())
              .toArray(double[][]::new));
    }
    return new LearntModel(
        parameters.getLong(0),
        parameters.getList(1),
        parameters.getList(2),
        new Model(shares, chances),
        new Frequencies(parameters.getList(5), parameters.getList(6), values),
        metrics);
  }

  private static String name(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }
}
