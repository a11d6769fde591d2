package io.persegment.matching;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Fits a {@link Model} by expectation maximisation on counts of patterns.
 *
 * <p>The share of matches is that among all pairs of records, of which those that no rule brings
 * together are taken for strangers, so that no prior has to be guessed. What strangers agree on is
 * not learnt: how often values occur tells how often two records agree, and the pairs of one person
 * among those are taken off.
 */
final class Training {
  /** How many pairs have a pattern. */
  record Count(long pattern, long pairs) {}

  /**
   * What came of it.
   *
   * @param rounds that it took
   * @param converged whether the last round changed next to nothing
   */
  record Fit(Model model, int rounds, boolean converged, double logLikelihood) {}

  private static final int MOST_ROUNDS = 500;
  private static final double CLOSE = 1e-7;

  /** So many pairs are thought of as seen beside those that were, spread as at the start. */
  private static final double PRIOR_PAIRS = 2;

  /** Where nearly all pairs that agree are matches, so much of their share is left to strangers. */
  private static final double LEAST_STRANGE = 0.02;

  private static final double[] STARTS = {0.9, 0.75, 0.6};

  private final List<Comparison> comparisons;
  private final List<Count> counts;
  private final double allPairs;
  private final double[][] any;

  /**
   * @param any outcomes of pairs at random, whoever they are, by comparison and outcome
   * @param records how many records there are
   */
  Training(List<Comparison> comparisons, List<Count> counts, double[][] any, long records) {
    this.comparisons = comparisons;
    this.counts = counts;
    this.any = any;
    this.allPairs = records * (records - 1.0) / 2;
  }

  /** Returns the best fit of several starts. */
  Fit best(long records) {
    Fit best = null;
    for (double start : STARTS) {
      Fit fit = fit(start(start, records));
      if (best == null || fit.logLikelihood() > best.logLikelihood()) {
        best = fit;
      }
    }
    return best;
  }

  private Model start(double agreeing, long records) {
    double[][] match = new double[comparisons.size()][];
    double[][] household = new double[comparisons.size()][];
    for (int place = 0; place < match.length; place++) {
      match[place] = spread(agreeing, any[place].length);
      household[place] =
          comparisons.get(place).shared() ? spread(agreeing, any[place].length) : any[place];
    }
    double matches = Math.min(0.1, 0.1 * records / allPairs);
    return new Model(matches, hasHouseholds() ? matches / 4 : 0, match, household, any);
  }

  private boolean hasHouseholds() {
    return comparisons.stream().anyMatch(Comparison::shared)
        && !comparisons.stream().allMatch(Comparison::shared);
  }

  /** The strongest level gets {@code first}, the others what is left, evenly. */
  private static double[] spread(double first, int outcomes) {
    double[] shares = new double[outcomes];
    Arrays.fill(shares, (1 - first) / Math.max(1, outcomes - 1));
    shares[0] = outcomes == 1 ? 1 : first;
    return shares;
  }

  private Fit fit(Model start) {
    Model model = start;
    double before = Double.NEGATIVE_INFINITY;
    for (int round = 1; round <= MOST_ROUNDS; round++) {
      double likelihood = 0;
      double[][] match = likeIt(start, false);
      double[][] household = likeIt(start, true);
      double matches = 0;
      double households = 0;
      for (Count count : counts) {
        Model.Likelihood of = model.of(count.pattern());
        double most = Math.max(of.match(), Math.max(of.household(), of.stranger()));
        double one = Math.exp(of.match() - most);
        double near = Math.exp(of.household() - most);
        double all = one + near + Math.exp(of.stranger() - most);
        likelihood += count.pairs() * (most + Math.log(all));
        double likeOne = count.pairs() * one / all;
        double likeHousehold = count.pairs() * near / all;
        matches += likeOne;
        households += likeHousehold;
        for (int place = 0; place < match.length; place++) {
          int outcome = Patterns.outcome(count.pattern(), place);
          if (outcome > 0) {
            match[place][outcome - 1] += likeOne;
            household[place][outcome - 1] += likeHousehold;
          }
        }
      }
      // Pairs that no rule brings together are strangers: of their patterns nothing is known.
      double strangers = 1 - model.matches() - model.households();
      double unseen = allPairs - counts.stream().mapToDouble(Count::pairs).sum();
      likelihood += unseen * Math.log(strangers);
      double ofOne = Math.max(matches, 0.5) / allPairs;
      double ofHousehold = hasHouseholds() ? Math.max(households, 0.5) / allPairs : 0;
      double[][] stranger = new double[match.length][];
      for (int place = 0; place < match.length; place++) {
        normalise(match[place]);
        normalise(household[place]);
        boolean shared = comparisons.get(place).shared();
        stranger[place] =
            strangers(any[place], match[place], ofOne, household[place], shared ? ofHousehold : 0);
        if (!shared) {
          household[place] = stranger[place];
        }
      }
      model = new Model(ofOne, ofHousehold, match, household, stranger);
      if (Math.abs(likelihood - before) < CLOSE * Math.abs(likelihood)) {
        return new Fit(model, round, true, likelihood);
      }
      before = likelihood;
    }
    return new Fit(model, MOST_ROUNDS, false, before);
  }

  /** Takes from pairs at random those that are no strangers. */
  private static double[] strangers(
      double[] any, double[] match, double matches, double[] household, double households) {
    double[] rest = new double[any.length];
    for (int i = 0; i < any.length; i++) {
      double others = matches * match[i] + households * household[i];
      rest[i] = Math.max(any[i] - others, LEAST_STRANGE * any[i]);
    }
    normalise(rest);
    return rest;
  }

  private double[][] likeIt(Model start, boolean household) {
    double[][] counts = new double[comparisons.size()][];
    for (int place = 0; place < counts.length; place++) {
      counts[place] = new double[comparisons.get(place).outcomes()];
      for (int outcome = 1; outcome <= counts[place].length; outcome++) {
        counts[place][outcome - 1] =
            PRIOR_PAIRS
                * (household ? start.household(place, outcome) : start.match(place, outcome));
      }
    }
    return counts;
  }

  private static void normalise(double[] counts) {
    double sum = 0;
    for (double count : counts) {
      sum += count;
    }
    for (int i = 0; i < counts.length; i++) {
      counts[i] /= sum;
    }
  }

  /** Returns outcomes of pairs at random: of equality as values occur, of the rest as sampled. */
  static double[][] atRandom(
      List<Comparison> comparisons, Frequencies frequencies, Map<Long, Long> sampled) {
    double[][] shares = new double[comparisons.size()][];
    for (int place = 0; place < shares.length; place++) {
      double[] counts = new double[comparisons.get(place).outcomes()];
      Arrays.fill(counts, 0.5);
      for (var each : sampled.entrySet()) {
        int outcome = Patterns.outcome(each.getKey(), place);
        if (outcome > 0) {
          counts[outcome - 1] += each.getValue();
        }
      }
      double exact =
          comparisons.get(place).startsWithExact() ? frequencies.agreeing().get(place) : -1;
      if (exact >= 0) {
        counts[0] = 0;
      }
      normalise(counts);
      if (exact >= 0) {
        for (int i = 1; i < counts.length; i++) {
          counts[i] *= 1 - exact;
        }
        counts[0] = exact;
      }
      shares[place] = counts;
    }
    return shares;
  }
}
