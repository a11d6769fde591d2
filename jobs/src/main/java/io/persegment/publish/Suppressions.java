package io.persegment.publish;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.nullif;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.trim;

import io.persegment.cleaning.Emails;
import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
        .flatMap(file -> keys(spark, file).stream())
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

  private static List<Dataset<Row>> keys(SparkSession spark, String pattern) {
    List<Dataset<Row>> files = CsvFiles.read(spark, pattern);
    if (files.isEmpty()) {
      throw new PersegmentException(
          Fault.SETTINGS,
          "publish.suppressions names %s, where there is no file. Nothing was done: who is in it might be written to."
              .formatted(pattern));
    }
    return files.stream().map(rows -> keys(rows, pattern)).toList();
  }

  /** Returns the SHA-256 of each address of a file, in every form that the lake may have it in. */
  private static Dataset<Row> keys(Dataset<Row> rows, String pattern) {
    var keys = new ArrayList<Column>();
    CsvFiles.column(rows, SHA256).ifPresent(name -> keys.add(cleaned(name)));
    Optional<String> email = CsvFiles.column(rows, EMAIL);
    if (email.isPresent()) {
      Column address = cleaned(email.get());
      keys.add(sha2(address, 256));
      for (boolean oneGmailMailbox : new boolean[] {false, true}) {
        keys.add(sha2(new Emails(oneGmailMailbox, List.of()).normalised(address), 256));
      }
    }
    if (keys.isEmpty()) { // without a header its columns are called as people are
      throw new PersegmentException(
          Fault.DATA,
          "A file of publish.suppressions, %s, has %d columns, of which none is called email or email_sha256. Give it a header with one of them; nothing was done."
              .formatted(pattern, rows.columns().length));
    }
    return rows.select(explode(array(keys.toArray(Column[]::new))).as(KEY))
        .where(col(KEY).isNotNull());
  }

  private static Column cleaned(String name) {
    return nullif(lower(trim(col("`" + name.replace("`", "``") + "`"))), lit(""));
  }
}
