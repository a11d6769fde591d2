package io.persegment.report;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How one stage ended last for the as-of date.
 *
 * @param summary what the stage does
 * @param status done, warned, failed, or {@link #NOT_RUN}
 * @param startedAt empty where it was not run
 * @param sentences why it failed or warned
 * @param rows what it counted, by name
 * @param metrics what it measured, by name
 */
public record StageRun(
    String stage,
    String summary,
    String status,
    Optional<Instant> startedAt,
    Duration time,
    List<String> sentences,
    Map<String, Long> rows,
    Map<String, Double> metrics) {
  public static final String NOT_RUN = "not run";

  static StageRun notRun(String stage, String summary) {
    return new StageRun(
        stage, summary, NOT_RUN, Optional.empty(), Duration.ZERO, List.of(), Map.of(), Map.of());
  }

  public boolean wasRun() {
    return !status.equals(NOT_RUN);
  }

  /** Returns whether there is anything to unfold below it. */
  public boolean counted() {
    return !rows.isEmpty() || !metrics.isEmpty();
  }
}
