package io.persegment.identity;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.levenshtein;
import static org.apache.spark.sql.functions.lit;

import io.persegment.matching.PlainText;
import org.apache.spark.sql.Column;

/** Names of people in a form that can be compared, and whether two of them can be one person's. */
final class Names {
  /** Names of fewer letters differ by one letter too easily, such as Ida and Ina. */
  private static final int LEAST_LETTERS = 4;

  private Names() {}

  /** Returns the name as {@link PlainText} has it; empty where there is none. */
  static Column normalised(Column name) {
    return coalesce(PlainText.of(name), lit(""));
  }

  /**
   * Returns whether two normalised first names can be one person's: equal, one missing, one the
   * beginning of the other, or a letter apart.
   */
  static Column firstNamesAgree(Column left, Column right) {
    return lastNamesAgree(left, right).or(left.startsWith(right)).or(right.startsWith(left));
  }

  /**
   * Returns whether two normalised last names can be one person's; being a beginning is not enough.
   */
  static Column lastNamesAgree(Column left, Column right) {
    Column longEnough = length(left).geq(LEAST_LETTERS).and(length(right).geq(LEAST_LETTERS));
    return left.equalTo(right)
        .or(left.equalTo(""))
        .or(right.equalTo(""))
        .or(longEnough.and(levenshtein(left, right).leq(1)));
  }
}
