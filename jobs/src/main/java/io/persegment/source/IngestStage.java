package io.persegment.source;

import com.univocity.parsers.common.TextParsingException;
import io.persegment.config.Problems;
import io.persegment.conformed.ConformedTable;
import io.persegment.conformed.Consents;
import io.persegment.conformed.EmailEvents;
import io.persegment.run.Stage;
import io.persegment.run.StageContext;
import io.persegment.run.StageReport;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import java.time.Instant;
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
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.SparkThrowable;

/** Takes in what is new in the shop's exports: each row accepted, or quarantined with reasons. */
public final class IngestStage implements Stage {
  private final String name;
  private final List<SourceSettings> sources;
  private final Map<String, Retired> retired;
  private final Optional<Replay> replay;

  private IngestStage(
      String name,
      List<SourceSettings> sources,
      Map<String, Retired> retired,
      Optional<Replay> replay) {
    this.name = name;
    this.sources = List.copyOf(sources);
    this.retired = Map.copyOf(retired);
    this.replay = replay;
  }

  /** Returns the stage for {@code sources}, and for what was of those that are no more. */
  public static IngestStage of(List<SourceSettings> sources, Map<String, Retired> retired) {
    return new IngestStage("ingest", sources, retired, Optional.empty());
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
    return new IngestStage(name, one, retired, Optional.of(again));
  }

  @Override
  public String name() {
    return name;
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

  /** Takes in what says who may be written to: a no that came late must not wait for a night. */
  @Override
  public Optional<Stage> evenIfDone() {
    List<SourceSettings> saying =
        sources.stream().filter(IngestStage::saysWhoMayBeWritten).toList();
    if (saying.isEmpty() || replay.isPresent()) {
      return Optional.empty();
    }
    Map<String, Retired> others = new HashMap<>();
    retired.keySet().forEach(name -> others.put(name, Retired.KEEP));
    sources.forEach(source -> others.put(source.name(), Retired.KEEP));
    saying.forEach(source -> others.remove(source.name()));
    return Optional.of(new IngestStage("consents", saying, others, Optional.empty()));
  }

  private static boolean saysWhoMayBeWritten(SourceSettings source) {
    return source.targets().stream()
        .map(target -> target.into().table())
        .anyMatch(table -> table.equals(Consents.TABLE) || table.equals(EmailEvents.TABLE));
  }

  @Override
  public void run(StageContext context) {
    explaining(() -> ingest(context));
  }

  private void ingest(StageContext context) {
    Lake lake = context.lake();
    var before = ReadBefore.in(lake);
    if (replay.isEmpty()) {
      var retirement = new Retirement(sources, retired, before);
      retirement.require();
      retirement.drop(context);
    }
    var reader = new Reader(lake.spark());
    var landing = new Landing(lake);
    Map<ReadSettings, List<FoundFile>> found = found(reader, landing);
    Map<SourceSettings, Intake> intakes = new LinkedHashMap<>();
    Map<SourceSettings, List<Batch>> batches = new LinkedHashMap<>();
    for (SourceSettings source : sources) {
      String name = source.name();
      if (source.read().feed().isPresent() && replay.isEmpty()) {
        Set<String> done = new HashSet<>(before.paths(name));
        done.removeAll(before.withRefusedRows(name, Instant.EPOCH)); // for a replay
        found.put(
            source.read(), landing.land(source, done, before.position(name), context.startedAt()));
      }
      List<FoundFile> there = new ArrayList<>(found.get(source.read()));
      List<FoundFile> unfinished =
          reader.unfinished(source.read(), before.newOf(name, there), context.startedAt());
      leave(source, unfinished, context.report());
      there.removeAll(unfinished);
      Intake intake = intake(source, there, before);
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

  private Intake intake(SourceSettings source, List<FoundFile> there, ReadBefore before) {
    String name = source.name();
    List<FoundFile> files =
        replay.isPresent() ? again(source, there, before) : before.newOf(name, there);
    Set<String> refused = before.withRefusedRows(name, Instant.EPOCH);
    if (source.mode() == SourceSettings.Mode.SNAPSHOT) {
      return Intake.ofSnapshots(source, files, there, before.paths(name), refused);
    }
    boolean all = replay.map(Replay::all).orElse(false);
    return Intake.of(files, all, refused);
  }

  /** Returns those of the files that are there that are to be read again. */
  private List<FoundFile> again(SourceSettings source, List<FoundFile> there, ReadBefore before) {
    if (source.mode() == SourceSettings.Mode.SNAPSHOT) {
      return there; // of which the newest counts
    }
    Instant since =
        replay
            .flatMap(Replay::from)
            .map(day -> day.atStartOfDay(ZoneOffset.UTC).toInstant())
            .orElse(Instant.EPOCH);
    boolean all = replay.orElseThrow().all();
    Set<String> wanted =
        all ? before.paths(source.name()) : before.withRefusedRows(source.name(), since);
    var gone = new TreeSet<String>(wanted);
    there.forEach(file -> gone.remove(file.path()));
    if (!gone.isEmpty()) {
      throw source.read().feed().isPresent()
          ? SourceErrors.notAgain(source)
          : SourceErrors.filesGone(source.name(), gone);
    }
    return all ? there : there.stream().filter(file -> wanted.contains(file.path())).toList();
  }

  /** Returns the sources of whose rows some were made with other settings than today's. */
  public List<String> madeOtherwise(Lake lake) {
    var before = ReadBefore.in(lake);
    return sources.stream().filter(before::madeOtherwise).map(SourceSettings::name).toList();
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
    var before = ReadBefore.in(lake);
    for (SourceSettings source : sources) {
      List<FoundFile> there = new ArrayList<>(found.get(source.read()));
      there.removeAll(
          reader.unfinished(source.read(), before.newOf(source.name(), there), Instant.now()));
      var paths = new ArrayList<String>();
      intake(source, there, before).toRead().forEach(file -> paths.add(file.path()));
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
          new Retirement(sources, retired, ReadBefore.in(lake)).require();
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
}
