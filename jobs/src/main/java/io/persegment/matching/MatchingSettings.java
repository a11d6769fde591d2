package io.persegment.matching;

import io.persegment.config.Section;
import io.persegment.sql.SqlExpression;
import io.persegment.sql.TypedExpression;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    for (List<String> written : identity.textLists("blocking")) {
      List<SqlExpression> rule =
          written.stream().map(each -> identity.sql("blocking", each)).toList();
      boolean isRead = written.equals(rule.stream().map(SqlExpression::text).toList());
      if (isRead && rule.stream().allMatch(MatchingSettings::isConstant)) {
        identity.problem(
            "blocking",
            "has a rule [%s] that would compare every record with every other; write what two records"
                    .formatted(String.join(", ", written))
                + " must have in common, such as [postcode, birth_date], or blocking = [] for none");
      }
      rules.add(rule);
    }
    return rules;
  }

  private static boolean isConstant(SqlExpression expression) {
    return expression.references().isEmpty() && !expression.aggregates();
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
      SqlExpression value = comparison.value();
      mistake(value, "is %s, which".formatted(value))
          .ifPresent(what -> section.section(comparison.name()).problem("value", what));
    }
    for (List<SqlExpression> rule : blocking) {
      String named = "has the rule [%s], which".formatted(inWords(rule));
      rule.forEach(
          expression ->
              mistake(expression, named).ifPresent(what -> identity.problem("blocking", what)));
    }
  }

  /**
   * Returns why nothing can be compared by {@code expression}.
   *
   * @param named what it stands in, to be followed by a verb
   */
  private static Optional<String> mistake(SqlExpression expression, String named) {
    List<String> unknown =
        expression.references().stream()
            .filter(name -> !Comparables.COLUMNS.contains(name))
            .toList();
    if (!unknown.isEmpty()) {
      return Optional.of(
          "reads %s, which contacts do not have; they have %s, attributes.NAME and external_ids.NAME"
              .formatted(String.join(" and ", unknown), String.join(", ", Comparables.COLUMNS)));
    }
    if (expression.aggregates()) {
      return Optional.of(
          "%s looks at many contacts; write an expression over one".formatted(named));
    }
    try {
      TypedExpression.type(expression, Comparables.SCHEMA);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of("%s cannot be evaluated: %s".formatted(named, e.getMessage()));
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

  /** Returns whether there is nothing to compare: no rule to block by, or no comparison. */
  public boolean comparesNobody() {
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
    return blocking.stream().map(MatchingSettings::inWords).toList();
  }

  private static String inWords(List<SqlExpression> rule) {
    return rule.stream().map(SqlExpression::text).collect(Collectors.joining(", "));
  }
}
