package io.persegment.run;

import static org.apache.spark.sql.functions.lit;

import io.persegment.table.Lake;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.apache.spark.sql.Column;

/**
 * What a stage is given to work with, and the only clock it may consult.
 *
 * @param asOf everything that had happened by the end of this day, UTC, counts
 * @param runId the run of which this is a part
 * @param startedAt when the run started; for columns named {@code *_at} of the run
 * @param report where the stage writes down what it counted and measured
 * @param force whether what is done is to be done again, with what came in since
 */
public record StageContext(
    Lake lake, LocalDate asOf, String runId, Instant startedAt, StageReport report, boolean force) {

  public StageContext(
      Lake lake, LocalDate asOf, String runId, Instant startedAt, StageReport report) {
    this(lake, asOf, runId, startedAt, report, /* force= */ false);
  }

  /** Returns the first instant that does not count any more: the end of the as-of date. */
  public Instant cut() {
    return asOf.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  /** Returns {@link #cut()} as a column: events count whose time is before it. */
  public Column cutColumn() {
    return lit(Timestamp.from(cut()));
  }

  public Column asOfColumn() {
    return lit(java.sql.Date.valueOf(asOf));
  }

  public Column startedAtColumn() {
    return lit(Timestamp.from(startedAt));
  }
}
