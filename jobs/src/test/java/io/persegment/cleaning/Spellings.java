package io.persegment.cleaning;

import static org.apache.spark.sql.functions.col;

import io.persegment.testing.LocalSpark;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** What a step makes of many spellings, all in one job. */
final class Spellings {
  private static final StructType TEXT =
      new StructType().add("text", DataTypes.StringType).add("more", DataTypes.StringType);

  private Spellings() {}

  /** Returns what is made of each text; "-" stands for null. */
  static Map<String, String> made(
      LocalSpark.Handle spark, UnaryOperator<Column> step, String... texts) {
    List<Row> rows = Arrays.stream(texts).map(text -> row(text.split("\\|", 2))).toList();
    var made = new LinkedHashMap<String, String>();
    for (Row row :
        spark
            .session()
            .createDataFrame(rows, TEXT)
            .select(col("text"), col("more"), step.apply(col("text")).cast("string"))
            .collectAsList()) {
      String written = row.isNullAt(1) ? row.getString(0) : row.getString(0) + "|" + row.get(1);
      made.put(written, row.isNullAt(2) ? "-" : row.getString(2));
    }
    return made;
  }

  /** Holds each text against what it must become: {@code text, made, text, made ...}. */
  static Map<String, String> pairs(String... pairs) {
    var expected = new LinkedHashMap<String, String>();
    for (int at = 0; at < pairs.length; at += 2) {
      expected.put(pairs[at], pairs[at + 1]);
    }
    return expected;
  }

  static String[] texts(Map<String, String> expected) {
    return expected.keySet().toArray(new String[0]);
  }

  private static Row row(String[] parts) {
    return RowFactory.create(parts[0], parts.length > 1 ? parts[1] : null);
  }
}
