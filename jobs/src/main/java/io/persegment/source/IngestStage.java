package io.persegment.source;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.struct;

import com.univocity.parsers.common.TextParsingException;
import io.persegment.config.Problems;
import io.persegment.conformed.ConformedTable;
import io.persegment.run.Stage;
import io.persegment.run.StageContext;
import io.persegment.run.StageReport;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
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
    var landing = new Landing(lake);
    Map<ReadSettings, List<FoundFile>> found = found(reader, landing);
    Map<SourceSettings, Intake> intakes = new LinkedHashMap<>();
    Map<SourceSettings, List<Batch>> batches = new LinkedHashMap<>();
    for (SourceSettings source : sources) {
      Map<String, FoundFile> known = known(source, lake);
      if (source.read().feed().isPresent() && replay.isEmpty()) {
        Set<String> done = new HashSet<>(known.keySet());
        done.removeAll(withRefusedRows(source.name(), Optional.empty(), lake)); // for a replay
        found.put(source.read(), landing.land(source, done, position(known), context.startedAt()));
      }
      List<FoundFile> there = new ArrayList<>(found.get(source.read()));
      List<FoundFile> unfinished =
          reader.unfinished(source.read(), newOf(there, known), context.startedAt());
      leave(source, unfinished, context.report());
      there.removeAll(unfinished);
      Intake intake = intake(source, there, known, lake);
      intakes.put(source, intake);
      batches.put(source, batches(source, intake.toRead(), found, reader));
    }
    check(batches, new Problems());
    intakes.forEach(
        (source, intake) -> {
          context.report().rows(source.name() + ".files", intake.files().size());
          if (!intake.files().isEmpty()) {
            new SourceRun(source, intake, batches.get(source), context).ingest();
          }
        });
  }

  private Intake intake(
      SourceSettings source, List<FoundFile> there, Map<String, FoundFile> known, Lake lake) {
    List<FoundFile> files =
        replay.isPresent() ? again(source, there, known.keySet(), lake) : newOf(there, known);
    if (source.mode() == SourceSettings.Mode.SNAPSHOT) {
      return Intake.ofSnapshots(source, files, there, known.keySet());
    }
    boolean all = replay.map(Replay::all).orElse(false);
    return new Intake(files, files, all, 1);
  }

  /** Returns those of the files that are there that are to be read again. */
  private List<FoundFile> again(
      SourceSettings source, List<FoundFile> there, Set<String> known, Lake lake) {
    Set<String> paths = there.stream().map(FoundFile::path).collect(Collectors.toSet());
    Set<String> wanted =
        replay.orElseThrow().all()
            ? known
            : withRefusedRows(source.name(), replay.get().from(), lake);
    List<String> gone = wanted.stream().filter(path -> !paths.contains(path)).sorted().toList();
    if (!gone.isEmpty()) {
      throw source.read().feed().isPresent()
          ? SourceErrors.notAgain(source)
          : SourceErrors.filesGone(source.name(), gone);
    }
    return replay.get().all()
        ? there
        : there.stream().filter(file -> wanted.contains(file.path())).toList();
  }

  private static Set<String> withRefusedRows(String source, Optional<LocalDate> from, Lake lake) {
    Dataset<Row> refused =
        lake.readOrEmpty(Quarantine.TABLE).where(Quarantine.SOURCE_NAME.col().equalTo(source));
    if (from.isPresent()) {
      Timestamp since = Timestamp.from(from.get().atStartOfDay(ZoneOffset.UTC).toInstant());
      refused = refused.where(Quarantine.INGESTED_AT.col().geq(since));
    }
    return refused.select(Quarantine.SOURCE_FILE.col()).distinct().collectAsList().stream()
        .map(row -> row.getString(0)) // one row a file
        .collect(Collectors.toSet());
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
      String file = unreadable.get().getMessageParameters().getOrDefault("path", "a file");
      boolean tooLong =
          Stream.iterate(e, Objects::nonNull, Throwable::getCause)
              .filter(TextParsingException.class::isInstance)
              .anyMatch(each -> String.valueOf(each.getMessage()).contains("number of characters"));
      throw tooLong ? SourceErrors.tooLong(file, e) : SourceErrors.unreadable(file, e);
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
      Map<String, FoundFile> known = known(source, lake);
      List<FoundFile> there = new ArrayList<>(found.get(source.read()));
      there.removeAll(reader.unfinished(source.read(), newOf(there, known), Instant.now()));
      var paths = new ArrayList<String>();
      intake(source, there, known, lake).toRead().forEach(file -> paths.add(file.path()));
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
        lookup.read().ifPresent(read -> found.put(read, reader.list(read, problems)));
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

  /** Returns the files that were read to their end before, as they were then, by path. */
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
