package io.persegment.matching;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

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

  /** So many comparisons of what is a person's own have to be known, for who moved to be known. */
  private static final int LEAST_OWN = 2;

  /** What fewer of the pairs know of both records is not known well enough for that. */
  private static final double LEAST_KNOWN = 0.1;

  private static final List<Kind> PERSONS = List.of(Kind.ONE_PERSON, Kind.MOVED);

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
        double[] same = spread(agreeing, any[place].length);
        its[place] =
            switch (like(kind, place)) {
              case STRANGERS -> any[place];
              case MOVED -> between(same, any[place]);
              default -> same;
            };
      }
      chances.put(kind, its);
      shares.put(kind, isThere(kind) ? matches : 0.0);
    }
    return new Model(withStrangers(shares), chances);
  }

  /** What is no other kind is strangers. */
  private static Map<Kind, Double> withStrangers(Map<Kind, Double> shares) {
    shares.remove(Kind.STRANGERS);
    shares.put(Kind.STRANGERS, 1 - shares.values().stream().mapToDouble(each -> each).sum());
    return shares;
  }

  private Kind like(Kind kind, int place) {
    return kind.like(comparisons.get(place).sharedBy());
  }

  /**
   * Returns whether the kind can be told from others. Who moved is known by what is a person's own:
   * one first name alone is a namesake's too.
   */
  private boolean isThere(Kind kind) {
    return switch (kind) {
      case ONE_PERSON, STRANGERS -> true;
      case MOVED -> known(Kind.Scope.PERSON) >= LEAST_OWN && known(Kind.Scope.PERSON) < any.length;
      case HOUSEHOLD -> isCompared(Kind.Scope.PERSON);
      case NEIGHBOURS -> isCompared(Kind.Scope.HOUSEHOLD);
    };
  }

  private boolean isCompared(Kind.Scope scope) {
    return comparisons.stream().anyMatch(comparison -> comparison.sharedBy() == scope);
  }

  /** Returns how many comparisons of the scope say something of enough pairs. */
  private long known(Kind.Scope scope) {
    double least = LEAST_KNOWN * pairs(counts);
    return IntStream.range(0, comparisons.size())
        .filter(place -> comparisons.get(place).sharedBy() == scope)
        .filter(
            place ->
                counts.stream()
                        .filter(count -> Patterns.outcome(count.pattern(), place) > 0)
                        .mapToLong(Count::pairs)
                        .sum()
                    > least)
        .count();
  }

  private static double[] between(double[] one, double[] other) {
    double[] mean = new double[one.length];
    Arrays.setAll(mean, i -> (one[i] + other[i]) / 2);
    return mean;
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
          for (int i = 0; i < likeStart[place].length && like(kind, place) == kind; i++) {
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
        addOutcomes(kind, pattern, its);
      }
    }

    private void addOutcomes(Kind kind, long pattern, double count) {
      for (int place = 0; place < comparisons.size(); place++) {
        int outcome = Patterns.outcome(pattern, place);
        if (outcome > 0) {
          expected.get(like(kind, place))[place][outcome - 1] += count;
        }
      }
    }

    Model model() {
      Map<Kind, Double> shares = new EnumMap<>(Kind.class);
      for (Kind kind : Kind.values()) {
        shares.put(kind, isThere(kind) ? Math.max(pairs[kind.ordinal()], 0.5) / allPairs : 0);
      }
      withStrangers(shares);
      normaliseAll();
      addKnown(shares);
      for (int place = 0; place < comparisons.size(); place++) {
        expected.get(Kind.STRANGERS)[place] = byChance(place, shares);
        for (Kind kind : Kind.values()) {
          expected.get(kind)[place] = expected.get(like(kind, place))[place];
        }
      }
      return new Model(shares, expected);
    }

    private void normaliseAll() {
      expected.values().forEach(own -> Arrays.stream(own).forEach(Training::normalise));
    }

    /** Labels say what one person's pairs have in common; what they do not say, all others do. */
    private void addKnown(Map<Kind, Double> shares) {
      if (known.isEmpty()) {
        return;
      }
      double persons = shares.get(Kind.ONE_PERSON) + shares.get(Kind.MOVED);
      Map<Kind, Double> learnt = new EnumMap<>(Kind.class);
      for (Kind person : PERSONS) {
        learnt.put(person, LEARNT_PAIRS * shares.get(person) / persons);
      }
      Map<Kind, Double> all = new EnumMap<>(learnt);
      weighOwn(learnt);
      for (Count each : known) {
        double[] logs =
            PERSONS.stream().mapToDouble(one -> given.log(one, each.pattern())).toArray();
        double both = Model.sum(logs);
        for (int i = 0; i < logs.length; i++) {
          double its = each.pairs() * Math.exp(logs[i] - both);
          addOutcomes(PERSONS.get(i), each.pattern(), its);
          all.merge(PERSONS.get(i), its, Double::sum);
        }
      }
      normaliseAll();
      double sum = all.values().stream().mapToDouble(its -> its).sum();
      all.forEach((person, its) -> shares.put(person, persons * its / sum));
    }

    /** What was learnt of pairs of one person without labels counts as so many pairs. */
    private void weighOwn(Map<Kind, Double> learnt) {
      for (int place = 0; place < comparisons.size(); place++) {
        for (Kind kind : PERSONS) {
          double pairsLikeIt = 0;
          for (Kind person : PERSONS) {
            pairsLikeIt += like(person, place) == kind ? learnt.get(person) : 0;
          }
          double[] own = expected.get(kind)[place];
          double weight = pairsLikeIt;
          Arrays.setAll(own, i -> own[i] * weight);
        }
      }
    }

    /** Takes from pairs at random those that do not agree by chance. */
    private double[] byChance(int place, Map<Kind, Double> shares) {
      double[] rest = any[place].clone();
      for (int i = 0; i < rest.length; i++) {
        for (Kind kind : Kind.values()) {
          Kind like = like(kind, place);
          rest[i] -= like == Kind.STRANGERS ? 0 : shares.get(kind) * expected.get(like)[place][i];
        }
        rest[i] = Math.max(rest[i], LEAST_STRANGE * any[place][i]);
      }
      normalise(rest);
      return rest;
    }
  }

  private static void normalise(double[] counts) {
    double sum = Arrays.stream(counts).sum();
    Arrays.setAll(counts, i -> sum > 0 ? counts[i] / sum : 0);
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
