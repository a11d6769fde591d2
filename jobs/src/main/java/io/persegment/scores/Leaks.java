package io.persegment.scores;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.persegment.scores.Examples.Size;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * Finds features that alone tell nearly perfectly who had the event. Nothing that was known before
 * does: such a feature is made from what came after, as a count of all orders is where the event is
 * an order.
 */
final class Leaks {
  /** No honest feature orders customers as well. */
  static final double MOST_AUC = 0.98;

  /** Examples that are looked at. */
  private static final int MOST = 20_000;

  private static final String FEATURE = "_feature";
  private static final String NUMBER = "_number";
  private static final String EVENTS = "_events";
  private static final String ALL = "_all";
  private static final String WON = "_won";
  private static final String TEXT = Preparation.Term.Kind.VALUE.prefix();
  private static final long SEED = 1;

  /** Of fewer with the event, or without, of whom it is known, chance alone may tell them apart. */
  private static final int LEAST = 20;

  private static final int EVENTS_LOOKED_AT = 1_000;

  private Leaks() {}

  /**
   * Returns the AUC of every such feature, whichever way it points. One pass over a sample.
   *
   * @param size of {@code examples}
   */
  static Map<String, Double> find(Dataset<Row> examples, Preparation preparation, Size size) {
    Column[] numbers = preparation.inputs().stream().flatMap(Leaks::looksAt).toArray(Column[]::new);
    // The values of a text have no order but that of how often it happened where they are.
    Column order =
        when(col(FEATURE).startsWith(TEXT), col(EVENTS).divide(col(ALL))).otherwise(col(NUMBER));
    WindowSpec smaller =
        Window.partitionBy(col(FEATURE))
            .orderBy(order, col(NUMBER))
            .rowsBetween(Window.unboundedPreceding(), -1);
    Column others = col(ALL).minus(col(EVENTS));
    Column below = coalesce(sum(others).over(smaller), lit(0));
    Column auc = sum(col(WON)).divide(sum(col(EVENTS)).multiply(sum(others))); // of either, null
    var leaks = new TreeMap<String, Double>();
    examples
        .sample(size.share(MOST, EVENTS_LOOKED_AT), SEED)
        .select(Examples.LABEL.col(), explode(array(numbers)).as(NUMBER))
        .select(Examples.LABEL.col(), col(NUMBER + "." + FEATURE), col(NUMBER + "." + NUMBER))
        .where(col(NUMBER).isNotNull())
        .groupBy(col(FEATURE), col(NUMBER))
        .agg(sum(Examples.LABEL.col()).as(EVENTS), count(lit(1)).as(ALL))
        .withColumn(WON, col(EVENTS).multiply(below.plus(others.divide(2))))
        .groupBy(col(FEATURE))
        .agg(
            greatest(auc, lit(1).minus(auc)).as(WON),
            least(sum(col(EVENTS)), sum(others)).as(EVENTS))
        .where(col(WON).gt(MOST_AUC).and(col(EVENTS).geq(LEAST)))
        .collectAsList() // one row a number
        .forEach(
            row ->
                leaks.merge(
                    Preparation.Term.parse(row.getString(0)).feature(),
                    row.getDouble(1),
                    Math::max));
    return leaks;
  }

  /** Returns each number of an input with its name; of a text one, that tells its values apart. */
  private static Stream<Column> looksAt(Preparation.Input input) {
    List<Preparation.Term> terms = input.terms();
    Stream<Column> own =
        terms.stream()
            .filter(term -> term.kind() != Preparation.Term.Kind.VALUE)
            .map(term -> named(term.toString(), known(input, term)));
    Optional<Column> value =
        terms.stream()
            .filter(term -> term.kind() == Preparation.Term.Kind.VALUE)
            .map(term -> expr(input.sql(term)).multiply(1 + term.place()))
            .reduce(Column::plus);
    return Stream.concat(
        own, value.stream().map(each -> named(TEXT + "0 " + input.feature(), each)));
  }

  private static Column named(String name, Column number) {
    return struct(lit(name).as(FEATURE), number.as(NUMBER));
  }

  /** Returns the number of a term where it is known: a leak may be known of a few alone. */
  private static Column known(Preparation.Input input, Preparation.Term term) {
    return expr(
        term.kind() == Preparation.Term.Kind.LOGARITHM
            ? Preparation.number(term.feature())
            : input.sql(term));
  }
}
