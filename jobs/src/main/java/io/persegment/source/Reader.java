package io.persegment.source;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.explode_outer;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.monotonically_increasing_id;
import static org.apache.spark.sql.functions.regexp_extract;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.rtrim;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.slice;
import static org.apache.spark.sql.functions.split;
import static org.apache.spark.sql.functions.substring;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import io.persegment.config.Problems;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Reads files as they are: CSV as text, JSON by its schema, Parquet by its own. */
final class Reader {
  /** Characters of a corrupt page that are kept. */
  private static final int PAGE_BEGINNING = 1000;

  /** Columns of a table; beyond them Spark takes minutes to plan, or its stack overflows. */
  static final int MOST_COLUMNS = 2_000;

  /** Characters of a CSV file's value: a quote that is never closed must not fill the memory. */
  private static final String LONGEST_VALUE = "4000000";

  /** Levels of JSON; what is deeper is corrupt. A type of a thousand overflows Spark's stack. */
  private static final String DEEPEST = "100";

  /** Where in its file the part begins that a row was read with, until rows are numbered. */
  static final String PART = "_persegment_part";

  private final SparkSession spark;
  private final Files files;

  Reader(SparkSession spark) {
    this.spark = spark;
    this.files = new Files(spark.sessionState().newHadoopConf());
  }

  List<FoundFile> list(ReadSettings read, Problems problems) {
    return files.list(read, problems);
  }

  /** Returns those of {@code found} that may still be being written. */
  List<FoundFile> unfinished(ReadSettings read, List<FoundFile> found, Instant now) {
    return found.stream().filter(file -> !files.isWhole(read, file, now)).toList();
  }

  /**
   * Returns {@code found} as one batch for each set of columns that they have. Starts no job,
   * except for JSON without a schema, which is read once to infer it.
   */
  List<Batch> batches(ReadSettings read, List<FoundFile> found) {
    try {
      return switch (read.format()) {
        case CSV -> csv(read, found);
        case JSON -> json(read, found);
        case PARQUET -> parquet(read, found);
        case DELTA, JDBC, KAFKA -> landed(found);
      };
    } catch (Exception e) { // Spark's is checked, which Scala throws without saying so
      if (e instanceof AnalysisException) {
        throw SourceErrors.noTable(read, e);
      }
      throw e;
    }
  }

  private List<Batch> csv(ReadSettings read, List<FoundFile> found) {
    Map<CsvHeader, List<FoundFile>> byHeader =
        found.stream()
            .collect(groupingBy(file -> files.csvHeader(read, file), LinkedHashMap::new, toList()));
    var batches = new ArrayList<Batch>();
    byHeader.forEach(
        (header, those) -> {
          if (!header.columns().isEmpty()) { // of an empty file there are none
            batches.add(csv(read, header, those));
          }
        });
    return batches;
  }

  private Batch csv(ReadSettings read, CsvHeader header, List<FoundFile> found) {
    var schema = new StructType();
    for (String name : header.columns()) {
      schema = schema.add(name, DataTypes.StringType);
    }
    String multiLine = read.options().getOrDefault("multiLine", "true");
    DataFrameReader reader =
        reader(read)
            .option("header", read.header().rows() > 0)
            .option("multiLine", multiLine)
            .option(
                "maxCharsPerColumn",
                read.options().getOrDefault("maxCharsPerColumn", LONGEST_VALUE))
            .option("escape", read.options().getOrDefault("escape", "\""))
            .schema(schema.add(Batch.CORRUPT, DataTypes.StringType));
    Batch batch = batch(header.columns(), reader.csv(paths(found)), read.rowNumber().isPresent());
    if (!header.further().isEmpty()) {
      batch = new Batch(batch.columns(), batch.rows().where(header.isData()));
    }
    String delimiter = read.options().getOrDefault("delimiter", ",").replace("\\t", "\t");
    int columns = header.columns().size();
    Batch whole =
        Boolean.parseBoolean(multiLine) && delimiter.length() == 1 && columns > 1
            ? withSwallowedLines(batch, delimiter, columns)
            : batch;
    if (read.rowNumber().isEmpty()) {
      return whole;
    }
    if (header.columns().stream().anyMatch(read.rowNumber().get()::equalsIgnoreCase)) {
      throw SourceErrors.numberedAlready(read);
    }
    return named(whole, read.rowNumber().get());
  }

  /** Returns the batch with {@link Batch#NUMBER} as a column like those of its files. */
  private static Batch named(Batch batch, String name) {
    var columns = new ArrayList<>(batch.columns());
    columns.add(name);
    return new Batch(columns, batch.rows().withColumnRenamed(Batch.NUMBER, name));
  }

  /**
   * Returns the batch with each line that a quote swallowed as a corrupt row of its own: a quote
   * that is opened and not closed makes one value of all that comes before the next one, or the
   * file's end, and no count would tell of these rows. A line was one where it has as many columns
   * as a row and begins as this one does, 1002 or k12 as 1001 or k9 do: a note of several lines,
   * with commas though they have, does not. One is enough where that beginning has a digit, as of
   * an id; of twenty and more it need not be alike.
   */
  private static Batch withSwallowedLines(Batch batch, String delimiter, int columns) {
    String comma = "\\x{%x}".formatted((int) delimiter.charAt(0));
    List<Column> values = batch.columns().stream().map(name -> col(Batch.quoted(name))).toList();
    Column several = // flat, as an or of thousands is too deep for Spark
        coalesce(
            Stream.concat(Stream.of(col(Batch.CORRUPT)), values.stream())
                .map(value -> when(value.contains("\n"), true))
                .toArray(Column[]::new));
    Column text =
        coalesce(
            col(Batch.CORRUPT),
            concat_ws(
                delimiter,
                values.stream().map(value -> coalesce(value, lit(""))).toArray(Column[]::new)));
    Column lines = split(rtrim(text, "\n"), "\n");
    Column beginning = beginning(text, comma);
    Column further = slice(lines, lit(2), size(lines));
    Column whole = filter(further, line -> size(split(line, comma)).equalTo(columns));
    Column alike =
        filter(
            whole,
            line ->
                shape(beginning(line, comma))
                    .equalTo(shape(beginning))
                    .and(abs(length(beginning(line, comma)).minus(length(beginning))).leq(1)));
    Column enough = when(beginning.rlike("[0-9@]").and(lit(columns > 2)), 1).otherwise(3);
    Column swallowed =
        length(beginning)
            .gt(0)
            .and(size(alike).geq(enough))
            .or(size(whole).geq(20).and(size(whole).geq(size(further).multiply(0.8))));
    Column each = when(several, when(swallowed, lines));
    Dataset<Row> rows =
        batch
            .rows()
            .withColumn(Batch.LINE, explode(coalesce(each, array(lit(null).cast("string")))));
    var all = new ArrayList<Column>();
    for (String name : batch.columns()) {
      all.add(when(col(Batch.LINE).isNull(), col(Batch.quoted(name))).as(name));
    }
    all.add(
        coalesce(concat(lit(Batch.OPEN_QUOTE), col(Batch.LINE)), col(Batch.CORRUPT))
            .as(Batch.CORRUPT));
    all.add(col(Batch.FILE));
    if (Arrays.asList(rows.columns()).contains(Batch.NUMBER)) {
      all.add(col(Batch.NUMBER));
    }
    return new Batch(batch.columns(), rows.select(all.toArray(new Column[0])));
  }

  /** The first value of a line, a quote before it or not. */
  private static Column beginning(Column line, String comma) {
    return trim(regexp_extract(line, "^\"?([^\"\n%s]*)".formatted(comma), 1));
  }

  /** The same for values that are made alike. */
  private static Column shape(Column value) {
    return regexp_replace(regexp_replace(value, "[0-9]+", "9"), "\\p{L}+", "a");
  }

  private List<Batch> json(ReadSettings read, List<FoundFile> found) {
    // Spark would read the first object of each file, and pass over the others.
    if (read.options().getOrDefault("multiLine", "false").equalsIgnoreCase("true")
        && files.holdsAnObjectALine(read, found.get(0))) {
      throw SourceErrors.linesNotADocument(read, found.get(0));
    }
    DataFrameReader reader = reader(read).option("maxNestingDepth", DEEPEST);
    if (!read.options().containsKey("lineSep")) {
      reader = read.options().containsKey("encoding") ? reader.option("lineSep", "\n") : reader;
    }
    if (read.schema().isEmpty()) {
      Dataset<Row> rows = reader.json(paths(found));
      if (rows.columns().length == 0 && rows.isEmpty()) { // the files are empty
        return List.of();
      }
      List<String> columns = columns(rows);
      return List.of(
          batch(
              columns,
              columns.size() < rows.columns().length
                  ? rows
                  : rows.withColumn(Batch.CORRUPT, lit(null).cast("string"))));
    }
    StructType schema = read.schema().get();
    if (read.records().isPresent()) {
      return List.of(records(read.records().get(), schema, reader, found));
    }
    Dataset<Row> rows =
        reader.schema(schema.add(Batch.CORRUPT, DataTypes.StringType)).json(paths(found));
    return List.of(batch(Arrays.asList(schema.fieldNames()), rows));
  }

  /**
   * Returns the elements of an array, of all files. A file without the array, such as an API's word
   * on why it gave nothing, is one corrupt row: it must not pass for a page without records. Spark
   * takes all of a page for corrupt that has one value of another type; of its text, which would go
   * to quarantine with each of its records, only the beginning is kept.
   */
  private static Batch records(
      String array, StructType schema, DataFrameReader reader, List<FoundFile> found) {
    var page =
        new StructType()
            .add(array, DataTypes.createArrayType(schema))
            .add(Batch.CORRUPT, DataTypes.StringType);
    Column elements = col("`" + array + "`");
    Column corrupt =
        coalesce(
            substring(col(Batch.CORRUPT), 1, PAGE_BEGINNING),
            when(elements.isNull(), "there is no array %s".formatted(array)));
    Dataset<Row> rows =
        reader
            .schema(page)
            .json(paths(found))
            .select(
                explode_outer(elements).as("_record"),
                corrupt.as(Batch.CORRUPT),
                col("_metadata.file_path").as(Batch.FILE))
            .where(col("_record").isNotNull().or(col(Batch.CORRUPT).isNotNull()))
            .select(col("_record.*"), col(Batch.CORRUPT), col(Batch.FILE));
    return new Batch(Arrays.asList(schema.fieldNames()), rows);
  }

  /** One batch, or one for each set of columns and types where they do not go together. */
  private List<Batch> parquet(ReadSettings read, List<FoundFile> found) {
    try {
      return List.of(parquetOfOneKind(read, found));
    } catch (Exception e) { // Spark's is checked, which Scala throws without saying so
      if (found.size() == 1 || !isOfDifferentTypes(e)) {
        throw e;
      }
    }
    Map<StructType, List<FoundFile>> byColumns =
        found.stream()
            .collect(
                groupingBy(
                    file -> reader(read).parquet(file.path()).schema(),
                    LinkedHashMap::new,
                    toList()));
    return byColumns.values().stream().map(those -> parquetOfOneKind(read, those)).toList();
  }

  private Batch parquetOfOneKind(ReadSettings read, List<FoundFile> found) {
    Dataset<Row> rows = reader(read).option("mergeSchema", "true").parquet(paths(found));
    return batch(columns(rows), rows.withColumn(Batch.CORRUPT, lit(null).cast("string")));
  }

  private static boolean isOfDifferentTypes(Throwable e) {
    return Stream.iterate(e, Objects::nonNull, Throwable::getCause)
        .filter(SparkThrowable.class::isInstance)
        .map(each -> String.valueOf(((SparkThrowable) each).getCondition()))
        .anyMatch(each -> each.startsWith("CANNOT_MERGE"));
  }

  /** A batch a folder: columns of different nights may have different types. */
  private List<Batch> landed(List<FoundFile> found) {
    Map<String, List<FoundFile>> byFolder =
        found.stream()
            .collect(
                groupingBy(
                    file -> file.path().substring(0, file.path().lastIndexOf('/')),
                    LinkedHashMap::new,
                    toList()));
    var batches = new ArrayList<Batch>();
    for (List<FoundFile> those : byFolder.values()) {
      Dataset<Row> rows = spark.read().parquet(paths(those));
      boolean hasCorrupt = Arrays.asList(rows.columns()).contains(Batch.CORRUPT);
      batches.add(
          batch(
              columns(rows),
              hasCorrupt ? rows : rows.withColumn(Batch.CORRUPT, lit(null).cast("string"))));
    }
    return batches;
  }

  private DataFrameReader reader(ReadSettings read) {
    return spark
        .read()
        .option("mode", "PERMISSIVE")
        .option("columnNameOfCorruptRecord", Batch.CORRUPT)
        .options(read.options());
  }

  private static Batch batch(List<String> columns, Dataset<Row> rows) {
    return batch(columns, rows, false);
  }

  /**
   * @param numbered whether rows have {@link Batch#NUMBER}; parts of a file are read in any order,
   *     and each in its own
   */
  private static Batch batch(List<String> columns, Dataset<Row> rows, boolean numbered) {
    if (columns.size() > MOST_COLUMNS) {
      throw SourceErrors.tooManyColumns(rows.inputFiles()[0], columns.size(), MOST_COLUMNS);
    }
    var all = new ArrayList<Column>();
    columns.forEach(name -> all.add(col(Batch.quoted(name))));
    all.add(col(Batch.CORRUPT));
    all.add(col("_metadata.file_path").as(Batch.FILE));
    if (!numbered) {
      return new Batch(columns, rows.select(all.toArray(new Column[0])));
    }
    all.add(col("_metadata.file_block_start").as(PART));
    all.add(monotonically_increasing_id().as(Batch.NUMBER));
    Column number =
        row_number()
            .over(Window.partitionBy(Batch.FILE).orderBy(PART, Batch.NUMBER))
            .cast("string");
    return new Batch(
        columns,
        rows.select(all.toArray(new Column[0])).withColumn(Batch.NUMBER, number).drop(PART));
  }

  private static List<String> columns(Dataset<Row> rows) {
    return Arrays.stream(rows.columns()).filter(name -> !name.equals(Batch.CORRUPT)).toList();
  }

  private static String[] paths(List<FoundFile> found) {
    return found.stream().map(FoundFile::path).toArray(String[]::new);
  }
}
