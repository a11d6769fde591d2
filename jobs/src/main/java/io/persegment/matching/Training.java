package io.persegment.matching;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Fits a {@link Model} by expectation maximisation on counts of patterns.
 *
 * <p>The share of each kind is that among all pairs of records, so that no prior has to be guessed.
 * Of those that no rule brings together, a sample tells how many are neighbours and how many
 * strangers; they are taken for nothing nearer, or one odd pair would stand for many. Without them
 * there would be few neighbours, and those with a first name in common, whom a rule does bring
 * together, too many to be explained but as one person. What strangers agree on is not learnt: how
 * often values occur tells how often two records agree, and the pairs among those that are no
 * strangers are taken off.
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
  private static final double CLOSE = 1e-8;

  /** So many pairs are thought of as seen beside those that were, spread as at the start. */
  private static final double PRIOR_PAIRS = 2;

  /**
   * Where nearly all pairs that agree are no strangers, so much of their share is left to those.
   */
  private static final double LEAST_STRANGE = 0.02;

  /** What is learnt of pairs of one person counts as so many labelled ones. */
  private static final double LEARNT_PAIRS = 50;

  private static final double[] STARTS = {0.9, 0.75, 0.6};

  private final List<Comparison> comparisons;
  private final List<Count> counts;
  private final List<Count> unseen;
  private final List<Count> known;
  private final double[][] any;
  private final double allPairs;
  private final double records;

  /**
   * @param counts patterns of the pairs that were compared
   * @param unseen patterns of a sample of the other pairs
   * @param known patterns of pairs that are labelled as one person; none where there are no labels
   * @param any outcomes of pairs at random, whoever they are, by comparison and outcome
   * @param records how many records there are
   */
  Training(
      List<Comparison> comparisons,
      List<Count> counts,
      List<Count> unseen,
      List<Count> known,
      double[][] any,
      long records) {
    this.comparisons = comparisons;
    this.counts = counts;
    this.unseen = unseen;
    this.known = known;
    this.any = any;
    this.allPairs = records * (records - 1.0) / 2;
    this.records = records;
  }

  /** Returns the best fit of several starts. */
  Fit best() {
    Fit best = null;
    for (double start : STARTS) {
      Fit fit = fit(start(start));
      if (best == null || fit.logLikelihood() > best.logLikelihood()) {
        best = fit;
      }
    }
    return best;
  }

  private Model start(double agreeing) {
    Map<Kind, Double> shares = new EnumMap<>(Kind.class);
    Map<Kind, double[][]> chances = new EnumMap<>(Kind.class);
    double matches = Math.min(0.1, 0.1 * records / allPairs);
    for (Kind kind : Kind.values()) {
      double[][] its = new double[comparisons.size()][];
      for (int place = 0; place < its.length; place++) {
        its[place] = shares(kind, place) ? spread(agreeing, any[place].length) : any[place];
      }
      chances.put(kind, its);
      shares.put(kind, isThere(kind) ? matches : 0.0);
    }
    shares.put(Kind.STRANGERS, 1 - shares.values().stream().mapToDouble(each -> each).sum());
    return new Model(shares, chances);
  }

  private boolean shares(Kind kind, int place) {
    return kind.shares(comparisons.get(place).sharedBy());
  }

  /** Returns whether the kind can be told from the one before it. */
  private boolean isThere(Kind kind) {
    if (kind == Kind.ONE_PERSON) {
      return true;
    }
    Kind nearer = Kind.values()[kind.ordinal() - 1];
    return comparisons.stream()
        .map(Comparison::sharedBy)
        .anyMatch(scope -> nearer.shares(scope) && !kind.shares(scope));
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
      Round next = new Round(model, start);
      counts.forEach(count -> next.add(count.pattern(), (double) count.pairs(), Kind.ONE_PERSON));
      double stood = Math.max(0, allPairs - pairs(counts)) / Math.max(1.0, pairs(unseen));
      unseen.forEach(count -> next.add(count.pattern(), count.pairs() * stood, Kind.NEIGHBOURS));
      double likelihood = next.likelihood;
      model = next.model();
      if (Math.abs(likelihood - before) < CLOSE * Math.abs(likelihood)) {
        return new Fit(model, round, true, likelihood);
      }
      before = likelihood;
    }
    return new Fit(model, MOST_ROUNDS, false, before);
  }

  private static double pairs(List<Count> counts) {
    return counts.stream().mapToDouble(Count::pairs).sum();
  }

  /** One round: the expected pairs of each kind by a model, and the model that they make. */
  private final class Round {
    private final Model given;
    private final Map<Kind, double[][]> expected = new EnumMap<>(Kind.class);
    private final double[] pairs = new double[Kind.values().length];
    private double likelihood;

    Round(Model given, Model start) {
      this.given = given;
      for (Kind kind : Kind.values()) {
        double[][] likeStart = new double[comparisons.size()][];
        for (int place = 0; place < likeStart.length; place++) {
          likeStart[place] = new double[any[place].length];
          for (int i = 0; i < likeStart[place].length; i++) {
            likeStart[place][i] = PRIOR_PAIRS * start.chance(kind, place, i + 1);
          }
        }
        expected.put(kind, likeStart);
      }
    }

    void add(long pattern, double count, Kind nearest) {
      double[] logs = new double[pairs.length];
      Arrays.fill(logs, Double.NEGATIVE_INFINITY);
      for (int kind = nearest.ordinal(); kind < logs.length; kind++) {
        logs[kind] = given.log(Kind.values()[kind], pattern);
      }
      double all = Model.sum(logs);
      likelihood += count * all;
      for (Kind kind : Kind.values()) {
        double its = count * Math.exp(logs[kind.ordinal()] - all);
        pairs[kind.ordinal()] += its;
        double[][] own = expected.get(kind);
        for (int place = 0; place < own.length; place++) {
          int outcome = Patterns.outcome(pattern, place);
          if (outcome > 0) {
            own[place][outcome - 1] += its;
          }
        }
      }
    }

    Model model() {
      Map<Kind, Double> shares = new EnumMap<>(Kind.class);
      double near = 0;
      for (Kind kind : Kind.values()) {
        double share = isThere(kind) ? Math.max(pairs[kind.ordinal()], 0.5) / allPairs : 0;
        shares.put(kind, share);
        near += kind == Kind.STRANGERS ? 0 : share;
      }
      shares.put(Kind.STRANGERS, 1 - near);
      expected.values().forEach(own -> Arrays.stream(own).forEach(Training::normalise));
      addKnown(expected.get(Kind.ONE_PERSON));
      for (int place = 0; place < comparisons.size(); place++) {
        double[] chance = byChance(place, shares);
        for (Kind kind : Kind.values()) {
          if (!shares(kind, place)) {
            expected.get(kind)[place] = chance;
          }
        }
      }
      return new Model(shares, expected);
    }

    /** Labels say what one person's pairs have in common; what they do not say, all others do. */
    private void addKnown(double[][] ofOnePerson) {
      for (int place = 0; place < ofOnePerson.length && !known.isEmpty(); place++) {
        double[] own = ofOnePerson[place];
        for (int i = 0; i < own.length; i++) {
          own[i] *= LEARNT_PAIRS;
        }
        for (Count each : known) {
          int outcome = Patterns.outcome(each.pattern(), place);
          if (outcome > 0) {
            own[outcome - 1] += each.pairs();
          }
        }
        normalise(own);
      }
    }

    /** Takes from pairs at random those that do not agree by chance. */
    private double[] byChance(int place, Map<Kind, Double> shares) {
      double[] rest = any[place].clone();
      for (int i = 0; i < rest.length; i++) {
        for (Kind kind : Kind.values()) {
          rest[i] -= shares(kind, place) ? shares.get(kind) * expected.get(kind)[place][i] : 0;
        }
        rest[i] = Math.max(rest[i], LEAST_STRANGE * any[place][i]);
      }
      normalise(rest);
      return rest;
    }
  }

  private static void normalise(double[] counts) {
    double sum = Arrays.stream(counts).sum();
    for (int i = 0; i < counts.length; i++) {
      counts[i] /= sum;
    }
  }

  /** Returns outcomes of pairs at random: of equality as values occur, of the rest as sampled. */
  static double[][] atRandom(
      List<Comparison> comparisons, Frequencies frequencies, List<Count> sampled) {
    double[][] shares = new double[comparisons.size()][];
    for (int place = 0; place < shares.length; place++) {
      double[] counts = new double[comparisons.get(place).outcomes()];
      Arrays.fill(counts, 0.5);
      for (Count each : sampled) {
        int outcome = Patterns.outcome(each.pattern(), place);
        if (outcome > 0) {
          counts[outcome - 1] += each.pairs();
        }
      }
      if (comparisons.get(place).startsWithExact()) {
        double exact = frequencies.agreeing().get(place);
        counts[0] = 0;
        normalise(counts);
        for (int i = 1; i < counts.length; i++) {
          counts[i] *= 1 - exact;
        }
        counts[0] = exact;
      } else {
        normalise(counts);
      }
      shares[place] = counts;
    }
    return shares;
  }
}
