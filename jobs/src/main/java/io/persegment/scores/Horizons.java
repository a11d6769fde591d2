package io.persegment.scores;

import io.persegment.conformed.Orders;
import io.persegment.features.Outcome;
import io.persegment.table.Lake;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Holds horizons against how long a time there are events of. */
public final class Horizons {
  private Horizons() {}

  /**
   * Makes sure that no horizon is longer than the history: such a target can never be foretold. A
   * lake without any events says nothing yet. An action a table.
   *
   * @throws io.persegment.error.PersegmentException naming every target whose horizon is
   */
  public static void check(
      Lake lake, List<TargetSettings> targets, List<LifetimeSettings> lifetimes) {
    var days = new TreeMap<String, Optional<Outcome.Days>>();
    var wrong = new ArrayList<String>();
    for (TargetSettings target : targets) {
      if (target.goal() instanceof TargetSettings.Goal.Later later) {
        days.computeIfAbsent(later.outcome().table(), table -> later.outcome().delivered(lake))
            .filter(known -> length(known) < target.horizon())
            .ifPresent(known -> wrong.add(sentence(target.name(), target.horizon(), known)));
      }
    }
    for (LifetimeSettings target : lifetimes) {
      days.computeIfAbsent(Orders.TABLE.name(), table -> Outcome.ordered(lake))
          .filter(known -> target.of().isWithinHorizon() && length(known) < target.horizon())
          .ifPresent(known -> wrong.add(sentence(target.name(), target.horizon(), known)));
    }
    if (!wrong.isEmpty()) {
      throw ScoreErrors.horizons(wrong);
    }
  }

  private static long length(Outcome.Days days) {
    return ChronoUnit.DAYS.between(days.first(), days.last()) + 1;
  }

  private static String sentence(String target, int horizon, Outcome.Days days) {
    return "targets.%s.horizon is %d days, longer than the %d days of events from %s to %s"
        .formatted(target, horizon, length(days), days.first(), days.last());
  }
}
