package io.persegment.publish;

import io.persegment.audit.AuditedTables;
import io.persegment.audit.Audits;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The tables of which a release notes the version that belongs to it. */
final class ReleasedTables {
  static final List<Table> ALL =
      Stream.concat(
              AuditedTables.ALL.stream(),
              Stream.of(
                  Audits.TABLE, AudienceSuppressed.TABLE, AudienceChanges.TABLE, Audience.TABLE))
          .toList();

  private ReleasedTables() {}

  /** Returns the current version of every one that is there, by name. */
  static Map<String, Long> versions(Lake lake) {
    var versions = new TreeMap<String, Long>();
    for (Table table : ALL) {
      lake.version(table).ifPresent(version -> versions.put(table.name(), version));
    }
    return versions;
  }
}
