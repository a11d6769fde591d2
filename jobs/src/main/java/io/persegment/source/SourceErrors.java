package io.persegment.source;

import io.persegment.config.Nearest;
import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import io.persegment.error.Place;
import io.persegment.error.Redaction;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkThrowable;

/** The messages of this package, side by side so that they stay alike. */
final class SourceErrors {
  private SourceErrors() {}

  static PersegmentException noFiles(List<ReadSettings> without) {
    return new PersegmentException(
        Fault.DATA,
        without.stream()
                .map(
                    read ->
                        "%s: %s is %s, but no file matches it."
                            .formatted(read.place(), read.place().path(), read.path()))
                .collect(Collectors.joining("\n"))
            + " Nothing was changed; see why the export did not come, then run again.");
  }

  static PersegmentException linesNotADocument(ReadSettings read, FoundFile file) {
    return new PersegmentException(
        Fault.SETTINGS,
        "%s: options say multiLine = true, one text a file, but %s holds an object a line. Take multiLine out; of each file only the first object would be read."
            .formatted(read.place(), file.path()));
  }

  static PersegmentException unreadable(String file, Throwable cause) {
    return new PersegmentException(
        Fault.DATA,
        ("Cannot read %s to its end: it is cut off, damaged, or not ours to read. Nothing of its"
                + " source was taken in; bring the file again, then run again.")
            .formatted(file),
        cause);
  }

  static PersegmentException tooLong(String file, Throwable cause) {
    return new PersegmentException(
        Fault.DATA,
        ("A value of %s is longer than its source's options.maxCharsPerColumn; is a quote opened there and"
                + " never closed? Nothing of its source was taken in; mend the file, then run again.")
            .formatted(file),
        cause);
  }

  static PersegmentException tooManyColumns(String file, int columns, int most) {
    return new PersegmentException(
        Fault.DATA,
        ("%s has %,d columns, more than the %,d that a table may have; are its delimiter and line ends those"
                + " that its source declares? Nothing of the source was taken in.")
            .formatted(file, columns, most));
  }

  static PersegmentException empty(ReadSettings read) {
    return new PersegmentException(
        Fault.DATA,
        "%s: %s is %s, all that the source has, and its files are empty, without so much as a header. Nothing was taken in, as every record would go; see why, then run again."
            .formatted(read.place(), read.place().path(), read.path()));
  }

  static PersegmentException numberedAlready(ReadSettings read) {
    return new PersegmentException(
        Fault.SETTINGS,
        "The files of %s have a column %s already; call read.row-number otherwise, or take it out."
            .formatted(read.place(), read.rowNumber().orElseThrow()));
  }

  /** Files that Spark makes no table of; of its words only the condition is told. */
  static PersegmentException noTable(ReadSettings read, Throwable e) {
    String condition = ((SparkThrowable) e).getCondition();
    String what =
        switch (String.valueOf(condition)) {
          case "COLUMN_ALREADY_EXISTS" ->
              "have two columns of one name, or of names that differ by upper and lower case alone";
          case "UNABLE_TO_INFER_SCHEMA" -> "are all empty";
          default -> "have columns that are no table (%s)".formatted(condition);
        };
    return new PersegmentException(
        Fault.DATA,
        "%s: %s is %s, whose files %s. Nothing of the source was taken in; mend the export%s."
            .formatted(
                read.place(),
                read.place().path(),
                read.path(),
                what,
                read.format() == ReadSettings.Format.JSON ? ", or declare read.schema" : ""),
        e);
  }

  static PersegmentException tooManyRefused(
      SourceSettings source, String table, long refused, long read, String reasons) {
    return new PersegmentException(
        Fault.DATA,
        ("Source %s: %,d of %,d rows for %s were refused, %.1f %%, and its quarantine-limit is %.1f %%."
                + " Nothing of the source was taken in; the rows and their reasons are in quarantine (%s)."
                + " Mend the export or the settings, then run again; or raise sources.%s.quarantine-limit.")
            .formatted(
                source.name(),
                refused,
                read,
                table,
                100.0 * refused / read,
                100.0 * source.quarantineLimit(),
                reasons,
                source.name()));
  }

  static PersegmentException tooManyAbsent(
      SourceSettings source, String table, long absent, long had) {
    return new PersegmentException(
        Fault.DATA,
        ("Source %s: %,d of the %,d records that %s has of it are in its newest export no more, and its"
                + " most-removed is %.0f %%. Nothing of the source was taken in. Is the export whole? Bring it"
                + " again, or raise sources.%s.most-removed for this run.")
            .formatted(
                source.name(), absent, had, table, 100 * source.mostRemoved(), source.name()));
  }

  static PersegmentException noSource(String name, List<String> names) {
    return new PersegmentException(
        Fault.SETTINGS,
        "There is no source %s in the settings; %s".formatted(name, Nearest.hint(name, names)));
  }

  static PersegmentException filesGone(String source, Collection<String> gone) {
    return new PersegmentException(
        Fault.SETTINGS,
        ("%,d files of %s that would be read again are there no more, such as %s. Nothing was done; bring"
                + " them back where they were.")
            .formatted(gone.size(), source, gone.iterator().next()));
  }

  static PersegmentException takenOut(List<String> names) {
    return new PersegmentException(
        Fault.SETTINGS,
        ("The lake has rows of %s, which the settings have no more. Nothing was run; say what becomes of"
                + " them: sources.%s.retired = keep, or drop.")
            .formatted(String.join(", ", names), names.get(0)));
  }

  static PersegmentException sharesFiles(String name, String other) {
    return new PersegmentException(
        Fault.SETTINGS,
        ("sources.%s.retired = drop cannot be done: source %s reads the same files, by which rows are told"
                + " apart. Nothing was run; say keep.")
            .formatted(name, other));
  }

  static PersegmentException changed(SourceSettings source) {
    return new PersegmentException(
        Fault.DATA,
        ("Source %s: a file of %s was changed while it was read. Nothing of the source was taken in; run"
                + " again when the export is complete.")
            .formatted(source.name(), source.read().path()));
  }

  static PersegmentException notAgain(SourceSettings source) {
    return new PersegmentException(
        Fault.SETTINGS,
        ("What was read of %s cannot be read again as a whole: what was taken in of %s is kept no longer."
                + " Nothing was done.")
            .formatted(source.name(), source.read().path()));
  }

  /**
   * A stream that cannot go on from where it was: nobody but the shop can say what is to be done.
   */
  static PersegmentException stream(
      SourceSettings source, Feed feed, String checkpoint, Throwable e) {
    String condition =
        Stream.iterate(e, Objects::nonNull, Throwable::getCause)
            .filter(SparkThrowable.class::isInstance)
            .map(each -> String.valueOf(((SparkThrowable) each).getCondition()))
            .filter(each -> each.matches("(DELTA|DIFFERENT_DELTA|KAFKA_DATA_LOSS).*"))
            .findFirst()
            .orElse("");
    if (condition.isEmpty()) {
      return new PersegmentException(
          Fault.INTERNAL,
          "Source %s: reading %s failed (%s). Nothing was lost; run again."
              .formatted(source.name(), feed.title(), Redaction.of(root(e).toString())),
          e);
    }
    String what = "cannot be read on from where it was (%s)".formatted(condition);
    String hint = "";
    if (condition.startsWith("KAFKA_DATA_LOSS")) {
      what = "has no more what was not read yet: messages expired, or it was created anew";
    } else if (condition.matches("DELTA_SOURCE_(IGNORE_DELETE|TABLE_IGNORE_CHANGES)")) {
      what = "had rows changed or deleted, of which only its Change Data Feed tells";
      hint =
          " Set read.changes = true where it keeps one, or read.options.skipChangeCommits = true to pass over such commits.";
    }
    return new PersegmentException(
        Fault.DATA,
        "Source %s: %s %s. Nothing was taken in.%s %s"
            .formatted(source.name(), feed.title(), what, hint, anew(checkpoint)),
        e);
  }

  private static String anew(String checkpoint) {
    return "To read what there is from its beginning, delete the folder %s and run again: rows that were taken in before then count as repeated."
        .formatted(checkpoint);
  }

  static PersegmentException otherTopic(
      SourceSettings source, Feed.Kafka kafka, String checkpoint) {
    return new PersegmentException(
        Fault.DATA,
        "Source %s: %s is another one than was read before: it was deleted and created anew. Nothing was taken in. %s"
            .formatted(source.name(), kafka.title(), anew(checkpoint)));
  }

  static PersegmentException noTopic(Feed.Kafka kafka, Throwable e) {
    return new PersegmentException(
        Fault.SETTINGS,
        "%s: %s is %s, which %s does not have. Mend the name, or create the topic."
            .formatted(kafka.place(), kafka.place().path(), kafka.topic(), kafka.servers()),
        e);
  }

  static PersegmentException noServer(Feed.Kafka kafka, Throwable e) {
    return new PersegmentException(
        Fault.INTERNAL,
        "%s: Kafka does not answer at %s. See whether it runs and can be reached from here; running again may help."
            .formatted(kafka.place(), kafka.servers()),
        e);
  }

  static PersegmentException refusedByKafka(Feed.Kafka kafka, Throwable e) {
    return new PersegmentException(
        Fault.SETTINGS,
        "%s: Kafka at %s refuses us or our settings (%s). See read.servers and read.options."
            .formatted(kafka.place(), kafka.servers(), root(e).getClass().getSimpleName()),
        e);
  }

  static PersegmentException noKafka(Place place, Throwable e) {
    return new PersegmentException(
        Fault.SETTINGS,
        ("%s: this Spark has no reader for Kafka. Give it one, of Spark's own version:"
                + " PERSEGMENT_SUBMIT=\"--packages org.apache.spark:spark-sql-kafka-0-10_2.13:4.1.0\".")
            .formatted(place),
        e);
  }

  /** Of what the driver says only the code is told: its words may hold a row, or the user's. */
  static PersegmentException database(Feed.Jdbc jdbc, Throwable e) {
    String code =
        Stream.iterate(e, Objects::nonNull, Throwable::getCause)
            .filter(SQLException.class::isInstance)
            .map(each -> "SQL state " + ((SQLException) each).getSQLState())
            .findFirst()
            .orElseGet(() -> root(e).getClass().getSimpleName());
    return new PersegmentException(
        Fault.INTERNAL,
        "%s: %s could not be read from its database (%s%s). See whether it runs and can be reached from here; running again may help."
            .formatted(
                jdbc.place(), jdbc.title(), code, code.contains("08") ? ", no connection" : ""));
  }

  private static Throwable root(Throwable e) {
    return e.getCause() == null ? e : root(e.getCause());
  }

  static PersegmentException unbalanced(String source, String table, long expected, long found) {
    return new PersegmentException(
        Fault.INTERNAL,
        "The books of source %s do not balance: %s should have grown by %,d rows, but grew by %,d. This is a bug, or something else wrote to the table."
            .formatted(source, table, expected, found));
  }
}
