package io.persegment.matching;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_compact;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.posexplode;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.BooleanType;
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
 *     #SIZE}, {@link #IS_FRESH} and the record
 * @param rules what each rule makes, in their order
 */
record Blocks(Dataset<Row> members, List<Rule> rules) {
  /**
   * What one rule makes.
   *
   * @param name the rule as it is written
   * @param largest records of the largest block that is compared
   * @param pairs that it makes, those of other rules among them
   * @param blocksLeftOut blocks that are left out, because the rule would make too many pairs
   * @param pairsLeftOut pairs that those would make
   */
  record Rule(String name, long largest, long pairs, long blocksLeftOut, long pairsLeftOut) {
    /** Adds blocks of one size, if the rule leaves out none so far and keeps to {@code budget}. */
    Rule with(long blocks, long size, long made, long budget) {
      return blocksLeftOut == 0 && pairs + made <= budget
          ? new Rule(name, size, pairs + made, 0, 0)
          : new Rule(name, largest, pairs, blocksLeftOut + blocks, pairsLeftOut + made);
    }
  }

  /** Of so many records all pairs are compared: half a million. */
  static final int FEW = 1_000;

  /** Twice the records make four times the pairs, of which the budget grows by two. */
  private static final long GROWTH = 4;

  /** The name of the rule by which all pairs are compared. */
  static final String EVERYBODY = "everybody";

  static final Field KEY = Field.required("key", LongType, "What the records agree on");
  static final Field IS_FRESH =
      Field.required("is_fresh", BooleanType, "Whether the record was not yet compared as it is");

  static final Field RULE = Field.required("rule", IntegerType, "Place of the blocking rule");
  static final Field SIZE = Field.required("size", LongType, "Records of the block");
  private static final Field FRESH = Field.required("fresh", LongType, "Those that are fresh");
  static final Field BLOCKS = Field.required("blocks", LongType, "Blocks of this size");

  /**
   * Finds the blocks of all records; of few, everybody is one. An action: one shuffle of a row a
   * record and rule.
   *
   * @throws io.persegment.error.PersegmentException where the rules make too many pairs
   */
  static Blocks ofAll(
      Lake lake, Dataset<Row> comparables, long records, MatchingSettings settings) {
    boolean everybody = records <= FEW;
    Dataset<Row> keys = keys(comparables.withColumn(IS_FRESH.name(), lit(true)), everybody);
    Blocks blocks = found(lake, keys, everybody, settings.budget(records), settings);
    blocks.refuseTooMany(settings);
    return blocks;
  }

  /**
   * Finds the blocks that a fresh record is in. An action: one shuffle of a row a record and rule
   * of those. What a standing model compares is not to depend on when records came, so a rule
   * leaves out no more than the model did, unless blocks have outgrown what so many records
   * explain, which {@link #areTooMany} tells.
   *
   * @param comparables with {@link #IS_FRESH}; of others than that, the keys are enough
   * @param leftOut blocks that are not compared, as {@link #KEY}
   * @param everybody whether all are one block
   */
  static Blocks ofFresh(
      Lake lake,
      Dataset<Row> comparables,
      long records,
      Dataset<Row> leftOut,
      boolean everybody,
      MatchingSettings settings) {
    Dataset<Row> keys = keys(comparables, everybody);
    Dataset<Row> touched =
        keys.where(IS_FRESH.col())
            .select(KEY.col())
            .distinct()
            .join(leftOut.select(KEY.col()), KEY.name(), "left_anti");
    long budget = GROWTH * settings.budget(records);
    return found(lake, keys.join(touched, KEY.name(), "left_semi"), everybody, budget, settings);
  }

  /** Returns one row a record and rule. */
  private static Dataset<Row> keys(Dataset<Row> comparables, boolean everybody) {
    Column keysOf = everybody ? array(lit(0L)) : Comparables.KEYS.col();
    return comparables
        .select(Comparables.NODE.col(), IS_FRESH.col(), posexplode(keysOf))
        .toDF(Comparables.NODE.name(), IS_FRESH.name(), RULE.name(), KEY.name())
        .where(KEY.col().isNotNull());
  }

  private static Blocks found(
      Lake lake, Dataset<Row> keys, boolean everybody, long budget, MatchingSettings settings) {
    List<String> names = everybody ? List.of(EVERYBODY) : settings.rulesInWords();
    Column size = count(lit(1)).over(Window.partitionBy(KEY.col()));
    Dataset<Row> members =
        lake.scratch("matching/blocks", keys.withColumn(SIZE.name(), size).where(SIZE.col().gt(1)));
    return new Blocks(members, rules(members, names, everybody ? Long.MAX_VALUE : budget));
  }

  /** Returns whether a rule leaves out blocks, or all together make too many pairs. */
  boolean areTooMany(MatchingSettings settings) {
    return sum() > settings.mostPairs()
        || rules.stream().anyMatch(rule -> rule.blocksLeftOut() > 0);
  }

  /**
   * Makes sure that the rules keep to what is set.
   *
   * @throws io.persegment.error.PersegmentException where they make too many pairs
   */
  void refuseTooMany(MatchingSettings settings) {
    if (sum() > settings.mostPairs()) {
      throw MatchingErrors.tooManyPairs(sum(), rules, settings.mostPairs());
    }
  }

  /** Returns how many pairs all rules make; one that several make counts as often. */
  long sum() {
    return rules.stream().mapToLong(Rule::pairs).sum();
  }

  /** Notes what each rule makes, and what it leaves out. */
  void report(StageReport report) {
    for (Rule rule : rules) {
      report.rows("pairs_by [%s]".formatted(rule.name()), rule.pairs());
      if (rule.blocksLeftOut() > 0) {
        report.rows("pairs_by [%s] left out".formatted(rule.name()), rule.pairsLeftOut());
      }
    }
  }

  /**
   * Returns where records are compared, as {@link Pairs#members} takes it. One shuffle of a row a
   * record.
   */
  Dataset<Row> places() {
    Column[] keys = new Column[rules.size()];
    for (int rule = 0; rule < keys.length; rule++) {
      keys[rule] = max(when(RULE.col().equalTo(rule), KEY.col()));
    }
    return members
        .where(isCompared())
        .groupBy(Comparables.NODE.col(), IS_FRESH.col())
        .agg(sort_array(array_compact(array(keys))).as(Pairs.KEYS.name()));
  }

  /** Returns the blocks that are left out, as {@link #KEY}. */
  Dataset<Row> leftOut() {
    return members.where(not(isCompared())).select(KEY.col()).distinct();
  }

  private Column isCompared() {
    Column[] largest = rules.stream().map(rule -> lit(rule.largest())).toArray(Column[]::new);
    return SIZE.col().leq(element_at(array(largest), RULE.col().plus(1)));
  }

  private static List<Rule> rules(Dataset<Row> members, List<String> names, long budget) {
    List<Rule> rules = new ArrayList<>();
    names.forEach(name -> rules.add(new Rule(name, 0, 0, 0, 0)));
    members
        .groupBy(RULE.col(), SIZE.col())
        .agg(
            count(lit(1)).divide(SIZE.col()).cast(LongType).as(BLOCKS.name()),
            count_if(IS_FRESH.col()).as(FRESH.name()))
        .orderBy(RULE.col(), SIZE.col())
        .collectAsList() // as many as blocks have different sizes
        .forEach(
            row -> {
              long size = row.getLong(1);
              long blocks = row.getLong(2);
              long fresh = row.getLong(3);
              // Each fresh record meets all others; two fresh ones, of whom all may be, only once.
              long made = fresh == blocks * size ? fresh * (size - 1) / 2 : fresh * (size - 1);
              rules.set(row.getInt(0), rules.get(row.getInt(0)).with(blocks, size, made, budget));
            });
    return List.copyOf(rules);
  }
}
