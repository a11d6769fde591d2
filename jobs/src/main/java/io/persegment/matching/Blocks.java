package io.persegment.matching;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
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
   * @param largest records of the largest block that is compared
   * @param pairs that it makes, those of other rules among them
   * @param leftOut blocks that are left out, because the rule would make too many pairs
   * @param pairsLeftOut pairs that those would make
   */
  record Rule(long largest, long pairs, long leftOut, long pairsLeftOut) {}

  static final Field RULE = Field.required("rule", IntegerType, "Place of the blocking rule");
  static final Field LEFT = Field.required("left_node", LongType, "Record of the smaller number");
  static final Field RIGHT = Field.required("right_node", LongType, "Record of the larger number");

  private static final Field KEY = Field.required("key", LongType, "What the records agree on");
  private static final Field SIZE = Field.required("size", LongType, "Records of the block");
  private static final Field BLOCKS = Field.required("blocks", LongType, "Blocks of this size");

  /**
   * Finds the blocks. So few records that all their pairs are no more than a rule may make are one
   * block. An action: one shuffle of a row a record and rule.
   *
   * @throws io.persegment.error.PersegmentException where the rules make too many pairs
   */
  static Blocks find(Lake lake, Dataset<Row> comparables, long records, MatchingSettings settings) {
    boolean few = records * (records - 1) / 2 <= settings.budget(records);
    Column keysOf = few ? array(lit(0L)) : Comparables.KEYS.col();
    Dataset<Row> keys =
        comparables
            .select(Comparables.NODE.col(), posexplode(keysOf))
            .toDF(Comparables.NODE.name(), RULE.name(), KEY.name())
            .where(KEY.col().isNotNull());
    Column size = count(lit(1)).over(Window.partitionBy(KEY.col()));
    Dataset<Row> members =
        lake.scratch("matching/blocks", keys.withColumn(SIZE.name(), size).where(SIZE.col().gt(1)));
    var blocks = new Blocks(members, rules(members, records, settings));
    long pairs = blocks.rules().stream().mapToLong(Rule::pairs).sum();
    if (pairs > settings.mostPairs()) {
      throw MatchingErrors.tooManyPairs(pairs, blocks.rules(), settings);
    }
    return blocks;
  }

  /** Notes what each rule makes, and what it leaves out. */
  void report(MatchingSettings settings, StageReport report) {
    for (int rule = 0; rule < rules.size(); rule++) {
      Rule made = rules.get(rule);
      String name = "pairs_by [%s]".formatted(settings.ruleInWords(rule));
      report.rows(name, made.pairs());
      if (made.leftOut() > 0) {
        report.rows(name + " left out", made.pairsLeftOut());
      }
    }
  }

  /**
   * Returns each pair once, in {@link #LEFT} and {@link #RIGHT}, with the first rule that made it.
   */
  Dataset<Row> pairs() {
    Column[] largest = rules.stream().map(rule -> lit(rule.largest())).toArray(Column[]::new);
    Dataset<Row> compared =
        members.where(SIZE.col().leq(element_at(array(largest), RULE.col().plus(1))));
    Dataset<Row> left = compared.withColumnRenamed(Comparables.NODE.name(), LEFT.name());
    Dataset<Row> right =
        compared.select(KEY.col().as("right_key"), Comparables.NODE.col().as(RIGHT.name()));
    return left.join(
            right, KEY.col().equalTo(right.col("right_key")).and(LEFT.col().lt(RIGHT.col())))
        .groupBy(LEFT.col(), RIGHT.col())
        .agg(min(RULE.col()).as(RULE.name()));
  }

  private static List<Rule> rules(Dataset<Row> members, long records, MatchingSettings settings) {
    List<Row> sizes =
        members
            .groupBy(RULE.col(), SIZE.col())
            .agg(count(lit(1)).divide(SIZE.col()).cast(LongType).as(BLOCKS.name()))
            .orderBy(RULE.col(), SIZE.col())
            .collectAsList(); // as many as blocks have different sizes
    List<Rule> rules = new ArrayList<>();
    for (int rule = 0; rule < settings.blocking().size(); rule++) {
      Rule made = new Rule(0, 0, 0, 0);
      for (Row row : sizes) {
        if (row.<Integer>getAs(RULE.name()) == rule) {
          long size = row.<Long>getAs(SIZE.name());
          long blocks = row.<Long>getAs(BLOCKS.name());
          long pairs = made.pairs() + blocks * size * (size - 1) / 2;
          boolean fits = made.leftOut() == 0 && pairs <= settings.budget(records);
          made =
              fits
                  ? new Rule(size, pairs, 0, 0)
                  : new Rule(
                      made.largest(),
                      made.pairs(),
                      made.leftOut() + blocks,
                      made.pairsLeftOut() + blocks * size * (size - 1) / 2);
        }
      }
      rules.add(made);
    }
    return List.copyOf(rules);
  }
}
