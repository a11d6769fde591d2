package io.persegment.sql;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.BinaryComparison;
import org.apache.spark.sql.catalyst.expressions.BoundReference;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.Coalesce;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.In;
import org.apache.spark.sql.catalyst.expressions.IsNotNull;
import org.apache.spark.sql.catalyst.expressions.IsNull;
import org.apache.spark.sql.catalyst.expressions.Not;
import org.apache.spark.sql.catalyst.expressions.Or;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.unsafe.types.UTF8String;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Tells which of some conditions can never hold, and which never do where none before them does. A
 * condition that compares columns with constants changes only at these, so one value at each, one
 * between each two and one beyond them stand for all there are, and trying all combinations is a
 * proof. Of other conditions, or too many combinations, nothing is told.
 */
public final class Cases {
  /**
   * What is known of a column.
   *
   * @param least no number is below it
   * @param most no number is above it
   * @param nullable whether it can be null
   */
  public record Domain(DataType type, double least, double most, boolean nullable) {
    /** Returns the domain of a column of which only the type is known. */
    public static Domain of(DataType type) {
      return new Domain(type, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, true);
    }
  }

  /** A condition, and by the place of each column that it reads what it compares it with. */
  private record Condition(TypedExpression value, Map<Integer, Set<Object>> constants) {
    boolean holds(Object[] row) {
      return Boolean.TRUE.equals(value.ofInternal(row));
    }
  }

  private static final int MOST_COMBINATIONS = 100_000;

  private final List<Domain> domains;

  /** Those of which something can be told. */
  private final Map<Integer, Condition> conditions = new TreeMap<>();

  /**
   * @param conditions in their order, each true, false or null of a row
   * @param domains of the columns of a row, in order
   */
  public Cases(List<TypedExpression> conditions, List<Domain> domains) {
    this.domains = List.copyOf(domains);
    for (int i = 0; i < conditions.size(); i++) {
      var constants = new TreeMap<Integer, Set<Object>>();
      if (collect(conditions.get(i).expression(), constants)) {
        this.conditions.put(i, new Condition(conditions.get(i), constants));
      }
    }
  }

  /** Returns whether the condition holds for no row at all. */
  public boolean neverHolds(int condition) {
    return conditions.containsKey(condition) && isEmpty(List.of(), conditions.get(condition));
  }

  /** Returns the first condition before that holds wherever this one does. */
  public Optional<Integer> shadowing(int condition) {
    return before(condition)
        .filter(earlier -> isEmpty(List.of(conditions.get(earlier)), conditions.get(condition)))
        .findFirst();
  }

  /** Returns whether wherever this condition holds one of those before does. */
  public boolean isShadowed(int condition) {
    List<Condition> before = before(condition).map(conditions::get).toList();
    return conditions.containsKey(condition) && isEmpty(before, conditions.get(condition));
  }

  private Stream<Integer> before(int condition) {
    return conditions.containsKey(condition)
        ? conditions.keySet().stream().filter(earlier -> earlier < condition)
        : Stream.of();
  }

  /** Returns whether it is proved that {@code condition} holds nowhere but where another does. */
  private boolean isEmpty(List<Condition> others, Condition condition) {
    var constants = new TreeMap<Integer, Set<Object>>();
    Stream.concat(others.stream(), Stream.of(condition))
        .flatMap(each -> each.constants().entrySet().stream())
        .forEach(
            each ->
                constants
                    .computeIfAbsent(each.getKey(), place -> new HashSet<>())
                    .addAll(each.getValue()));
    var values = new TreeMap<Integer, List<Object>>();
    constants.forEach((place, of) -> values.put(place, values(domains.get(place), of)));
    double combinations =
        values.values().stream().mapToDouble(List::size).reduce(1, (a, b) -> a * b);
    return combinations <= MOST_COMBINATIONS
        && !any(
            values,
            row -> condition.holds(row) && others.stream().noneMatch(each -> each.holds(row)));
  }

  private boolean any(Map<Integer, List<Object>> values, Predicate<Object[]> predicate) {
    List<Integer> places = List.copyOf(values.keySet());
    int combinations = values.values().stream().mapToInt(List::size).reduce(1, (a, b) -> a * b);
    return IntStream.range(0, combinations)
        .mapToObj(
            number -> {
              var row = new Object[domains.size()];
              int rest = number;
              for (int place : places) {
                List<Object> of = values.get(place);
                row[place] = of.get(rest % of.size());
                rest /= of.size();
              }
              return row;
            })
        .anyMatch(predicate);
  }

  /** Returns the values that stand for all that the column can have, as Spark keeps them. */
  private static List<Object> values(Domain domain, Set<Object> constants) {
    var values = new ArrayList<Object>();
    if (domain.type() instanceof BooleanType) {
      values.addAll(List.of(true, false));
    } else if (domain.type() instanceof StringType) {
      values.addAll(texts(constants));
    } else {
      values.addAll(numbers(domain, constants));
    }
    if (domain.nullable()) {
      values.add(null);
    }
    return values;
  }

  private static Set<UTF8String> texts(Set<Object> constants) {
    var texts = new TreeSet<UTF8String>();
    texts.add(UTF8String.EMPTY_UTF8);
    for (Object constant : constants) {
      if (constant instanceof UTF8String text) {
        texts.add(text);
        texts.add(UTF8String.concat(text, UTF8String.fromString("\u0001")));
      }
    }
    return texts;
  }

  private static List<Object> numbers(Domain domain, Set<Object> constants) {
    var edges = new TreeSet<Double>();
    constants.stream()
        .filter(Double.class::isInstance)
        .forEach(constant -> edges.add((Double) constant));
    Stream.of(domain.least(), domain.most()).filter(Double::isFinite).forEach(edges::add);
    if (edges.isEmpty()) {
      edges.add(0.0);
    }
    var numbers = new TreeSet<Double>();
    Double before = null;
    for (double edge : edges) {
      numbers.add(edge);
      numbers.add(before == null ? edge - 1 : before + (edge - before) / 2);
      before = edge;
    }
    numbers.add(edges.last() + 1);
    boolean whole = !(domain.type() instanceof DoubleType);
    Stream<Double> tried =
        whole
            ? numbers.stream()
                .flatMap(each -> Stream.of(Math.floor(each), Math.ceil(each), Math.floor(each) + 1))
                .distinct()
            : numbers.stream();
    return tried
        .filter(each -> each >= domain.least() && each <= domain.most())
        .map(each -> internal(domain.type(), each))
        .toList();
  }

  private static Object internal(DataType type, double number) {
    if (type instanceof DoubleType) {
      return number;
    }
    return type instanceof LongType ? (Object) (long) number : (Object) (int) number;
  }

  /**
   * Adds what {@code part} compares columns with; false where something else is in it than
   * comparisons of one column with constants.
   */
  private boolean collect(Expression part, Map<Integer, Set<Object>> constants) {
    if (part instanceof And || part instanceof Or || part instanceof Not) {
      return children(part).stream().allMatch(child -> collect(child, constants));
    }
    var places = new TreeSet<Integer>();
    addPlaces(part, places);
    if (places.isEmpty()) {
      return true;
    }
    return places.size() == 1
        && supports(domains.get(places.first()).type())
        && addConstants(part, constants.computeIfAbsent(places.first(), place -> new HashSet<>()));
  }

  private static boolean supports(DataType type) {
    return Stream.of(
            BooleanType.class,
            StringType.class,
            DoubleType.class,
            LongType.class,
            IntegerType.class,
            DateType.class)
        .anyMatch(each -> each.isInstance(type));
  }

  private static void addPlaces(Expression part, Set<Integer> places) {
    if (part instanceof BoundReference column) {
      places.add(column.ordinal());
    }
    children(part).forEach(child -> addPlaces(child, places));
  }

  private static boolean addConstants(Expression part, Set<Object> constants) {
    if (part instanceof BoundReference) {
      return true;
    }
    if (part.foldable()) {
      return addConstant(part.eval(null), constants);
    }
    boolean changesAtConstants =
        part instanceof BinaryComparison
            || part instanceof In
            || part instanceof IsNull
            || part instanceof IsNotNull
            || part instanceof Coalesce
            || (part instanceof Cast cast && widens(cast));
    return changesAtConstants
        && children(part).stream().allMatch(child -> addConstants(child, constants));
  }

  /** A cast that rounds, or reads text, changes elsewhere. */
  private static boolean widens(Cast cast) {
    return cast.child().dataType() instanceof NumericType
        && cast.dataType() instanceof NumericType
        && !(cast.child().dataType() instanceof DoubleType);
  }

  private static boolean addConstant(Object constant, Set<Object> constants) {
    if (constant instanceof Decimal number) {
      constants.add(number.toDouble());
    } else if (constant instanceof Number number) {
      constants.add(number.doubleValue());
    } else if (constant instanceof UTF8String) {
      constants.add(constant);
    } else {
      return constant == null || constant instanceof Boolean;
    }
    return true;
  }

  private static List<Expression> children(Expression part) {
    return CollectionConverters.asJava(part.children());
  }
}
