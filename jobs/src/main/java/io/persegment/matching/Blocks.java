package io.persegment.matching;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.posexplode;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;

import io.persegment.run.StageReport;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * Which records are compared: those of one block, who agree on all expressions of a rule.
 *
 * @param members one row a record and block of two or more, as {@link #RULE}, {@link #KEY}, {@link
 *     #SIZE} and the record
 * @param rules what each rule makes, in their order
 */
record Blocks(Dataset<Row> members, List<Rule> rules) {
  /**
   * What one rule makes.
   *
   * @param name the rule as it is written
   * @param largest records of the largest block that is compared
   * @param pairs that it makes, those of other rules among them
   * @param leftOut blocks that are left out, because the rule would make too many pairs
   * @param pairsLeftOut pairs that those would make
   */
  record Rule(String name, long largest, long pairs, long leftOut, long pairsLeftOut) {
    /** Adds blocks of one size, if the rule leaves out none so far and keeps to {@code budget}. */
    Rule with(long blocks, long size, long budget) {
      long made = blocks * size * (size - 1) / 2;
      return leftOut == 0 && pairs + made <= budget
          ? new Rule(name, size, pairs + made, 0, 0)
          : new Rule(name, largest, pairs, leftOut + blocks, pairsLeftOut + made);
    }
  }

  /** Of so many records all pairs are compared: half a million. */
  private static final int FEW = 1_000;

  private static final Field RULE =
      Field.required("rule", IntegerType, "Place of the blocking rule");
  static final Field LEFT = Field.required("left_node", LongType, "Record of the smaller number");
  static final Field RIGHT = Field.required("right_node", LongType, "Record of the larger number");

  private static final Field KEY = Field.required("key", LongType, "What the records agree on");
  private static final Field SIZE = Field.required("size", LongType, "Records of the block");
  private static final Field BLOCKS = Field.required("blocks", LongType, "Blocks of this size");

  /**
   * Finds the blocks; of few records everybody is one. An action: one shuffle of a row a record and
   * rule.
   *
   * @throws io.persegment.error.PersegmentException where the rules make too many pairs
   */
  static Blocks find(Lake lake, Dataset<Row> comparables, long records, MatchingSettings settings) {
    boolean few = records <= FEW;
    List<String> names = few ? List.of("everybody") : settings.rulesInWords();
    long budget = few ? Long.MAX_VALUE : settings.budget(records);
    Column keysOf = few ? array(lit(0L)) : Comparables.KEYS.col();
    Dataset<Row> keys =
        comparables
            .select(Comparables.NODE.col(), posexplode(keysOf))
            .toDF(Comparables.NODE.name(), RULE.name(), KEY.name())
            .where(KEY.col().isNotNull());
    Column size = count(lit(1)).over(Window.partitionBy(KEY.col()));
    Dataset<Row> members =
        lake.scratch("matching/blocks", keys.withColumn(SIZE.name(), size).where(SIZE.col().gt(1)));
    var blocks = new Blocks(members, rules(members, names, budget));
    long pairs = blocks.rules().stream().mapToLong(Rule::pairs).sum();
    if (pairs > settings.mostPairs()) {
      throw MatchingErrors.tooManyPairs(pairs, blocks.rules(), settings.mostPairs());
    }
    return blocks;
  }

  /** Notes what each rule makes, and what it leaves out. */
  void report(StageReport report) {
    for (Rule rule : rules) {
      report.rows("pairs_by [%s]".formatted(rule.name()), rule.pairs());
      if (rule.leftOut() > 0) {
        report.rows("pairs_by [%s] left out".formatted(rule.name()), rule.pairsLeftOut());
      }
    }
  }

  /** Returns each pair once, in {@link #LEFT} and {@link #RIGHT}, however many rules make it. */
  Dataset<Row> pairs() {
    Column[] largest = rules.stream().map(rule -> lit(rule.largest())).toArray(Column[]::new);
    Dataset<Row> compared =
        members.where(SIZE.col().leq(element_at(array(largest), RULE.col().plus(1))));
    Dataset<Row> left = compared.withColumnRenamed(Comparables.NODE.name(), LEFT.name());
    Dataset<Row> right =
        compared.select(KEY.col().as("right_key"), Comparables.NODE.col().as(RIGHT.name()));
    return left.join(
            right, KEY.col().equalTo(right.col("right_key")).and(LEFT.col().lt(RIGHT.col())))
        .select(LEFT.col(), RIGHT.col())
        .distinct();
  }

  private static List<Rule> rules(Dataset<Row> members, List<String> names, long budget) {
    List<Rule> rules = new ArrayList<>();
    names.forEach(name -> rules.add(new Rule(name, 0, 0, 0, 0)));
    members
        .groupBy(RULE.col(), SIZE.col())
        .agg(count(lit(1)).divide(SIZE.col()).cast(LongType).as(BLOCKS.name()))
        .orderBy(RULE.col(), SIZE.col())
        .collectAsList() // as many as blocks have different sizes
        .forEach(
            row ->
                rules.set(
                    row.getInt(0),
                    rules.get(row.getInt(0)).with(row.getLong(2), row.getLong(1), budget)));
    return List.copyOf(rules);
  }
}
