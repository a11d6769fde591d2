package io.persegment.publish;

import static org.apache.spark.sql.functions.max;

import io.persegment.table.Field;
import io.persegment.table.Lake;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The last release, which the next one is compared with.
 *
 * @param releaseId empty where nothing was ever released
 * @param asOf of that release; empty where all that is known of it are its changes
 * @param audience rows of {@link Audience} as that release left them; what a killed publish wrote
 *     since is not among them
 * @param isStored whether the table of that name holds just these rows
 */
record Predecessor(
    Optional<String> releaseId, Optional<LocalDate> asOf, Dataset<Row> audience, boolean isStored) {
  /**
   * Returns the last release of {@code lake}. Where its audience is gone, as after gold tables were
   * deleted to be built anew, it is put together from all changes: tools still have it. Actions, on
   * the small table of releases and the ids of changes.
   *
   * @param declared columns of the shop's own
   */
  static Predecessor in(Lake lake, List<Field> declared) {
    List<Released> all = Released.all(lake);
    if (!all.isEmpty()) {
      Released last = all.get(0);
      boolean isStored = last.isStored(lake);
      return new Predecessor(
          Optional.of(last.id()),
          Optional.of(last.asOf()),
          last.audience(lake, declared, isStored),
          isStored);
    }
    Optional<String> changed = lastChanges(lake);
    return new Predecessor(
        changed,
        Optional.empty(),
        changed
            .map(id -> History.audience(lake, id, declared))
            .orElseGet(
                () -> lake.spark().createDataFrame(List.of(), Audience.table(declared).schema())),
        /* isStored= */ false);
  }

  /** Returns the id of the release after this one: the same until that one is complete. */
  String nextId() {
    return "r%06d".formatted(1 + releaseId.map(id -> Long.parseLong(id.substring(1))).orElse(0L));
  }

  private static Optional<String> lastChanges(Lake lake) {
    return Optional.ofNullable(
        lake.readOrEmpty(AudienceChanges.TABLE)
            .agg(max(AudienceChanges.RELEASE_ID.col()))
            .head()
            .getString(0));
  }
}
