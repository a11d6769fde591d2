package io.persegment.segments;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Which clusters of a new model are which segments of before, by the customers they share. */
final class Inheritance {
  /**
   * Customers of a cluster who were in a segment.
   *
   * @param cluster place of the new cluster
   */
  record Shared(int cluster, String segmentId, long customers) {}

  /** Least part of the customers of both that must be in both. */
  private static final double LEAST_OVERLAP = 0.5;

  private Inheritance() {}

  /**
   * Returns one row for each cluster and earlier segment that share customers: the cluster, the
   * segment, how many.
   *
   * @param scored customers with {@link ClusterModel#CLUSTER}
   * @param membership rows of {@link SegmentMembership} of one segmentation and earlier date
   */
  static Dataset<Row> shared(Dataset<Row> scored, Dataset<Row> membership) {
    return scored
        .join(membership, new String[] {SegmentMembership.CUSTOMER_ID.name()})
        .groupBy(col(ClusterModel.CLUSTER), SegmentMembership.SEGMENT_ID.col())
        .agg(count(lit(1)));
  }

  /** Reads a row of {@link #shared}. */
  static Shared read(Row row) {
    return new Shared(row.getInt(0), row.getString(1), row.getLong(2));
  }

  /**
   * Returns the earlier segment that each cluster is, of those that are one: the two share at least
   * half of the customers who are in either, counting those who were there on both dates. So no two
   * clusters can be one segment, but where two share exactly half: then the least cluster is it.
   */
  static Map<Integer, String> of(List<Shared> shared) {
    Map<Integer, Long> ofCluster = sizes(shared, Shared::cluster);
    Map<String, Long> ofSegment = sizes(shared, Shared::segmentId);
    var inherited = new TreeMap<Integer, String>();
    shared.stream()
        .sorted(Comparator.comparing(Shared::cluster).thenComparing(Shared::segmentId))
        .filter(
            each -> {
              long both = each.customers();
              long either = ofCluster.get(each.cluster()) + ofSegment.get(each.segmentId()) - both;
              return both >= LEAST_OVERLAP * either;
            })
        .filter(each -> !inherited.containsValue(each.segmentId()))
        .forEach(each -> inherited.putIfAbsent(each.cluster(), each.segmentId()));
    return inherited;
  }

  private static <K> Map<K, Long> sizes(List<Shared> shared, Function<Shared, K> key) {
    return shared.stream()
        .collect(Collectors.groupingBy(key, Collectors.summingLong(Shared::customers)));
  }
}
