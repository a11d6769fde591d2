package io.persegment.source;

import io.persegment.config.Section;
import io.persegment.error.Place;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.types.StructType;

/**
 * How files are read: {@code read} of a source or a lookup.
 *
 * @param path one file or a pattern, on any Hadoop file system
 * @param options of Spark's reader, such as {@code delimiter}
 * @param schema columns and types of JSON files; inferred where it is not given
 * @param records column of JSON files that holds an array, of which each element is a row; {@code
 *     schema} is then an element's. For answers of an API, saved a page a file
 * @param header how CSV files name their columns
 * @param place where the path is written
 */
record ReadSettings(
    Format format,
    String path,
    Map<String, String> options,
    Optional<StructType> schema,
    Optional<String> records,
    CsvHeader.Settings header,
    Place place) {
  enum Format {
    CSV,
    JSON,
    PARQUET
  }

  /**
   * @param pathOwner the section that holds the path: the source itself, so that the user of a
   *     template writes {@code NAME.path = ...}, or {@code read}
   */
  static ReadSettings from(Section read, Section pathOwner) {
    Format format = read.choice("format", Format.class);
    if (read.has("records") && (format != Format.JSON || !read.has("schema"))) {
      read.problem("records", "is for JSON files with a schema, which is that of one record");
    }
    Map<String, String> options =
        read.has("options") ? read.section("options").asTexts() : Map.<String, String>of();
    if (options.containsKey("encoding") && !isEncoding(options.get("encoding"))) {
      read.problem(
          "options",
          "has encoding = %s; name one such as windows-1252 or UTF-16"
              .formatted(options.get("encoding")));
    }
    return new ReadSettings(
        format,
        pathOwner.text("path"),
        options,
        read.optionalText("schema").flatMap(ddl -> schema(read, ddl)),
        read.optionalText("records"),
        CsvHeader.Settings.from(read, format == Format.CSV),
        pathOwner.place("path"));
  }

  private static boolean isEncoding(String name) {
    try {
      return Charset.isSupported(name);
    } catch (IllegalCharsetNameException e) {
      return false;
    }
  }

  private static Optional<StructType> schema(Section read, String ddl) {
    try {
      return Optional.of(StructType.fromDDL(ddl));
    } catch (RuntimeException e) {
      read.problem("schema", "is no list of columns such as: id bigint, name string");
      return Optional.empty();
    } catch (Exception e) { // Scala's ParseException is checked, but not declared
      read.problem("schema", "is no list of columns such as: id bigint, name string");
      return Optional.empty();
    }
  }
}
