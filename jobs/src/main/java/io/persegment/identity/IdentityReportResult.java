package io.persegment.identity;

import io.persegment.matching.LevelWeight;
import io.persegment.matching.Matching;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What identity made of a lake.
 *
 * @param sizes customers by how many records they are
 * @param largest the customers of most records
 * @param leastSure customers whose weakest match that was kept is the weakest of all
 * @param rules what links, kept and cut
 * @param contacts of which a model is learnt
 * @param uncompared why nobody is compared; empty where contacts are
 * @param learnt the model that stands; empty where none was learnt
 */
public record IdentityReportResult(
    long customers,
    long records,
    List<Size> sizes,
    List<Large> largest,
    List<Unsure> leastSure,
    List<Rule> rules,
    long contacts,
    Optional<Uncompared> uncompared,
    Optional<Learnt> learnt) {

  /** Why identifiers alone link. */
  public enum Uncompared {
    /** The settings have no rule of blocking, or no comparison. */
    MATCHING_IS_OFF,
    /** There are fewer than {@link Matching#LEAST_RECORDS}. */
    TOO_FEW_CONTACTS
  }

  public IdentityReportResult {
    sizes = List.copyOf(sizes);
    largest = List.copyOf(largest);
    leastSure = List.copyOf(leastSure);
    rules = List.copyOf(rules);
  }

  /**
   * Customers of about one size.
   *
   * @param of how many records each is, such as 4-5
   */
  public record Size(String of, long customers, long records) {}

  /**
   * A customer of many records.
   *
   * @param byType how many records it has of each type
   */
  public record Large(String customer, long records, Map<String, Long> byType) {}

  /**
   * A customer, and the match that holds it together least.
   *
   * @param weight of the match, in bits
   * @param apart how many of its records would no longer hang together with the others without the
   *     match, the fewer of both parts; 0 where other links hold it together, below 0 where it has
   *     too many to look
   */
  public record Unsure(
      String customer,
      long records,
      String left,
      String right,
      double weight,
      double probability,
      long apart) {}

  /**
   * Links by one rule.
   *
   * @param kept how many link
   * @param records that they link
   * @param cut how many do not, by the reason
   */
  public record Rule(String rule, long kept, long records, Map<String, Long> cut) {}

  /**
   * What the model says.
   *
   * @param records that it was learnt from
   * @param labelledPairs of one person from which it was learnt beside; 0 without labels
   * @param threshold that labels ask for; empty without
   * @param expectedPairs of them that are one person, by the model
   * @param expectedByKind the same by what two records are to each other: one_person, moved (one
   *     person as well), household and neighbours
   * @param weights of each outcome of each comparison
   * @param silent comparisons that say nothing, with the reason
   * @param points what each threshold would find, by the model
   */
  public record Learnt(
      int version,
      long records,
      long labelledPairs,
      Optional<Double> threshold,
      double expectedPairs,
      Map<String, Double> expectedByKind,
      List<LevelWeight> weights,
      Map<String, String> silent,
      List<Point> points) {
    public Learnt {
      weights = List.copyOf(weights);
      points = List.copyOf(points);
    }
  }

  /**
   * The matches that a threshold would find, by the model's own opinion.
   *
   * @param pairs as likely as that or likelier
   * @param right of these, how many to expect to be one person: the sum of their probabilities
   * @param expected how many of all pairs are one person
   */
  public record Point(double threshold, long pairs, double right, double expected) {
    /** Returns the expected share of these that are right; empty where there is none. */
    public Optional<Double> precision() {
      return pairs == 0 ? Optional.empty() : Optional.of(right / pairs);
    }

    /** Returns the expected share of the pairs of one person that are among these, at most 1. */
    public Optional<Double> recall() {
      return expected == 0 ? Optional.empty() : Optional.of(Math.min(1, right / expected));
    }
  }
}
