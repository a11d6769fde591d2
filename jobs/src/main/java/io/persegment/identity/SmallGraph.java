package io.persegment.identity;

import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** A graph that fits into memory, and its components: a forest of nodes that grows together. */
final class SmallGraph {
  private long[] ends = new long[1024];
  private int size;

  void add(long one, long other) {
    if (size == ends.length) {
      ends = Arrays.copyOf(ends, 2 * size);
    }
    ends[size++] = one;
    ends[size++] = other;
  }

  /** Returns an edge from each node but the least of its component to that one. */
  Iterator<Row> edges() {
    long[] nodes = Arrays.stream(ends, 0, size).sorted().distinct().toArray();
    int[] parent = IntStream.range(0, nodes.length).toArray();
    for (int i = 0; i < size; i += 2) {
      int one = root(parent, Arrays.binarySearch(nodes, ends[i]));
      int other = root(parent, Arrays.binarySearch(nodes, ends[i + 1]));
      parent[Math.max(one, other)] =
          Math.min(one, other); // nodes are sorted: the least is the root
    }
    return IntStream.range(0, nodes.length)
        .filter(node -> parent[node] != node)
        .mapToObj(node -> RowFactory.create(nodes[node], nodes[root(parent, node)]))
        .iterator();
  }

  private static int root(int[] parent, int node) {
    int at = node;
    while (parent[at] != at) {
      parent[at] = parent[parent[at]];
      at = parent[at];
    }
    return at;
  }
}
