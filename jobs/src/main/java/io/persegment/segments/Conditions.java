package io.persegment.segments;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;

import io.persegment.config.Nearest;
import io.persegment.config.Section;
import io.persegment.features.FeatureSettings;
import io.persegment.sql.SqlExpression;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** Conditions on the features of one customer. */
final class Conditions {
  private Conditions() {}

  /** Reads {@code key}; notes names that are no features, and aggregates. */
  static SqlExpression read(Section section, String key, FeatureSettings features) {
    SqlExpression sql = section.sql(key);
    for (String name : sql.references()) {
      if (!features.names().contains(name)) {
        section.problem(
            key, "names no feature: %s; %s".formatted(name, Nearest.hint(name, features.names())));
      }
    }
    if (sql.aggregates()) {
      section.problem(key, "looks at many customers; write a condition on the features of one");
    }
    return sql;
  }

  /** Returns whether the condition holds; where it is null it does not. */
  static Column holds(SqlExpression condition) {
    return coalesce(condition.column(), lit(false));
  }

  /**
   * Makes sure that every condition of {@code settings} is true or false of a customer. Needs the
   * types of the features, and so a running Spark, but no action.
   */
  static void requireBoolean(Dataset<Row> customers, SegmentationSettings settings) {
    settings
        .conditions()
        .forEach(
            (key, condition) ->
                requireBoolean(
                    customers, "segmentations.%s.%s".formatted(settings.name(), key), condition));
  }

  private static void requireBoolean(
      Dataset<Row> customers, String place, SqlExpression condition) {
    DataType type;
    try {
      type = customers.select(condition.column()).schema().apply(0).dataType();
    } catch (Exception e) { // Scala's AnalysisException, which Java takes for one not thrown
      throw SegmentErrors.notEvaluable(
          place,
          e.getMessage().lines().findFirst().orElse("").replaceFirst("\\.?\\s*(SQLSTATE.*)?$", ""),
          e);
    }
    if (!type.equals(DataTypes.BooleanType)) {
      throw SegmentErrors.notBoolean(place, type.sql());
    }
  }
}
