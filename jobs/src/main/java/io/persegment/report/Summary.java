package io.persegment.report;

import io.persegment.audit.Audits;
import io.persegment.customer.Customers;
import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import io.persegment.features.FeatureSettings;
import io.persegment.identity.IdentityMap;
import io.persegment.publish.Audience;
import io.persegment.run.Ledger;
import io.persegment.run.Stage;
import io.persegment.scores.CustomerScores;
import io.persegment.segments.Segments;
import io.persegment.source.Quarantine;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What one run made. What is not dated (records, customers, the audience, quarantine) is as the
 * lake holds it now.
 *
 * @param shop name of the shop
 * @param stages every stage, in the order they run
 * @param segmentationsSaid refusals and warnings of the stage that divides customers
 * @param targetsSaid refusals and warnings of the stage that makes scores
 * @param quarantine by source and table; empty where nothing was refused
 */
public record Summary(
    String shop,
    LocalDate asOf,
    List<StageRun> stages,
    Part<RecordFigures> records,
    Part<CustomerFigures> customers,
    Part<List<SegmentationFigures>> segmentations,
    List<String> segmentationsSaid,
    Part<List<TargetFigures>> targets,
    List<String> targetsSaid,
    Part<AudienceFigures> audience,
    Part<AuditFigures> audits,
    Part<List<QuarantineFigures>> quarantine) {

  /** Reads a lake. Some dozen actions, none of which brings rows of customers to the driver. */
  public static Summary read(
      Lake lake, String shop, LocalDate asOf, List<Stage> stages, FeatureSettings features) {
    StageRuns runs = StageRuns.read(lake, asOf, stages);
    Part<CustomerFigures> customers = part(lake, runs, Customers.TABLE, CustomerFigures::read);
    long everybody = customers.found().map(CustomerFigures::all).orElse(0L);
    return new Summary(
        shop,
        asOf,
        runs.all(),
        part(lake, runs, IdentityMap.TABLE, RecordFigures::read),
        customers,
        filled(runs, Segments.TABLE, () -> SegmentationFigures.read(lake, asOf, features)),
        runs.saidBy(Segments.TABLE),
        filled(runs, CustomerScores.TABLE, () -> TargetFigures.read(lake, asOf)),
        runs.saidBy(CustomerScores.TABLE),
        part(lake, runs, Audience.TABLE, there -> AudienceFigures.read(there, everybody)),
        audits(lake, runs, asOf),
        quarantine(lake, runs));
  }

  /** Returns the stages that failed. */
  public List<StageRun> failed() {
    return stages.stream().filter(run -> run.status().equals(Ledger.FAILED)).toList();
  }

  /** Returns whether the last release is not of the date that the rest is about. */
  public boolean audienceIsOfAnotherDate() {
    return audience
        .found()
        .flatMap(AudienceFigures::release)
        .filter(release -> !release.asOf().equals(asOf))
        .isPresent();
  }

  /**
   * Returns the last date that anything was run for. An action.
   *
   * @throws PersegmentException where nothing ever was
   */
  public static LocalDate newestDate(Lake lake) {
    return StageRuns.newestDate(lake)
        .orElseThrow(
            () ->
                new PersegmentException(
                    Fault.DATA,
                    "There is nothing to report: no run is in the ledger of the lake %s. Run scripts/persegment run on it first, or mend lake.root."
                        .formatted(lake.root())));
  }

  private static <T> Part<T> part(Lake lake, StageRuns runs, Table table, Function<Lake, T> read) {
    return lake.exists(table) ? Part.of(read.apply(lake)) : Part.missing(runs.whyMissing(table));
  }

  private static <T> Part<List<T>> filled(StageRuns runs, Table table, Supplier<List<T>> read) {
    List<T> found = read.get();
    return found.isEmpty() ? Part.missing(runs.whyMissing(table)) : Part.of(found);
  }

  /** Where nothing was ever refused there is no table, and nothing is missing. */
  private static Part<List<QuarantineFigures>> quarantine(Lake lake, StageRuns runs) {
    return runs.isDone(Quarantine.TABLE)
        ? Part.of(QuarantineFigures.read(lake))
        : part(lake, runs, Quarantine.TABLE, QuarantineFigures::read);
  }

  private static Part<AuditFigures> audits(Lake lake, StageRuns runs, LocalDate asOf) {
    AuditFigures found = AuditFigures.read(lake, asOf);
    return found.checks() == 0 ? Part.missing(runs.whyMissing(Audits.TABLE)) : Part.of(found);
  }
}
