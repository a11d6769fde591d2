package io.persegment.source;

import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.struct;

import io.persegment.config.Problems;
import io.persegment.conformed.ConformedTable;
import io.persegment.run.Stage;
import io.persegment.run.StageContext;
import io.persegment.run.StageReport;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Row;

/** Takes in what is new in the shop's exports: each row accepted, or quarantined with reasons. */
public final class IngestStage implements Stage {
  private final List<SourceSettings> sources;

  public IngestStage(List<SourceSettings> sources) {
    this.sources = List.copyOf(sources);
  }

  @Override
  public String name() {
    return "ingest";
  }

  @Override
  public String summary() {
    return "Take in new files of every source; refuse bad rows into quarantine.";
  }

  @Override
  public List<Table> reads() {
    return List.of();
  }

  @Override
  public List<Table> writes() {
    var tables = new ArrayList<Table>();
    for (ConformedTable each : ConformedTable.ALL) {
      boolean fed =
          sources.isEmpty() // as when all tables are asked for, before there are settings
              || sources.stream()
                  .flatMap(source -> source.targets().stream())
                  .anyMatch(target -> target.into().equals(each));
      if (fed) {
        tables.add(each.table());
      }
    }
    tables.add(Quarantine.TABLE);
    tables.add(SourceFiles.TABLE);
    return tables;
  }

  @Override
  public boolean describesThePresent() {
    return true;
  }

  @Override
  public void run(StageContext context) {
    explaining(() -> ingest(context));
  }

  private void ingest(StageContext context) {
    Lake lake = context.lake();
    var reader = new Reader(lake.spark());
    var landing = new Landing(lake);
    Map<ReadSettings, List<FoundFile>> found = found(reader, landing);
    Map<SourceSettings, List<FoundFile>> newFiles = new LinkedHashMap<>();
    Map<SourceSettings, List<Batch>> batches = new LinkedHashMap<>();
    for (SourceSettings source : sources) {
      Map<String, FoundFile> known = known(source, lake);
      if (source.read().feed().isPresent()) {
        found.put(
            source.read(),
            landing.land(source, known.keySet(), position(known), context.startedAt()));
      }
      var files = new ArrayList<>(newOf(found.get(source.read()), known));
      List<FoundFile> unfinished = reader.unfinished(source.read(), files, context.startedAt());
      leave(source, unfinished, context.report());
      files.removeAll(unfinished);
      newFiles.put(source, files);
      batches.put(source, batches(source, files, found, reader));
    }
    check(batches, new Problems());
    for (SourceSettings source : sources) {
      List<FoundFile> files = newFiles.get(source);
      context.report().rows(source.name() + ".files", files.size());
      if (!files.isEmpty()) {
        new SourceRun(source, files, batches.get(source), context).ingest();
      }
    }
  }

  private static void leave(SourceSettings source, List<FoundFile> unfinished, StageReport report) {
    if (!unfinished.isEmpty()) {
      report.rows(source.name() + ".files_unfinished", unfinished.size());
      report.note(
          "%s: %d files may still be being written (read.%s) and are left for the next run, such as %s"
              .formatted(
                  source.name(),
                  unfinished.size(),
                  source.read().marker().isPresent() ? "marker" : "settle",
                  unfinished.get(0).path()));
    }
  }

  /** Does {@code work}; says which file Spark could not read to its end. */
  private static void explaining(Runnable work) {
    try {
      work.run();
    } catch (Throwable e) { // Spark's own are checked, which Scala throws without saying so
      Optional<SparkThrowable> unreadable =
          Stream.iterate(e, Objects::nonNull, Throwable::getCause)
              .filter(SparkThrowable.class::isInstance)
              .map(SparkThrowable.class::cast)
              .filter(each -> String.valueOf(each.getCondition()).startsWith("FAILED_READ_FILE"))
              .findFirst();
      if (unreadable.isEmpty()) {
        throw e;
      }
      throw SourceErrors.unreadable(
          unreadable.get().getMessageParameters().getOrDefault("path", "a file"), e);
    }
  }

  /**
   * Returns the files that the next run would read, by source, and what it would land. Starts no
   * job but to read the lake.
   */
  public Map<String, List<String>> wouldRead(Lake lake) {
    var reader = new Reader(lake.spark());
    var would = new LinkedHashMap<String, List<String>>();
    Map<ReadSettings, List<FoundFile>> found = found(reader, new Landing(lake));
    for (SourceSettings source : sources) {
      var paths = new ArrayList<String>();
      List<FoundFile> files = newOf(found.get(source.read()), known(source, lake));
      List<FoundFile> unfinished = reader.unfinished(source.read(), files, Instant.now());
      files.stream()
          .filter(file -> !unfinished.contains(file))
          .forEach(file -> paths.add(file.path()));
      source.read().feed().ifPresent(feed -> paths.add("what is new in " + feed.title()));
      would.put(source.name(), List.copyOf(paths));
    }
    return would;
  }

  /**
   * Holds every expression against the files that there are, whether read before or not.
   *
   * @throws io.persegment.error.PersegmentException naming every mistake
   */
  public void check(Lake lake) {
    explaining(
        () -> {
          var reader = new Reader(lake.spark());
          var landing = new Landing(lake);
          var problems = new Problems();
          Map<ReadSettings, List<FoundFile>> found = found(reader, landing);
          Map<SourceSettings, List<Batch>> batches = new LinkedHashMap<>();
          for (SourceSettings source : sources) {
            if (source.read().feed().isPresent()) {
              Batch shape = landing.shape(source, problems);
              batches.put(
                  source,
                  shape.columns().isEmpty()
                      ? List.of()
                      : List.of(Lookups.joined(shape, source, found, reader)));
            } else {
              var files = new ArrayList<>(found.get(source.read()));
              files.removeAll(reader.unfinished(source.read(), files, Instant.now()));
              batches.put(source, batches(source, files, found, reader));
            }
          }
          check(batches, problems);
        });
  }

  /** Returns what there is to read, of sources and lookups, before any of it is read. */
  private Map<ReadSettings, List<FoundFile>> found(Reader reader, Landing landing) {
    var problems = new Problems();
    Map<ReadSettings, List<FoundFile>> found = new LinkedHashMap<>();
    for (SourceSettings source : sources) {
      found.put(
          source.read(),
          source.read().feed().isPresent()
              ? landing.pending(source)
              : reader.list(source.read(), problems));
      for (LookupSettings lookup : source.lookups()) {
        found.put(lookup.read(), reader.list(lookup.read(), problems));
      }
    }
    problems.throwIfAny();
    List<ReadSettings> without =
        found.keySet().stream()
            .filter(read -> read.feed().isEmpty() && found.get(read).isEmpty())
            .toList();
    if (!without.isEmpty()) {
      throw SourceErrors.noFiles(without);
    }
    return found;
  }

  private static void check(Map<SourceSettings, List<Batch>> batches, Problems problems) {
    batches.forEach(
        (source, all) -> all.forEach(batch -> new SourceCheck(source, problems).check(batch)));
    problems.throwIfAny();
  }

  private static List<Batch> batches(
      SourceSettings source,
      List<FoundFile> files,
      Map<ReadSettings, List<FoundFile>> found,
      Reader reader) {
    return files.isEmpty()
        ? List.of()
        : reader.batches(source.read(), files).stream()
            .map(batch -> Lookups.joined(batch, source, found, reader))
            .toList();
  }

  /** Returns the files that were not read to their end before as they are now. */
  private static List<FoundFile> newOf(List<FoundFile> found, Map<String, FoundFile> known) {
    return found.stream().filter(file -> !file.isAs(known.get(file.path()))).toList();
  }

  /** Returns the files that were read to their end, as they were then, by their paths. */
  private static Map<String, FoundFile> known(SourceSettings source, Lake lake) {
    Map<String, FoundFile> known = new HashMap<>();
    lake.readOrEmpty(SourceFiles.TABLE)
        .where(SourceFiles.SOURCE.col().equalTo(source.name()))
        .groupBy(SourceFiles.PATH.col())
        .agg(
            max_by(
                struct(
                    SourceFiles.SIZE.col(), SourceFiles.MODIFIED.col(), SourceFiles.POSITION.col()),
                SourceFiles.INGESTED_AT.col()))
        .collectAsList() // one row a file
        .forEach(row -> known.put(row.getString(0), toFound(row.getString(0), row.getStruct(1))));
    return known;
  }

  /** Returns how far a source with a cursor was read: names of landed files grow with time. */
  private static Optional<String> position(Map<String, FoundFile> known) {
    return known.values().stream()
        .filter(file -> file.position().isPresent())
        .max(Comparator.comparing(FoundFile::path))
        .flatMap(FoundFile::position);
  }

  private static FoundFile toFound(String path, Row file) {
    return new FoundFile(
        path,
        file.getLong(0),
        file.getTimestamp(1).toInstant(),
        Optional.ofNullable(file.getString(2)));
  }
}
