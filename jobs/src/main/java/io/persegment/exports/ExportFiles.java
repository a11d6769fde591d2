package io.persegment.exports;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.format_string;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.octet_length;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.xxhash64;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.persegment.identity.IdentityMap;
import io.persegment.publish.Audience;
import io.persegment.publish.PublishSettings;
import io.persegment.publish.Released;
import io.persegment.table.Lake;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * Writes files for a tool: batches no larger than it takes, and a manifest, which is there only
 * once all of them are. What is handed over is noted in {@link Deliveries}.
 */
public final class ExportFiles {
  /** Id by which the web site knows a visitor. */
  static final String VISITOR = "_visitor";

  private static final String BATCH = "_batch";
  private static final String BUCKET = "_bucket";
  private static final String BODY = "_body";
  private static final String FILE = "_file";

  /** What Klaviyo must be told of who may be written to again. */
  static final String RESTORE = "restore";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Buckets are by hash and so uneven; filled to this part few of them need a second batch. */
  private static final double FILLED = 0.9;

  private static final int REQUESTS_A_FILE = 1_000;
  private static final int LINES_A_FILE = 100_000;

  private final Lake lake;
  private final ExportSettings settings;
  private final PublishSettings publish;

  public ExportFiles(Lake lake, ExportSettings settings, PublishSettings publish) {
    this.lake = lake;
    this.settings = settings;
    this.publish = publish;
  }

  /**
   * What was written.
   *
   * @param folder where it lies
   * @param rows by action
   * @param batches by action
   * @param minutes that the batches take at the rate that the tool documents; 0 where it has none
   */
  public record Written(
      String folder, Map<String, Long> rows, Map<String, Long> batches, long minutes) {}

  /** Batches of one action, their rows, and how many there are of both. */
  private record Batches(String action, Dataset<Row> rows, long count, long batches) {}

  /**
   * Writes what {@code release} has for the tool into a folder of its own in {@code root}. Done
   * again, it comes out the same and replaces it.
   *
   * @param full everybody, and not only who changed since the tool was told last
   */
  public Written write(Released release, boolean full, String root) {
    String tool = settings.name();
    ExportRows rows = ExportRows.of(lake, settings.tool(), release, full, publish);
    String name = "%s-%s".formatted(tool, release.id());
    var all = new ArrayList<Batches>();
    try {
      all.add(batches(name, Deliveries.UPSERT, rows.upserts(), Shapes.upsert(settings)));
      all.add(batches(name, Deliveries.REMOVE, rows.removals(), Shapes.remove(settings)));
      if (settings.tool() == Tool.KLAVIYO) { // whose imports leave suppressed who was
        all.add(batches(name, RESTORE, rows.returned(), Shapes.remove(settings)));
      }
      Path folder = new Path(root, name);
      FileSystem files = plain(folder);
      files.delete(folder, true);
      var listed = new ArrayList<Map<String, Object>>();
      Map<String, Long> counts = new TreeMap<>();
      Map<String, Long> batches = new TreeMap<>();
      for (Batches each : all) {
        listed.addAll(files(files, folder, each));
        counts.put(each.action(), each.count());
        batches.put(each.action(), each.batches());
      }
      long minutes = minutes(batches.values().stream().mapToLong(Long::longValue).sum());
      var written = new Written(folder.toString(), counts, batches, minutes);
      manifest(files, folder, release, full, written, listed);
      deliver(release, all); // last: what was not handed over is told once more
      return written;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      all.forEach(each -> each.rows().unpersist());
    }
  }

  /** Returns the file system, of a local one without its files of checksums. */
  private FileSystem plain(Path folder) throws IOException {
    FileSystem files = folder.getFileSystem(lake.spark().sessionState().newHadoopConf());
    return files instanceof LocalFileSystem local ? local.getRawFileSystem() : files;
  }

  private long minutes(long requests) {
    int rate = settings.tool().requestsPerMinute();
    return rate == 0 ? 0 : (requests + rate - 1) / rate;
  }

  /**
   * Returns rows in batches: buckets by hash, of which each is divided where it is too large, so
   * that no task needs more than a bucket. An action.
   */
  private Batches batches(String name, String action, Dataset<Row> rows, Column item) {
    Tool tool = settings.tool();
    Dataset<Row> shaped =
        (tool == Tool.ONSITE ? visitors(rows) : rows.withColumn(VISITOR, lit("")))
            .select(
                Audience.CUSTOMER_ID.col(),
                Audience.EMAIL.col(),
                col(VISITOR),
                item.as(Shapes.ITEM));
    Row sizes = shaped.agg(count(lit(1)), max(octet_length(to_json(col(Shapes.ITEM))))).head();
    long count = sizes.getLong(0);
    long widest = sizes.isNullAt(1) ? 1 : sizes.getInt(1) + 1L;
    long most = Math.max(1, Math.min(tool.mostRows(action), tool.mostBytes() / widest));
    long buckets = most == 1 ? 1 : (long) Math.ceil(count / (most * FILLED));
    Column inBucket =
        row_number()
            .over(
                Window.partitionBy(col(BUCKET)).orderBy(col(Audience.EMAIL.name()), col(VISITOR)));
    Column part = floor(inBucket.minus(1).divide(most));
    String prefix = "%s-%s-".formatted(name, action);
    Column batch =
        most == 1
            ? lit(prefix + "1")
            : concat(lit(prefix), format_string("%05d.%d", col(BUCKET).plus(1), part.plus(1)));
    Dataset<Row> batched =
        shaped
            .withColumn(BUCKET, pmod(xxhash64(Audience.EMAIL.col()), lit(Math.max(1, buckets))))
            .withColumn(BATCH, batch)
            .persist();
    long batches = count == 0 ? 0 : most == 1 ? count : batched.select(BATCH).distinct().count();
    return new Batches(action, batched, count, batches);
  }

  /** Returns a row for each id by which the web site knows somebody. */
  private Dataset<Row> visitors(Dataset<Row> rows) {
    Dataset<Row> visitors =
        lake.readOrEmpty(IdentityMap.TABLE)
            .where(IdentityMap.RECORD_TYPE.col().equalTo(IdentityMap.ANONYMOUS))
            .select(IdentityMap.CUSTOMER_ID.col(), IdentityMap.RECORD_ID.col().as(VISITOR));
    return rows.join(visitors, Audience.CUSTOMER_ID.name());
  }

  private List<Map<String, Object>> files(FileSystem files, Path folder, Batches batches)
      throws IOException {
    if (batches.count() == 0) {
      return List.of();
    }
    Path made = new Path(folder, "_" + batches.action());
    Map<String, List<String>> named = Map.of();
    if (settings.tool().isCsv()) {
      batches
          .rows()
          .select(col(BATCH).as(FILE), col(Shapes.ITEM + ".*"))
          .repartition(col(FILE))
          .sortWithinPartitions(FILE)
          .write()
          .partitionBy(FILE)
          .option("header", true)
          .option("escape", "\"")
          .option("emptyValue", "")
          .option("ignoreLeadingWhiteSpace", false)
          .option("ignoreTrailingWhiteSpace", false)
          .csv(made.toString());
    } else {
      Dataset<Row> lines = lines(batches);
      lines.select(FILE, BODY).write().partitionBy(FILE).text(made.toString());
      if (settings.tool().mostRows(batches.action()) > 1) {
        named = batches(lines);
      }
    }
    return named(files, folder, made, named);
  }

  /** Returns a line a request, in files of so many. */
  private Dataset<Row> lines(Batches batches) {
    boolean single = settings.tool().mostRows(batches.action()) == 1;
    Dataset<Row> requests =
        single
            ? batches
                .rows()
                .select(
                    col(BATCH),
                    array(col(Shapes.ITEM)).as(Shapes.ITEM),
                    col(VISITOR),
                    Audience.EMAIL.col())
            : batches
                .rows()
                .groupBy(BATCH)
                .agg(Shapes.list(col(Shapes.ITEM), Audience.EMAIL.col()).as(Shapes.ITEM))
                .withColumn(VISITOR, lit(""))
                .withColumn(Audience.EMAIL.name(), lit(""));
    long files = Math.max(1, batches.batches() / (single ? LINES_A_FILE : REQUESTS_A_FILE));
    Column file =
        format_string(
            batches.action() + "-%05d",
            pmod(xxhash64(single ? Audience.EMAIL.col() : col(BATCH)), lit(files)).plus(1));
    return requests
        .withColumn(FILE, file)
        .withColumn(BODY, Shapes.body(settings, batches.action()))
        .repartition(col(FILE))
        .sortWithinPartitions(col(FILE), col(BATCH), Audience.EMAIL.col(), col(VISITOR));
  }

  /** Returns the batches of each file, a line each in this order: few, and none of a person's. */
  private static Map<String, List<String>> batches(Dataset<Row> lines) {
    var batches = new TreeMap<String, List<String>>();
    lines
        .select(FILE, BATCH)
        .orderBy(FILE, BATCH)
        .collectAsList()
        .forEach(
            row ->
                batches
                    .computeIfAbsent(row.getString(0), file -> new ArrayList<>())
                    .add(row.getString(1)));
    return batches;
  }

  /** Gives what Spark wrote names of its own; returns what the manifest says of each file. */
  private List<Map<String, Object>> named(
      FileSystem files, Path folder, Path made, Map<String, List<String>> batches)
      throws IOException {
    var listed = new ArrayList<Map<String, Object>>();
    for (FileStatus part : files.listStatus(made)) {
      if (!part.isDirectory()) {
        continue;
      }
      String name = part.getPath().getName().replaceFirst("^" + FILE + "=", "");
      Path goal = new Path(folder, name + (settings.tool().isCsv() ? ".csv" : ".jsonl"));
      for (FileStatus file : files.listStatus(part.getPath())) {
        if (file.getPath().getName().startsWith("part-")) { // one: a file is of one task
          files.rename(file.getPath(), goal);
        }
      }
      var said = new LinkedHashMap<String, Object>();
      said.put("name", goal.getName());
      said.put("bytes", files.getFileStatus(goal).getLen());
      said.put("sha256", sha256(files, goal));
      if (batches.containsKey(name)) {
        said.put("batches", batches.get(name)); // a line each
      }
      listed.add(said);
    }
    files.delete(made, true);
    listed.sort(Comparator.comparing(each -> (String) each.get("name")));
    return listed;
  }

  private static String sha256(FileSystem files, Path file) throws IOException {
    try (InputStream in = files.open(file)) {
      return DigestUtils.sha256Hex(in);
    }
  }

  private void deliver(Released release, List<Batches> all) {
    Dataset<Row> rows =
        all.stream()
            .filter(each -> !each.action().equals(RESTORE)) // who is told by an upsert as well
            .map(
                each ->
                    each.rows()
                        .select(
                            lit(release.id()).as(Deliveries.RELEASE_ID.name()),
                            lit(settings.name()).as(Deliveries.TOOL.name()),
                            sha2(Audience.EMAIL.col(), 256).as(Deliveries.EMAIL_SHA256.name()),
                            Audience.CUSTOMER_ID.col(),
                            lit(each.action()).as(Deliveries.ACTION.name()),
                            col(BATCH).as(Deliveries.BATCH.name()),
                            lit(Deliveries.EXPORTED).as(Deliveries.STATUS.name()),
                            lit(null).cast("string").as(Deliveries.REASON.name()))
                        .dropDuplicates(Deliveries.EMAIL_SHA256.name()))
            .reduce(Dataset::union)
            .orElseThrow();
    lake.replaceWhere(
        Deliveries.TABLE,
        "release_id = '%s' and tool = '%s'".formatted(release.id(), settings.name()),
        rows.select(Deliveries.TABLE.columns()));
  }

  private void manifest(
      FileSystem files,
      Path folder,
      Released release,
      boolean full,
      Written written,
      List<Map<String, Object>> listed)
      throws IOException {
    var said = new LinkedHashMap<String, Object>();
    said.put("tool", settings.name());
    said.put("release", release.id());
    said.put("as_of", release.asOf().toString());
    said.put("full", full);
    said.put("rows", written.rows());
    said.put("batches", written.batches());
    said.put("requests_per_minute", settings.tool().requestsPerMinute());
    said.put("minutes", written.minutes());
    said.put("files", listed);
    try (var out = files.create(new Path(folder, "manifest.json"))) {
      out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(said));
    }
  }
}
