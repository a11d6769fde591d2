package io.persegment.identity;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How records hang together by links: what ties two of them, and what a link holds together. */
final class Chain {
  /**
   * A link between a record and another, or an identifier.
   *
   * @param cut why it does not link; empty where it does
   */
  record Link(String left, String right, String rule, Optional<String> cut) {
    boolean isMatch() {
      return rule.equals(Matches.RULE) || rule.equals(Matches.WITHIN);
    }

    private String other(String end) {
      return end.equals(left) ? right : left;
    }
  }

  static final String IDENTIFIER = "identifier:";

  private final Map<String, List<Link>> linksOf = new HashMap<>();

  Chain(List<Link> links) {
    for (Link link : links) {
      linksOf.computeIfAbsent(link.left(), end -> new ArrayList<>()).add(link);
      linksOf.computeIfAbsent(link.right(), end -> new ArrayList<>()).add(link);
    }
  }

  /** Returns the fewest links from one to the other, in order; none where nothing ties them. */
  List<Link> shortest(String from, String to) {
    Map<String, Link> cameBy = new HashMap<>();
    var next = new ArrayDeque<String>(List.of(from));
    while (!next.isEmpty() && !cameBy.containsKey(to)) {
      String at = next.remove();
      for (Link link : linksOf.getOrDefault(at, List.of())) {
        String other = link.other(at);
        if (!other.equals(from) && cameBy.putIfAbsent(other, link) == null) {
          next.add(other);
        }
      }
    }
    var path = new ArrayDeque<Link>();
    for (String at = to; cameBy.containsKey(at); at = path.peek().other(at)) {
      path.push(cameBy.get(at));
    }
    return List.copyOf(path);
  }

  /** Returns the records that hang together with one, itself among them. */
  Set<String> together(String record) {
    Set<String> reached = new HashSet<>(Set.of(record));
    var next = new ArrayDeque<String>(reached);
    while (!next.isEmpty()) {
      String at = next.remove();
      for (Link link : linksOf.getOrDefault(at, List.of())) {
        if (reached.add(link.other(at))) {
          next.add(link.other(at));
        }
      }
    }
    reached.removeIf(Chain::isIdentifier);
    return reached;
  }

  static boolean isIdentifier(String key) {
    return key.startsWith(IDENTIFIER);
  }
}
