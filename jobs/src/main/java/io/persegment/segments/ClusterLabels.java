package io.persegment.segments;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.Vector;

/**
 * Gives the clusters of a new model ids and names. A cluster that is a segment of before keeps
 * both; another gets a name by what sets it apart, and an id that no segment had.
 */
final class ClusterLabels {
  private final ClusterNames names;
  private final Map<String, String> before;
  private final String unknown;

  /**
   * @param before names by id of all segments there ever were
   * @param unknown name of the segment of those of whom not enough is known
   */
  ClusterLabels(ClusterNames names, Map<String, String> before, String unknown) {
    this.names = names;
    this.before = Map.copyOf(before);
    this.unknown = Segment.id(unknown);
  }

  /**
   * Returns the labels, in the order of the clusters.
   *
   * @param strengths of each cluster
   * @param inherited ids of the clusters that are segments of before
   */
  List<Label> of(List<Vector> strengths, Map<Integer, String> inherited) {
    var labels = new TreeMap<Integer, Label>();
    inherited.forEach((cluster, id) -> labels.put(cluster, new Label(id, before.get(id))));
    var namesInUse = new HashSet<>(Set.of(unknown));
    labels.values().forEach(label -> namesInUse.add(Segment.id(label.name())));
    var idsInUse = new TreeSet<>(before.keySet());
    idsInUse.add(unknown);
    for (int cluster : weakestFirst(strengths)) {
      if (!labels.containsKey(cluster)) {
        String name = name(strengths.get(cluster), namesInUse);
        String id = free(Segment.id(name), "-", idsInUse);
        namesInUse.add(Segment.id(name));
        idsInUse.add(id);
        labels.put(cluster, new Label(id, name));
      }
    }
    return new ArrayList<>(labels.values());
  }

  /**
   * Returns {@code labels} with the names that were chosen for them; another that is called so
   * already gives way.
   *
   * @param chosen names by id
   */
  static List<Label> renamed(List<Label> labels, Map<String, String> chosen) {
    var inUse = new HashSet<String>();
    labels.stream()
        .filter(label -> chosen.containsKey(label.id()))
        .forEach(label -> inUse.add(Segment.id(chosen.get(label.id()))));
    return labels.stream()
        .map(
            label ->
                new Label(
                    label.id(),
                    Optional.ofNullable(chosen.get(label.id()))
                        .orElseGet(() -> free(label.name(), " ", inUse))))
        .toList();
  }

  /** Of two with one name the weaker takes it, so that the stronger is the one that is very so. */
  private List<Integer> weakestFirst(List<Vector> strengths) {
    return IntStream.range(0, strengths.size())
        .boxed()
        .sorted(Comparator.comparing(cluster -> names.strength(strengths.get(cluster))))
        .toList();
  }

  private String name(Vector strengths, Set<String> inUse) {
    String plain = names.name(strengths);
    String more = names.more(strengths);
    if (!inUse.contains(Segment.id(plain))) {
      return plain;
    }
    return inUse.contains(Segment.id(more)) ? free(plain, " ", inUse) : more;
  }

  /** Returns {@code text}, with the least number after it that makes an id not in use. */
  private static String free(String text, String separator, Set<String> inUse) {
    String free = text;
    for (int number = 2; inUse.contains(Segment.id(free)); number++) {
      free = text + separator + number;
    }
    return free;
  }
}
