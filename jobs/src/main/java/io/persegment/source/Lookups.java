package io.persegment.source;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.struct;

import io.persegment.table.Field;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Joins a source's lookups to its rows, each as one column that holds the lookup's columns. */
final class Lookups {
  private Lookups() {}

  /** Returns the batch's rows, all of them, with a column for each lookup; null where none fits. */
  static Batch joined(
      Batch batch, SourceSettings source, Map<ReadSettings, List<FoundFile>> found, Reader reader) {
    boolean readsAll = source.references().contains(Batch.ALL);
    Dataset<Row> rows = readsAll ? batch.withAll().rows() : batch.rows();
    for (LookupSettings lookup : source.lookups()) {
      if (lookup.read().isEmpty()) { // of a map, as of a row, a column is reached by its name
        rows = rows.withColumn(lookup.name(), lit(null).cast(Field.TEXT_MAP));
        continue;
      }
      ReadSettings read = lookup.read().get();
      Dataset<Row> table = onePerKey(lookup, reader.batches(read, found.get(read)));
      rows =
          rows.withColumn("_on", lookup.on().column().cast("string"))
              .join(table, col("_on").equalTo(col("_lookup_key")), "left_outer")
              .drop("_on", "_lookup_key");
    }
    return new Batch(batch.columns(), rows);
  }

  /** One row a key; of several with one key the greatest, so that it is always the same one. */
  private static Dataset<Row> onePerKey(LookupSettings lookup, List<Batch> batches) {
    return batches.stream()
        .map(Batch::rows)
        .reduce((one, other) -> one.unionByName(other, true))
        .orElseThrow()
        .where(col(Batch.CORRUPT).isNull())
        .transform(rows -> greatest(rows, lookup));
  }

  private static Dataset<Row> greatest(Dataset<Row> rows, LookupSettings lookup) {
    Column[] columns =
        Arrays.stream(rows.columns())
            .filter(name -> !name.equals(Batch.CORRUPT) && !name.equals(Batch.FILE))
            .map(name -> col("`" + name + "`"))
            .toArray(Column[]::new);
    return rows.groupBy(col("`" + lookup.key() + "`").cast("string").as("_lookup_key"))
        .agg(max(struct(columns)).as(lookup.name()));
  }
}
