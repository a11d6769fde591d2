package io.persegment.segments;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
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
   * Returns the earlier segment that each cluster is, of those that are one: clusters and segments
   * are paired such that together they share as much as they can, by the Jaccard overlap of the
   * customers who were there on both dates. What overlaps by less than {@code leastOverlap} counts
   * as nothing, so that it takes no segment from a pair that does.
   */
  static Map<Integer, String> of(List<Shared> shared, double leastOverlap) {
    Map<Integer, Long> ofCluster = sizes(shared, Shared::cluster);
    Map<String, Long> ofSegment = sizes(shared, Shared::segmentId);
    List<Integer> clusters = List.copyOf(ofCluster.keySet());
    List<String> segments = List.copyOf(ofSegment.keySet());
    var overlaps = new double[clusters.size()][segments.size()];
    for (Shared each : shared) {
      long both = each.customers();
      long either = ofCluster.get(each.cluster()) + ofSegment.get(each.segmentId()) - both;
      double overlap = (double) both / either;
      overlaps[clusters.indexOf(each.cluster())][segments.indexOf(each.segmentId())] =
          overlap >= leastOverlap ? overlap : 0;
    }
    int[] assigned = Assignment.best(overlaps);
    var inherited = new TreeMap<Integer, String>();
    for (int i = 0; i < assigned.length; i++) {
      if (assigned[i] >= 0 && overlaps[i][assigned[i]] > 0) {
        inherited.put(clusters.get(i), segments.get(assigned[i]));
      }
    }
    return inherited;
  }

  private static <K> SortedMap<K, Long> sizes(List<Shared> shared, Function<Shared, K> key) {
    return shared.stream()
        .collect(
            Collectors.groupingBy(key, TreeMap::new, Collectors.summingLong(Shared::customers)));
  }
}
