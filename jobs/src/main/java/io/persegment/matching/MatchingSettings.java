package io.persegment.matching;

import io.persegment.config.Section;
import io.persegment.sql.SqlExpression;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;

/**
 * How records are compared.
 *
 * @param blocking rules; two records are compared that agree on all expressions of at least one
 * @param comparisons what is compared of them
 * @param threshold from which probability on two records are one person
 * @param pairsPerRecord how many pairs a rule may make for each record; of its blocks the largest
 *     are left out until it keeps to that
 * @param mostPairs how many pairs all rules may make; more are refused before any is made
 * @param refit when the model is learnt anew
 * @param seed chooses the sample that is looked at for values and for pairs of strangers
 */
public record MatchingSettings(
    List<List<SqlExpression>> blocking,
    List<Comparison> comparisons,
    double threshold,
    int pairsPerRecord,
    long mostPairs,
    Refit refit,
    long seed) {

  /**
   * When the model is learnt anew; where comparisons, rules or labels changed it is in any case.
   */
  public enum Refit {
    /** When there are twice as many records as it was learnt from. */
    WHEN_DOUBLED,
    ALWAYS,
    NEVER
  }

  /** A pair that is less likely to be one person is not told at all. */
  static final double LEAST_THRESHOLD = 0.01;

  /** A rule makes so many pairs at least, however few records there are. */
  private static final long LEAST_BUDGET = 100_000;

  public MatchingSettings {
    blocking = List.copyOf(blocking);
    comparisons = List.copyOf(comparisons);
  }

  /** Reads the parts of the section {@code identity} that are about matching. */
  public static MatchingSettings from(Section identity) {
    Map<String, Comparison> comparisons = identity.section("comparisons").each(Comparison::from);
    var settings =
        new MatchingSettings(
            blocking(identity),
            List.copyOf(comparisons.values()),
            identity.decimal("threshold", LEAST_THRESHOLD, 1.0),
            identity.integer("pairs-per-record", 1),
            identity.number("most-pairs"),
            identity.choice("refit", Refit.class),
            identity.number("seed"));
    settings.check(identity);
    return settings;
  }

  /** Returns what is needed to compare pairs that are given. */
  static MatchingSettings comparing(List<Comparison> comparisons) {
    return new MatchingSettings(List.of(), comparisons, 0, 1, 1, Refit.NEVER, 0);
  }

  private static List<List<SqlExpression>> blocking(Section identity) {
    List<List<SqlExpression>> rules = new ArrayList<>();
    for (List<String> rule : identity.textLists("blocking")) {
      if (rule.isEmpty()) {
        identity.problem(
            "blocking",
            "has a rule [] that would compare every record with every other; write what two records"
                + " must have in common, such as [postcode, birth_date], or blocking = [] for none");
      }
      rules.add(rule.stream().map(written -> identity.sql("blocking", written)).toList());
    }
    return rules;
  }

  private void check(Section identity) {
    Set<String> names =
        comparisons.stream().map(Comparison::name).collect(Collectors.toCollection(TreeSet::new));
    if (names.size() > Patterns.MOST_COMPARISONS) {
      identity.problem(
          "comparisons",
          "are %d; at most %d are possible".formatted(names.size(), Patterns.MOST_COMPARISONS));
    }
    Section section = identity.section("comparisons");
    for (Comparison comparison : comparisons) {
      comparison
          .swapsWith()
          .filter(other -> !names.contains(other) || other.equals(comparison.name()))
          .ifPresent(
              other ->
                  section
                      .section(comparison.name())
                      .problem(
                          "swaps-with",
                          "is %s; name another comparison, one of %s".formatted(other, names)));
      refuseUnknown(section.section(comparison.name()), "value", comparison.value());
    }
    blocking.forEach(
        rule -> rule.forEach(expression -> refuseUnknown(identity, "blocking", expression)));
  }

  private static void refuseUnknown(Section section, String key, SqlExpression expression) {
    for (String name : expression.references()) {
      if (!Comparables.COLUMNS.contains(name)) {
        section.problem(
            key,
            "reads %s, which contacts do not have; they have %s, attributes.NAME and external_ids.NAME"
                .formatted(name, String.join(", ", Comparables.COLUMNS)));
      }
    }
  }

  /** Returns these settings with other rules. */
  MatchingSettings withBlocking(List<List<SqlExpression>> rules) {
    return new MatchingSettings(
        rules, comparisons, threshold, pairsPerRecord, mostPairs, refit, seed);
  }

  /** Returns how many pairs a rule may make of {@code records} records. */
  long budget(long records) {
    return Math.max(LEAST_BUDGET, pairsPerRecord * records);
  }

  /** Returns the comparisons of names: those whose values may be swapped. */
  Set<String> swappable() {
    Set<String> names = new TreeSet<>();
    for (Comparison comparison : comparisons) {
      comparison.swapsWith().ifPresent(other -> names.addAll(List.of(comparison.name(), other)));
    }
    return names;
  }

  /** Returns the place of a comparison among all. */
  int place(String name) {
    for (int i = 0; i < comparisons.size(); i++) {
      if (comparisons.get(i).name().equals(name)) {
        return i;
      }
    }
    throw new IllegalArgumentException(name);
  }

  /** Returns whether there is something to compare. */
  boolean comparesNobody() {
    return blocking.isEmpty() || comparisons.isEmpty();
  }

  /** Returns all that is read of a contact, each as something that can be hashed. */
  public List<Column> read() {
    return Comparables.read(this);
  }

  /** Returns what of a contact the comparisons and rules read, as {@link SqlExpression#paths}. */
  Set<List<String>> paths() {
    Set<List<String>> paths = new LinkedHashSet<>();
    comparisons.forEach(comparison -> paths.addAll(comparison.value().paths()));
    blocking.forEach(rule -> rule.forEach(expression -> paths.addAll(expression.paths())));
    return paths;
  }

  /** Returns all that they say, on which who is one person depends. */
  public String inWords() {
    return List.of(
            rulesInWords(), comparisonsInWords(), threshold, pairsPerRecord, mostPairs, refit, seed)
        .toString();
  }

  /** Returns the comparisons with all that they depend on. */
  List<String> comparisonsInWords() {
    return comparisons.stream().map(Comparison::inWords).toList();
  }

  /** Returns the rules of blocking as they are written. */
  List<String> rulesInWords() {
    return blocking.stream()
        .map(rule -> rule.stream().map(SqlExpression::text).collect(Collectors.joining(", ")))
        .toList();
  }
}
