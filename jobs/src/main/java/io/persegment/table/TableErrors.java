package io.persegment.table;

import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import java.util.List;

/** The messages of this package, side by side so that they stay alike. */
final class TableErrors {
  private TableErrors() {}

  static PersegmentException notFound(Table table, String path) {
    return new PersegmentException(
        Fault.DATA,
        "Cannot read table %s: there is no Delta table at %s. Run the stage that writes it first (persegment tables says which)."
            .formatted(table.name(), path));
  }

  static PersegmentException wrongColumns(Table table, List<String> missing, List<String> extra) {
    return new PersegmentException(
        Fault.INTERNAL,
        "Cannot write table %s: missing columns %s, unexpected columns %s. End the stage with select(%s.columns())."
            .formatted(table.name(), missing, extra, table.name()));
  }

  static PersegmentException otherType(Table table, String column, String stored, String wanted) {
    return new PersegmentException(
        Fault.DATA,
        "Cannot write table %s: its column %s holds %s, but is now declared as %s. Give the new column another name, or move the table away and run again."
            .formatted(table.name(), column, stored, wanted));
  }
}
