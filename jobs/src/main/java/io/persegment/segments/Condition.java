package io.persegment.segments;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;

import io.persegment.sql.SqlExpression;
import io.persegment.sql.SqlExpression.Call;
import java.io.Serializable;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;

/**
 * A condition on one customer: SQL over the columns of the features, with {@code score('target')}
 * and {@code decile('target')}, which are null where there is no score, and {@code
 * in_segment('segmentation', 'segment', ...)}, one of whose segments the customer must be in. A
 * null counts as false.
 */
public record Condition(SqlExpression sql) implements Serializable {
  public static final String IN_SEGMENT = "in_segment";
  public static final String SCORE = "score";
  public static final String DECILE = "decile";

  /** Arm that a customer is in, of an experiment that runs; for what customers get. */
  public static final String ARM = "arm";

  private static final Set<String> OWN = Set.of(IN_SEGMENT, SCORE, DECILE, ARM);

  /**
   * Returns {@code text} as a condition.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  static Condition parse(String text) {
    return new Condition(SqlExpression.parse(text, OWN));
  }

  /** Returns the columns of features, or of what else it may name, that it reads. */
  public Set<String> features() {
    return sql.references();
  }

  /** Returns the targets of which it reads a score or decile. */
  public Set<String> targets() {
    return sql.calls().stream()
        .filter(call -> call.function().equals(SCORE) || call.function().equals(DECILE))
        .flatMap(call -> call.arguments().stream())
        .collect(Collectors.toSet());
  }

  /** Returns its calls of {@code in_segment}. */
  List<Call> segments() {
    return sql.calls().stream().filter(call -> call.function().equals(IN_SEGMENT)).toList();
  }

  /** Returns whether it holds, where each call of a function of ours is {@code value}. */
  public Column holds(Function<Call, Column> value) {
    return coalesce(sql.with(value).column(), lit(false));
  }

  /** Returns whether it is written so that it holds of everybody. */
  boolean isEverybody() {
    return sql.text().equals("true");
  }

  @Override
  public String toString() {
    return sql.text();
  }
}
