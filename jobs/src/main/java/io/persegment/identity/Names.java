package io.persegment.identity;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.levenshtein;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.translate;
import static org.apache.spark.sql.functions.trim;

import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;

/** Names of people in a form that can be compared, and whether two of them can be one person's. */
final class Names {
  private static final String ACCENTED =
      "àáâãäåāăąçćčďđèéêëēėęěğìíîïīįıłñńňòóôõöøōőŕřśšşșťţțùúûüūůűųýÿźżž";
  private static final String PLAIN =
      "aaaaaaaaacccddeeeeeeeegiiiiiiilnnnoooooooorrsssstttuuuuuuuuyyzzz";
  private static final Map<String, String> LIGATURES =
      new TreeMap<>(Map.of("æ", "ae", "œ", "oe", "ß", "ss", "þ", "th"));

  /** Names of fewer letters differ by one letter too easily, such as Ida and Ina. */
  private static final int LEAST_LETTERS = 4;

  private Names() {}

  /** Returns the name in lower case, without accents and punctuation; empty where there is none. */
  static Column normalised(Column name) {
    Column plain = translate(lower(name), ACCENTED, PLAIN);
    for (var ligature : LIGATURES.entrySet()) {
      plain = regexp_replace(plain, ligature.getKey(), ligature.getValue());
    }
    return coalesce(trim(regexp_replace(plain, "[^\\p{L}\\p{N}]+", " ")), lit(""));
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
