package io.persegment.matching;

import java.util.ArrayList;
import java.util.List;

/**
 * What agreement says. Of each outcome of each comparison the chance that a pair of one person, a
 * pair of two persons of one household, and a pair of strangers has it, among those of the kind
 * whose values are both known.
 */
final class Model {
  private final double matches;
  private final double households;
  private final double[][] match;
  private final double[][] household;
  private final double[][] stranger;

  /**
   * @param matches share of pairs of one person among all pairs of records
   * @param households share of pairs of two persons of one household among all pairs of records
   * @param match by comparison and outcome, counted from 0
   * @param household the same of households; of what those do not share it is that of strangers
   * @param stranger the same of strangers
   */
  Model(
      double matches,
      double households,
      double[][] match,
      double[][] household,
      double[][] stranger) {
    this.matches = matches;
    this.households = households;
    this.match = match;
    this.household = household;
    this.stranger = stranger;
  }

  double matches() {
    return matches;
  }

  double households() {
    return households;
  }

  double match(int place, int outcome) {
    return match[place][outcome - 1];
  }

  double household(int place, int outcome) {
    return household[place][outcome - 1];
  }

  double stranger(int place, int outcome) {
    return stranger[place][outcome - 1];
  }

  /** The logarithms of the chances of one pattern in a pair of each kind, with their shares. */
  record Likelihood(double match, double household, double stranger) {
    /** Returns the probability that a pair of the pattern is one person. */
    double probability() {
      double most = Math.max(match, Math.max(household, stranger));
      double one = Math.exp(match - most);
      return one / (one + Math.exp(household - most) + Math.exp(stranger - most));
    }
  }

  Likelihood of(long pattern) {
    double one = Math.log(matches);
    double near = Math.log(households);
    double far = Math.log(1 - matches - households);
    for (int place = 0; place < match.length; place++) {
      int outcome = Patterns.outcome(pattern, place);
      if (outcome > 0) {
        one += Math.log(match[place][outcome - 1]);
        near += Math.log(household[place][outcome - 1]);
        far += Math.log(stranger[place][outcome - 1]);
      }
    }
    return new Likelihood(one, near, far);
  }

  /** Says what is odd about the model, in sentences; nothing where nothing is. */
  List<String> oddities(List<Comparison> comparisons) {
    List<String> sentences = new ArrayList<>();
    for (int place = 0; place < match.length; place++) {
      if (comparisons.get(place).startsWithExact() && match[place][0] < stranger[place][0]) {
        sentences.add(
            "%s agrees less often in pairs of one person (%.4f) than in pairs of strangers (%.4f): it is misread, or says nothing"
                .formatted(comparisons.get(place).name(), match[place][0], stranger[place][0]));
      }
    }
    return sentences;
  }
}
