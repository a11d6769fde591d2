package io.persegment.source;

import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.struct;

import io.persegment.table.Lake;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;

/**
 * What earlier runs read of the sources, as it was then, and which of those files have rows in
 * quarantine. Known of all sources at once, by a query of each table.
 */
final class ReadBefore {
  private record Known(FoundFile file, Optional<String> settingsHash) {}

  /** By source, then by path. */
  private final Map<String, Map<String, Known>> files = new HashMap<>();

  /** When a row was refused last, by source, then by path. */
  private final Map<String, Map<String, Instant>> refused = new HashMap<>();

  private ReadBefore() {}

  /** An action. */
  static ReadBefore in(Lake lake) {
    var before = new ReadBefore();
    lake.readOrEmpty(SourceFiles.TABLE)
        .groupBy(SourceFiles.SOURCE.col(), SourceFiles.PATH.col())
        .agg(
            max_by(
                struct(
                    SourceFiles.SIZE.col(),
                    SourceFiles.MODIFIED.col(),
                    SourceFiles.POSITION.col(),
                    SourceFiles.SETTINGS_HASH.col()),
                SourceFiles.INGESTED_AT.col()))
        .collectAsList() // one row a source and file
        .forEach(row -> before.know(row.getString(0), row.getString(1), row.getStruct(2)));
    lake.readOrEmpty(Quarantine.TABLE)
        .groupBy(Quarantine.SOURCE_NAME.col(), Quarantine.SOURCE_FILE.col())
        .agg(max(Quarantine.INGESTED_AT.col()))
        .collectAsList() // one row a source and file with a mistake in it
        .forEach(
            row ->
                before
                    .refused
                    .computeIfAbsent(row.getString(0), source -> new HashMap<>())
                    .put(row.getString(1), row.<Timestamp>getAs(2).toInstant()));
    return before;
  }

  private void know(String source, String path, Row file) {
    var found =
        new FoundFile(
            path,
            file.getLong(0),
            file.getTimestamp(1).toInstant(),
            Optional.ofNullable(file.getString(2)));
    files
        .computeIfAbsent(source, each -> new HashMap<>())
        .put(path, new Known(found, Optional.ofNullable(file.getString(3))));
  }

  /** Returns the names of all sources that anything was read of. */
  Set<String> sources() {
    return files.keySet();
  }

  /** Returns the files that were read to their end. */
  Set<String> paths(String source) {
    return of(source).keySet();
  }

  /** Returns those of the files that were not read to their end as they are now. */
  List<FoundFile> newOf(String source, List<FoundFile> there) {
    Map<String, Known> known = of(source);
    return there.stream()
        .filter(
            file -> !known.containsKey(file.path()) || !file.isAs(known.get(file.path()).file()))
        .toList();
  }

  /** Returns the files of which a row was refused at that time or later and is in quarantine. */
  Set<String> withRefusedRows(String source, Instant since) {
    return refused.getOrDefault(source, Map.of()).entrySet().stream()
        .filter(each -> !each.getValue().isBefore(since))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /** Returns how far a source with a cursor was read: names of landed files grow with time. */
  Optional<String> position(String source) {
    return of(source).values().stream()
        .map(Known::file)
        .filter(file -> file.position().isPresent())
        .max(Comparator.comparing(FoundFile::path))
        .flatMap(FoundFile::position);
  }

  /** Returns whether some of the source's rows were made with other settings than today's. */
  boolean madeOtherwise(SourceSettings source) {
    return of(source.name()).values().stream()
        .anyMatch(
            known -> known.settingsHash().filter(hash -> !hash.equals(source.hash())).isPresent());
  }

  private Map<String, Known> of(String source) {
    return files.getOrDefault(source, Map.of());
  }
}
