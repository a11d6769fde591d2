package io.persegment.report;

import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.struct;

import io.persegment.publish.Audience;
import io.persegment.publish.AudienceChanges;
import io.persegment.publish.AudienceSuppressed;
import io.persegment.publish.Releases;
import io.persegment.table.Lake;
import java.sql.Date;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;

/**
 * Who may be written to, and who is left out.
 *
 * @param customers everybody there is
 * @param audience who may be written to
 * @param leftOut by reason, the most frequent first
 * @param release the last one; empty where none was completed
 */
public record AudienceFigures(
    long customers, long audience, List<LeftOut> leftOut, Optional<Release> release) {

  /**
   * What the last release changed.
   *
   * @param added customers who came in
   * @param changed customers of whom something else is said than before
   * @param removed customers who went out
   */
  public record Release(
      String id, LocalDate asOf, Instant publishedAt, long added, long changed, long removed) {}

  public long suppressed() {
    return leftOut.stream().mapToLong(LeftOut::customers).sum();
  }

  /** Returns how many are left out because they did not agree, or do not any more. */
  public long withoutConsent() {
    return leftOut.stream().filter(LeftOut::forWantOfConsent).mapToLong(LeftOut::customers).sum();
  }

  /** Returns whether everybody is accounted for. */
  public boolean balances() {
    return customers == audience + suppressed();
  }

  /**
   * Four actions, with a row for each reason and kind of change.
   *
   * @param customers everybody there is
   */
  static AudienceFigures read(Lake lake, long customers) {
    List<LeftOut> leftOut =
        lake
            .readOrEmpty(AudienceSuppressed.TABLE)
            .groupBy(AudienceSuppressed.REASON.col())
            .count()
            .collectAsList() // one row a reason
            .stream()
            .map(row -> new LeftOut(row.getString(0), row.getLong(1)))
            .sorted(
                Comparator.comparing(LeftOut::customers).reversed().thenComparing(LeftOut::reason))
            .toList();
    return new AudienceFigures(
        customers, lake.read(Audience.TABLE).count(), leftOut, lastRelease(lake));
  }

  private static Optional<Release> lastRelease(Lake lake) {
    Row last =
        lake.readOrEmpty(Releases.TABLE)
            .agg(
                max_by(
                    struct(
                        Releases.RELEASE_ID.col(),
                        Releases.AS_OF.col(),
                        Releases.PUBLISHED_AT.col()),
                    Releases.RELEASE_ID.col()))
            .head();
    return last.isNullAt(0) ? Optional.empty() : Optional.of(release(lake, last.getStruct(0)));
  }

  private static Release release(Lake lake, Row last) {
    long added = 0;
    long changed = 0;
    long removed = 0;
    for (Row row :
        lake.readOrEmpty(AudienceChanges.TABLE)
            .where(AudienceChanges.RELEASE_ID.col().equalTo(last.getString(0)))
            .groupBy(AudienceChanges.CHANGE.col())
            .count()
            .collectAsList()) {
      switch (row.getString(0)) {
        case AudienceChanges.ADDED -> added = row.getLong(1);
        case AudienceChanges.CHANGED -> changed = row.getLong(1);
        default -> removed = row.getLong(1);
      }
    }
    return new Release(
        last.getString(0),
        last.<Date>getAs(1).toLocalDate(),
        last.getTimestamp(2).toInstant(),
        added,
        changed,
        removed);
  }
}
