package io.persegment.publish;

import io.persegment.table.Lake;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The last release, which the next one is compared with.
 *
 * @param releaseId null where nothing was ever released
 * @param audience rows of {@link Audience} as that release left them; what a killed publish wrote
 *     since is not among them
 */
record Predecessor(Optional<String> releaseId, Dataset<Row> audience) {

  /** Returns the last release of {@code lake}. An action, on the small table of releases. */
  static Predecessor in(Lake lake) {
    Optional<Row> last =
        lake
            .readOrEmpty(Releases.TABLE)
            .orderBy(Releases.RELEASE_ID.col().desc())
            .select(Releases.RELEASE_ID.col(), Releases.TABLE_VERSIONS.col())
            .takeAsList(1)
            .stream()
            .findFirst();
    return new Predecessor(
        last.map(row -> row.getString(0)),
        last.map(row -> row.<String, Long>getJavaMap(1))
            .map(versions -> audience(lake, versions))
            .orElseGet(() -> lake.readOrEmpty(Audience.TABLE).limit(0)));
  }

  /** Returns the id of the release after this one: the same until that one is complete. */
  String nextId() {
    return "r%06d".formatted(1 + releaseId.map(id -> Long.parseLong(id.substring(1))).orElse(0L));
  }

  private static Dataset<Row> audience(Lake lake, Map<String, Long> versions) {
    long released = versions.getOrDefault(Audience.TABLE.name(), Long.MAX_VALUE);
    boolean goneOn = lake.version(Audience.TABLE).orElse(-1) > released;
    return goneOn ? lake.readAt(Audience.TABLE, released) : lake.readOrEmpty(Audience.TABLE);
  }
}
