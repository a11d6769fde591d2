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
import io.persegment.publish.CsvFiles;
import io.persegment.table.Lake;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

  private static long take(Lake lake, ExportSettings settings, String pattern) {
    long taken = 0;
    for (Dataset<Row> file : CsvFiles.read(lake.spark(), pattern)) {
      taken += take(lake, settings, pattern, file);
    }
    return taken;
  }

  private static long take(Lake lake, ExportSettings settings, String pattern, Dataset<Row> file) {
    Dataset<Row> said = said(pattern, file).persist();
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
                .formatted(pattern, wrong));
      }
      if (!lake.exists(Deliveries.TABLE)) {
        return 0;
      }
      String[] told = {Deliveries.BATCH.name(), Deliveries.EMAIL_SHA256.name()};
      Dataset<Row> updated =
          lake.read(Deliveries.TABLE)
              .where(Deliveries.TOOL.col().equalTo(settings.name()))
              .drop(Deliveries.STATUS.name(), Deliveries.REASON.name())
              .join(said, told)
              .select(Deliveries.TABLE.columns());
      long taken = updated.count();
      lake.upsert(Deliveries.TABLE, updated);
      return taken;
    } finally {
      said.unpersist();
    }
  }

  /** Returns one row a batch and address: a refusal counts where both are said. */
  private static Dataset<Row> said(String pattern, Dataset<Row> rows) {
    var columns = new ArrayList<Column>();
    for (String name : COLUMNS) {
      Optional<String> written = CsvFiles.column(rows, name);
      if (written.isEmpty()) { // without a header its columns are called as people are
        throw new PersegmentException(
            Fault.DATA,
            "Acknowledgements in %s have %d columns, of which none is called %s; they need %s, and may have reason. Nothing was exported."
                .formatted(pattern, rows.columns().length, name, String.join(", ", COLUMNS)));
      }
      columns.add(named(written.get()));
    }
    Column reason = CsvFiles.column(rows, "reason").map(Acknowledgements::named).orElse(lit(null));
    return rows.select(
            trim(columns.get(0)).as(Deliveries.BATCH.name()),
            sha2(lower(trim(columns.get(1))), 256).as(Deliveries.EMAIL_SHA256.name()),
            coalesce(lower(trim(columns.get(2))), lit("")).as(Deliveries.STATUS.name()),
            reason.cast("string").as(Deliveries.REASON.name()))
        .groupBy(Deliveries.BATCH.col(), Deliveries.EMAIL_SHA256.col())
        .agg(
            max_by(
                    struct(Deliveries.STATUS.col(), Deliveries.REASON.col()),
                    Deliveries.STATUS.col())
                .as(STATE))
        .select(Deliveries.BATCH.col(), Deliveries.EMAIL_SHA256.col(), col(STATE + ".*"));
  }

  private static Column named(String column) {
    return col("`" + column.replace("`", "``") + "`");
  }
}
