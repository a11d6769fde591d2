package io.persegment.segments;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.exists;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.posexplode;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Sizes of segments, and sums of the features of their customers. */
final class Profiles {
  /**
   * Sums of a feature over customers who have it.
   *
   * @param customers how many have it
   */
  record Sums(double sum, double squares, double customers) {
    static final Sums NONE = new Sums(0, 0, 0);

    double mean() {
      return sum / customers;
    }

    /** Returns the population standard deviation. */
    double deviation() {
      return Math.sqrt(Math.max(0, squares / customers - mean() * mean()));
    }
  }

  /**
   * What is known of one segment.
   *
   * @param sums by feature
   */
  record Profile(long customers, Map<String, Sums> sums) {
    static final Profile EMPTY = new Profile(0, Map.of());

    Sums of(String feature) {
      return sums.getOrDefault(feature, Sums.NONE);
    }
  }

  /**
   * Stands for an index: everybody who is in a segment of whose customers enough is known, once; of
   * divisions of everybody, all customers.
   */
  static final int OVERALL = -1;

  private static final String SEGMENTATION = "_segmentation";
  private static final String INDICES = "_indices";
  private static final String INDEX = "_index";
  private static final String CUSTOMERS = "_customers";

  private Profiles() {}

  /**
   * Returns one row for each segment that has customers, and one for {@link #OVERALL}: place of its
   * segmentation, its index, its customers, and for each feature the sums of {@link Sums}.
   * Customers are summed up once for all segmentations, by what they have in common, and only then
   * segmentation by segmentation.
   */
  static Dataset<Row> sums(Assigned assigned, List<String> features) {
    Column[] indices =
        assigned.columns().stream()
            .map(each -> transform(col(each), one -> one.getField(Division.INDEX.name())).as(each))
            .toArray(Column[]::new);
    Column[] each =
        IntStream.range(0, indices.length)
            .mapToObj(i -> withOverall(assigned.divisions().get(i), col(assigned.columns().get(i))))
            .toArray(Column[]::new);
    List<Column> ofCustomers = ofCustomers(features);
    Dataset<Row> alike =
        assigned
            .customers()
            .groupBy(indices)
            .agg(count(lit(1)).as(CUSTOMERS), ofCustomers.toArray(new Column[0]));
    List<String> names = Stream.of(alike.columns()).skip(indices.length).toList();
    return alike
        .select(with(names, posexplode(array(each)).as(new String[] {SEGMENTATION, INDICES})))
        .select(with(names, col(SEGMENTATION), explode(col(INDICES)).as(INDEX)))
        .groupBy(col(SEGMENTATION), col(INDEX))
        .agg(
            sum(col(names.get(0))).as(names.get(0)),
            names.stream().skip(1).map(name -> sum(col(name)).as(name)).toArray(Column[]::new));
  }

  private static Column withOverall(Division division, Column indices) {
    Object[] known =
        IntStream.range(0, division.segments().size())
            .filter(index -> division.segments().get(index).known())
            .boxed()
            .toArray();
    Column overall = concat(indices, array(lit(OVERALL)));
    return division.isOfEverybody()
        ? overall
        : when(exists(indices, index -> index.isin(known)), overall).otherwise(indices);
  }

  private static Column[] with(List<String> names, Column... columns) {
    return Stream.concat(Stream.of(columns), names.stream().map(name -> col(name)))
        .toArray(Column[]::new);
  }

  private static List<Column> ofCustomers(List<String> features) {
    var sums = new ArrayList<Column>();
    for (int i = 0; i < features.size(); i++) {
      Column value = Division.named(features.get(i)).cast("double");
      Column finite = when(abs(value).lt(Double.POSITIVE_INFINITY), value);
      sums.add(sum(finite).as("_sum_" + i));
      sums.add(sum(finite.multiply(finite)).as("_squares_" + i));
      sums.add(count(finite).cast("double").as("_customers_" + i));
    }
    return sums;
  }

  /** Reads a row of {@link #sums}. */
  static Profile read(Row row, List<String> features) {
    var sums = new LinkedHashMap<String, Sums>();
    for (int i = 0; i < features.size(); i++) {
      int at = 3 + 3 * i;
      if (!row.isNullAt(at)) {
        sums.put(
            features.get(i),
            new Sums(row.getDouble(at), row.getDouble(at + 1), row.getDouble(at + 2)));
      }
    }
    return new Profile(row.getLong(2), sums);
  }
}
