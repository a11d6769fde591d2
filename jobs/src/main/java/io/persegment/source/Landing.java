package io.persegment.source;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.from_json;

import io.persegment.config.Problems;
import io.persegment.table.Lake;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.DataStreamReader;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Where rows of a {@link Feed} are written down before they are taken in, so that from there on
 * they are files like any other: {@code _landing/SOURCE} under the lake. A folder a batch, whole
 * once Spark has written its {@code _SUCCESS}; a stream's checkpoint beside them remembers how far
 * was read. A batch whose writing was cut off is written again under its own name. Names grow with
 * time, also across checkpoints, as of two rows without a version the one from the later file
 * counts.
 */
final class Landing {
  private static final String CHECKPOINT = "_checkpoint-";
  private static final DateTimeFormatter SINCE =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS").withZone(ZoneOffset.UTC);

  private final Lake lake;
  private final FileSystem storage;

  Landing(Lake lake) {
    this.lake = lake;
    try {
      this.storage =
          new Path(lake.root()).getFileSystem(lake.spark().sessionState().newHadoopConf());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Removes what was taken in, and lands what is new. An action.
   *
   * @param taken files that were read to their end
   * @param position of those, of a source with a cursor
   * @return the files that there are to read
   */
  List<FoundFile> land(
      SourceSettings source, Set<String> taken, Optional<String> position, Instant now) {
    for (Path folder : folders(source)) {
      if (!isWhole(folder)
          || files(folder).stream().allMatch(file -> taken.contains(file.path()))) {
        delete(folder);
      }
    }
    Feed feed = source.read().feed().orElseThrow();
    if (feed instanceof Feed.Jdbc jdbc) {
      return land(source, jdbc, position, now);
    }
    String since = checkpoint(source).orElse(SINCE.format(now));
    Path checkpoint = new Path(folder(source), CHECKPOINT + since);
    try {
      stream(source, feed, since, checkpoint);
    } catch (StreamingQueryException e) {
      if (!failedToTellItsProgress(e)) {
        throw SourceErrors.stream(source, feed, checkpoint.toString(), e);
      }
      streamAgain(source, feed, since, checkpoint);
    }
    return pending(source);
  }

  /** Removes all that was landed of a source, and what remembers how far it was read. */
  void forget(String source) {
    delete(new Path(lake.folder("landing"), source));
  }

  /** Returns the files that were landed and are whole. */
  List<FoundFile> pending(SourceSettings source) {
    return batches(source).stream().flatMap(folder -> files(folder).stream()).toList();
  }

  /**
   * Returns the source's columns, without a row. Lands nothing, and starts no job but to read the
   * properties of a Delta table.
   */
  Batch shape(SourceSettings source, Problems problems) {
    StructType all = schema(source.read().feed().orElseThrow(), problems);
    for (StructField field : extras(source).fields()) {
      all = all.add(field);
    }
    List<String> columns = Arrays.asList(all.fieldNames());
    Dataset<Row> none =
        lake.spark()
            .createDataFrame(
                List.of(),
                all.add(Batch.CORRUPT, DataTypes.StringType).add(Batch.FILE, DataTypes.StringType));
    return new Batch(columns, none);
  }

  private StructType schema(Feed feed, Problems problems) {
    if (feed instanceof Feed.Delta delta) {
      return DeltaSource.schema(lake.spark(), delta, problems);
    }
    return feed instanceof Feed.Jdbc jdbc
        ? new JdbcSource(lake.spark(), jdbc).schema(problems)
        : ((Feed.Kafka) feed).schema();
  }

  /**
   * What was landed and not taken in stays, and reading goes on from there; without a cursor the
   * whole table takes its place.
   */
  private List<FoundFile> land(
      SourceSettings source, Feed.Jdbc jdbc, Optional<String> position, Instant now) {
    var database = new JdbcSource(lake.spark(), jdbc);
    var problems = new Problems();
    StructType schema = database.schema(problems);
    problems.throwIfAny();
    Optional<String> reached = position;
    if (jdbc.cursor().isEmpty()) {
      batches(source).forEach(this::delete);
    }
    for (Path pending : batches(source)) {
      reached = database.position(schema, landed(pending), reached);
    }
    Path folder = new Path(folder(source), SINCE.format(now) + "-0");
    database.write(schema, reached, folder.toString());
    if (landed(folder).isEmpty()) {
      delete(folder);
    } else {
      reached = database.position(schema, landed(folder), reached);
    }
    Optional<String> last = reached;
    return pending(source).stream()
        .map(file -> new FoundFile(file.path(), file.size(), file.modified(), last))
        .toList();
  }

  private Dataset<Row> landed(Path folder) {
    return lake.spark().read().parquet(folder.toString());
  }

  /**
   * Spark's reader of Kafka fails to tell its progress after it did a batch again that a killed run
   * had begun (a null in KafkaMicroBatchStream.metrics); the batch itself is done by then.
   */
  private static boolean failedToTellItsProgress(Throwable e) {
    return e instanceof NullPointerException
        ? e.getStackTrace().length > 0
            && e.getStackTrace()[0].getClassName().contains("KafkaMicroBatchStream")
        : e.getCause() != null && failedToTellItsProgress(e.getCause());
  }

  private void streamAgain(SourceSettings source, Feed feed, String since, Path checkpoint) {
    try {
      stream(source, feed, since, checkpoint);
    } catch (StreamingQueryException e) {
      throw SourceErrors.stream(source, feed, checkpoint.toString(), e);
    }
  }

  private void stream(SourceSettings source, Feed feed, String since, Path checkpoint)
      throws StreamingQueryException {
    Path folder = folder(source);
    try {
      Dataset<Row> rows =
          feed instanceof Feed.Delta delta
              ? changes(source, delta)
              : messages(source, (Feed.Kafka) feed, checkpoint);
      StreamingQuery query =
          rows.writeStream()
              .queryName("landing of " + source.name())
              .foreachBatch(
                  (VoidFunction2<Dataset<Row>, Long>)
                      (batch, number) ->
                          batch
                              .write()
                              .mode("overwrite")
                              .parquet(
                                  new Path(folder, "%s-%012d".formatted(since, number)).toString()))
              .option("checkpointLocation", checkpoint.toString())
              .trigger(Trigger.AvailableNow())
              .start();
      query.awaitTermination();
    } catch (TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  private Dataset<Row> changes(SourceSettings source, Feed.Delta delta) {
    var problems = new Problems();
    DeltaSource.schema(lake.spark(), delta, problems);
    problems.throwIfAny();
    DataStreamReader reader = lake.spark().readStream().format("delta").options(delta.options());
    if (!delta.changes()) {
      return reader.load(delta.path());
    }
    Dataset<Row> rows = reader.option("readChangeFeed", "true").load(delta.path());
    List<String> wanted = Arrays.asList(extras(source).fieldNames());
    Column[] columns =
        Arrays.stream(rows.columns())
            .filter(
                name ->
                    wanted.contains(name)
                        || !Arrays.asList(delta.extras().fieldNames()).contains(name))
            .map(name -> col("`" + name + "`"))
            .toArray(Column[]::new);
    return rows.where(col("_change_type").notEqual("update_preimage")).select(columns);
  }

  private Dataset<Row> messages(SourceSettings source, Feed.Kafka kafka, Path checkpoint) {
    Dataset<Row> messages;
    try {
      KafkaTopic.require(source, kafka, storage, checkpoint);
      messages =
          lake.spark()
              .readStream()
              .format("kafka")
              .option("startingOffsets", "earliest")
              .options(kafka.options())
              .option("kafka.bootstrap.servers", kafka.servers())
              .option("subscribe", kafka.topic())
              .option("failOnDataLoss", "true")
              .load();
    } catch (NoClassDefFoundError e) {
      throw SourceErrors.noKafka(kafka.place(), e);
    } catch (Exception e) {
      if (e instanceof AnalysisException) { // of Scala, which Java takes for one that is not thrown
        throw SourceErrors.noKafka(kafka.place(), e);
      }
      throw e;
    }
    StructType value = kafka.schema().add(Batch.CORRUPT, DataTypes.StringType);
    var columns = new ArrayList<Column>();
    columns.add(col("_value.*"));
    for (String extra : extras(source).fieldNames()) {
      columns.add(col(extra));
    }
    return messages
        .withColumn(
            "_value",
            from_json(
                col("value").cast("string"),
                value,
                Map.of("mode", "PERMISSIVE", "columnNameOfCorruptRecord", Batch.CORRUPT)))
        .withColumn("_key", col("key").cast("string"))
        .withColumn("_tombstone", col("value").isNull())
        .withColumnsRenamed(
            Map.of("partition", "_partition", "offset", "_offset", "timestamp", "_timestamp"))
        .select(columns.toArray(new Column[0]));
  }

  /** The feed's columns that an expression reads: the others would only make equal rows differ. */
  private static StructType extras(SourceSettings source) {
    StructType read = new StructType();
    Set<String> references = source.references();
    for (StructField field : source.read().feed().orElseThrow().extras().fields()) {
      if (references.contains(field.name())) {
        read = read.add(field);
      }
    }
    return read;
  }

  private Path folder(SourceSettings source) {
    return new Path(lake.folder("landing"), source.name());
  }

  /** Returns since when the source's stream remembers how far it was read. */
  private Optional<String> checkpoint(SourceSettings source) {
    return children(folder(source)).stream()
        .map(child -> child.getPath().getName())
        .filter(name -> name.startsWith(CHECKPOINT))
        .map(name -> name.substring(CHECKPOINT.length()))
        .max(Comparator.naturalOrder());
  }

  private List<Path> batches(SourceSettings source) {
    return folders(source).stream().filter(this::isWhole).toList();
  }

  private List<Path> folders(SourceSettings source) {
    return children(folder(source)).stream()
        .map(FileStatus::getPath)
        .filter(path -> !path.getName().startsWith("_"))
        .sorted()
        .toList();
  }

  private boolean isWhole(Path folder) {
    try {
      return storage.exists(new Path(folder, "_SUCCESS"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<FoundFile> files(Path folder) {
    return children(folder).stream()
        .filter(file -> file.isFile() && file.getPath().getName().endsWith(".parquet"))
        .map(Files::toFound)
        .sorted(Comparator.comparing(FoundFile::path))
        .toList();
  }

  private List<FileStatus> children(Path folder) {
    try {
      return Arrays.asList(storage.listStatus(folder));
    } catch (FileNotFoundException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void delete(Path folder) {
    try {
      storage.delete(folder, true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
