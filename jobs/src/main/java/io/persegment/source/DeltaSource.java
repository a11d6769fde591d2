package io.persegment.source;

import io.persegment.config.Problems;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** What a Delta table of the shop's looks like. */
final class DeltaSource {
  private DeltaSource() {}

  /** Returns the table's columns; notes where there is none, or where it keeps no changes. */
  static StructType schema(SparkSession spark, Feed.Delta delta, Problems problems) {
    try {
      StructType schema = spark.read().format("delta").load(delta.path()).schema();
      if (delta.changes() && !keepsChanges(spark, delta)) {
        problems.add(
            delta.place(),
            "is a table without a Change Data Feed, which read.changes wants. Take read.changes out, or turn the feed on: ALTER TABLE ... SET TBLPROPERTIES (delta.enableChangeDataFeed = true)");
      }
      return schema;
    } catch (Exception e) { // Scala's, which Java takes for ones that are not thrown
      if (!(e instanceof AnalysisException)) {
        throw e;
      }
      problems.add(
          delta.place(),
          "is %s, but there is no Delta table there. Mend the path.".formatted(delta.path()));
      return new StructType();
    }
  }

  private static boolean keepsChanges(SparkSession spark, Feed.Delta delta) {
    Dataset<Row> detail =
        spark.sql("DESCRIBE DETAIL delta.`%s`".formatted(delta.path().replace("`", "``")));
    return "true"
        .equals(
            detail
                .select("properties")
                .head()
                .<String, String>getJavaMap(0)
                .get("delta.enableChangeDataFeed"));
  }
}
