package io.persegment.scores;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.persegment.features.CustomerFeatures;
import java.sql.Date;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Column;

/**
 * The cuts that a model is made from, and what each is for.
 *
 * @param slices by cut, the test first, then from the latest to the earliest
 */
record Cuts(Map<LocalDate, Slice> slices) {

  /**
   * Returns those cuts of {@code target} that have customers and before which the shop had seen
   * events for as many days as the horizon has: before that, everybody is new.
   *
   * @param filled cuts that have customers
   * @param first day of the first event of the kind that is foretold
   * @throws Refusal where the test cut is not among them, or that which calibrates, or no training
   *     cut
   */
  static Cuts usable(
      TargetSettings target, LocalDate asOf, Set<LocalDate> filled, Optional<LocalDate> first)
      throws Refusal {
    List<LocalDate> asked = target.cuts(asOf);
    List<LocalDate> usable =
        asked.stream()
            .filter(filled::contains)
            .filter(cut -> isLateEnough(cut, target.horizon(), first))
            .toList();
    if (usable.size() < 3 || !usable.subList(0, 2).equals(asked.subList(0, 2))) {
      throw new Refusal(
          ("Cannot foretell %s as of %s: its history is too short. It takes events in some %d days"
                  + " before, and customer_features of at least three of its cuts (%s); the first"
                  + " event was %s, and %s of the cuts can be used.")
              .formatted(
                  target.name(),
                  asOf,
                  3 * target.span() + target.horizon(),
                  asked,
                  first.map(day -> "on " + day).orElse("never"),
                  usable.isEmpty() ? "none" : usable.size()));
    }
    return of(target, usable);
  }

  /** The latest training cut judges those that learnt from what was known by then. */
  private static Cuts of(TargetSettings target, List<LocalDate> usable) {
    var slices = new LinkedHashMap<LocalDate, Slice>();
    slices.put(usable.get(0), Slice.TEST);
    slices.put(usable.get(1), Slice.CALIBRATION);
    LocalDate judge = usable.get(2);
    slices.put(judge, Slice.JUDGE);
    for (LocalDate cut : usable.subList(3, usable.size())) {
      boolean known = !cut.plusDays(target.span()).isAfter(judge);
      slices.put(cut, known ? Slice.EARLIER : Slice.BETWEEN);
    }
    return new Cuts(slices);
  }

  LocalDate test() {
    return slices.keySet().iterator().next();
  }

  /** Returns the {@link Slice} of an example by its cut, null where it has none. */
  Column slice() {
    Column slice = lit(null).cast(Slice.COLUMN.type());
    for (var each : slices.entrySet()) {
      Column is = CustomerFeatures.AS_OF.col().equalTo(lit(Date.valueOf(each.getKey())));
      slice = when(is, lit(each.getValue().name())).otherwise(slice);
    }
    return slice;
  }

  private static boolean isLateEnough(LocalDate cut, int horizon, Optional<LocalDate> first) {
    return first.filter(day -> !cut.isBefore(day.plusDays(horizon))).isPresent();
  }
}
