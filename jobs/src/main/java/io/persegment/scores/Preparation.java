package io.persegment.scores;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.types.DataTypes.StringType;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * How columns of customer_features become the numbers that a model learns from. Counts and amounts
 * are skewed, so the logarithm of each is taken, on both sides of zero; what is not known counts as
 * the logarithm 0, and another number says that it was not known. Of a text each frequent value
 * makes a number that says whether it is this one. All are standardised.
 *
 * @param inputs in order
 */
record Preparation(List<Input> inputs) {
  static final String VECTOR = "standardised";

  private static final String ASSEMBLED = "assembled";

  /** Values of a text that are told apart; the others count as one. */
  private static final int MOST_VALUES = 50;

  /** A value that fewer customers have says nothing that would come true of others. */
  private static final int LEAST_SEEN = 20;

  private static final String FEATURE = "_feature";
  private static final String VALUE = "_value";
  private static final String PLACE = "_place";

  /**
   * One column that says something.
   *
   * @param hasUnknowns whether it is null for some in training
   * @param varies whether it is a number with two values in training
   * @param isText whether it is a text
   * @param values of a text, those that are told apart
   */
  record Input(
      String feature, boolean hasUnknowns, boolean varies, boolean isText, List<String> values) {
    Input {
      values = List.copyOf(values);
    }

    /** Returns the numbers that it makes. */
    List<Term> terms() {
      var terms = new ArrayList<Term>();
      if (varies) {
        terms.add(new Term(Term.Kind.LOGARITHM, feature, 0));
      }
      for (int i = 0; i < values.size(); i++) {
        terms.add(new Term(Term.Kind.VALUE, feature, i));
      }
      if (hasUnknowns) {
        terms.add(new Term(Term.Kind.UNKNOWN, feature, 0));
      }
      return terms;
    }

    String sql(Term term) {
      return switch (term.kind()) {
        case LOGARITHM ->
            "coalesce(signum(%1$s) * log1p(abs(%1$s)), 0D)".formatted(number(feature));
        case VALUE ->
            "if(`%s` <=> '%s', 1D, 0D)".formatted(feature, escaped(values.get(term.place())));
        case UNKNOWN ->
            "if(%s is null, 1D, 0D)".formatted(isText ? "`" + feature + "`" : number(feature));
      };
    }

    /** Nothing in a value is to mean anything in SQL, to Spark's variables or to the stage. */
    private static String escaped(String text) {
      return text.chars()
          .mapToObj(
              each ->
                  Character.isLetterOrDigit(each) || each == ' '
                      ? Character.toString(each)
                      : "\\u%04x".formatted(each))
          .collect(Collectors.joining());
    }
  }

  /**
   * One number that a column makes; its text is the name under which the model has it.
   *
   * @param place of the value of a text
   */
  record Term(Kind kind, String feature, int place) {
    enum Kind {
      LOGARITHM("log "),
      VALUE("value "),
      UNKNOWN("unknown ");

      private final String prefix;

      Kind(String prefix) {
        this.prefix = prefix;
      }

      /** Returns what the name of such a number begins with. */
      String prefix() {
        return prefix;
      }
    }

    static Term parse(String name) {
      Kind kind =
          Stream.of(Kind.values())
              .filter(each -> name.startsWith(each.prefix))
              .findFirst()
              .orElseThrow();
      String rest = name.substring(kind.prefix.length());
      if (kind != Kind.VALUE) {
        return new Term(kind, rest, 0);
      }
      int space = rest.indexOf(' ');
      return new Term(kind, rest.substring(space + 1), Integer.parseInt(rest.substring(0, space)));
    }

    @Override
    public String toString() {
      return kind.prefix + (kind == Kind.VALUE ? place + " " : "") + feature;
    }
  }

  Preparation {
    inputs = List.copyOf(inputs);
  }

  /**
   * Returns how to prepare those of {@code features} that say anything about {@code rows}. What is
   * the same for all, or never known, is left out. Actions: one pass over the numbers, one over the
   * texts.
   */
  static Preparation of(Dataset<Row> rows, List<String> features) {
    List<String> texts =
        features.stream()
            .filter(name -> rows.schema().apply(name).dataType().equals(StringType))
            .toList();
    Map<String, List<String>> frequent = frequent(rows, texts);
    var measures = new ArrayList<Column>();
    measures.add(count(lit(1)));
    for (String feature : features) {
      Column value = texts.contains(feature) ? col("`" + feature + "`") : expr(number(feature));
      measures.addAll(List.of(count(value), min(value), max(value)));
    }
    Row measured = rows.select(measures.toArray(new Column[0])).head();
    long all = measured.getLong(0);
    var inputs = new ArrayList<Input>();
    for (int i = 0; i < features.size(); i++) {
      String feature = features.get(i);
      long known = measured.getLong(1 + 3 * i);
      boolean differs = known > 0 && !measured.get(2 + 3 * i).equals(measured.get(3 + 3 * i));
      boolean hasUnknowns = known > 0 && known < all;
      List<String> values = differs ? frequent.getOrDefault(feature, List.of()) : List.of();
      boolean varies = differs && !texts.contains(feature);
      if (varies || hasUnknowns || !values.isEmpty()) {
        inputs.add(new Input(feature, hasUnknowns, varies, texts.contains(feature), values));
      }
    }
    return new Preparation(inputs);
  }

  /** Returns the most frequent values of each text, the most frequent first. An action. */
  private static Map<String, List<String>> frequent(Dataset<Row> rows, List<String> texts) {
    var frequent = new HashMap<String, List<String>>();
    if (texts.isEmpty()) {
      return frequent;
    }
    Column[] all =
        texts.stream()
            .map(name -> struct(lit(name).as(FEATURE), col("`" + name + "`").as(VALUE)))
            .toArray(Column[]::new);
    Column order =
        row_number()
            .over(Window.partitionBy(col(FEATURE)).orderBy(col("count").desc(), col(VALUE)));
    rows.select(explode(array(all)).as(VALUE))
        .select(col(VALUE + "." + FEATURE), col(VALUE + "." + VALUE))
        .where(col(VALUE).isNotNull())
        .groupBy(col(FEATURE), col(VALUE))
        .count()
        .where(col("count").geq(LEAST_SEEN))
        .withColumn(PLACE, order)
        .where(col(PLACE).leq(MOST_VALUES))
        .orderBy(col(FEATURE), col(PLACE))
        .collectAsList() // so many a text
        .forEach(
            row ->
                frequent
                    .computeIfAbsent(row.getString(0), name -> new ArrayList<>())
                    .add(row.getString(1)));
    return frequent;
  }

  boolean isEmpty() {
    return inputs.isEmpty();
  }

  List<String> features() {
    return inputs.stream().map(Input::feature).toList();
  }

  /** Returns the numbers, in the order in which {@link #VECTOR} has them. */
  List<Term> terms() {
    return inputs.stream().flatMap(input -> input.terms().stream()).toList();
  }

  /** Returns this without {@code features}. */
  Preparation without(Collection<String> features) {
    return new Preparation(
        inputs.stream().filter(input -> !features.contains(input.feature())).toList());
  }

  /** Returns the unfitted stages that make {@link #VECTOR} out of rows of customer_features. */
  List<PipelineStage> stages() {
    String columns =
        inputs.stream()
            .flatMap(
                input ->
                    input.terms().stream()
                        .map(term -> "%s as `%s`".formatted(input.sql(term), term)))
            .collect(Collectors.joining(", "));
    return List.of(
        new SQLTransformer().setStatement("select *, %s from __THIS__".formatted(columns)),
        new VectorAssembler()
            .setInputCols(terms().stream().map(Term::toString).toArray(String[]::new))
            .setOutputCol(ASSEMBLED),
        new StandardScaler()
            .setInputCol(ASSEMBLED)
            .setOutputCol(VECTOR)
            .setWithMean(true)
            .setWithStd(true));
  }

  /** Returns the columns that {@link #VECTOR} is made of on the way. */
  static String[] scaffold(List<Term> terms) {
    return Stream.concat(terms.stream().map(Term::toString), Stream.of(ASSEMBLED))
        .toArray(String[]::new);
  }

  /** Returns SQL for a column as a number, or null where it is none or not finite. */
  static String number(String feature) {
    String number = "cast(`%s` as double)".formatted(feature);
    return "case when abs(%1$s) < double('Infinity') then %1$s end".formatted(number);
  }
}
