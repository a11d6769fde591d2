package io.persegment.features;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;

import io.persegment.identity.Owners;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The ends of as-of dates. */
record Cuts(List<Instant> ends) {
  Cuts {
    ends = List.copyOf(ends);
  }

  /**
   * Returns what tells rows of features apart: the customer and, where there are several, the cut.
   * Of one cut, as most nights have, it would only be sent about with every row.
   */
  List<String> keys() {
    return ends.size() == 1
        ? List.of(Owners.CUSTOMER_ID.name())
        : List.of(Owners.CUSTOMER_ID.name(), Feature.CUT);
  }

  /** Returns each row once for every cut, with {@link Feature#CUT}. */
  Dataset<Row> each(Dataset<Row> rows) {
    Column[] all = ends.stream().map(end -> lit(Timestamp.from(end))).toArray(Column[]::new);
    return rows.withColumn(Feature.CUT, all.length == 1 ? all[0] : explode(array(all)));
  }
}
