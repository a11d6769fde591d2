package io.persegment.source;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map;
import static org.apache.spark.sql.functions.to_json;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
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

  /** The number of a row in its file, where settings ask for one, until it has their name. */
  static final String NUMBER = "_persegment_number";

  /** What a row swallowed, while it is taken apart. */
  static final String LINE = "_persegment_line";

  /** How {@link #CORRUPT} begins where a row was swallowed by a quote that an earlier one opens. */
  static final String OPEN_QUOTE = "in quotes: ";

  /**
   * What expressions may read beside the columns: a map of every column's name, in the file's
   * order, to its text.
   */
  static final String ALL = "_columns";

  /** Returns the batch with {@link #ALL}, which is no column of its files. */
  Batch withAll() {
    List<Column> pairs = new ArrayList<>();
    for (String name : columns) {
      pairs.add(lit(name));
      pairs.add(text(name));
    }
    return new Batch(columns, rows.withColumn(ALL, map(pairs.toArray(new Column[0]))));
  }

  /** Returns a column's name as SQL has it, whatever is in it. */
  static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  /** Returns a column's text: what is no single value as JSON. */
  Column text(String name) {
    Column column = col(quoted(name));
    return switch (rows.schema().apply(name).dataType().typeName()) {
      case "struct", "array", "map" -> to_json(column);
      default -> column.cast("string");
    };
  }
}
