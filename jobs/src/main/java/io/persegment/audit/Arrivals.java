package io.persegment.audit;

import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;

import io.persegment.run.Ledger;
import io.persegment.run.Runs;
import io.persegment.table.Field;
import java.sql.Date;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * The rows that one source brought for one table.
 *
 * @param loads rows by the as-of date of the runs that read them
 */
record Arrivals(String source, String table, SortedMap<LocalDate, Long> loads) {
  static final int FEWEST_LOADS = 8;

  /** Makes the median absolute deviation that of one standard deviation, of a normal variable. */
  private static final double CONSISTENCY = 1.4826;

  private static final String READ = ".read";
  private static final Field NAME =
      Field.required("name", DataTypes.StringType, "source.table.read");
  private static final Field COUNT = Field.required("count", DataTypes.LongType, "Rows");
  private static final Field LOADS = Field.required("loads", DataTypes.LongType, "Date and rows");

  /**
   * Returns what ingest read up to {@code asOf}, by the ledger. An action, of one row a source and
   * table.
   */
  static List<Arrivals> read(Dataset<Row> runs, LocalDate asOf) {
    return runs
        .filter(Runs.STAGE.col().isin("ingest", "consents"))
        .filter(Runs.STATUS.col().notEqual(Ledger.FAILED))
        .filter(Runs.AS_OF.col().leq(Date.valueOf(asOf)))
        .select(
            Runs.AS_OF.col(), explode(Runs.ROWS.col()).as(new String[] {NAME.name(), COUNT.name()}))
        .filter(NAME.col().endsWith(READ))
        .groupBy(NAME.col(), Runs.AS_OF.col())
        .agg(sum(COUNT.col()).as(COUNT.name()))
        .groupBy(NAME.col())
        .agg(sort_array(collect_list(struct(Runs.AS_OF.col(), COUNT.col()))).as(LOADS.name()))
        .collectAsList() // one row a source and table
        .stream()
        .map(Arrivals::from)
        .toList();
  }

  private static Arrivals from(Row row) {
    String name = row.getString(0);
    String feed = name.substring(0, name.length() - READ.length());
    int dot = feed.lastIndexOf('.');
    var loads = new TreeMap<LocalDate, Long>();
    row.<Row>getList(1).forEach(load -> loads.put(load.getDate(0).toLocalDate(), load.getLong(1)));
    return new Arrivals(feed.substring(0, dot), feed.substring(dot + 1), loads);
  }

  /**
   * Returns a finding a table: of the sources that the newest load brought rows of and that have a
   * history, the one that differs most from its own. Freshness tells of those that brought nothing.
   */
  static List<Finding> findings(List<Arrivals> all, double limit) {
    LocalDate newest =
        all.stream().map(each -> each.loads().lastKey()).max(LocalDate::compareTo).orElse(null);
    Map<String, List<Arrivals>> byTable =
        all.stream()
            .filter(each -> each.loads().lastKey().equals(newest))
            .filter(each -> each.earlier().length >= FEWEST_LOADS)
            .collect(Collectors.groupingBy(Arrivals::table, TreeMap::new, Collectors.toList()));
    return byTable.values().stream()
        .map(
            each ->
                each.stream().max(Comparator.comparingDouble(Arrivals::unlikeness)).orElseThrow())
        .map(worst -> worst.finding(limit))
        .toList();
  }

  private Finding finding(double limit) {
    return Finding.atMost("arrivals", table, unlikeness(), limit, Severity.WARN)
        .because(
            "%s brought %d rows as of %s, and usually brings %.0f (the median of %d loads). Look whether its export is whole"
                .formatted(source, last(), loads.lastKey(), median(earlier()), earlier().length));
  }

  private double unlikeness() {
    return Math.abs(z((double) last(), earlier()));
  }

  private long last() {
    return loads.get(loads.lastKey());
  }

  private double[] earlier() {
    return loads.headMap(loads.lastKey()).values().stream()
        .mapToDouble(Long::doubleValue)
        .toArray();
  }

  /**
   * Returns by how many standard deviations {@code value} lies off the median of {@code history}:
   * robust, as a few odd loads move neither the median nor the median deviation from it. Where
   * these are all the same, or few, counts still differ by about the root of their number.
   */
  static double z(double value, double... history) {
    double median = median(history);
    double[] deviations = Arrays.stream(history).map(each -> Math.abs(each - median)).toArray();
    double spread = Math.max(CONSISTENCY * median(deviations), Math.sqrt(median));
    return (value - median) / Math.max(spread, 1);
  }

  private static double median(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }
}
