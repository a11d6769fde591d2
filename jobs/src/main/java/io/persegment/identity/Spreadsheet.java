package io.persegment.identity;

import static org.apache.spark.sql.functions.monotonically_increasing_id;
import static org.apache.spark.sql.types.DataTypes.LongType;

import io.persegment.error.PersegmentException;
import io.persegment.table.Field;
import java.util.function.Function;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** CSV files that people fill in. */
public final class Spreadsheet {
  static final Field PLACE =
      Field.required("place", LongType, "Place of the row in the file, from 1 below the header");

  private Spreadsheet() {}

  /**
   * Opens a file with a header. Spreadsheets of some languages write semicolons between values, and
   * some a mark of the encoding before all; a value may have several lines.
   *
   * @param missing what to throw where there is no such file, by what Spark says
   */
  public static Dataset<Row> open(
      SparkSession spark, String file, Function<Exception, PersegmentException> missing) {
    try {
      String header = String.join("", spark.read().textFile(file).takeAsList(1));
      boolean semicolons = header.contains(";") && !header.contains(",");
      return spark
          .read()
          .option("header", true)
          .option("sep", semicolons ? ";" : ",")
          .option("escape", "\"")
          .option("multiLine", true)
          .option("ignoreLeadingWhiteSpace", true)
          .option("ignoreTrailingWhiteSpace", true)
          .csv(file);
    } catch (Exception e) { // Scala's AnalysisException, which Java takes for one not thrown
      if (e instanceof AnalysisException) {
        throw missing.apply(e);
      }
      throw e;
    }
  }

  /** Returns {@link #PLACE} of rows as {@link #open} returns them. */
  static Column place() {
    return monotonically_increasing_id().plus(1).as(PLACE.name());
  }
}
