package io.persegment.publish;

import static org.apache.spark.sql.functions.max;

import io.persegment.table.Field;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The last release, which the next one is compared with.
 *
 * @param releaseId empty where nothing was ever released
 * @param audience rows of {@link Audience} as that release left them; what a killed publish wrote
 *     since is not among them
 */
record Predecessor(Optional<String> releaseId, Dataset<Row> audience) {
  /**
   * Returns the last release of {@code lake}. Where its audience is gone, as after gold tables were
   * deleted to be built anew, it is put together from all changes: tools still have it. Actions, on
   * the small table of releases and the ids of changes.
   *
   * @param declared columns of the shop's own
   */
  static Predecessor in(Lake lake, List<Field> declared) {
    Table table = Audience.table(declared);
    Optional<Row> last =
        lake
            .readOrEmpty(Releases.TABLE)
            .orderBy(Releases.RELEASE_ID.col().desc())
            .select(Releases.RELEASE_ID.col(), Releases.TABLE_VERSIONS.col())
            .takeAsList(1)
            .stream()
            .findFirst();
    if (last.isPresent() && lake.exists(Audience.TABLE)) {
      Map<String, Long> versions = last.get().getJavaMap(1);
      return new Predecessor(Optional.of(last.get().getString(0)), audience(lake, table, versions));
    }
    Optional<String> changed = last.map(row -> row.getString(0)).or(() -> lastChanges(lake));
    return new Predecessor(
        changed,
        changed
            .map(id -> History.audience(lake, id, declared))
            .orElseGet(() -> lake.spark().createDataFrame(List.of(), table.schema())));
  }

  /** Returns the id of the release after this one: the same until that one is complete. */
  String nextId() {
    return "r%06d".formatted(1 + releaseId.map(id -> Long.parseLong(id.substring(1))).orElse(0L));
  }

  private static Dataset<Row> audience(Lake lake, Table table, Map<String, Long> versions) {
    long released = versions.getOrDefault(table.name(), Long.MAX_VALUE);
    boolean goneOn = lake.version(table).orElse(-1) > released;
    return goneOn ? lake.readAt(table, released) : lake.read(table);
  }

  private static Optional<String> lastChanges(Lake lake) {
    return Optional.ofNullable(
        lake.readOrEmpty(AudienceChanges.TABLE)
            .agg(max(AudienceChanges.RELEASE_ID.col()))
            .head()
            .getString(0));
  }
}
