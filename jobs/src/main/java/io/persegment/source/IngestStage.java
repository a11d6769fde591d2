package io.persegment.source;

import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.struct;

import io.persegment.config.Problems;
import io.persegment.conformed.ConformedTable;
import io.persegment.error.PersegmentException;
import io.persegment.run.Stage;
import io.persegment.run.StageContext;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
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
    Lake lake = context.lake();
    var reader = new Reader(lake.spark());
    Map<SourceSettings, List<FoundFile>> newFiles = new LinkedHashMap<>();
    found(reader).forEach((source, files) -> newFiles.put(source, newOf(source, files, lake)));
    Map<SourceSettings, List<Batch>> batches = new LinkedHashMap<>();
    newFiles.forEach((source, files) -> batches.put(source, batches(source, files, reader)));
    check(batches).throwIfAny();
    for (SourceSettings source : sources) {
      List<FoundFile> files = newFiles.get(source);
      context.report().rows(source.name() + ".files", files.size());
      if (!files.isEmpty()) {
        var run = new SourceRun(source, files, batches.get(source), context);
        reading(
            source,
            () -> {
              run.ingest();
              return files;
            });
      }
    }
  }

  /** Returns what {@code work} does; says which file Spark could not read to its end. */
  private static <T> T reading(SourceSettings source, Supplier<T> work) {
    try {
      return work.get();
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
      String file = unreadable.get().getMessageParameters().getOrDefault("path", "a file");
      throw SourceErrors.cutOff(source, file, e);
    }
  }

  /**
   * Returns the files that the next run would read, by source. Starts no job but to read the lake.
   */
  public Map<String, List<String>> wouldRead(Lake lake) {
    var reader = new Reader(lake.spark());
    var files = new LinkedHashMap<String, List<String>>();
    found(reader)
        .forEach(
            (source, all) ->
                files.put(
                    source.name(),
                    newOf(source, all, lake).stream().map(FoundFile::path).toList()));
    return files;
  }

  /**
   * Holds every expression against the files that there are, whether read before or not.
   *
   * @throws io.persegment.error.PersegmentException naming every mistake
   */
  public void check(Lake lake) {
    var reader = new Reader(lake.spark());
    Map<SourceSettings, List<Batch>> batches = new LinkedHashMap<>();
    found(reader).forEach((source, files) -> batches.put(source, batches(source, files, reader)));
    check(batches).throwIfAny();
  }

  /** Returns the files of every source, all of them looked for before any is read. */
  private Map<SourceSettings, List<FoundFile>> found(Reader reader) {
    var problems = new Problems();
    var missing = new ArrayList<PersegmentException>();
    Map<SourceSettings, List<FoundFile>> found = new LinkedHashMap<>();
    for (SourceSettings source : sources) {
      try {
        found.put(source, reader.list(source.read(), problems));
        source.lookups().forEach(lookup -> reader.list(lookup.read(), problems));
      } catch (PersegmentException e) { // a mistake in the settings is told before it
        missing.add(e);
      }
    }
    problems.throwIfAny();
    if (!missing.isEmpty()) {
      throw missing.get(0);
    }
    return found;
  }

  private static Problems check(Map<SourceSettings, List<Batch>> batches) {
    var problems = new Problems();
    batches.forEach(
        (source, all) -> all.forEach(batch -> new SourceCheck(source, problems).check(batch)));
    return problems;
  }

  private static List<Batch> batches(SourceSettings source, List<FoundFile> files, Reader reader) {
    if (files.isEmpty()) {
      return List.of();
    }
    return reading(
        source,
        () ->
            reader.batches(source.read(), files).stream()
                .map(batch -> Lookups.joined(batch, source, reader))
                .toList());
  }

  /** Returns the files that were not read to their end before as they are now. */
  private static List<FoundFile> newOf(SourceSettings source, List<FoundFile> found, Lake lake) {
    Map<String, FoundFile> known = new HashMap<>();
    lake.readOrEmpty(SourceFiles.TABLE)
        .where(SourceFiles.SOURCE.col().equalTo(source.name()))
        .groupBy(SourceFiles.PATH.col())
        .agg(
            max_by(
                struct(SourceFiles.SIZE.col(), SourceFiles.MODIFIED.col()),
                SourceFiles.INGESTED_AT.col()))
        .collectAsList() // one row a file
        .forEach(row -> known.put(row.getString(0), toFound(row.getString(0), row.getStruct(1))));
    return found.stream().filter(file -> !file.equals(known.get(file.path()))).toList();
  }

  private static FoundFile toFound(String path, Row sizeAndModified) {
    return new FoundFile(
        path, sizeAndModified.getLong(0), sizeAndModified.getTimestamp(1).toInstant());
  }
}
