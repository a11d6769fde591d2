package io.persegment.scores;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The cuts that a model is made from.
 *
 * @param training at least one, the latest first
 */
record Cuts(LocalDate test, List<LocalDate> training) {

  Cuts {
    training = List.copyOf(training);
  }

  /**
   * Returns those cuts of {@code target} that have customers and before which the shop had sold for
   * as many days as the horizon has: before that, everybody is new.
   *
   * @param filled cuts that have customers
   * @throws Refusal where the test cut is not among them, or no training cut
   */
  static Cuts usable(
      TargetSettings target,
      LocalDate asOf,
      Set<LocalDate> filled,
      Optional<LocalDate> firstPurchase)
      throws Refusal {
    List<LocalDate> usable =
        target.cuts(asOf).stream()
            .filter(filled::contains)
            .filter(cut -> isLateEnough(cut, target.horizon(), firstPurchase))
            .toList();
    LocalDate test = target.testCut(asOf);
    if (usable.size() < 2 || !usable.get(0).equals(test)) {
      throw new Refusal(
          ("Cannot foretell %s as of %s: its history is too short. It takes purchases in some %d"
                  + " days before, and customer_features of at least two of its cuts (%s); the first"
                  + " purchase was %s, and %s of the cuts can be used.")
              .formatted(
                  target.name(),
                  asOf,
                  3 * target.horizon(),
                  target.cuts(asOf),
                  firstPurchase.map(day -> "on " + day).orElse("never"),
                  usable.isEmpty() ? "none" : usable.size()));
    }
    return new Cuts(test, usable.subList(1, usable.size()));
  }

  List<LocalDate> all() {
    var all = new ArrayList<LocalDate>();
    all.add(test);
    all.addAll(training);
    return all;
  }

  private static boolean isLateEnough(
      LocalDate cut, int horizon, Optional<LocalDate> firstPurchase) {
    return firstPurchase.filter(first -> !cut.isBefore(first.plusDays(horizon))).isPresent();
  }
}
