package io.persegment.audit;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.percentile_approx;
import static org.apache.spark.sql.functions.struct;

import io.persegment.quality.StabilityIndex;
import java.sql.Date;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.NumericType;

/** How far numbers of customers came to be others than they were ({@link StabilityIndex}). */
record Drift(LocalDate asOf) {
  /** Of fewer customers chance alone moves an index by more than a tenth of its usual limit. */
  static final long LEAST_CUSTOMERS = 200;

  /** Quantiles by which values are compared; between two lie {@code 1 / QUANTILES} of them. */
  private static final int QUANTILES = 100;

  private static final int PARTS = 10;
  private static final int ACCURACY = 1_000;

  /**
   * Returns the index of each of the columns that is a number, by tenths of what it was as of an
   * earlier date; without those of which too few are known. Values are known by their quantiles, of
   * both dates and all columns in one pass. An action.
   *
   * @param rows of as-of dates
   */
  Map<String, Double> since(LocalDate first, Dataset<Row> rows, List<String> names) {
    List<String> columns = numbers(rows, names);
    if (columns.isEmpty()) {
      return Map.of();
    }
    Column at =
        array(
            IntStream.range(1, QUANTILES)
                .mapToObj(i -> lit(i / (double) QUANTILES))
                .toArray(Column[]::new));
    Column[] quantiles =
        columns.stream()
            .map(name -> col("`" + name + "`").cast("double"))
            .map(
                value ->
                    struct(
                        count(value), count(lit(1)), percentile_approx(value, at, lit(ACCURACY))))
            .toArray(Column[]::new);
    var found = new HashMap<LocalDate, Row>();
    rows.where(col("as_of").isin(Date.valueOf(first), Date.valueOf(asOf)))
        .groupBy(col("as_of"))
        .agg(lit(1), quantiles)
        .collectAsList() // two rows
        .forEach(row -> found.put(row.getDate(0).toLocalDate(), row));
    var indexes = new TreeMap<String, Double>();
    if (found.size() < 2) {
      return indexes;
    }
    for (int i = 0; i < columns.size(); i++) {
      Optional<Double> index =
          index(found.get(first).getStruct(2 + i), found.get(asOf).getStruct(2 + i));
      if (index.isPresent()) {
        indexes.put(columns.get(i), index.get());
      }
    }
    return indexes;
  }

  /**
   * @param before of how many it is known, of how many there are, and its quantiles
   */
  private static Optional<Double> index(Row before, Row now) {
    if (before.getLong(0) < LEAST_CUSTOMERS || now.getLong(1) < LEAST_CUSTOMERS) {
      return Optional.empty();
    }
    List<Double> was = before.getList(2);
    var edges = new TreeSet<Double>();
    for (int i = 1; i < PARTS; i++) {
      edges.add(was.get(i * QUANTILES / PARTS - 1));
    }
    return Optional.of(StabilityIndex.of(shares(before, edges), shares(now, edges)));
  }

  /** Returns the parts between edges, each with its upper one; the last is not known. */
  private static Map<Integer, Double> shares(Row values, NavigableSet<Double> edges) {
    double known = (double) values.getLong(0) / values.getLong(1);
    List<Double> quantiles = known > 0 ? values.getList(2) : List.of();
    var shares = new HashMap<Integer, Double>();
    double below = 0;
    for (double edge : edges) {
      double upTo =
          known * quantiles.stream().filter(each -> each <= edge).count() / (double) QUANTILES;
      shares.put(shares.size(), upTo - below);
      below = upTo;
    }
    shares.put(edges.size(), known - below);
    shares.put(edges.size() + 1, 1 - known);
    return shares;
  }

  private static List<String> numbers(Dataset<Row> rows, List<String> names) {
    return IntStream.range(0, rows.columns().length)
        .filter(i -> rows.schema().fields()[i].dataType() instanceof NumericType)
        .mapToObj(i -> rows.columns()[i])
        .filter(names::contains)
        .toList();
  }
}
