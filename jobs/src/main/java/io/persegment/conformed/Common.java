package io.persegment.conformed;

import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import io.persegment.table.Field;
import io.persegment.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What every conformed table has beside its own columns. */
public final class Common {
  public static final Field SOURCE =
      Field.required("source", StringType, "System whose record it is, such as shopify");
  public static final Field ATTRIBUTES =
      Field.optional(
          "attributes",
          Field.TEXT_MAP,
          "Columns of the source that have no place of their own, by name; null where none");
  public static final Field VERSION =
      Field.optional(
          "version",
          TimestampType,
          "When, by the source's word, the record was as it stands here; of two the later counts");
  public static final Field SOURCE_FILE =
      Field.required(
          "source_file",
          StringType,
          "File the record came from; of two of one version that of the later name counts");
  public static final Field INGESTED_AT =
      Field.required("ingested_at", TimestampType, "When the run started that took it in");

  public static final Field CONTENT_HASH =
      Field.optional(
          "content_hash",
          LongType,
          "Differs where rows say different things; null where the row was written before there was one");

  /** The columns that follow a table's own. */
  static final List<Field> TRAILING =
      List.of(ATTRIBUTES, VERSION, SOURCE_FILE, INGESTED_AT, CONTENT_HASH);

  private Common() {}

  /** Returns a table keyed by its source and the first {@code keys} of {@code fields}. */
  static Table table(int keys, String name, String grain, Field... fields) {
    var all = new ArrayList<Field>();
    all.add(SOURCE);
    all.addAll(List.of(fields));
    all.addAll(TRAILING);
    String skipBy =
        all.stream()
            .filter(
                field ->
                    all.subList(1, keys + 1).contains(field) || field.type().equals(TimestampType))
            .map(Field::name)
            .collect(Collectors.joining(","));
    // Delta would else look for the least and the greatest of 32 columns, in every row.
    Map<String, String> properties = Map.of("delta.dataSkippingStatsColumns", skipBy);
    return new Table(name, grain, all.subList(0, keys + 1), all, List.of(SOURCE), properties);
  }
}
