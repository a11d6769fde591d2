package io.persegment.audit;

import io.persegment.config.Nearest;
import io.persegment.config.Section;
import io.persegment.table.Table;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The limits of the audit.
 *
 * @param freshnessDays days that the newest event of a source may lie before the as-of date
 * @param quarantineShare part of a source's rows of one table that may be quarantined, 0 to 1
 * @param ordersWithoutLines part of the orders that may have no line, 0 to 1
 * @param linesWithoutOrder part of the order lines that may have no order, 0 to 1
 * @param arrivalsZ robust standard deviations by which a source's rows may differ from its usual
 * @param nothingGrowth by how much a column's share of nulls may exceed the reference's, 0 to 1
 * @param driftPsi population stability index that a column may have against the reference
 * @param segmentPsi population stability index that the sizes of a segmentation's segments may have
 *     against those some weeks before
 * @param segmentsNew part of the customers of a segmentation that may be in segments that were not
 *     there then, 0 to 1
 * @param segmentStability least stability that a segment may have, 0 to 1; 0 asks for none
 * @param featurePsi population stability index that a feature by which segments are made may have
 *     against what it was some weeks before
 * @param onFeaturePsi what it means where one has more
 * @param maturedError by what part of itself the rate, or the mean amount, may have been missed by
 *     scores that came due, on average over tenths and beyond what chance explains
 * @param onMaturedError what it means where they are
 * @param reference date as of which the reference is written anew, and before which segments are
 *     not looked at; empty to keep the first
 * @param mayBeEmpty tables that may become empty
 */
public record AuditSettings(
    int freshnessDays,
    double quarantineShare,
    double ordersWithoutLines,
    double linesWithoutOrder,
    double arrivalsZ,
    double nothingGrowth,
    double driftPsi,
    double segmentPsi,
    double segmentsNew,
    double segmentStability,
    double featurePsi,
    Severity onFeaturePsi,
    double maturedError,
    Severity onMaturedError,
    Optional<LocalDate> reference,
    Set<String> mayBeEmpty) {

  /** Of indexes that have no greatest value: more than any would warn of nothing. */
  private static final double MOST = 1e9;

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
        audits.decimal("arrivals-z", 0, MOST),
        audits.decimal("nothing-growth", 0, 1),
        audits.decimal("drift-psi", 0, MOST),
        audits.decimal("segment-psi", 0, MOST),
        audits.decimal("segments-new", 0, 1),
        audits.decimal("segment-stability", 0, 1),
        audits.decimal("feature-psi", 0, MOST),
        audits.choice("on-feature-psi", Severity.class),
        audits.decimal("matured-error", 0, 1),
        audits.choice("on-matured-error", Severity.class),
        audits.optionalText("reference").flatMap(written -> date(audits, written)),
        Set.copyOf(mayBeEmpty));
  }

  private static Optional<LocalDate> date(Section audits, String written) {
    try {
      return Optional.of(LocalDate.parse(written));
    } catch (DateTimeParseException e) {
      audits.problem("reference", "is %s; write a date such as 2026-09-30".formatted(written));
      return Optional.empty();
    }
  }
}
