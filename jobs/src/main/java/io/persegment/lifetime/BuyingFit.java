package io.persegment.lifetime;

import java.util.List;

/**
 * A fitted {@link Buying}.
 *
 * @param logLikelihood of all customers
 * @param estimates r, alpha, a and b
 */
public record BuyingFit(Buying model, double logLikelihood, List<Estimate> estimates) {
  /** r, alpha in parts of the longest age, a, b; the best of what they lead to is taken. */
  private static final double[][] STARTS = {{1, 0.5, 0.5, 2}, {0.2, 0.1, 1, 3}};

  public BuyingFit {
    estimates = List.copyOf(estimates);
  }

  /**
   * Fits by maximum likelihood. Takes time in proportion to {@code histories}.
   *
   * @throws CannotFit where nobody bought again, or the search found no summit
   */
  public static BuyingFit of(Dropout dropout, List<History> histories) throws CannotFit {
    if (histories.stream().noneMatch(each -> each.frequency() > 0 && each.age() > 0)) {
      throw new CannotFit("nobody bought again");
    }
    double longest = histories.stream().mapToDouble(History::age).max().orElseThrow();
    double customers = histories.stream().mapToLong(History::customers).sum();
    var likelihood = new BuyingLikelihood(dropout, histories, longest);
    var ascent = new Ascent(likelihood, 4, customers);
    Ascent.Summit summit = ascent.highest(STARTS);
    List<Double> found = summit.parameters();
    List<Double> errors = summit.standardErrors();
    double root = Math.sqrt(customers);
    double repeats =
        histories.stream().mapToDouble(each -> (double) each.frequency() * each.customers()).sum();
    var model =
        new Buying(dropout, found.get(0), found.get(1) * longest, found.get(2), found.get(3));
    return new BuyingFit(
        model,
        // A density by time: of each repeat purchase.
        summit.value() * customers - repeats * Math.log(longest),
        List.of(
            new Estimate("r", model.r(), errors.get(0) / root),
            new Estimate("alpha", model.alpha(), errors.get(1) * longest / root),
            new Estimate("a", model.a(), errors.get(2) / root),
            new Estimate("b", model.b(), errors.get(3) / root)));
  }
}
