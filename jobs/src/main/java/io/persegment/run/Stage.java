package io.persegment.run;

import io.persegment.table.Lake;
import io.persegment.table.Table;
import java.util.List;
import java.util.Optional;

/** One step of the pipeline. Says what it reads and writes, so that the order is checkable. */
public interface Stage {

  /** Name on the command line and in the scheduler, such as {@code features}. */
  String name();

  /** What the stage does, as a sentence for {@code --help}. */
  String summary();

  List<Table> reads();

  List<Table> writes();

  /**
   * Whether the stage's tables describe the shop as it is now rather than one date each. A backfill
   * of an older date leaves such a stage out, as it must not turn the present back.
   */
  default boolean describesThePresent() {
    return false;
  }

  /**
   * Returns what is run, under a name of its own, where this is done for a date and not forced:
   * what must be heard of late, though the rest stays as it is.
   */
  default Optional<Stage> evenIfDone() {
    return Optional.empty();
  }

  /** Returns whether the stage must be run again for a date for which it is done. An action. */
  default boolean isOutdated(Lake lake) {
    return false;
  }

  /** Brings {@link #writes()} up to date with {@link #reads()} for the context's as-of date. */
  void run(StageContext context);
}
