package io.persegment.exports;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.max_by;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.trim;

import io.persegment.error.Fault;
import io.persegment.error.PersegmentException;
import io.persegment.table.Lake;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What a tool said of what it was told: CSV with columns batch, email, status and reason. */
public final class Acknowledgements {
  private static final List<String> COLUMNS = List.of("batch", "email", "status");
  private static final String STATE = "_state";

  private Acknowledgements() {}

  /**
   * Takes all acknowledgements into {@link Deliveries}; what was taken before comes out the same.
   *
   * @return how many deliveries the files tell of
   */
  public static long take(Lake lake, ExportSettings settings) {
    long taken = 0;
    for (String file : settings.acknowledgements()) {
      taken += take(lake, settings, file);
    }
    return taken;
  }

  private static long take(Lake lake, ExportSettings settings, String file) {
    Dataset<Row> said = said(lake, file).persist();
    try {
      long wrong =
          said.where(
                  col(Deliveries.STATUS.name())
                      .isin(Deliveries.ACCEPTED, Deliveries.REFUSED)
                      .equalTo(false))
              .count();
      if (wrong > 0) {
        throw new PersegmentException(
            Fault.DATA,
            "The acknowledgements in %s have %d rows whose status is neither accepted nor refused. Mend them; nothing was exported."
                .formatted(file, wrong));
      }
      String[] told = {Deliveries.BATCH.name(), Deliveries.EMAIL_SHA256.name()};
      Dataset<Row> updated =
          lake.readOrEmpty(Deliveries.TABLE)
              .where(Deliveries.TOOL.col().equalTo(settings.name()))
              .drop(Deliveries.STATUS.name(), Deliveries.REASON.name())
              .join(said, told)
              .select(Deliveries.TABLE.columns());
      if (lake.exists(Deliveries.TABLE)) {
        lake.upsert(Deliveries.TABLE, updated);
      }
      return updated.count();
    } finally {
      said.unpersist();
    }
  }

  /** Returns one row a batch and address: a refusal counts where both are said. */
  private static Dataset<Row> said(Lake lake, String file) {
    Dataset<Row> rows = read(lake, file);
    List<String> there = Arrays.asList(rows.columns());
    if (!there.containsAll(COLUMNS)) {
      throw new PersegmentException(
          Fault.DATA,
          "The acknowledgements in %s have the columns %s; they need %s, and may have reason. Nothing was exported."
              .formatted(file, String.join(", ", there), String.join(", ", COLUMNS)));
    }
    Column reason = there.contains("reason") ? col("reason") : lit(null).cast("string");
    Column status = lower(trim(col("status")));
    return rows.select(
            trim(col("batch")).as(Deliveries.BATCH.name()),
            sha2(lower(trim(col("email"))), 256).as(Deliveries.EMAIL_SHA256.name()),
            coalesce(status, lit("")).as(Deliveries.STATUS.name()),
            reason.as(Deliveries.REASON.name()))
        .groupBy(Deliveries.BATCH.col(), Deliveries.EMAIL_SHA256.col())
        .agg(
            max_by(
                    struct(Deliveries.STATUS.col(), Deliveries.REASON.col()),
                    Deliveries.STATUS.col())
                .as(STATE))
        .select(Deliveries.BATCH.col(), Deliveries.EMAIL_SHA256.col(), col(STATE + ".*"));
  }

  private static Dataset<Row> read(Lake lake, String file) {
    try {
      return lake.spark()
          .read()
          .option("header", true)
          .option("multiLine", true)
          .option("escape", "\"")
          .csv(file);
    } catch (Exception e) { // Scala's AnalysisException, which Java takes for one not thrown
      if (e instanceof AnalysisException) {
        return lake.spark().sql("select '' as batch, '' as email, '' as status where false");
      }
      throw e;
    }
  }
}
