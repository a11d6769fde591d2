package io.persegment.audit;

import io.persegment.audit.Distribution.Bin;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * What the values of one table are like.
 *
 * @param asOf as-of date of the audit that counted them
 * @param columns by name
 */
record Snapshot(LocalDate asOf, Map<String, Distribution> columns) {
  Snapshot {
    columns = Map.copyOf(columns);
  }

  /** Returns the snapshots in {@code reference}, by table. An action, of a row a bin. */
  static Map<String, Snapshot> read(Dataset<Row> reference) {
    var asOf = new TreeMap<String, LocalDate>();
    var bins = new TreeMap<String, SortedMap<String, SortedMap<Integer, Bin>>>();
    for (Row row : reference.select(AuditReference.TABLE.columns()).collectAsList()) {
      asOf.put(row.getString(0), row.getDate(3).toLocalDate());
      bins.computeIfAbsent(row.getString(0), table -> new TreeMap<>())
          .computeIfAbsent(row.getString(1), column -> new TreeMap<>())
          .put(row.getInt(2), new Bin(Optional.ofNullable(row.getString(4)), row.getDouble(5)));
    }
    var snapshots = new TreeMap<String, Snapshot>();
    bins.forEach(
        (table, columns) -> {
          var all = new TreeMap<String, Distribution>();
          columns.forEach((column, each) -> all.put(column, new Distribution(each)));
          snapshots.put(table, new Snapshot(asOf.get(table), all));
        });
    return snapshots;
  }

  /** Returns this snapshot of {@code table} as rows of {@link AuditReference}. */
  List<Row> rows(String table) {
    var rows = new ArrayList<Row>();
    columns.forEach(
        (column, distribution) ->
            distribution
                .bins()
                .forEach(
                    (number, bin) ->
                        rows.add(
                            RowFactory.create(
                                table,
                                column,
                                number,
                                Date.valueOf(asOf),
                                bin.value().orElse(null),
                                bin.share()))));
    return rows;
  }
}
