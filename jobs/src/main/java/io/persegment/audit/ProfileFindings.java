package io.persegment.audit;

import io.persegment.table.Field;
import io.persegment.table.Table;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** What follows from the profiles of all tables. */
final class ProfileFindings {
  static final String ROWS = "rows";

  private final List<TableProfile> profiles;
  private final AuditSettings settings;

  ProfileFindings(List<TableProfile> profiles, AuditSettings settings) {
    this.profiles = profiles;
    this.settings = settings;
  }

  /** Returns the rows of a table, of all its sources. */
  long rows(String table) {
    return profiles.stream()
        .filter(profile -> profile.table().equals(table))
        .mapToLong(TableProfile::rows)
        .sum();
  }

  /** Returns the recent records of a table, of all its sources. */
  long recent(String table) {
    return profiles.stream()
        .filter(profile -> profile.table().equals(table))
        .mapToLong(TableProfile::recent)
        .sum();
  }

  /** Returns the share of nulls of each column that may be null, of all sources, by its name. */
  SortedMap<String, Distribution> nulls(Table table) {
    List<Field> columns = AuditedTables.mayBeNull(table);
    double recent = recent(table.name());
    var shares = new TreeMap<String, Distribution>();
    for (int i = 0; i < columns.size(); i++) {
      int column = i;
      double nulls =
          profiles.stream()
              .filter(profile -> profile.table().equals(table.name()))
              .mapToLong(profile -> profile.nulls().get(column))
              .sum();
      shares.put(columns.get(i).name(), Distribution.ofNulls(nulls / recent));
    }
    return shares;
  }

  /**
   * Returns the rows of every table.
   *
   * @param there tables that are in the lake
   * @param filled tables that must not be empty, because they were not
   */
  List<Finding> counts(List<Table> there, Set<String> filled) {
    var names = new TreeSet<>(filled);
    there.forEach(table -> names.add(table.name()));
    return names.stream().map(name -> count(name, filled)).toList();
  }

  private Finding count(String table, Set<String> filled) {
    return filled.contains(table) && !settings.mayBeEmpty().contains(table)
        ? Finding.atLeast(ROWS, table, (double) rows(table), 1, Severity.HOLD)
        : Finding.info(ROWS, table, (double) rows(table));
  }

  /** Returns the rows of each keyed table that repeat a key or have none. */
  List<Finding> keys(List<Table> there) {
    var broken = new TreeMap<String, Long>();
    profiles.forEach(each -> broken.merge(each.table(), each.brokenKeys(), Long::sum));
    return there.stream()
        .filter(table -> !table.key().isEmpty())
        .map(Table::name)
        .map(
            name ->
                Finding.atMost(
                    "broken_keys", name, broken.getOrDefault(name, 0L), 0, Severity.HOLD))
        .toList();
  }

  /** Returns the age in days of the newest event of each source that has any. */
  List<Finding> freshness(LocalDate asOf) {
    return profiles.stream()
        .filter(profile -> profile.newest().isPresent())
        .map(
            profile ->
                Finding.atMost(
                    "freshness_days." + profile.source(),
                    profile.table(),
                    (double) ChronoUnit.DAYS.between(profile.newest().get(), asOf),
                    settings.freshnessDays(),
                    Severity.WARN))
        .toList();
  }

  /**
   * Returns the part of the rows that were quarantined, of each source and table that has any
   * there.
   *
   * @param quarantined rows in quarantine, by table and source
   */
  List<Finding> quarantine(Map<String, Map<String, Long>> quarantined) {
    return quarantined.entrySet().stream()
        .flatMap(
            table ->
                table.getValue().entrySet().stream()
                    .map(source -> quarantine(table.getKey(), source.getKey(), source.getValue())))
        .toList();
  }

  private Finding quarantine(String table, String source, long refused) {
    long accepted =
        profiles.stream()
            .filter(each -> each.table().equals(table) && each.source().equals(source))
            .mapToLong(TableProfile::rows)
            .sum();
    return Finding.atMost(
        "quarantine_share." + source,
        table,
        (double) refused / (refused + accepted),
        settings.quarantineShare(),
        Severity.WARN);
  }
}
