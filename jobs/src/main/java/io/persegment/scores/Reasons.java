package io.persegment.scores;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_compact;
import static org.apache.spark.sql.functions.call_function;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.slice;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;

import io.persegment.features.FeatureSettings;
import io.persegment.table.Field;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataTypes;

/** Why a customer's score is what it is, in words: what moved it most away from the average's. */
final class Reasons {
  private static final int MOST = 3;

  /** Smaller parts of a logit move no probability by as much as a thousandth. */
  private static final double LEAST = 0.004;

  private static final String SIZE = "size";
  private static final String TEXT = "text";

  private Reasons() {}

  /**
   * Returns up to three sentences such as {@code Days since the last purchase: 12 (raises)}, the
   * one that moved the score most first.
   *
   * @param contributions by column, as {@link Propensity#contributions} has them
   */
  static Column of(Map<String, Column> contributions, FeatureSettings features) {
    if (contributions.isEmpty()) {
      return array().cast(CustomerScores.REASONS.type());
    }
    Column[] all =
        contributions.entrySet().stream()
            .map(each -> reason(features.column(each.getKey()), each.getValue()))
            .toArray(Column[]::new);
    Column largest = slice(sort_array(array_compact(array(all)), false), 1, MOST);
    return transform(largest, reason -> reason.getField(TEXT));
  }

  private static Column reason(Field feature, Column contribution) {
    Column way = when(contribution.gt(0), " (raises)").otherwise(" (lowers)");
    Column text = concat(lit(subject(feature) + ": "), value(feature), way);
    Column size = abs(contribution);
    return when(size.geq(LEAST), struct(size.as(SIZE), text.as(TEXT)));
  }

  private static Column value(Field feature) {
    Column number = feature.col().cast(DataTypes.DoubleType);
    return coalesce(call_function("format_number", number, lit("0.##")), lit("not known"));
  }

  /** Returns a column's meaning without what it says of nulls, and without "ever". */
  static String subject(Field feature) {
    return feature
        .meaning()
        .replaceFirst(";.*?(, last \\d+ days|, ever)?$", "$1")
        .replaceFirst(", ever$", "");
  }
}
