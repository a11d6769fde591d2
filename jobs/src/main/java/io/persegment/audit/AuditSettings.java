package io.persegment.audit;

import io.persegment.config.Nearest;
import io.persegment.config.Section;
import io.persegment.table.Table;
import java.util.List;
import java.util.Set;

/**
 * The limits of the audit.
 *
 * @param freshnessDays days that the newest event of a source may lie before the as-of date
 * @param quarantineShare part of a source's rows of one table that may be quarantined, 0 to 1
 * @param ordersWithoutLines part of the orders that may have no line, 0 to 1
 * @param linesWithoutOrder part of the order lines that may have no order, 0 to 1
 * @param mayBeEmpty tables that may become empty
 */
public record AuditSettings(
    int freshnessDays,
    double quarantineShare,
    double ordersWithoutLines,
    double linesWithoutOrder,
    Set<String> mayBeEmpty) {

  public AuditSettings {
    mayBeEmpty = Set.copyOf(mayBeEmpty);
  }

  /** Reads the section {@code audits}. */
  public static AuditSettings from(Section audits) {
    List<String> tables = AuditedTables.ALL.stream().map(Table::name).toList();
    List<String> mayBeEmpty = audits.texts("may-be-empty");
    for (String name : mayBeEmpty) {
      if (!tables.contains(name)) {
        audits.problem(
            "may-be-empty", "names no table: %s; %s".formatted(name, Nearest.hint(name, tables)));
      }
    }
    return new AuditSettings(
        audits.days("freshness-days"),
        audits.decimal("quarantine-share", 0, 1),
        audits.decimal("orders-without-lines", 0, 1),
        audits.decimal("lines-without-order", 0, 1),
        Set.copyOf(mayBeEmpty));
  }
}
