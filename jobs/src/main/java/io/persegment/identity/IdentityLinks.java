package io.persegment.identity;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.persegment.run.StageReport;
import io.persegment.table.Field;
import io.persegment.table.Table;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Table {@code identity_links}: why records are held for one person. */
public final class IdentityLinks {
  public static final Field LEFT_KEY =
      Field.required("left_key", StringType, "Record, as source/record_type/record_id");
  public static final Field RIGHT_KEY =
      Field.required(
          "right_key",
          StringType,
          "Record or identifier, as source/record_type/record_id or identifier:kind:hash; where those"
              + " who have a value are several customers, it is cut of all but the largest, and links"
              + " those of each other one as identifier:kind:hash#2 and so on");
  public static final Field RULE =
      Field.required(
          "rule",
          StringType,
          "What links them: kind of the identifier, such as email; matched; matched in its group, of"
              + " records that no rule of blocking brought together; decided, by a person");
  public static final Field MATCH_WEIGHT =
      Field.optional("match_weight", DoubleType, "Evidence in bits; null for deterministic rules");
  public static final Field MATCH_PROBABILITY =
      Field.required(
          "match_probability",
          DoubleType,
          "Chance that both are one person; 1 for deterministic rules");
  public static final Field KEPT =
      Field.required("kept", BooleanType, "False where the link was cut");
  public static final Field CUT_REASON =
      Field.optional("cut_reason", StringType, "Why it was cut; null where it was kept");
  public static final Table TABLE =
      Table.keyed(
          3,
          "identity_links",
          "One reason to hold two records for one person",
          LEFT_KEY,
          RIGHT_KEY,
          RULE,
          MATCH_WEIGHT,
          MATCH_PROBABILITY,
          KEPT,
          CUT_REASON);

  private static final Field LINKS = Field.required("links", LongType, "How many links");
  private static final Field VALUES = Field.required("values", LongType, "How many right keys");

  private IdentityLinks() {}

  /** Notes how many links were kept and cut, and why. An action: one pass. */
  static void report(Dataset<Row> links, StageReport report) {
    Map<String, Long> counts = new TreeMap<>();
    for (String name :
        List.of(
            "links_kept",
            "links_cut",
            "matches_kept",
            "matches_cut",
            "phones_with_too_many_names")) {
      counts.put(name, 0L);
    }
    Column isMatch = RULE.col().equalTo(Matches.RULE);
    Column phone = when(CUT_REASON.col().equalTo(Phones.JUNK), RIGHT_KEY.col());
    links
        .groupBy(isMatch, CUT_REASON.col())
        .agg(count(lit(1)).as(LINKS.name()), count_distinct(phone).as(VALUES.name()))
        .collectAsList() // a row a reason
        .forEach(
            row -> {
              String reason = row.getString(1);
              String kind = row.getBoolean(0) ? "matches" : "links";
              if (reason == null) {
                counts.merge(kind + "_kept", row.getLong(2), Long::sum);
              } else if (!reason.equals(Matches.BELOW)) {
                counts.merge(kind + "_cut", row.getLong(2), Long::sum);
                counts.merge("%s_cut: %s".formatted(kind, reason), row.getLong(2), Long::sum);
              }
              if (Phones.JUNK.equals(reason)) {
                counts.put("phones_with_too_many_names", row.getLong(3));
              }
            });
    counts.forEach(report::rows);
  }
}
