package io.persegment.publish;

import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;
import static org.apache.spark.sql.types.DataTypes.createMapType;

import io.persegment.content.Decisions;
import io.persegment.experiments.Assignments;
import io.persegment.table.Field;
import io.persegment.table.Table;
import java.util.List;
import java.util.stream.Stream;

/**
 * Table {@code audience}: everybody who may be written to, and what is known that shapes what they
 * get. Its Change Data Feed holds, release by release, the rows that really changed.
 */
public final class Audience {
  public static final Field CUSTOMER_ID = Field.required("customer_id", StringType, "Customer");
  public static final Field EMAIL =
      Field.required("email", StringType, "Address to write to; no two rows have the same");
  public static final Field FIRST_NAME = Field.optional("first_name", StringType, "First name");
  public static final Field LAST_NAME = Field.optional("last_name", StringType, "Last name");
  public static final Field COUNTRY = Field.optional("country", StringType, "Country");
  public static final Field LANGUAGE = Field.optional("language", StringType, "Language");
  public static final Field SEGMENTS =
      Field.required(
          "segments",
          Field.TEXT_MAP,
          "Segmentation to the name of the customer's segment in it, in order of segmentation;"
              + " without clusters where profiling is refused");
  public static final Field SCORES =
      Field.required(
          "scores",
          createMapType(StringType, DoubleType),
          "Target to the customer's score, rounded, in order of target; empty where profiling is"
              + " refused");
  public static final Field DECILES =
      Field.required(
          "deciles",
          createMapType(StringType, IntegerType),
          "Target to the tenth that the customer is in, 1 the best, in order of target; empty where"
              + " profiling is refused");
  public static final Field TOKENS = Decisions.TOKENS;
  public static final Field FALLBACKS = Decisions.FALLBACKS;
  public static final Field CONTENT = Decisions.CONTENT;
  public static final Field EXPERIMENTS = Assignments.ARMS;
  public static final Field ROW_HASH =
      Field.required(
          "row_hash", StringType, "SHA-256 of all that the e-mail tool is told of the customer");
  public static final Field RELEASE_ID =
      Field.required("release_id", StringType, "Release that last changed the row");
  public static final Field PUBLISHED_AT =
      Field.required("published_at", TimestampType, "When that release was published");

  /** What the e-mail tool is told of a customer by every shop: columns that count as a change. */
  private static final List<Field> MAPPED =
      List.of(
          EMAIL,
          FIRST_NAME,
          LAST_NAME,
          COUNTRY,
          LANGUAGE,
          SEGMENTS,
          SCORES,
          DECILES,
          TOKENS,
          FALLBACKS,
          CONTENT,
          EXPERIMENTS);

  /** The columns that every shop's audience has. */
  public static final Table TABLE = table(List.of());

  private Audience() {}

  /** Returns the table with the columns that the shop declares. */
  public static Table table(List<Field> declared) {
    return Table.keyed(1, "audience", "One customer who may be written to", CUSTOMER_ID)
        .with(MAPPED)
        .with(List.of(ROW_HASH, RELEASE_ID, PUBLISHED_AT))
        .with(declared)
        .withProperty("delta.enableChangeDataFeed", "true");
  }

  /** Returns what the e-mail tool is told: the columns that count as a change. */
  static List<Field> mapped(List<Field> declared) {
    return Stream.concat(MAPPED.stream(), declared.stream()).toList();
  }
}
