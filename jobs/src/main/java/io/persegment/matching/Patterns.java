package io.persegment.matching;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.shiftleft;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;

import io.persegment.table.Field;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;

/**
 * How far two records agree: the outcome of every comparison, in one number of four bits each. An
 * outcome is 0 where either record has no value, else the place of the level that holds, counted
 * from 1, then, where values may be swapped, that, then that none holds.
 */
final class Patterns {
  static final Field PATTERN =
      Field.required("pattern", LongType, "Outcomes of all comparisons, four bits each");

  static final int BITS = 4;
  static final int MOST_LEVELS = 13;
  static final int MOST_COMPARISONS = 15;

  private Patterns() {}

  /** Returns the outcome of the comparison in {@code place}. */
  static int outcome(long pattern, int place) {
    return (int) (pattern >>> (BITS * place)) & 0xf;
  }

  /** Returns the pattern as if nothing were known behind the comparison in {@code place}. */
  static long upTo(long pattern, int place) {
    return pattern & ((1L << (BITS * (place + 1))) - 1);
  }

  /**
   * Renames the values of records, so that those of two can stand in one row; keeps {@code more}.
   */
  static Dataset<Row> side(
      Dataset<Row> comparables, Field node, MatchingSettings settings, List<Column> more) {
    List<Column> columns = new ArrayList<>(List.of(Comparables.NODE.col().as(node.name())));
    for (int place = 0; place < settings.comparisons().size(); place++) {
      columns.add(Comparables.value(place).as(of(node, place)));
    }
    columns.addAll(more);
    return comparables.select(columns.toArray(new Column[0]));
  }

  /** Returns {@link #PATTERN} of rows that have two {@link #side}s. */
  static Column column(MatchingSettings settings) {
    Column pattern = lit(0L);
    List<Column> outcomes = outcomes(settings);
    for (int place = 0; place < outcomes.size(); place++) {
      pattern = pattern.bitwiseOR(shiftleft(outcomes.get(place).cast(LongType), BITS * place));
    }
    return pattern.as(PATTERN.name());
  }

  private static List<Column> outcomes(MatchingSettings settings) {
    List<Column> outcomes = new ArrayList<>();
    for (int place = 0; place < settings.comparisons().size(); place++) {
      Comparison comparison = settings.comparisons().get(place);
      Column left = left(place);
      Column right = right(place);
      // No built-in function knows these levels but equality, which is asked for first.
      Column level =
          udf((UDF2<String, String, Integer>) new Judge(comparison)::outcome, IntegerType)
              .apply(left, right);
      Column known =
          comparison.startsWithExact() ? when(left.equalTo(right), 1).otherwise(level) : level;
      outcomes.add(when(left.isNull().or(right.isNull()), 0).otherwise(known));
    }
    for (int place = 0; place < outcomes.size(); place++) {
      Comparison comparison = settings.comparisons().get(place);
      if (comparison.swapsWith().isPresent()) {
        int with = settings.place(comparison.swapsWith().get());
        Column swapped =
            left(place)
                .equalTo(right(with))
                .and(left(with).equalTo(right(place)))
                .and(left(place).notEqual(left(with)));
        Column isSwapped = coalesce(swapped, lit(false));
        outcomes.set(place, when(isSwapped, comparison.swapped()).otherwise(outcomes.get(place)));
        outcomes.set(with, when(isSwapped, 0).otherwise(outcomes.get(with))); // once is enough
      }
    }
    return outcomes;
  }

  private static Column left(int place) {
    return col(of(Blocks.LEFT, place));
  }

  private static Column right(int place) {
    return col(of(Blocks.RIGHT, place));
  }

  private static String of(Field node, int place) {
    return node.name() + "_" + Comparables.valueName(place);
  }

  /** Finds the level that holds for two values. */
  private static final class Judge implements Serializable {
    private static final long serialVersionUID = 1;

    private final Level[] levels;
    private final int none;

    Judge(Comparison comparison) {
      levels = comparison.levels().toArray(new Level[0]);
      none = comparison.outcomes();
    }

    int outcome(String left, String right) {
      for (int i = 0; i < levels.length; i++) {
        if (levels[i].holds(left, right)) {
          return i + 1;
        }
      }
      return none;
    }
  }
}
