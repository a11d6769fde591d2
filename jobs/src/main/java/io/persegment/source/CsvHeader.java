package io.persegment.source;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.trim;

import io.persegment.config.Section;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.Column;

/**
 * What the first rows of a CSV file name its columns.
 *
 * @param columns names, of which no two differ by their case alone
 * @param further the header's rows after the first, which Spark takes for data
 */
record CsvHeader(List<String> columns, List<List<String>> further) {
  /** Names that Spark and we give columns of our own. */
  private static final Set<String> RESERVED =
      Set.of(
          "_metadata", Batch.FILE, Batch.CORRUPT, Batch.ALL, Batch.LINE, Batch.NUMBER, Reader.PART);

  /**
   * How a source's CSV files name their columns: {@code read.header-rows} and {@code read.columns}.
   *
   * @param rows how many rows at the top do it
   * @param columns their names, where no row does it
   */
  record Settings(int rows, List<String> columns) {

    static Settings from(Section read, boolean isCsv) {
      int rows = read.has("header-rows") ? read.integer("header-rows", 0) : 1;
      List<String> columns = read.texts("columns");
      if (!isCsv && (read.has("header-rows") || read.has("columns"))) {
        read.problem(
            read.has("columns") ? "columns" : "header-rows", "is for CSV; others name their own");
      } else if (rows == 0 && columns.isEmpty()) {
        read.problem("columns", "is missing: files without a header need names for their columns");
      } else if (rows > 0 && !columns.isEmpty()) {
        read.problem("columns", "is for files without a header; set header-rows = 0 as well");
      }
      return new Settings(rows, columns);
    }
  }

  /**
   * Returns the names that {@code rows} give. One over several columns, as a question over its
   * options, is written once: it holds for those to its right that have none.
   */
  static CsvHeader of(Settings settings, List<List<String>> rows) {
    if (rows.isEmpty()) {
      return new CsvHeader(tidy(settings.columns()), List.of());
    }
    List<String> names = rows.get(0);
    if (rows.size() > 1) {
      names = filled(names);
      for (List<String> row : rows.subList(1, rows.size())) {
        names = joined(names, row);
      }
    }
    return new CsvHeader(tidy(names), rows.subList(1, rows.size()));
  }

  /** Returns whether a row is none of the header's; null for none. */
  Column isData() {
    Column data = lit(true);
    for (List<String> row : further) {
      Column same = lit(true);
      for (int i = 0; i < columns.size(); i++) {
        Column cell = coalesce(col(Batch.quoted(columns.get(i))), lit(""));
        same =
            same.and(
                trim(regexp_replace(cell, "\\s+", " "))
                    .equalTo(at(row, i).replaceAll("\\s+", " ").strip()));
      }
      data = data.and(not(same));
    }
    return data;
  }

  private static List<String> filled(List<String> names) {
    var filled = new ArrayList<String>();
    for (String name : names) {
      boolean empty = name.isBlank() && !filled.isEmpty();
      filled.add(empty ? filled.get(filled.size() - 1) : name);
    }
    return filled;
  }

  private static List<String> joined(List<String> names, List<String> row) {
    var joined = new ArrayList<String>();
    for (int i = 0; i < names.size(); i++) {
      String upper = names.get(i).strip();
      String lower = at(row, i).strip();
      boolean both = !upper.isEmpty() && !lower.isEmpty();
      joined.add(both ? upper + "|" + lower : upper + lower);
    }
    return joined;
  }

  private static String at(List<String> row, int i) {
    return i < row.size() ? row.get(i) : "";
  }

  /** Gives columns without a name, or with that of another, one of their own. */
  private static List<String> tidy(List<String> names) {
    var tidy = new ArrayList<String>();
    var taken = new HashSet<String>(RESERVED);
    for (String name : names) {
      String own = name.isBlank() ? "_column_" + (tidy.size() + 1) : name.strip();
      if (!taken.add(own.toLowerCase(Locale.ROOT))) {
        own = own + "_" + (tidy.size() + 1);
        taken.add(own.toLowerCase(Locale.ROOT));
      }
      tidy.add(own);
    }
    return List.copyOf(tidy);
  }
}
