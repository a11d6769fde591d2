package io.persegment.scores;

import static org.apache.spark.sql.functions.udf;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;

/**
 * What each number adds to what trees say of a row: its Shapley value, as path-dependent TreeSHAP
 * has it (Lundberg and others 2020, Nature Machine Intelligence 2). XGBoost works it out anew for
 * each row. What a leaf adds depends only on which of the conditions on the way to it the row
 * meets, though, and there are few of these; so here it is worked out once for each leaf and each
 * set of them (Yang 2021, Fast TreeSHAP, arXiv 2109.09847).
 */
final class Shapley implements Serializable {
  private static final long serialVersionUID = 1;

  /** Deeper trees have more sets of conditions than are worth keeping. */
  static final int DEEPEST = 6;

  private final int numbers;
  private final boolean areFloats;
  private final List<Tree> trees;

  private Shapley(int numbers, boolean areFloats, List<Tree> trees) {
    this.numbers = numbers;
    this.areFloats = areFloats;
    this.trees = trees;
  }

  /**
   * A node of a tree. Of a leaf there are no further ones.
   *
   * @param number of the row that is looked at
   * @param limit below which the row goes on to the first of {@code further}, else to the second
   * @param cover how many rows came here in training, or their weight
   * @param value of a leaf: what the tree says
   */
  record Node(int number, double limit, List<Node> further, double cover, double value) {
    boolean isLeaf() {
      return further.isEmpty();
    }

    /** Returns the number of conditions on the longest way from here. */
    int depth() {
      return further.stream().mapToInt(each -> 1 + each.depth()).max().orElse(0);
    }
  }

  /**
   * Returns that of trees; empty where any is deeper than {@link #DEEPEST}.
   *
   * @param numbers how many a row has
   * @param areFloats whether numbers are rounded to floats before they are looked at
   */
  static Optional<Shapley> of(List<Node> roots, int numbers, boolean areFloats) {
    return roots.stream().anyMatch(root -> root.depth() > DEEPEST)
        ? Optional.empty()
        : Optional.of(new Shapley(numbers, areFloats, roots.stream().map(Tree::of).toList()));
  }

  /**
   * Returns {@link #of(Vector)} as a function of a column; the trees are sent to executors once.
   */
  UserDefinedFunction function(SparkContext spark) {
    Broadcast<Shapley> sent = JavaSparkContext.fromSparkContext(spark).broadcast(this);
    return udf(
        (UDF1<Vector, double[]>) row -> sent.value().of(row),
        DataTypes.createArrayType(DataTypes.DoubleType, false));
  }

  /** Returns what each number of a row adds, none of which is missing. */
  double[] of(Vector row) {
    var values = new double[numbers];
    for (int i = 0; i < numbers; i++) {
      values[i] = areFloats ? (float) row.apply(i) : row.apply(i);
    }
    var adds = new double[numbers];
    for (Tree tree : trees) {
      tree.addTo(adds, values);
    }
    return adds;
  }

  /** Whether a number of the row is below a limit. */
  private record Condition(int number, double limit) {}

  /**
   * All conditions on one number on the way to a node.
   *
   * @param conditions a bit each
   * @param met those of them that the way asks to be met; the others are not to be
   * @param share of the rows that go on this way at these conditions, in training
   */
  private record Part(long conditions, long met, double share) {
    static final Part NONE = new Part(0, 0, 1);

    Part and(long condition, boolean asked, double share) {
      return new Part(conditions | condition, asked ? met | condition : met, this.share * share);
    }
  }

  /** A node, and by number what the way to it asks. */
  private record Way(Node node, Map<Integer, Part> asks) {
    /** Adds the condition of this node, and returns the ways on. */
    List<Way> on(List<Condition> conditions) {
      long condition = 1L << conditions.size();
      conditions.add(new Condition(node.number(), node.limit()));
      var ways = new ArrayList<Way>();
      for (int i = 0; i < node.further().size(); i++) {
        Node next = node.further().get(i);
        double share = node.cover() == 0 ? 0 : next.cover() / node.cover();
        var further = new TreeMap<>(asks);
        further.put(
            node.number(),
            asks.getOrDefault(node.number(), Part.NONE).and(condition, i == 0, share));
        ways.add(new Way(next, further));
      }
      return ways;
    }
  }

  /** One tree. */
  private static final class Tree implements Serializable {
    private static final long serialVersionUID = 1;

    /** Of conditions in the order in which they are met, those on the left first. */
    private final int[] numbers;

    private final double[] limits;
    private final Branch[] branches;

    private Tree(List<Condition> conditions, List<Branch> branches) {
      this.numbers = conditions.stream().mapToInt(Condition::number).toArray();
      this.limits = conditions.stream().mapToDouble(Condition::limit).toArray();
      this.branches = branches.toArray(new Branch[0]);
    }

    static Tree of(Node root) {
      var conditions = new ArrayList<Condition>();
      var branches = new ArrayList<Branch>();
      divide(new Way(root, Map.of()), conditions, branches);
      return new Tree(conditions, branches);
    }

    /** Takes low parts of the tree as one: the fewer there are, the less is added up for a row. */
    private static void divide(Way way, List<Condition> conditions, List<Branch> branches) {
      if (way.node().depth() > Branch.DEPTH) {
        way.on(conditions).forEach(further -> divide(further, conditions, branches));
        return;
      }
      int first = conditions.size();
      var leaves = new ArrayList<Way>();
      read(way, conditions, leaves);
      branches.add(new Branch(way.asks(), first, conditions.size() - first, leaves));
    }

    private static void read(Way way, List<Condition> conditions, List<Way> leaves) {
      if (way.node().isLeaf()) {
        leaves.add(way);
      } else {
        way.on(conditions).forEach(further -> read(further, conditions, leaves));
      }
    }

    void addTo(double[] adds, double[] values) {
      long met = 0;
      for (int i = 0; i < numbers.length; i++) {
        if (values[numbers[i]] < limits[i]) {
          met |= 1L << i;
        }
      }
      for (Branch branch : branches) {
        branch.addTo(adds, met);
      }
    }
  }

  /**
   * Some leaves that hang together, and what they add to each number on the ways to them, whatever
   * the row.
   */
  private static final class Branch implements Serializable {
    private static final long serialVersionUID = 1;

    /** So many conditions are on the way to each leaf within it, at most. */
    static final int DEPTH = 2;

    private final int[] numbers;

    /** Of the way to the branch, by number. */
    private final long[] conditions;

    private final long[] asked;

    private final int first;
    private final int within;

    /**
     * By the case of the row, and then by number. A bit of the case tells for each condition within
     * whether it is met, and above these for each number on the way whether the row goes it.
     */
    private final float[] adds;

    /**
     * @param way to the branch
     * @param first its first condition, after which its others come
     * @param within how many conditions it has
     */
    Branch(Map<Integer, Part> way, int first, int within, List<Way> leaves) {
      this.numbers =
          leaves.stream()
              .flatMap(leaf -> leaf.asks().keySet().stream())
              .mapToInt(each -> each)
              .sorted()
              .distinct()
              .toArray();
      this.conditions = way.values().stream().mapToLong(Part::conditions).toArray();
      this.asked = way.values().stream().mapToLong(Part::met).toArray();
      this.first = first;
      this.within = within;
      this.adds = new float[(1 << (within + conditions.length)) * numbers.length];
      List<Integer> onTheWay = List.copyOf(way.keySet());
      leaves.forEach(leaf -> add(leaf, onTheWay));
    }

    private void add(Way leaf, List<Integer> onTheWay) {
      List<Integer> asking = List.copyOf(leaf.asks().keySet());
      double[] shares = leaf.asks().values().stream().mapToDouble(Part::share).toArray();
      long inside = ((1L << within) - 1) << first;
      var bySet = new double[1 << shares.length][];
      for (int each = 0; each < 1 << (within + conditions.length); each++) {
        int goes = 0;
        for (int i = 0; i < shares.length; i++) {
          Part part = leaf.asks().get(asking.get(i));
          int above = onTheWay.indexOf(asking.get(i));
          if ((((long) each << first) & inside & part.conditions()) == (part.met() & inside)
              && (above < 0 || (each & (1 << (within + above))) != 0)) {
            goes |= 1 << i;
          }
        }
        if (bySet[goes] == null) {
          bySet[goes] = shapley(shares, goes);
        }
        for (int i = 0; i < shares.length; i++) {
          int place = Arrays.binarySearch(numbers, asking.get(i));
          adds[each * numbers.length + place] += (float) (leaf.node().value() * bySet[goes][i]);
        }
      }
    }

    void addTo(double[] all, long met) {
      int which = (int) (met >>> first) & ((1 << within) - 1);
      for (int i = 0; i < conditions.length; i++) {
        if ((met & conditions[i]) == asked[i]) {
          which |= 1 << (within + i);
        }
      }
      int from = which * numbers.length;
      for (int i = 0; i < numbers.length; i++) {
        all[numbers[i]] += adds[from + i];
      }
    }

    /**
     * Returns the Shapley values of numbers in the game whose worth for some known ones is the
     * product over them of 1 where the row goes their way and 0 where not, and over the others of
     * their share.
     *
     * @param shares of each number
     * @param goes whether the row goes their way, a bit each
     */
    private static double[] shapley(double[] shares, int goes) {
      var values = new double[shares.length];
      for (int number = 0; number < shares.length; number++) {
        double[] bySize = worths(shares, goes, number);
        double weight = 1.0 / shares.length; // size! (others - size)! / (others + 1)!
        double sum = 0;
        for (int size = 0; size < bySize.length; size++) {
          sum += weight * bySize[size];
          weight *= (size + 1.0) / Math.max(1, bySize.length - 1 - size);
        }
        values[number] = sum * (((goes & (1 << number)) != 0 ? 1 : 0) - shares[number]);
      }
      return values;
    }

    /** Returns the sum of the worths of all sets of so many of the others. */
    private static double[] worths(double[] shares, int goes, int number) {
      var bySize = new double[shares.length];
      bySize[0] = 1;
      int seen = 0;
      for (int i = 0; i < shares.length; i++) {
        if (i != number) {
          boolean goesOn = (goes & (1 << i)) != 0;
          seen++;
          for (int size = seen; size >= 0; size--) {
            bySize[size] = bySize[size] * shares[i] + (goesOn && size > 0 ? bySize[size - 1] : 0);
          }
        }
      }
      return bySize;
    }
  }
}
