package io.persegment.publish;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.arrays_overlap;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;
import static org.apache.spark.sql.types.DataTypes.createMapType;

import io.persegment.content.Decisions;
import io.persegment.segments.Condition;
import io.persegment.segments.Vocabulary;
import io.persegment.sql.SqlExpression.Call;
import io.persegment.table.Field;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;

/** What calls of our functions in settings mean of a row of the audience in the making. */
final class Known {
  /** Scores as they are; those of {@link Audience#SCORES} are rounded. */
  static final Field EXACT_SCORES =
      Field.optional("_exact_scores", createMapType(StringType, DoubleType), "Target to the score");

  static final Field PLACES =
      Field.optional(
          "_places",
          createArrayType(StringType),
          "Every segment the customer is in, as segmentation/id and as segmentation/name");

  private Known() {}

  /** Returns the name under which a column of the audience is made, which no feature can have. */
  static String column(Field ofAudience) {
    return Decisions.column(ofAudience);
  }

  /** Returns that column. */
  static Column col(Field ofAudience) {
    return functions.col(column(ofAudience));
  }

  /** Returns the value of a call; null where there is no score, or no segment. */
  static Column value(Call call) {
    String first = call.arguments().get(0);
    return switch (call.function()) {
      case Condition.SCORE -> EXACT_SCORES.col().getItem(first);
      case Condition.DECILE -> col(Audience.DECILES).getItem(first);
      case Condition.ARM -> col(Audience.EXPERIMENTS).getItem(first);
      case Vocabulary.SEGMENT -> col(Audience.SEGMENTS).getItem(first);
      default ->
          coalesce(
              arrays_overlap(
                  PLACES.col(),
                  array(
                      call.arguments().stream()
                          .skip(1)
                          .map(segment -> lit(first + "/" + Vocabulary.id(segment)))
                          .toArray(Column[]::new))),
              lit(false));
    };
  }

  /** Returns a segment as {@link #PLACES} has it, given its id, or a name made one. */
  static Column place(Column segmentation, Column id) {
    return concat_ws("/", segmentation, id);
  }
}
