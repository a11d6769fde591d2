package io.persegment.matching;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What agreement says: of each outcome of each comparison the chance that a pair of each {@link
 * Kind} has it, among those whose values are both known.
 */
final class Model {
  /** What more pairs of strangers than that have in common tells nothing of the model. */
  private static final double MOST = 0.5;

  private final Map<Kind, Double> shares;
  private final Map<Kind, double[][]> chances;

  /**
   * @param shares of each kind among all pairs of records; of one that is not named there are none
   * @param chances by comparison and outcome, counted from 0; what a kind does not share it has as
   *     strangers have it
   */
  Model(Map<Kind, Double> shares, Map<Kind, double[][]> chances) {
    this.shares = new EnumMap<>(shares);
    this.chances = new EnumMap<>(chances);
    for (Kind kind : Kind.values()) {
      this.shares.putIfAbsent(kind, 0.0);
      this.chances.putIfAbsent(kind, chances.get(Kind.ONE_PERSON));
    }
  }

  double share(Kind kind) {
    return shares.get(kind);
  }

  /** Returns the share of pairs that are one person. */
  double onePerson() {
    return share(Kind.ONE_PERSON) + share(Kind.MOVED);
  }

  /** Returns the chance that a pair of one person has the outcome. */
  double onePerson(int place, int outcome) {
    return (share(Kind.ONE_PERSON) * chance(Kind.ONE_PERSON, place, outcome)
            + share(Kind.MOVED) * chance(Kind.MOVED, place, outcome))
        / onePerson();
  }

  double chance(Kind kind, int place, int outcome) {
    return chances.get(kind)[place][outcome - 1];
  }

  /** Returns the chances of the kind, a list a comparison. */
  List<List<Double>> chances(Kind kind) {
    return Arrays.stream(chances.get(kind))
        .map(its -> Arrays.stream(its).boxed().toList())
        .toList();
  }

  /** Returns the logarithm of the share of pairs that are of the kind and have the pattern. */
  double log(Kind kind, long pattern) {
    double log = Math.log(shares.get(kind));
    double[][] own = chances.get(kind);
    for (int place = 0; place < own.length; place++) {
      int outcome = Patterns.outcome(pattern, place);
      if (outcome > 0) {
        log += Math.log(own[place][outcome - 1]);
      }
    }
    return log;
  }

  /** Returns log(sum(exp)) without overflow. */
  static double sum(double[] logs) {
    double most = Double.NEGATIVE_INFINITY;
    for (double log : logs) {
      most = Math.max(most, log);
    }
    double sum = 0;
    for (double log : logs) {
      sum += Math.exp(log - most);
    }
    return most + Math.log(sum);
  }

  /**
   * Returns the model without what most strangers have in common and pairs of one person less
   * often: of it neither agreement nor difference says anything.
   */
  Model silenced(List<Comparison> comparisons) {
    Map<Kind, double[][]> rest = new EnumMap<>(Kind.class);
    chances.forEach((kind, its) -> rest.put(kind, its.clone()));
    for (int place = 0; place < comparisons.size(); place++) {
      if (comparisons.get(place).startsWithExact()
          && onePerson(place, 1) < chance(Kind.STRANGERS, place, 1)) {
        for (double[][] its : rest.values()) {
          its[place] = chances.get(Kind.STRANGERS)[place];
        }
      }
    }
    return new Model(shares, rest);
  }

  /** Says why the model cannot be right, in sentences; nothing where nothing speaks against it. */
  List<String> oddities(List<Comparison> comparisons) {
    List<String> sentences = new ArrayList<>();
    for (int place = 0; place < comparisons.size(); place++) {
      double match = onePerson(place, 1);
      double stranger = chance(Kind.STRANGERS, place, 1);
      if (comparisons.get(place).startsWithExact() && stranger < MOST && match < stranger) {
        sentences.add(
            "Nothing is linked by matching: what it took for pairs of one person agrees on %s less often than strangers do (%.4f, %.4f). Two comparisons may say the same, or %s be misread; take out what says least under identity.comparisons"
                .formatted(
                    comparisons.get(place).name(), match, stranger, comparisons.get(place).name()));
      }
    }
    return sentences;
  }
}
