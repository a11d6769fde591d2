package io.persegment.source;

import io.persegment.config.Section;
import io.persegment.sql.SqlExpression;
import java.util.Optional;

/**
 * A small table that is joined to a source's rows; its columns are reached as {@code name.column}.
 *
 * @param read empty for one of a template that the shop has not got: its columns are null
 * @param key column of the lookup that tells its rows apart
 * @param on expression over the source's row that finds the lookup's row; the key's name by default
 */
record LookupSettings(String name, Optional<ReadSettings> read, String key, SqlExpression on) {

  static LookupSettings from(String name, Section lookup) {
    if (lookup.isNull("path")) {
      lookup.ignoreRest();
      return new LookupSettings(name, Optional.empty(), "", SqlExpression.parse("null"));
    }
    Section read = lookup.section("read");
    ReadSettings settings = ReadSettings.from(read, lookup.has("path") ? lookup : read);
    if (settings.feed().isPresent()) {
      read.problem("format", "is for sources; a lookup is read from csv, json or parquet files");
    }
    if (read.has("settle") || read.has("marker")) {
      read.problem(
          read.has("settle") ? "settle" : "marker", "is for sources; a lookup is read as it is");
    }
    read.close();
    String key = lookup.text("key");
    SqlExpression on =
        lookup.optionalSql("on").orElseGet(() -> lookup.sql("key", "`%s`".formatted(key)));
    return new LookupSettings(name, Optional.of(settings), key, on);
  }
}
