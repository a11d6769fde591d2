package io.persegment.sql;

import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.trim;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.catalyst.analysis.UnresolvedAttribute;
import org.apache.spark.sql.catalyst.analysis.UnresolvedFunction;
import org.apache.spark.sql.catalyst.expressions.And;
import org.apache.spark.sql.catalyst.expressions.BinaryArithmetic;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.LambdaFunction;
import org.apache.spark.sql.catalyst.expressions.Literal;
import org.apache.spark.sql.catalyst.expressions.Not;
import org.apache.spark.sql.catalyst.expressions.Or;
import org.apache.spark.sql.catalyst.expressions.UnresolvedNamedLambdaVariable;
import org.apache.spark.sql.catalyst.expressions.aggregate.AggregateExpression;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser;
import org.apache.spark.sql.classic.ColumnNodeToExpressionConverter$;
import org.apache.spark.sql.classic.ExpressionUtils;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * One SQL expression over the columns of one row, as somebody wrote it in the settings. Parsed by
 * Spark's own parser, which needs no running Spark, so that mistakes are found before it starts.
 */
public final class SqlExpression implements Serializable {
  private static final long serialVersionUID = 1;

  /** A part that turns text into a value of another type, and so can fail on a row. */
  public record Parser(Column input, Column output) {

    /** Returns whether there was something to read and it could not be read. */
    public Column failed() {
      return length(trim(input.cast("string"))).gt(lit(0)).and(output.isNull());
    }
  }

  /**
   * A call of a function that is ours and not Spark's.
   *
   * @param arguments texts, as they are written
   */
  public record Call(String function, List<String> arguments) {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  private static final Set<String> PARSING =
      Set.of(
          "to_timestamp",
          "to_date",
          "to_number",
          "try_to_timestamp",
          "try_to_date",
          "try_to_number",
          "timestamp",
          "date",
          "int",
          "bigint",
          "smallint",
          "tinyint",
          "double",
          "float",
          "decimal",
          "boolean");

  /** Aggregates whose value depends on the order in which rows lie, with what to write instead. */
  private static final Map<String, String> UNSTEADY =
      Map.of(
          "first", "min_by(x, (%s, x))",
          "first_value", "min_by(x, (%s, x))",
          "last", "max_by(x, (%s, x))",
          "last_value", "max_by(x, (%s, x))",
          "any_value", "min(x), or max_by(x, (%s, x))",
          "mode", "mode(x, true), which takes the least of equals",
          "listagg", "array_join(array_sort(collect_list(x)), ', ')",
          "string_agg", "array_join(array_sort(collect_list(x)), ', ')");

  /**
   * The same of aggregates whose rows lie in it as they came, unless what is made of it is in
   * order.
   */
  private static final Set<String> COLLECTING = Set.of("collect_list", "collect_set", "array_agg");

  /** Functions of an array that come to the same in whatever order it is. */
  private static final Set<String> SETTLING =
      Set.of(
          "array_sort",
          "sort_array",
          "size",
          "cardinality",
          "array_size",
          "array_contains",
          "array_max",
          "array_min",
          "arrays_overlap",
          "exists",
          "forall");

  /** Functions of an array whose value has the same elements in whatever order it is. */
  private static final Set<String> KEEPING =
      Set.of(
          "array_distinct",
          "filter",
          "transform",
          "flatten",
          "array_compact",
          "array_remove",
          "array_union",
          "array_intersect",
          "array_except");

  private static final Set<String> SUMMING = Set.of("sum", "avg", "mean");

  private static final Pattern PLACE = Pattern.compile("\\(line \\d+, pos (\\d+)\\)");

  private final String text;
  private final Expression parsed;
  private final Set<String> own;

  private SqlExpression(String text, Expression parsed, Set<String> own) {
    this.text = text;
    this.parsed = parsed;
    this.own = Set.copyOf(own);
  }

  /**
   * Returns {@code text} as an expression.
   *
   * @throws IllegalArgumentException saying what is wrong with it, as what follows its name
   */
  public static SqlExpression parse(String text) {
    return parse(text, Set.of());
  }

  /**
   * Returns {@code text} as an expression that may also call functions of ours, of texts alone,
   * which {@link #with} replaces before it is evaluated.
   *
   * @param own names of these functions, in lower case
   * @throws IllegalArgumentException saying what is wrong with it, as what follows its name
   */
  public static SqlExpression parse(String text, Set<String> own) {
    Expression parsed;
    try {
      parsed = new CatalystSqlParser().parseExpression(text);
    } catch (Exception e) { // Scala's ParseException, which Java takes for one that is not thrown
      throw new IllegalArgumentException("is no SQL expression: " + shortened(e), e);
    }
    Refusals.check(text, parsed, own);
    return new SqlExpression(text, parsed, own);
  }

  public String text() {
    return text;
  }

  public Column column() {
    return ExpressionUtils.column(parsed);
  }

  /** Returns the columns that the expression reads: of {@code a.b} the name {@code a}. */
  public Set<String> references() {
    return paths().stream().map(path -> path.get(0)).collect(Collectors.toCollection(TreeSet::new));
  }

  /** Returns what the expression reads, each by its parts: {@code a.b} as {@code a} and b. */
  public Set<List<String>> paths() {
    var paths = new LinkedHashSet<List<String>>();
    addPaths(parsed, Set.of(), paths);
    return paths;
  }

  /** Returns the calls of functions of ours, which {@link #parse(String, Set)} allowed. */
  public List<Call> calls() {
    var calls = new ArrayList<Call>();
    addCalls(parsed, calls);
    return calls;
  }

  /** Returns this expression with each call of a function of ours replaced by its value. */
  public SqlExpression with(Function<Call, Column> value) {
    return new SqlExpression(text, with(parsed, value), Set.of());
  }

  /**
   * Returns the parts that {@code and}, {@code or} and {@code not} join, each once, in their order.
   */
  public List<SqlExpression> clauses() {
    var clauses = new LinkedHashMap<String, SqlExpression>();
    addClauses(parsed, clauses);
    return List.copyOf(clauses.values());
  }

  Expression parsed() {
    return parsed;
  }

  /** Returns whether it says itself that a text is to be read as something else. */
  boolean readsText() {
    return calls(parsed, PARSING);
  }

  private static boolean calls(Expression part, Set<String> functions) {
    return functions.contains(function(part))
        || children(part).stream().anyMatch(child -> calls(child, functions));
  }

  /** Returns whether the expression folds many rows into one value, as {@code sum(x)} does. */
  public boolean aggregates() {
    return aggregates(parsed);
  }

  /**
   * Returns what to write instead of the first aggregate in it whose value depends on the order in
   * which rows lie; empty where there is none.
   *
   * @param time column that says when a row happened
   */
  public Optional<String> steadier(String time) {
    return unsteady(parsed, false)
        .map(
            name ->
                "has %s(), which depends on how rows lie; write %s"
                    .formatted(
                        name,
                        UNSTEADY
                            .getOrDefault(name, "array_sort(%s(x))".formatted(name))
                            .formatted(time)));
  }

  /** Returns this expression with every aggregate in it over those rows only that fulfil it. */
  public SqlExpression filtered(SqlExpression condition) {
    return new SqlExpression(
        "%s filter (where %s)".formatted(text, condition), filtered(parsed, condition.parsed), own);
  }

  /** Returns what it counts the different values of; empty where that is not all it does. */
  public Optional<Column> distinctlyCounted() {
    return parsed instanceof UnresolvedFunction call
            && call.isDistinct()
            && call.filter().isEmpty()
            && call.arguments().size() == 1
            && function(call).equals("count")
        ? Optional.of(ExpressionUtils.column(call.arguments().head()))
        : Optional.empty();
  }

  /** Returns the parts that can fail to read what a row holds; of aggregates those inside. */
  public List<Parser> parsers() {
    var parsers = new ArrayList<Parser>();
    addParsers(parsed, parsers);
    return parsers;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SqlExpression that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }

  private static void addPaths(Expression expression, Set<String> bound, Set<List<String>> paths) {
    if (expression instanceof UnresolvedAttribute attribute) {
      paths.add(List.copyOf(CollectionConverters.asJava(attribute.nameParts())));
    } else if (expression instanceof UnresolvedNamedLambdaVariable variable) {
      // The parser takes every name inside a lambda for a variable, also those of columns.
      if (!bound.contains(variable.nameParts().head())) {
        paths.add(List.copyOf(CollectionConverters.asJava(variable.nameParts())));
      }
    } else if (expression instanceof LambdaFunction lambda) {
      var inner = new HashSet<>(bound);
      CollectionConverters.asJava(lambda.arguments()).forEach(each -> inner.add(each.name()));
      addPaths(lambda.function(), inner, paths);
    } else {
      children(expression).forEach(child -> addPaths(child, bound, paths));
    }
  }

  private void addCalls(Expression expression, List<Call> calls) {
    if (own.contains(function(expression))) {
      calls.add(call((UnresolvedFunction) expression));
    }
    children(expression).forEach(child -> addCalls(child, calls));
  }

  private static Call call(UnresolvedFunction call) {
    return new Call(
        function(call),
        CollectionConverters.asJava(call.arguments()).stream()
            .map(argument -> ((Literal) argument).value().toString())
            .toList());
  }

  private Expression with(Expression expression, Function<Call, Column> value) {
    if (own.contains(function(expression))) {
      Column replacement = value.apply(call((UnresolvedFunction) expression));
      return ColumnNodeToExpressionConverter$.MODULE$.apply(replacement.node());
    }
    return expression.mapChildren(child -> with(child, value));
  }

  private void addClauses(Expression part, Map<String, SqlExpression> clauses) {
    if (part instanceof And || part instanceof Or || part instanceof Not) {
      children(part).forEach(child -> addClauses(child, clauses));
    } else {
      String text = part.sql().replaceAll("(?<=\\d)BD\\b", ""); // as Spark marks a decimal number
      clauses.putIfAbsent(text, new SqlExpression(text, part, own));
    }
  }

  private static Expression filtered(Expression expression, Expression condition) {
    if (expression instanceof UnresolvedFunction call && Builtins.isAggregate(function(call))) {
      Expression both =
          call.filter().isDefined() ? new And(call.filter().get(), condition) : condition;
      return call.copy(
          call.nameParts(),
          call.arguments(),
          call.isDistinct(),
          Option.apply(both),
          call.ignoreNulls(),
          call.orderingWithinGroup(),
          call.isInternal());
    }
    return expression.mapChildren(child -> filtered(child, condition));
  }

  private static void addParsers(Expression expression, List<Parser> parsers) {
    if (expression instanceof LambdaFunction) {
      return; // its variables mean nothing outside of it
    }
    List<Expression> children = children(expression);
    String function = function(expression);
    boolean parses = expression instanceof Cast || PARSING.contains(function);
    if (parses && !children.isEmpty()) {
      parsers.add(
          new Parser(ExpressionUtils.column(children.get(0)), ExpressionUtils.column(expression)));
    }
    if (expression instanceof BinaryArithmetic || SUMMING.contains(function)) {
      for (Expression child : children) { // Spark reads text as a number here, silently
        Column argument = ExpressionUtils.column(child);
        parsers.add(new Parser(argument, argument.cast("double")));
      }
    }
    children.forEach(child -> addParsers(child, parsers));
  }

  private static boolean aggregates(Expression expression) {
    return expression instanceof AggregateExpression
        || (expression instanceof UnresolvedFunction call && Builtins.isAggregate(function(call)))
        || children(expression).stream().anyMatch(SqlExpression::aggregates);
  }

  /**
   * @param isSettled whether it does not matter in which order an array lies that it makes
   */
  private static Optional<String> unsteady(Expression expression, boolean isSettled) {
    if (expression instanceof AggregateExpression ready) { // first, last, any_value
      return Optional.of(ready.aggregateFunction().prettyName());
    }
    String function = function(expression);
    if (isUnsteady(expression) && !(isSettled && COLLECTING.contains(function))) {
      return Optional.of(function);
    }
    boolean areSettled = SETTLING.contains(function) || (isSettled && KEEPING.contains(function));
    return children(expression).stream()
        .flatMap(child -> unsteady(child, areSettled).stream())
        .findFirst();
  }

  private static boolean isUnsteady(Expression expression) {
    return expression instanceof UnresolvedFunction call
        && (UNSTEADY.containsKey(function(call)) || COLLECTING.contains(function(call)))
        && call.orderingWithinGroup().isEmpty()
        && !(function(call).equals("mode")
            && call.arguments().size() == 2
            && call.arguments().last().equals(Literal.TrueLiteral()));
  }

  private static String function(Expression expression) {
    return expression instanceof UnresolvedFunction call
        ? call.nameParts().last().toLowerCase(Locale.ROOT)
        : "";
  }

  private static List<Expression> children(Expression expression) {
    return CollectionConverters.asJava(expression.children());
  }

  static String shortened(Exception e) {
    String message = e.getMessage().strip();
    Matcher place = PLACE.matcher(message);
    String first = message.lines().findFirst().orElse(message);
    String plain =
        first
            .replaceFirst("^\\[[A-Z_.]+]\\s*", "")
            .replaceFirst("\\s*SQLSTATE.*", "")
            .replaceFirst("\\s*\\(line .*", "");
    return place.find()
        ? "%s (character %d)".formatted(plain, Integer.parseInt(place.group(1)) + 1)
        : plain;
  }
}
