package io.persegment.identity;

import static org.apache.spark.sql.functions.array_join;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.persegment.identity.EvaluationResult.Mistake;
import io.persegment.table.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/** Pairs that are wrong, by what led to it, with some of each kind. */
final class Mistakes {
  private static final Field KIND = Field.required("kind", StringType, "What led to it");
  private static final Field PAIRS = Field.required("pairs", LongType, "How many pairs of a kind");
  private static final Field PLACE = Field.required("place", LongType, "Place among its kind");

  /** Kinds, and pairs of each, that are told. */
  private static final int MOST_KINDS = 50;

  private static final int EXAMPLES = 20;

  private static final String THROUGH_OTHERS = "only through other records";
  private static final String NEVER = "never compared, or found less likely than 1 %";
  private static final String COMPARED = "compared and below the threshold";
  private static final String APART = "linked and kept, but in two customers";

  private Mistakes() {}

  /**
   * Returns the pairs of two persons in one customer, by what links them. An action.
   *
   * @param linked as {@link Labels#linked}
   * @param wrong how many there are
   */
  static List<Mistake> twoPersons(Labels labels, Dataset<Row> linked, long wrong) {
    if (wrong == 0) {
      return List.of();
    }
    Column isWrong =
        IdentityLinks.KEPT.col().and(Labels.SAME_CUSTOMER.col()).and(not(samePerson()));
    Column rules = array_join(sort_array(collect_set(IdentityLinks.RULE.col())), " and ");
    Dataset<Row> direct =
        linked
            .where(isWrong)
            .groupBy(TruthFile.LEFT.col(), TruthFile.RIGHT.col())
            .agg(concat(lit("linked directly by "), rules).as(KIND.name()));
    var mistakes = new ArrayList<>(told(direct));
    long told = mistakes.stream().mapToLong(Mistake::pairs).sum();
    long through = wrong - (mistakes.size() < MOST_KINDS ? told : direct.count());
    if (through > 0) {
      mistakes.add(new Mistake(THROUGH_OTHERS, through, throughOthers(labels, direct)));
    }
    return mistakes;
  }

  /** Returns the pairs of one person in two customers, by what became of them. An action. */
  static List<Mistake> twoCustomers(Labels labels, Dataset<Row> links, long missed) {
    if (missed == 0) {
      return List.of();
    }
    Dataset<Row> pairs = labels.missed();
    Column kept = IdentityLinks.KEPT.col();
    Column reason = IdentityLinks.CUT_REASON.col();
    Column below = not(kept).and(reason.equalTo(Matches.BELOW));
    Column cut =
        when(
            not(kept).and(not(below)),
            concat(lit("linked by "), IdentityLinks.RULE.col(), lit(", but cut: "), reason));
    Dataset<Row> said =
        Evidence.of(links, pairs)
            .groupBy(TruthFile.LEFT.col(), TruthFile.RIGHT.col())
            .agg(
                coalesce(
                        max(when(kept, APART)), // of two runs, or an identifier lost in between
                        min(cut),
                        max(when(below, COMPARED)))
                    .as(KIND.name()));
    Dataset<Row> all =
        pairs
            .join(said, Members.names(TruthFile.LEFT, TruthFile.RIGHT), "left")
            .withColumn(KIND.name(), coalesce(KIND.col(), lit(NEVER)));
    return told(all);
  }

  private static List<Mistake> told(Dataset<Row> pairs) {
    List<Row> kinds =
        pairs
            .groupBy(KIND.col())
            .agg(count(lit(1)).as(PAIRS.name()))
            .orderBy(PAIRS.col().desc(), KIND.col())
            .limit(MOST_KINDS)
            .collectAsList(); // one row a kind
    if (kinds.isEmpty()) {
      return List.of();
    }
    var ofKind =
        Window.partitionBy(KIND.col()).orderBy(TruthFile.LEFT.col(), TruthFile.RIGHT.col());
    Object[] names = kinds.stream().map(row -> row.getString(0)).toArray();
    var examples =
        pairs
            .where(KIND.col().isin(names))
            .withColumn(PLACE.name(), row_number().over(ofKind))
            .where(PLACE.col().leq(EXAMPLES))
            .orderBy(KIND.col(), PLACE.col())
            .select(KIND.col(), inWords())
            .collectAsList() // a bounded number of a bounded number of kinds
            .stream()
            .collect(
                Collectors.groupingBy(
                    row -> row.getString(0),
                    Collectors.mapping(row -> row.getString(1), Collectors.toList())));
    return kinds.stream()
        .map(row -> new Mistake(row.getString(0), row.getLong(1), examples.get(row.getString(0))))
        .toList();
  }

  private static List<String> throughOthers(Labels labels, Dataset<Row> direct) {
    return labels
        .someWrong()
        .join(direct, Members.names(TruthFile.LEFT, TruthFile.RIGHT), "left_anti")
        .orderBy(TruthFile.LEFT.col(), TruthFile.RIGHT.col())
        .limit(EXAMPLES)
        .select(inWords())
        .collectAsList() // a few examples
        .stream()
        .map(row -> row.getString(0))
        .toList();
  }

  private static Column inWords() {
    return concat(TruthFile.LEFT.col(), lit(" and "), TruthFile.RIGHT.col());
  }

  private static Column samePerson() {
    return TruthFile.SAME_PERSON.col();
  }
}
