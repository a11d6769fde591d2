package io.persegment.identity;

import io.persegment.sql.SqlExpression;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A CSV file in which somebody wrote down who is who, and how its columns say it.
 *
 * @param file its path
 * @param says an expression over the file's columns for each part of a label
 */
public record Truth(String file, Grain grain, Map<String, SqlExpression> says) {
  static final String SOURCE = "source";
  static final String RECORD_TYPE = "record-type";
  static final String RECORD_ID = "record-id";
  static final String CLUSTER = "cluster";
  static final String LEFT_SOURCE = "left-source";
  static final String LEFT_RECORD_ID = "left-record-id";
  static final String RIGHT_SOURCE = "right-source";
  static final String RIGHT_RECORD_ID = "right-record-id";
  static final String MATCH = "match";

  /** What one row of the file says. */
  public enum Grain {
    /** That a record is one of a cluster's: of one person's. */
    CLUSTER,
    /** That two records are one person's, or are not. */
    PAIR;

    /** Returns the parts of a label. */
    List<String> parts() {
      return switch (this) {
        case CLUSTER -> List.of(SOURCE, RECORD_TYPE, RECORD_ID, Truth.CLUSTER);
        case PAIR ->
            List.of(LEFT_SOURCE, LEFT_RECORD_ID, RIGHT_SOURCE, RIGHT_RECORD_ID, RECORD_TYPE, MATCH);
      };
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Truth {
    says = Map.copyOf(says);
  }

  /**
   * Returns the file with every part that it is not told read from the column of its name, records
   * being contacts.
   *
   * @param told SQL, by part of a label
   * @throws io.persegment.error.PersegmentException where a part is none of a label's, or no SQL
   */
  public static Truth of(String file, Grain grain, Map<String, String> told) {
    var says = new LinkedHashMap<String, SqlExpression>();
    told.forEach(
        (part, sql) -> {
          if (!grain.parts().contains(part)) {
            throw EvaluationErrors.noSuchPart(part, grain);
          }
          says.put(part, parsed(part, sql));
        });
    return new Truth(file, grain, says);
  }

  /** Returns the column that a part is read from where nothing else is told. */
  static String column(String part) {
    return part.replace('-', '_');
  }

  private static SqlExpression parsed(String part, String sql) {
    try {
      return SqlExpression.parse(sql);
    } catch (IllegalArgumentException e) {
      throw EvaluationErrors.noSql(part, e);
    }
  }
}
