package io.persegment.source;

import io.persegment.config.Secret;
import io.persegment.config.Section;
import io.persegment.error.Place;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.spark.sql.types.StructType;

/** Where rows come from that do not lie in files of the source's own; see {@link Landing}. */
sealed interface Feed {

  /** Returns what it is called in messages, without anything secret. */
  String title();

  /** Returns the SQL that tells when a row was as it stands, where the feed itself knows. */
  default Optional<String> version() {
    return Optional.empty();
  }

  /** Returns columns beside the data's own; a row has those that an expression reads. */
  default StructType extras() {
    return new StructType();
  }

  /**
   * A Delta table: at first all of it, then what was added since.
   *
   * @param changes read its Change Data Feed, and so changed and deleted rows, too
   */
  record Delta(String path, boolean changes, Map<String, String> options, Place place)
      implements Feed {

    static Delta from(Section read, Section pathOwner, Map<String, String> options) {
      boolean changes = read.has("changes") && read.flag("changes");
      return new Delta(pathOwner.text("path"), changes, options, pathOwner.place("path"));
    }

    @Override
    public String title() {
      return path;
    }

    @Override
    public Optional<String> version() {
      return changes ? Optional.of("_commit_timestamp") : Optional.empty();
    }

    @Override
    public StructType extras() {
      return changes
          ? StructType.fromDDL(
              "_change_type string, _commit_version bigint, _commit_timestamp timestamp")
          : new StructType();
    }
  }

  /**
   * A table or a query of a database.
   *
   * @param relation the table, or the query in parentheses
   * @param cursor a column that grows whenever a row is written; without one all is read each time
   * @param overlap how far before the greatest cursor reading begins: rows may become visible later
   *     than others with a greater one
   */
  record Jdbc(
      String url,
      String relation,
      String title,
      Optional<String> cursor,
      Duration overlap,
      Optional<String> user,
      Optional<Secret> password,
      Map<String, String> options,
      Place place)
      implements Feed {
    private static final Pattern CREDENTIALS =
        Pattern.compile("password=|pwd=|//[^/@]*:[^/@]*@", Pattern.CASE_INSENSITIVE);

    static Jdbc from(Section read, Map<String, String> options) {
      String url = read.text("url");
      if (CREDENTIALS.matcher(url).find()) {
        read.refuseLiteral("url");
      }
      if (read.has("table") == read.has("query")) {
        read.problem("table", "or query must be given, one of them");
      }
      String table = read.optionalText("table").orElse("");
      String relation =
          read.optionalText("query")
              .map(query -> "(%s) persegment_query".formatted(query))
              .orElse(table);
      return new Jdbc(
          url,
          relation,
          table.isEmpty() ? "the query" : "table " + table,
          read.optionalText("cursor"),
          read.optionalDuration("overlap").orElse(Duration.ZERO),
          read.optionalText("user"),
          read.secret("password"),
          options,
          read.place(table.isEmpty() ? "query" : "table"));
    }

    /** A record would show the URL, which may hold a password. */
    @Override
    public String toString() {
      return title;
    }
  }

  /** A topic of a Kafka whose messages are JSON objects. */
  record Kafka(
      String servers, String topic, StructType schema, Map<String, String> options, Place place)
      implements Feed {
    private static final StructType EXTRAS =
        StructType.fromDDL(
            "_key string, _partition int, _offset bigint, _timestamp timestamp, _tombstone boolean");

    static Kafka from(Section read, Optional<StructType> schema, Map<String, String> options) {
      read.oneOf("value", List.of("json"));
      if (schema.isEmpty() && !read.has("schema")) {
        read.problem(
            "schema", "is missing: list the messages' fields, such as: id bigint, name string");
      }
      for (String name : schema.map(StructType::fieldNames).orElse(new String[0])) {
        if (List.of(EXTRAS.fieldNames()).contains(name)) {
          read.problem("schema", "has %s, which is a name of our own".formatted(name));
        }
      }
      return new Kafka(
          read.text("servers"),
          read.text("topic"),
          schema.orElse(new StructType()),
          options,
          read.place("topic"));
    }

    @Override
    public String title() {
      return "topic " + topic;
    }

    @Override
    public Optional<String> version() {
      return Optional.of("_timestamp");
    }

    @Override
    public StructType extras() {
      return EXTRAS;
    }

    @Override
    public String toString() {
      return title();
    }
  }
}
