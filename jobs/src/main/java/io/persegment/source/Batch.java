package io.persegment.source;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Files of one source that have the same columns, as rows.
 *
 * @param columns what the files have
 * @param rows the columns, and {@link #FILE} and {@link #CORRUPT}
 */
record Batch(List<String> columns, Dataset<Row> rows) {
  /** The file that a row came from. */
  static final String FILE = "_persegment_file";

  /** The text of a row that does not have the file's columns; null for all others. */
  static final String CORRUPT = "_persegment_corrupt";
}
