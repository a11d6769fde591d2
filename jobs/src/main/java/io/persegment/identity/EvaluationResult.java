package io.persegment.identity;

import java.util.List;
import java.util.Optional;

/**
 * How far customers agree with a truth.
 *
 * @param labels records, or pairs of them, that the truth tells of
 * @param withoutRecord of these, how many identity_map does not have; they count for nothing else
 * @param records records that are labelled, and have a customer
 * @param truePairs labelled pairs that are one person
 * @param foundPairs labelled pairs that are one customer
 * @param rightPairs labelled pairs that are both
 * @param precision share of the pairs found that are right; empty where none was found
 * @param recall share of the true pairs that were found; empty where there is none
 * @param f1 the harmonic mean of both; empty where there are neither
 * @param persons empty where the truth is of pairs, which say nothing of whole persons
 * @param curve by threshold; empty where no links were matched
 * @param twoPersons pairs of two persons in one customer, by what links them
 * @param twoCustomers pairs of one person in two customers, by what became of them
 */
public record EvaluationResult(
    Truth.Grain grain,
    long labels,
    long withoutRecord,
    long records,
    long truePairs,
    long foundPairs,
    long rightPairs,
    Optional<Share> precision,
    Optional<Share> recall,
    Optional<Share> f1,
    Optional<Persons> persons,
    List<Point> curve,
    List<Mistake> twoPersons,
    List<Mistake> twoCustomers) {

  public EvaluationResult {
    curve = List.copyOf(curve);
    twoPersons = List.copyOf(twoPersons);
    twoCustomers = List.copyOf(twoCustomers);
  }

  /**
   * Persons as a whole.
   *
   * @param persons how many have a labelled record with a customer
   * @param exact how many have all of their records, and nobody else's, in one customer
   * @param bcubedPrecision part of a record's customer that is its person, averaged over records
   * @param bcubedRecall part of a record's person that is its customer, averaged over records
   */
  public record Persons(long persons, long exact, double bcubedPrecision, double bcubedRecall) {
    /** Returns the share of persons that are exactly one customer. */
    public double shareExact() {
      return (double) exact / persons;
    }

    /** Returns the harmonic mean of B-cubed precision and recall. */
    public double bcubedF1() {
      return 2 * bcubedPrecision * bcubedRecall / (bcubedPrecision + bcubedRecall);
    }
  }

  /**
   * The links that a threshold would keep, each by itself, before anything follows from them.
   *
   * @param links labelled pairs that are linked
   * @param right of these, those of one person
   * @param truePairs labelled pairs that are one person
   */
  public record Point(double threshold, long links, long right, long truePairs) {
    /** Returns the share of links that are right; empty where there is none. */
    public Optional<Double> precision() {
      return links == 0 ? Optional.empty() : Optional.of((double) right / links);
    }

    /** Returns the share of true pairs that are linked; empty where there is none. */
    public Optional<Double> recall() {
      return truePairs == 0 ? Optional.empty() : Optional.of((double) right / truePairs);
    }
  }

  /**
   * Wrong pairs of one kind.
   *
   * @param kind what led to it
   * @param pairs how many there are
   * @param examples some of them, by their records' keys
   */
  public record Mistake(String kind, long pairs, List<String> examples) {
    public Mistake {
      examples = List.copyOf(examples);
    }
  }
}
