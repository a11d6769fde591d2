package io.persegment.source;

import io.persegment.config.Section;
import io.persegment.error.Place;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.types.StructType;

/**
 * How a source or a lookup is read: its {@code read}.
 *
 * @param path one file or a pattern, on any Hadoop file system; of a feed what it is called
 * @param options of Spark's reader, such as {@code delimiter}
 * @param schema columns and types of JSON files; inferred where it is not given
 * @param records column of JSON files that holds an array, of which each element is a row; {@code
 *     schema} is then an element's. For answers of an API, saved a page a file
 * @param header how CSV files name their columns
 * @param rowNumber name of a column to be made, which tells apart the rows of a file without a key
 * @param settle a file that was changed less than this ago may still be being written
 * @param marker a file counts once this one is beside it; one that begins with a dot is added to
 *     the file's own name
 * @param feed where the rows come from, if not from files
 * @param place where the path is written
 */
record ReadSettings(
    Format format,
    String path,
    Map<String, String> options,
    Optional<StructType> schema,
    Optional<String> records,
    CsvHeader.Settings header,
    Optional<String> rowNumber,
    Duration settle,
    Optional<String> marker,
    Optional<Feed> feed,
    Place place) {
  enum Format {
    CSV,
    JSON,
    PARQUET,
    DELTA,
    JDBC,
    KAFKA
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
    Map<String, String> options = ReadOptions.from(read, format);
    Optional<StructType> schema = read.optionalText("schema").flatMap(ddl -> schema(read, ddl));
    Optional<Feed> feed =
        switch (format) {
          case DELTA -> Optional.of(Feed.Delta.from(read, pathOwner, options));
          case JDBC -> Optional.of(Feed.Jdbc.from(read, options));
          case KAFKA -> Optional.of(Feed.Kafka.from(read, schema, options));
          default -> Optional.empty();
        };
    return new ReadSettings(
        format,
        feed.map(Feed::title).orElseGet(() -> pathOwner.text("path")),
        options,
        schema,
        read.optionalText("records"),
        CsvHeader.Settings.from(read, format == Format.CSV),
        format == Format.CSV ? read.optionalText("row-number") : Optional.empty(),
        feed.isPresent() ? Duration.ZERO : read.optionalDuration("settle").orElse(Duration.ZERO),
        feed.isPresent() ? Optional.empty() : read.optionalText("marker"),
        feed,
        place(format, read, pathOwner));
  }

  private static Place place(Format format, Section read, Section pathOwner) {
    return switch (format) {
      case JDBC -> read.place(read.has("table") ? "table" : "query");
      case KAFKA -> read.place("topic");
      default -> pathOwner.place("path");
    };
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
