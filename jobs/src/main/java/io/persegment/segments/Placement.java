package io.persegment.segments;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * Why a customer is in a segment.
 *
 * @param since as-of date from which they are in it without a break
 * @param confidence how clearly they belong there, 0 to 1
 * @param description what the segment is, in words
 * @param rules that were tried, in their order; of those of which the first counts, up to it
 * @param values that it is told by, beside rules
 * @param rival the next nearest segment; of clusters alone
 * @param before segments of the segmentation that they were in before, the last first
 * @param cameBy what became another thing when they came in; empty where they were in it from the
 *     first date on, or it cannot be told
 */
public record Placement(
    String segmentation,
    String segment,
    LocalDate since,
    double confidence,
    String description,
    List<Rule> rules,
    List<Value> values,
    Optional<Rival> rival,
    List<Stay> before,
    List<Change> cameBy) {

  public Placement {
    rules = List.copyOf(rules);
    values = List.copyOf(values);
    before = List.copyOf(before);
    cameBy = List.copyOf(cameBy);
  }

  /** The customer's value of a feature, or what a function in a condition gives; empty: unknown. */
  public record Value(String name, Optional<String> value) {}

  /** A rule, and whether it holds. */
  public record Rule(String segment, boolean holds, List<Clause> clauses) {}

  /**
   * A part of a condition.
   *
   * @param holds empty where a value that it asks for is not known
   */
  public record Clause(String text, Optional<Boolean> holds, List<Value> values) {}

  /**
   * A part of a condition that held and does not any more, or the other way round; of clusters a
   * feature alone, which is another number.
   *
   * @param holds whether it holds since; empty of a feature, or where it cannot be told
   * @param before values that it looks at, on the date before
   * @param since the same since
   */
  public record Change(
      String text, Optional<Boolean> holds, List<Value> before, List<Value> since) {}

  /**
   * The segment that is next nearest.
   *
   * @param distance to the centre of the customer's own segment, in standard deviations where
   *     features are scaled
   * @param otherDistance to the centre of this one
   * @param pulls the features that draw the customer to their own, the strongest first; none where
   *     they are compared by principal components
   */
  public record Rival(String segment, double distance, double otherDistance, List<Pull> pulls) {}

  /**
   * A feature that draws a customer to their segment.
   *
   * @param average of the customers of it; empty where it was not measured
   * @param otherAverage of those of the other
   */
  public record Pull(Value value, Optional<Double> average, Optional<Double> otherAverage) {}

  /**
   * A segmentation in none of whose segments the customer is any more.
   *
   * @param last where they were at last
   * @param isWithdrawn whether that is as they may not be profiled
   * @param leftBy what became another thing on the date after
   */
  public record Left(String segmentation, Stay last, boolean isWithdrawn, List<Change> leftBy) {}

  /**
   * Where a customer is, and where they are no more.
   *
   * @param isRefused whether they may not be profiled, and so are in no cluster and have no score
   */
  public record All(List<Placement> now, List<Left> left, boolean isRefused) {
    public All {
      now = List.copyOf(now);
      left = List.copyOf(left);
    }
  }

  /** A time in a segment, to the last date on which the customer was in it. */
  public record Stay(String segment, LocalDate since, LocalDate until) {}
}
