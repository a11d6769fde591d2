package io.persegment.scores;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * How columns of customer_features become the numbers that a model adds up. Counts and amounts are
 * skewed, so the logarithm of each is taken, on both sides of zero; what is not known counts as the
 * logarithm 0, and another number says that it was not known. All are standardised.
 *
 * @param inputs in order
 */
record Preparation(List<Input> inputs) {
  static final String VECTOR = "standardised";

  private static final String ASSEMBLED = "assembled";

  /**
   * One column that says something.
   *
   * @param hasUnknowns whether it is null for some in training
   * @param varies whether it has two values in training; if not, only that it is not known says
   *     anything
   */
  record Input(String feature, boolean hasUnknowns, boolean varies) {

    /** Returns the numbers that it makes. */
    List<Term> terms() {
      return Stream.of(
              Stream.of(new Term(Term.Kind.LOGARITHM, feature)).filter(each -> varies),
              Stream.of(new Term(Term.Kind.UNKNOWN, feature)).filter(each -> hasUnknowns))
          .flatMap(each -> each)
          .toList();
    }
  }

  /** One number that a column makes; its text is the name under which the model has it. */
  record Term(Kind kind, String feature) {
    enum Kind {
      LOGARITHM("log "),
      UNKNOWN("unknown ");

      private final String prefix;

      Kind(String prefix) {
        this.prefix = prefix;
      }
    }

    static Term parse(String name) {
      return Stream.of(Kind.values())
          .filter(kind -> name.startsWith(kind.prefix))
          .map(kind -> new Term(kind, name.substring(kind.prefix.length())))
          .findFirst()
          .orElseThrow();
    }

    String sql() {
      String value = known(feature);
      return switch (kind) {
        case LOGARITHM -> "coalesce(signum(%1$s) * log1p(abs(%1$s)), 0D)".formatted(value);
        case UNKNOWN -> "if(%s is null, 1D, 0D)".formatted(value);
      };
    }

    @Override
    public String toString() {
      return kind.prefix + feature;
    }
  }

  Preparation {
    inputs = List.copyOf(inputs);
  }

  /**
   * Returns how to prepare those of {@code features} that say anything about {@code rows}. What is
   * the same for all, or never known, is left out. An action: one pass.
   */
  static Preparation of(Dataset<Row> rows, List<String> features) {
    var measures = new ArrayList<Column>();
    measures.add(count(lit(1)));
    for (String feature : features) {
      Column value = expr(known(feature));
      measures.addAll(List.of(count(value), min(value), max(value)));
    }
    Row measured = rows.select(measures.toArray(new Column[0])).head();
    long all = measured.getLong(0);
    var inputs = new ArrayList<Input>();
    for (int i = 0; i < features.size(); i++) {
      long known = measured.getLong(1 + 3 * i);
      boolean varies = known > 0 && !measured.get(2 + 3 * i).equals(measured.get(3 + 3 * i));
      boolean hasUnknowns = known > 0 && known < all;
      if (varies || hasUnknowns) {
        inputs.add(new Input(features.get(i), hasUnknowns, varies));
      }
    }
    return new Preparation(inputs);
  }

  boolean isEmpty() {
    return inputs.isEmpty();
  }

  List<String> features() {
    return inputs.stream().map(Input::feature).toList();
  }

  /** Returns the unfitted stages that make {@link #VECTOR} out of rows of customer_features. */
  List<PipelineStage> stages() {
    List<Term> terms = inputs.stream().flatMap(input -> input.terms().stream()).toList();
    String columns =
        terms.stream()
            .map(term -> "%s as `%s`".formatted(term.sql(), term))
            .collect(Collectors.joining(", "));
    return List.of(
        new SQLTransformer().setStatement("select *, %s from __THIS__".formatted(columns)),
        new VectorAssembler()
            .setInputCols(terms.stream().map(Term::toString).toArray(String[]::new))
            .setOutputCol(ASSEMBLED),
        new StandardScaler()
            .setInputCol(ASSEMBLED)
            .setOutputCol(VECTOR)
            .setWithMean(true)
            .setWithStd(true));
  }

  /** Returns SQL for a column as a number, or null where it is none or not finite. */
  private static String known(String feature) {
    String number = "cast(`%s` as double)".formatted(feature);
    return "case when abs(%1$s) < double('Infinity') then %1$s end".formatted(number);
  }
}
