package io.persegment.source;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.struct;

import io.persegment.config.Problems;
import io.persegment.conformed.ConformedTable;
import io.persegment.run.Stage;
import io.persegment.run.StageContext;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import java.sql.Timestamp;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Takes in what is new in the shop's exports: each row accepted, or quarantined with reasons. */
public final class IngestStage implements Stage {
  private final List<SourceSettings> sources;
  private final Map<String, Retired> retired;
  private final Optional<Replay> replay;

  private IngestStage(
      List<SourceSettings> sources, Map<String, Retired> retired, Optional<Replay> replay) {
    this.sources = List.copyOf(sources);
    this.retired = Map.copyOf(retired);
    this.replay = replay;
  }

  /** Returns the stage for {@code sources}, and for what was of those that are no more. */
  public static IngestStage of(List<SourceSettings> sources, Map<String, Retired> retired) {
    return new IngestStage(sources, retired, Optional.empty());
  }

  /**
   * Returns a stage that reads again what {@code again} says, and nothing else.
   *
   * @throws io.persegment.error.PersegmentException where there is no such source
   */
  public IngestStage replaying(Replay again) {
    List<SourceSettings> one =
        sources.stream().filter(source -> source.name().equals(again.source())).toList();
    if (one.isEmpty()) {
      throw SourceErrors.noSource(
          again.source(), sources.stream().map(SourceSettings::name).toList());
    }
    return new IngestStage(one, retired, Optional.of(again));
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
    tables.add(Deletions.TABLE);
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
    if (replay.isEmpty()) {
      new Retirement(sources, retired, context).retire();
    }
    var reader = new Reader(lake.spark());
    Map<ReadSettings, List<FoundFile>> found = found(reader);
    Map<SourceSettings, Intake> intakes = new LinkedHashMap<>();
    Map<SourceSettings, List<Batch>> batches = new LinkedHashMap<>();
    for (SourceSettings source : sources) {
      Intake intake = intake(source, found, lake);
      intakes.put(source, intake);
      batches.put(source, batches(source, intake.toRead(), found, reader));
    }
    check(batches).throwIfAny();
    intakes.forEach(
        (source, intake) -> {
          context.report().rows(source.name() + ".files", intake.files().size());
          if (!intake.files().isEmpty()) {
            new SourceRun(source, intake, batches.get(source), context).ingest();
          }
        });
  }

  private Intake intake(
      SourceSettings source, Map<ReadSettings, List<FoundFile>> found, Lake lake) {
    Map<String, FoundFile> known = known(source, lake);
    List<FoundFile> there = found.get(source.read());
    List<FoundFile> files =
        replay.isPresent()
            ? again(replay.get(), there, known.keySet(), lake)
            : there.stream().filter(file -> !file.equals(known.get(file.path()))).toList();
    if (source.mode() == SourceSettings.Mode.SNAPSHOT) {
      return Intake.ofSnapshots(source, files, there, known.keySet());
    }
    boolean all = replay.map(Replay::all).orElse(false);
    return new Intake(files, files, all, 1);
  }

  /** Returns those of the files that are there that are to be read again. */
  private static List<FoundFile> again(
      Replay replay, List<FoundFile> there, Set<String> known, Lake lake) {
    Set<String> paths = there.stream().map(FoundFile::path).collect(Collectors.toSet());
    if (replay.all()) {
      List<String> gone = known.stream().filter(path -> !paths.contains(path)).sorted().toList();
      if (!gone.isEmpty()) {
        throw SourceErrors.filesGone(replay.source(), gone);
      }
      return there;
    }
    Dataset<Row> refused =
        lake.readOrEmpty(Quarantine.TABLE)
            .where(Quarantine.SOURCE_NAME.col().equalTo(replay.source()));
    if (replay.from().isPresent()) {
      refused =
          refused.where(
              Quarantine.INGESTED_AT
                  .col()
                  .geq(
                      Timestamp.from(
                          replay.from().get().atStartOfDay(ZoneOffset.UTC).toInstant())));
    }
    Set<String> wanted = new HashSet<>();
    refused
        .select(Quarantine.SOURCE_FILE.col())
        .distinct()
        .collectAsList() // one row a file
        .forEach(row -> wanted.add(row.getString(0)));
    List<String> gone = wanted.stream().filter(path -> !paths.contains(path)).sorted().toList();
    if (!gone.isEmpty()) {
      throw SourceErrors.filesGone(replay.source(), gone);
    }
    return there.stream().filter(file -> wanted.contains(file.path())).toList();
  }

  /** Returns the sources of whose rows some were made with other settings than today's. */
  public List<String> madeOtherwise(Lake lake) {
    Dataset<Row> files = lake.readOrEmpty(SourceFiles.TABLE);
    return sources.stream()
        .filter(
            source ->
                !files
                    .where(SourceFiles.SOURCE.col().equalTo(source.name()))
                    .groupBy(SourceFiles.PATH.col())
                    .agg(
                        max_by(SourceFiles.SETTINGS_HASH.col(), SourceFiles.INGESTED_AT.col())
                            .as("hash"))
                    .where(col("hash").notEqual(source.hash()))
                    .isEmpty())
        .map(SourceSettings::name)
        .toList();
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
   * Returns the files that the next run would read, by source. Starts no job but to read the lake.
   */
  public Map<String, List<String>> wouldRead(Lake lake) {
    var reader = new Reader(lake.spark());
    var files = new LinkedHashMap<String, List<String>>();
    Map<ReadSettings, List<FoundFile>> found = found(reader);
    for (SourceSettings source : sources) {
      files.put(
          source.name(),
          intake(source, found, lake).toRead().stream().map(FoundFile::path).toList());
    }
    return files;
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
          Map<ReadSettings, List<FoundFile>> found = found(reader);
          Map<SourceSettings, List<Batch>> batches = new LinkedHashMap<>();
          for (SourceSettings source : sources) {
            batches.put(source, batches(source, found.get(source.read()), found, reader));
          }
          check(batches).throwIfAny();
        });
  }

  /** Returns what there is to read, of sources and lookups, before any of it is read. */
  private Map<ReadSettings, List<FoundFile>> found(Reader reader) {
    var problems = new Problems();
    Map<ReadSettings, List<FoundFile>> found = new LinkedHashMap<>();
    for (SourceSettings source : sources) {
      found.put(source.read(), reader.list(source.read(), problems));
      for (LookupSettings lookup : source.lookups()) {
        lookup.read().ifPresent(read -> found.put(read, reader.list(read, problems)));
      }
    }
    problems.throwIfAny();
    List<ReadSettings> without =
        found.keySet().stream().filter(read -> found.get(read).isEmpty()).toList();
    if (!without.isEmpty()) {
      throw SourceErrors.noFiles(without);
    }
    return found;
  }

  private static Problems check(Map<SourceSettings, List<Batch>> batches) {
    var problems = new Problems();
    batches.forEach(
        (source, all) -> all.forEach(batch -> new SourceCheck(source, problems).check(batch)));
    return problems;
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

  /** Returns the files that were read to their end before, as they were then, by path. */
  private static Map<String, FoundFile> known(SourceSettings source, Lake lake) {
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
    return known;
  }

  private static FoundFile toFound(String path, Row sizeAndModified) {
    return new FoundFile(
        path, sizeAndModified.getLong(0), sizeAndModified.getTimestamp(1).toInstant());
  }
}
