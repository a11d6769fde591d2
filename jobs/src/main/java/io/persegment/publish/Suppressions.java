package io.persegment.publish;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.trim;

import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Files of addresses that must never be written to, whoever they are of and whatever was said. */
final class Suppressions {
  private static final String EMAIL = "email";
  private static final String SHA256 = "email_sha256";
  private static final String KEY = "_key";

  private Suppressions() {}

  /**
   * Returns one row a word {@link Words#SUPPRESSED}, for each of {@code addresses} that a file has.
   *
   * @param addresses rows of {@link Addresses}
   * @param files CSV with a header, of which one column is email or email_sha256; may have a *
   */
  static Dataset<Row> words(SparkSession spark, Dataset<Row> addresses, List<String> files) {
    Dataset<Row> known = addresses.select(Addresses.ADDRESS.col()).distinct();
    return files.stream()
        .map(file -> keys(spark, file))
        .reduce(Dataset::union)
        .map(
            keys ->
                known.join(keys, sha2(Addresses.ADDRESS.col(), 256).equalTo(col(KEY)), "left_semi"))
        .orElseGet(() -> known.limit(0))
        .select(
            Addresses.ADDRESS.col(),
            lit(Words.SUPPRESSED).as(Words.KIND.name()),
            lit(Timestamp.from(Instant.EPOCH)).as(Words.SAID_AT.name()));
  }

  /** Returns the SHA-256 of each address of a file. */
  private static Dataset<Row> keys(SparkSession spark, String file) {
    Dataset<Row> rows = read(spark, file);
    Optional<String> email = column(rows, EMAIL);
    Optional<String> hash = column(rows, SHA256);
    if (email.isEmpty() && hash.isEmpty()) {
      throw new PersegmentException(
          Fault.DATA,
          "The file of suppressions %s has neither a column email nor email_sha256, but %s. Name one of its columns so; nothing was published."
              .formatted(file, String.join(", ", rows.columns())));
    }
    Column ofEmail = email.map(name -> sha2(cleaned(name), 256)).orElse(lit(null));
    Column given = hash.map(Suppressions::cleaned).orElse(lit(null));
    return rows.select(coalesce(given, ofEmail).as(KEY)).where(col(KEY).isNotNull());
  }

  private static Column cleaned(String name) {
    return lower(trim(col("`" + name.replace("`", "``") + "`")));
  }

  private static Dataset<Row> read(SparkSession spark, String file) {
    try {
      return spark
          .read()
          .option("header", true)
          .option("multiLine", true)
          .option("escape", "\"")
          .csv(file);
    } catch (Exception e) { // Scala's AnalysisException, which Java takes for one not thrown
      if (e instanceof AnalysisException) {
        throw new PersegmentException(
            Fault.SETTINGS,
            "publish.suppressions names %s, where there is no file. Nothing was published: who is in it might be written to."
                .formatted(file));
      }
      throw e;
    }
  }

  private static Optional<String> column(Dataset<Row> rows, String name) {
    return Arrays.stream(rows.columns())
        .filter(each -> each.strip().toLowerCase(Locale.ROOT).equals(name))
        .findFirst();
  }
}
