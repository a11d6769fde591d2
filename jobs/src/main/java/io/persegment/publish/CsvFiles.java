package io.persegment.publish;

import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import io.persegment.identity.Spreadsheet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** All spreadsheets that a pattern names, each with a header of its own. */
public final class CsvFiles {
  private CsvFiles() {}

  /** Returns the rows of each file that {@code pattern} names; none where there is none. */
  public static List<Dataset<Row>> read(SparkSession spark, String pattern) {
    var files = new ArrayList<Dataset<Row>>();
    for (FileStatus file : found(spark, pattern)) {
      // Spark takes the header of one file for those of all.
      files.add(
          Spreadsheet.open(
              spark,
              file.getPath().toString(),
              e ->
                  new PersegmentException(
                      Fault.SETTINGS,
                      "The files %s went away while they were read; run again.".formatted(pattern),
                      e)));
    }
    return files;
  }

  private static List<FileStatus> found(SparkSession spark, String pattern) {
    try {
      Path path = new Path(pattern);
      FileStatus[] found =
          path.getFileSystem(spark.sessionState().newHadoopConf()).globStatus(path);
      return found == null ? List.of() : List.of(found);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns what a file calls a column, whatever the size of its letters. */
  public static Optional<String> column(Dataset<Row> rows, String name) {
    return Arrays.stream(rows.columns())
        .filter(each -> each.strip().toLowerCase(Locale.ROOT).equals(name))
        .findFirst();
  }
}
