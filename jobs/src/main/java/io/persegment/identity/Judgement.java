package io.persegment.identity;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Divides one component into customers. What links is taken in order: pairs declared to be one
 * person, identifiers by their priority, then matches from the strongest to the weakest. Two groups
 * are united unless a pair between them is declared never to be one person, or the customer would
 * have more of something than one may have. A match has to have the other records on its side as
 * well: two records may match well though those that go with them for certain do not match at all,
 * as two namesakes of one town, of whom one tool has no street and no phone. So it unites two
 * groups only where all that was compared between them speaks for it together.
 */
final class Judgement {
  static final String UNLIKE = "the other records of both do not match";
  static final String MORE_THAN = "a customer would have more than ";
  static final String OTHER_NAME = "another name at the same e-mail";
  static final String NEVER = "declared never to be one customer";

  /** Bits that a pair speaks for with at most. */
  private static final double MOST_FOR = 10;

  /**
   * Less than for: one person's own records differ, as after a move, and two persons' agree less.
   */
  private static final double MOST_AGAINST = 5;

  /**
   * A value that a record has.
   *
   * @param kind what it is, such as {@code email}
   * @param rank its priority as a link, the first from 0; below 0 where it links nothing
   * @param most how many of the kind a customer may have; 0 for any number
   * @param isHard whether that holds for records that match as well
   */
  record Held(String kind, long node, long value, int rank, int most, boolean isHard) {}

  /** Two records, and what speaks for their being one person, in bits. */
  record Pair(long left, long right, double bits) {}

  /**
   * An identifier of a record that does not link, or a pair that does not, with the reason.
   *
   * @param part of an identifier that links the record with some of those who have it all the same:
   *     which of the parts these are, from 2, the largest being 1; 0 where it links it with nobody
   */
  record Cut(long left, long right, String reason, int part) {
    Cut(long left, long right, String reason) {
      this(left, right, reason, 0);
    }
  }

  private final Map<Long, Group> groupOf = new HashMap<>();
  private final Map<Long, Map<Long, Double>> bits = new HashMap<>();
  private final Map<Long, Set<Long>> never = new HashMap<>();
  private final List<Held> held = new ArrayList<>();
  private final List<Pair> always = new ArrayList<>();
  private final List<Pair> matches = new ArrayList<>();
  private final List<Pair> united = new ArrayList<>();
  private final List<Cut> cut = new ArrayList<>();

  private static final class Group {
    private final List<Long> nodes = new ArrayList<>();
    private final Map<String, Limit> limits = new TreeMap<>();

    /**
     * Returns what it has, without what a source calls it: names and logins do not depend on it.
     */
    private String content() {
      return limits.entrySet().stream()
          .filter(limit -> !limit.getKey().startsWith(Guard.RECORD_OF))
          .map(limit -> limit.getKey() + new TreeSet<>(limit.getValue().values))
          .collect(Collectors.joining());
    }
  }

  private static final class Limit {
    private final Set<Long> values = new HashSet<>();
    private int most;
    private boolean isHard;
  }

  void add(Held value) {
    held.add(value);
    Group group = group(value.node());
    if (value.most() > 0) {
      Limit limit = group.limits.computeIfAbsent(value.kind(), kind -> new Limit());
      limit.values.add(value.value());
      limit.most = value.most();
      limit.isHard = value.isHard();
    }
  }

  void addAlways(long left, long right) {
    group(left);
    group(right);
    always.add(ordered(left, right, MOST_FOR));
  }

  void addNever(long left, long right) {
    group(left);
    group(right);
    never.computeIfAbsent(left, node -> new HashSet<>()).add(right);
    never.computeIfAbsent(right, node -> new HashSet<>()).add(left);
  }

  /**
   * Adds two records that were compared.
   *
   * @param links whether that much is enough to link them
   */
  void addCompared(long left, long right, double weight, boolean links) {
    group(left);
    group(right);
    double bounded = Math.max(-MOST_AGAINST, Math.min(MOST_FOR, weight));
    bits.computeIfAbsent(left, node -> new HashMap<>()).put(right, bounded);
    bits.computeIfAbsent(right, node -> new HashMap<>()).put(left, bounded);
    if (links) {
      matches.add(ordered(left, right, weight));
    }
  }

  /** Decides; to be called once, when all is known. */
  void decide() {
    for (Pair pair : sorted(always)) { // whatever limits say; only what was declared is against it
      Group one = groupOf.get(pair.left());
      Group other = groupOf.get(pair.right());
      if (one != other && isNever(one, other)) {
        cut.add(new Cut(pair.left(), pair.right(), NEVER));
      } else {
        unite(one, other);
      }
    }
    for (List<Held> sharing : byPriority()) {
      Map<Long, String> contents = new HashMap<>();
      sharing.forEach(each -> contents.put(each.node(), groupOf.get(each.node()).content()));
      // Those of whom much is known come first, so that the others can choose.
      sharing.sort(
          Comparator.<Held>comparingInt(each -> -groupOf.get(each.node()).limits.size())
              .thenComparing(each -> contents.get(each.node())));
      link(sharing);
    }
    for (Pair match : sorted(matches)) {
      Group one = groupOf.get(match.left());
      Group other = groupOf.get(match.right());
      String reason = reason(one, other, true);
      if (reason == null && one != other && between(one, other) <= 0) {
        reason = UNLIKE;
      }
      if (reason != null) {
        cut.add(new Cut(match.left(), match.right(), reason));
      } else if (one != other) {
        united.add(match);
        unite(one, other);
      }
    }
  }

  /** Returns of each record the least of its group, but of that itself. */
  Map<Long, Long> groups() {
    Map<Long, Long> groups = new TreeMap<>();
    groupOf.forEach(
        (node, group) -> {
          long least = group.nodes.get(0);
          for (long each : group.nodes) {
            least = Math.min(least, each);
          }
          if (node != least) {
            groups.put(node, least);
          }
        });
    return groups;
  }

  /** Returns the matches that brought records together, with their weight. */
  List<Pair> united() {
    return List.copyOf(united);
  }

  /** Returns what does not link: a record and the value of an identifier, or a pair. */
  List<Cut> cut() {
    return cut.stream().distinct().toList(); // a match that was declared both ways is cut twice
  }

  /** Unites all that share one value, as far as they may be; the rest forms groups of its own. */
  private void link(List<Held> sharing) {
    List<Group> groups = new ArrayList<>();
    Map<Long, String> reasons = new LinkedHashMap<>();
    for (Held each : sharing) {
      Group own = groupOf.get(each.node());
      if (groups.contains(own)) {
        continue;
      }
      Group joined = null;
      for (Group group : groups) {
        String against = reason(group, own, false);
        if (against != null) {
          reasons.putIfAbsent(each.node(), against);
        } else if (joined == null || isBefore(group, joined)) {
          joined = group;
        }
      }
      if (joined != null) {
        groups.set(groups.indexOf(joined), unite(joined, own));
      } else {
        groups.add(own);
      }
    }
    if (groups.size() > 1) {
      divide(sharing, groups, reasons);
    }
  }

  /** Of two groups that a record may join, it goes to the larger. */
  private static boolean isBefore(Group one, Group other) {
    int sizes = Integer.compare(one.nodes.size(), other.nodes.size());
    return sizes > 0 || (sizes == 0 && one.content().compareTo(other.content()) < 0);
  }

  /** The largest group keeps the value as it is; all others are cut from it, each by itself. */
  private void divide(List<Held> sharing, List<Group> groups, Map<Long, String> reasons) {
    Map<Group, List<Held>> holders = new LinkedHashMap<>();
    groups.forEach(group -> holders.put(group, new ArrayList<>()));
    sharing.forEach(each -> holders.get(groupOf.get(each.node())).add(each));
    String reason = reasons.values().iterator().next();
    List<List<Held>> parts = bySize(holders);
    for (int i = 1; i < parts.size(); i++) {
      int part = parts.get(i).size() > 1 ? i + 1 : 0;
      for (Held each : parts.get(i)) {
        String own = reasons.getOrDefault(each.node(), reason);
        cut.add(new Cut(each.node(), each.value(), own, part));
      }
    }
  }

  private static List<List<Held>> bySize(Map<Group, List<Held>> holders) {
    return holders.entrySet().stream()
        .sorted(
            Comparator.<Map.Entry<Group, List<Held>>>comparingInt(each -> -each.getValue().size())
                .thenComparing(each -> each.getKey().content()))
        .map(Map.Entry::getValue)
        .toList();
  }

  /** Returns why two groups must not be one; null where nothing speaks against it. */
  private String reason(Group one, Group other, boolean isMatch) {
    if (one == other) {
      return null;
    }
    if (!never.isEmpty() && isNever(one, other)) {
      return NEVER;
    }
    for (var limit : one.limits.entrySet()) {
      Limit its = limit.getValue();
      Limit others = other.limits.get(limit.getKey());
      if (others != null && (its.isHard || !isMatch)) {
        Set<Long> both = new HashSet<>(its.values);
        both.addAll(others.values);
        // A record that has too many of its own is not to be held against the other.
        int most = Math.max(its.most, Math.max(its.values.size(), others.values.size()));
        if (both.size() > most) {
          return limit.getKey().startsWith(Mailboxes.PERSON)
              ? OTHER_NAME
              : "%s%d %s"
                  .formatted(
                      MORE_THAN, its.most, limit.getKey().replaceFirst(Links.PERIOD + ".*", ""));
        }
      }
    }
    return null;
  }

  private boolean isNever(Group one, Group other) {
    Group smaller = one.nodes.size() < other.nodes.size() ? one : other;
    Group larger = smaller == one ? other : one;
    return smaller.nodes.stream()
        .flatMap(node -> never.getOrDefault(node, Set.of()).stream())
        .anyMatch(node -> groupOf.get(node) == larger);
  }

  private double between(Group one, Group other) {
    Group smaller = one.nodes.size() < other.nodes.size() ? one : other;
    Group larger = smaller == one ? other : one;
    double sum = 0;
    for (long node : smaller.nodes) {
      for (var against : bits.getOrDefault(node, Map.of()).entrySet()) {
        sum += groupOf.get(against.getKey()) == larger ? against.getValue() : 0;
      }
    }
    return sum;
  }

  private Group unite(Group one, Group other) {
    if (one == other) {
      return one;
    }
    Group larger = one.nodes.size() >= other.nodes.size() ? one : other;
    Group smaller = larger == one ? other : one;
    larger.nodes.addAll(smaller.nodes);
    smaller.nodes.forEach(node -> groupOf.put(node, larger));
    smaller.limits.forEach(
        (kind, limit) -> {
          Limit its = larger.limits.computeIfAbsent(kind, each -> limit);
          its.values.addAll(limit.values);
        });
    return larger;
  }

  private Group group(long node) {
    return groupOf.computeIfAbsent(
        node,
        alone -> {
          var group = new Group();
          group.nodes.add(alone);
          return group;
        });
  }

  /** Returns what is shared: a list a value, by priority. */
  private List<List<Held>> byPriority() {
    Map<Long, List<Held>> byValue = new HashMap<>();
    held.stream()
        .filter(value -> value.rank() >= 0)
        .sorted(Comparator.comparingLong(Held::node))
        .forEach(
            value -> byValue.computeIfAbsent(value.value(), each -> new ArrayList<>()).add(value));
    return byValue.values().stream()
        .sorted(
            Comparator.<List<Held>>comparingInt(values -> values.get(0).rank())
                .thenComparing(values -> values.get(0).kind())
                .thenComparingLong(values -> values.get(0).value()))
        .toList();
  }

  private static List<Pair> sorted(List<Pair> pairs) {
    return pairs.stream()
        .sorted(
            Comparator.comparingDouble(Pair::bits)
                .reversed()
                .thenComparingLong(Pair::left)
                .thenComparingLong(Pair::right))
        .toList();
  }

  private static Pair ordered(long left, long right, double bits) {
    return new Pair(Math.min(left, right), Math.max(left, right), bits);
  }
}
