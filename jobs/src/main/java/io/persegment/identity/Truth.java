package io.persegment.identity;

import io.persegment.config.Section;
import io.persegment.sql.SqlExpression;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A CSV file in which somebody wrote down who is who, and how its columns say it.
 *
 * @param file its path
 * @param says an expression over the file's columns for each part of a label
 * @param where how whoever names the file says what a part is: what stands before the part's name
 */
public record Truth(String file, Grain grain, Map<String, SqlExpression> says, String where) {
  private static final String OPTION = "--";

  static final String SOURCE = "source";
  static final String RECORD_TYPE = "record-type";
  static final String RECORD_ID = "record-id";
  static final String CLUSTER = "cluster";
  static final String LEFT_SOURCE = "left-source";
  static final String LEFT_RECORD_ID = "left-record-id";
  static final String RIGHT_SOURCE = "right-source";
  static final String RIGHT_RECORD_ID = "right-record-id";
  static final String MATCH = "match";

  /** Parts that have a meaning where nothing says what they are. */
  static final List<String> NEED_NOT_BE_SAID =
      List.of(SOURCE, RECORD_TYPE, LEFT_SOURCE, RIGHT_SOURCE);

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

    /** Returns the part without which a row is no label. */
    String saying() {
      return this == CLUSTER ? Truth.CLUSTER : MATCH;
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
    return new Truth(file, grain, says, OPTION);
  }

  /** Reads a section that names a file, and parts as {@link #of} is told them; empty without. */
  static Optional<Truth> from(Section section) {
    Grain grain = section.choice("grain", Grain.class);
    Optional<String> file = section.optionalText("file");
    var says = new LinkedHashMap<String, SqlExpression>();
    for (String part : grain.parts()) {
      section.optionalSql(part).ifPresent(sql -> says.put(part, sql));
    }
    section.close();
    return file.map(path -> new Truth(path, grain, says, section.path() + "."));
  }

  /** Returns by what is said what {@code part} is. */
  String named(String part) {
    return where + part;
  }

  /** Returns by what the file is named. */
  String fileNamed() {
    return named(where.equals(OPTION) ? "truth" : "file");
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
