package io.persegment.source;

import io.persegment.config.Nearest;
import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import java.util.List;
import java.util.stream.Collectors;

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

  static PersegmentException unreadable(String file, Throwable cause) {
    return new PersegmentException(
        Fault.DATA,
        ("Cannot read %s to its end: it is cut off, damaged, or not ours to read. Nothing of its"
                + " source was taken in; bring the file again, then run again.")
            .formatted(file),
        cause);
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

  static PersegmentException filesGone(String source, List<String> gone) {
    return new PersegmentException(
        Fault.SETTINGS,
        ("%,d files of %s that would be read again are there no more, such as %s. Nothing was done; bring"
                + " them back where they were.")
            .formatted(gone.size(), source, gone.get(0)));
  }

  static PersegmentException takenOut(List<String> names) {
    return new PersegmentException(
        Fault.SETTINGS,
        ("The lake has rows of %s, which the settings have no more. Nothing was run; say what becomes of"
                + " them: sources.%s.retired = keep, or drop.")
            .formatted(String.join(", ", names), names.get(0)));
  }

  static PersegmentException changed(SourceSettings source) {
    return new PersegmentException(
        Fault.DATA,
        ("Source %s: a file of %s was changed while it was read. Nothing of the source was taken in; run"
                + " again when the export is complete.")
            .formatted(source.name(), source.read().path()));
  }

  static PersegmentException unbalanced(String source, String table, long expected, long found) {
    return new PersegmentException(
        Fault.INTERNAL,
        "The books of source %s do not balance: %s should hold %,d of its rows, but holds %,d. This is a bug, or something else wrote to the table."
            .formatted(source, table, expected, found));
  }
}
