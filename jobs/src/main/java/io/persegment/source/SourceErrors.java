package io.persegment.source;

import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;

/** The messages of this package, side by side so that they stay alike. */
final class SourceErrors {
  private SourceErrors() {}

  static PersegmentException noFile(ReadSettings read, String folder) {
    return new PersegmentException(
        Fault.DATA,
        "%s: %s is %s, but no file in %s matches it. Nothing was changed; see why the export did not come, then run again."
            .formatted(read.place(), read.place().path(), read.path(), folder));
  }

  static PersegmentException unreadable(ReadSettings read, String file, Exception cause) {
    return new PersegmentException(
        Fault.DATA,
        "Cannot read %s (%s): %s. Nothing was changed; bring the file again, then run again."
            .formatted(file, read.place().path(), cause.getClass().getSimpleName()),
        cause);
  }

  /** Spark found a file that it cannot read to its end. */
  static PersegmentException cutOff(SourceSettings source, String file, Throwable cause) {
    return new PersegmentException(
        Fault.DATA,
        ("Source %s: cannot read %s to its end; it is cut off or damaged. Nothing of the source was"
                + " taken in; bring the file again, then run again.")
            .formatted(source.name(), file),
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

  static PersegmentException unbalanced(String source, String table, long expected, long found) {
    return new PersegmentException(
        Fault.INTERNAL,
        "The books of source %s do not balance: %s should hold %,d of its rows, but holds %,d. This is a bug, or something else wrote to the table."
            .formatted(source, table, expected, found));
  }
}
