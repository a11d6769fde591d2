package io.persegment.table;

import io.delta.tables.DeltaMergeBuilder;
import io.delta.tables.DeltaTable;
import io.delta.tables.DeltaTableBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.actions.CommitInfo;
import org.apache.spark.sql.delta.util.FileNames;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The Delta tables under one root, one folder a table. The only class that reads or writes them.
 */
public final class Lake {
  /** What a Spark session must be set to for the lake, and for the same results everywhere. */
  public static final Map<String, String> SESSION =
      Map.of(
          "spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension",
          "spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog",
          "spark.sql.session.timeZone", "UTC",
          "spark.sql.ansi.enabled", "false",
          "spark.sql.legacy.javaCharsets",
              "true", // else windows-1252, which tools write, is refused
          "spark.sql.maxConcurrentOutputFileWriters",
              "8", // else rows are sorted by partition, of which a write has one or two
          "parquet.dictionary.page.size",
              "65536", // else keys, of which each is another, are long tried to be put in one
          "spark.databricks.delta.snapshotPartitions", "2",
          "spark.databricks.delta.allFilesInCrc.verificationMode.forceOnNonUTC.enabled",
              "false", // else each commit is followed by jobs over the log, but where it is UTC
          "spark.databricks.delta.history.metricsEnabled", "true"); // how many rows it added

  private static final String OLD = "old";
  private static final String NEW = "new";
  private static final String REMOVED = "_removed";

  private final SparkSession spark;
  private final String root;

  /**
   * @param root a folder; a relative one lies in the file system's working folder
   */
  public Lake(SparkSession spark, String root) {
    this.spark = spark;
    this.root = absolute(spark, root);
  }

  public SparkSession spark() {
    return spark;
  }

  /** Returns the folder of all tables. */
  public String root() {
    return root;
  }

  public boolean exists(Table table) {
    return DeltaTable.isDeltaTable(spark, path(table));
  }

  /** Returns the current rows of {@code table}. */
  public Dataset<Row> read(Table table) {
    if (!exists(table)) {
      throw TableErrors.notFound(table, path(table));
    }
    return columns(table, stored(table));
  }

  /**
   * Returns the current rows of {@code table}, none where it was never written, for one that many
   * queries read in whole: its files are looked up once and not by each of them, which costs a job
   * of its own. An action.
   */
  public Dataset<Row> readOften(Table table) {
    if (!exists(table)) {
      return spark.createDataFrame(List.of(), table.schema());
    }
    var log = DeltaLog.forTableWithSnapshot(spark, path(table));
    List<AddFile> files = log._2().allFiles().collectAsList(); // a row a file
    return columns(
        table,
        log._1()
            .createDataFrame(
                log._2(),
                CollectionConverters.asScala(files).toSeq(),
                /* isStreaming= */ false,
                Option.empty()));
  }

  private static Dataset<Row> columns(Table table, Dataset<Row> stored) {
    List<String> there = Arrays.asList(stored.columns());
    // An older version of us may have written it, before it had all of its columns.
    return stored.select(
        table.fields().stream()
            .map(
                field ->
                    there.contains(field.name())
                        ? field.col()
                        : functions.lit(null).cast(field.type()).as(field.name()))
            .toArray(Column[]::new));
  }

  /** Returns the current rows of {@code table}, none where it was never written. */
  public Dataset<Row> readOrEmpty(Table table) {
    return exists(table) ? read(table) : spark.createDataFrame(List.of(), table.schema());
  }

  /** Returns every column that {@code table} has in storage, also those no longer declared. */
  public Dataset<Row> stored(Table table) {
    return spark.read().format("delta").load(path(table));
  }

  /** Returns the number of the last commit to {@code table}; empty where it was never written. */
  public OptionalLong version(Table table) {
    if (!exists(table)) {
      return OptionalLong.empty();
    }
    // Delta's public API tells it only by a Spark job over the log (history), which many tables
    // make dear.
    return OptionalLong.of(DeltaLog.forTableWithSnapshot(spark, path(table))._2().version());
  }

  /**
   * Returns the rows of {@code table} as they were after commit {@code version}; it must not be
   * older than Delta keeps removed files, a week unless told.
   */
  public Dataset<Row> readAt(Table table, long version) {
    return columns(
        table, spark.read().format("delta").option("versionAsOf", version).load(path(table)));
  }

  /**
   * Replaces the rows of {@code table} in one Delta commit, so readers see all of them or none.
   * Creates the table first if there is none yet. An action.
   */
  public void overwrite(Table table, Dataset<Row> rows) {
    writer(table, rows).mode("overwrite").save(path(table));
  }

  /**
   * Replaces those rows of {@code table} for which {@code condition} holds by {@code rows}, all of
   * which must fulfil it. One commit; an action.
   *
   * @param condition SQL over the table's columns, such as {@code as_of = DATE'2026-08-01'}
   */
  public void replaceWhere(Table table, String condition, Dataset<Row> rows) {
    writer(table, rows).mode("overwrite").option("replaceWhere", condition).save(path(table));
  }

  /**
   * Adds {@code rows} to {@code table} in one commit. An action.
   *
   * @return how many more rows the table has
   */
  public long append(Table table, Dataset<Row> rows) {
    DataFrameWriter<Row> writer = writer(table, rows).mode("append");
    OptionalLong before = version(table);
    writer.save(path(table));
    return version(table).equals(before) ? 0 : written(table); // of no rows Delta commits nothing
  }

  /**
   * Replaces the rows of {@code table} that have a key of {@code rows}, and adds the others, in one
   * commit. An action.
   *
   * @param rows at most one for each key
   * @return how many more rows the table has
   */
  public long upsert(Table table, Dataset<Row> rows) {
    requireColumns(table, rows);
    ensure(table);
    DeltaMergeBuilder merge =
        DeltaTable.forPath(spark, path(table))
            .as(OLD)
            .merge(rows.as(NEW), sameKey(table))
            .whenMatched()
            .updateAll()
            .whenNotMatched()
            .insertAll();
    return merge(merge);
  }

  /**
   * Does what {@link #upsert(Table, Dataset)} does and removes the rows of {@code table} that have
   * a key of {@code removed}, all in one commit. An action.
   *
   * @param removed the key's columns; none of the keys of {@code rows}
   * @return how many more rows the table has, less than 0 where it has fewer
   */
  public long upsert(Table table, Dataset<Row> rows, Dataset<Row> removed) {
    requireColumns(table, rows);
    ensure(table);
    Dataset<Row> changes =
        rows.withColumn(REMOVED, functions.lit(false))
            .unionByName(removed.withColumn(REMOVED, functions.lit(true)), true);
    Map<String, Column> values = values(table);
    Column isRemoved = functions.col(NEW + "." + REMOVED);
    DeltaMergeBuilder merge =
        DeltaTable.forPath(spark, path(table))
            .as(OLD)
            .merge(changes.as(NEW), sameKey(table))
            .whenMatched(isRemoved)
            .delete()
            .whenMatched()
            .update(values)
            .whenNotMatched(functions.not(isRemoved))
            .insert(values);
    return merge(merge);
  }

  /**
   * Makes {@code table} hold exactly {@code rows} in one commit that touches only the rows that
   * differ, so that its Change Data Feed holds the differences alone. An action.
   *
   * @param hash a column that differs whenever a row's content does
   */
  public void synchronise(Table table, Field hash, Dataset<Row> rows) {
    requireColumns(table, rows);
    ensure(table);
    Map<String, Column> values = values(table);
    DeltaTable.forPath(spark, path(table))
        .as(OLD)
        .merge(rows.as(NEW), sameKey(table))
        .whenMatched(functions.not(hash.of(OLD).eqNullSafe(hash.of(NEW))))
        .update(values)
        .whenNotMatched()
        .insert(values)
        .whenNotMatchedBySource()
        .delete()
        .execute();
  }

  /** Removes the rows of {@code table} that have one of the values of {@code keys}' columns. */
  public void delete(Table table, Dataset<Row> keys) {
    if (!exists(table)) {
      return;
    }
    Column same =
        Arrays.stream(keys.columns())
            .map(
                name -> functions.col(OLD + "." + name).eqNullSafe(functions.col(NEW + "." + name)))
            .reduce(Column::and)
            .orElseThrow();
    DeltaTable.forPath(spark, path(table))
        .as(OLD)
        .merge(keys.distinct().as(NEW), same)
        .whenMatched()
        .delete()
        .execute();
  }

  /**
   * Writes {@code rows} aside and returns them as read back: cuts a plan that grew by iteration and
   * saves computing them twice. An action.
   *
   * @param name a name of its own among the scratch of one run, such as {@code identity/round-3}
   */
  public Dataset<Row> scratch(String name, Dataset<Row> rows) {
    String path = scratchRoot() + "/" + name;
    StructType schema = rows.schema();
    rows.write().mode("overwrite").parquet(path);
    return spark.read().schema(schema).parquet(path);
  }

  /** Returns the folder of what a run writes aside; whoever holds the lake's lock empties it. */
  public String scratchRoot() {
    return root + "/_scratch";
  }

  /** Returns the folder that a stage may keep files of its own in, such as saved models. */
  public String folder(String name) {
    return root + "/_" + name;
  }

  /** Returns what a merge writes into each column that is stored. */
  private Map<String, Column> values(Table table) {
    var values = new LinkedHashMap<String, Column>();
    for (StructField stored : stored(table).schema().fields()) {
      values.put(stored.name(), functions.lit(null)); // of a column that is declared no longer
    }
    table.fields().forEach(field -> values.put(field.name(), field.of(NEW)));
    return values;
  }

  /** Merges; returns how many more rows the table has, by Delta's own count. */
  private static long merge(DeltaMergeBuilder merge) {
    Row counts = merge.execute().head();
    return counts.<Long>getAs("num_inserted_rows") - counts.<Long>getAs("num_deleted_rows");
  }

  /** Returns the rows that the last commit wrote: Delta's public API tells it by a Spark job. */
  private long written(Table table) {
    DeltaLog log = DeltaLog.forTable(spark, path(table));
    var commit = FileNames.unsafeDeltaFile(log.logPath(), version(table).orElseThrow());
    return CollectionConverters.asJava(log.store().read(commit, log.newDeltaHadoopConf())).stream()
        .map(Action::fromJson)
        .filter(CommitInfo.class::isInstance)
        .map(info -> ((CommitInfo) info).operationMetrics().get())
        .mapToLong(metrics -> Long.parseLong(metrics.get("numOutputRows").get()))
        .sum();
  }

  private DataFrameWriter<Row> writer(Table table, Dataset<Row> rows) {
    requireColumns(table, rows);
    ensure(table);
    return rows.write().format("delta");
  }

  /**
   * Creates {@code table} if there is none, adds the columns it got since it was created, and says
   * of the others what they mean now.
   */
  private void ensure(Table table) {
    if (!exists(table)) {
      create(table);
      return;
    }
    StructType stored = stored(table).schema();
    List<String> names = Arrays.asList(stored.fieldNames());
    var added = new ArrayList<String>();
    var told = new ArrayList<String>();
    for (Field field : table.fields()) {
      if (names.contains(field.name())) {
        StructField column = stored.apply(field.name());
        addMissing(table, field.name(), column.dataType(), field.type(), added);
        if (!column.getComment().contains(field.meaning())) {
          told.add("`%s` COMMENT '%s'".formatted(field.name(), quoted(field.meaning())));
        }
      } else {
        added.add(column("`%s`".formatted(field.name()), field.type(), field.meaning()));
      }
    }
    if (!added.isEmpty()) {
      spark.sql(
          "ALTER TABLE delta.`%s` ADD COLUMNS (%s)"
              .formatted(path(table), String.join(", ", added)));
    }
    if (!told.isEmpty()) {
      spark.sql(
          "ALTER TABLE delta.`%s` ALTER COLUMN %s".formatted(path(table), String.join(", ", told)));
    }
  }

  /** Notes in {@code added} the fields of a struct that it got since; other types must be equal. */
  private static void addMissing(
      Table table, String name, DataType stored, DataType declared, List<String> added) {
    if (stored instanceof StructType now && declared instanceof StructType wanted) {
      List<String> names = Arrays.asList(now.fieldNames());
      for (StructField each : wanted.fields()) {
        if (names.contains(each.name())) {
          DataType inner = now.apply(each.name()).dataType();
          addMissing(table, name + "." + each.name(), inner, each.dataType(), added);
        } else {
          added.add(column("`%s`.`%s`".formatted(name, each.name()), each.dataType(), ""));
        }
      }
    } else if (!stored.asNullable().equals(declared.asNullable())) {
      throw TableErrors.otherType(table, name, stored.sql(), declared.sql());
    }
  }

  private static String column(String name, DataType type, String meaning) {
    return "%s %s COMMENT '%s'".formatted(name, type.sql(), quoted(meaning));
  }

  private static String quoted(String text) {
    return text.replace("\\", "\\\\").replace("'", "\\'");
  }

  private void create(Table table) {
    DeltaTableBuilder builder =
        DeltaTable.createIfNotExists(spark)
            .location(path(table))
            .comment(table.grain())
            .addColumns(table.schema());
    if (!table.partitionedBy().isEmpty()) {
      builder =
          builder.partitionedBy(
              table.partitionedBy().stream().map(Field::name).toArray(String[]::new));
    }
    for (var property : table.properties().entrySet()) {
      builder = builder.property(property.getKey(), property.getValue());
    }
    builder.execute();
  }

  /** Delta takes a relative path for the name of a schema and refuses to create a table there. */
  private static String absolute(SparkSession spark, String root) {
    var path = new Path(root);
    if (path.isAbsolute()) {
      return root;
    }
    try {
      return path.getFileSystem(spark.sessionState().newHadoopConf())
          .makeQualified(path)
          .toUri()
          .getPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Column sameKey(Table table) {
    return table.key().stream()
        .map(field -> field.of(OLD).equalTo(field.of(NEW)))
        .reduce(Column::and)
        .orElseThrow();
  }

  private static void requireColumns(Table table, Dataset<Row> rows) {
    List<String> expected = table.columnNames();
    List<String> actual = Arrays.asList(rows.columns());
    if (!expected.equals(actual)) {
      throw TableErrors.wrongColumns(table, minus(expected, actual), minus(actual, expected));
    }
  }

  private static List<String> minus(List<String> left, List<String> right) {
    return left.stream().filter(name -> !right.contains(name)).toList();
  }

  private String path(Table table) {
    return root + "/" + table.name();
  }
}
