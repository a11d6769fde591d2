package io.persegment.matching;

import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import io.persegment.table.Field;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.FlatMapGroupsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/**
 * Compares all records of a block with each other, block by block: the values of a record travel
 * once for each block that it is in, and not for each pair. Two records that are in several blocks
 * together are compared in the one with the least key; two of which neither is fresh not at all. A
 * block must fit into the memory of a task.
 */
final class Pairs implements FlatMapGroupsFunction<Long, Row, Row> {
  private static final long serialVersionUID = 1;

  static final Field LEFT = Field.required("left_node", LongType, "Record of the smaller number");
  static final Field RIGHT = Field.required("right_node", LongType, "Record of the larger number");
  static final Field WEIGHT =
      Field.required("match_weight", DoubleType, "Logarithm to base 2 of the odds of one person");
  static final Field RARITIES =
      Field.required(
          "rarities",
          createArrayType(DoubleType),
          "Of each comparison natural logarithm of the share of the value that both have; null where it does not count");
  static final Field BLOCKS =
      Field.required("blocks", IntegerType, "In how many blocks the two are together");

  static final Field KEYS =
      Field.required("keys", createArrayType(LongType), "Blocks that the record is in, sorted");
  static final Field IS_FRESH = Blocks.IS_FRESH;

  private static final Field KEY = Blocks.KEY;
  private static final int FIRST_VALUE = 4; // behind key, node, freshness and keys

  private final Judge judge;

  private Pairs(Judge judge) {
    this.judge = judge;
  }

  /** Says what is to be told of two records of the block {@code key}; null for nothing. */
  private interface Judge extends Serializable {
    Row judge(long key, Member left, Member right, int blocks);
  }

  /** Counts pairs, in tasks. */
  interface Counter extends Serializable {
    void count();
  }

  /**
   * Returns records with what is compared of them and where: as {@link Comparables}, with {@link
   * #IS_FRESH} and {@link #KEYS}.
   *
   * @param places {@link Comparables#NODE}, {@link #IS_FRESH} and {@link #KEYS}, a row a record
   */
  static Dataset<Row> members(
      Dataset<Row> places, Dataset<Row> comparables, MatchingSettings settings) {
    List<Column> columns =
        new ArrayList<>(List.of(Comparables.NODE.col(), IS_FRESH.col(), KEYS.col()));
    columns.addAll(values(settings));
    return comparables
        .drop(IS_FRESH.name())
        .join(places, Comparables.NODE.name())
        .select(columns.toArray(new Column[0]));
  }

  /**
   * Returns {@link Patterns#PATTERN} and {@link #BLOCKS} of each pair.
   *
   * @param members as {@link #members}
   * @param in the blocks in which records are compared, of {@link #KEYS}
   */
  static Dataset<Row> patterns(Dataset<Row> members, Column in, MatchingSettings settings) {
    var patterns = new Patterns(settings);
    return judged(
        members,
        in,
        settings,
        (key, left, right, blocks) ->
            RowFactory.create(patterns.of(left.values, right.values), blocks),
        Patterns.PATTERN,
        BLOCKS);
  }

  /**
   * Returns each pair of at least the {@code least} weight: {@link Blocks#KEY} of the block in
   * which it was compared, {@link #LEFT}, {@link #RIGHT} and {@link #WEIGHT}.
   *
   * @param members as {@link #members}
   * @param counter is told of each pair that is compared; again for those of a task that is
   *     repeated
   */
  static Dataset<Row> weighed(
      Dataset<Row> members,
      LearntModel learnt,
      MatchingSettings settings,
      double least,
      Counter counter) {
    var weigher = new Weigher(learnt, settings, least);
    return judged(
        members,
        KEYS.col(),
        settings,
        (key, left, right, blocks) -> {
          counter.count();
          double weight = weigher.weight(left.values, right.values, left.rarities);
          return Double.isNaN(weight)
              ? null
              : RowFactory.create(key, left.node, right.node, weight);
        },
        KEY,
        LEFT,
        RIGHT,
        WEIGHT);
  }

  /**
   * Returns each pair with all that its weight is made of: {@link #LEFT}, {@link #RIGHT}, {@link
   * Patterns#PATTERN} and {@link #RARITIES}.
   *
   * @param members as {@link #members}
   */
  static Dataset<Row> explained(
      Dataset<Row> members, Frequencies frequencies, MatchingSettings settings) {
    var patterns = new Patterns(settings);
    var rarities = new Rarities(frequencies, settings);
    return judged(
        members,
        KEYS.col(),
        settings,
        (key, left, right, blocks) -> {
          long pattern = patterns.of(left.values, right.values);
          return RowFactory.create(
              left.node, right.node, pattern, rarities.of(pattern, left.values));
        },
        LEFT,
        RIGHT,
        Patterns.PATTERN,
        RARITIES);
  }

  /** One shuffle of a row a record and block. */
  private static Dataset<Row> judged(
      Dataset<Row> members, Column in, MatchingSettings settings, Judge judge, Field... told) {
    List<Column> columns = new ArrayList<>(List.of(explode(in).as(KEY.name())));
    columns.addAll(List.of(Comparables.NODE.col(), IS_FRESH.col(), KEYS.col()));
    columns.addAll(values(settings));
    Dataset<Row> places = members.select(columns.toArray(new Column[0]));
    StructType schema = new StructType();
    for (Field field : told) {
      schema = schema.add(field.name(), field.type());
    }
    return places
        .groupBy(KEY.col())
        .as(Encoders.LONG(), Encoders.row(places.schema()))
        .flatMapGroups(new Pairs(judge), Encoders.row(schema));
  }

  private static List<Column> values(MatchingSettings settings) {
    return IntStream.range(0, settings.comparisons().size()).mapToObj(Comparables::value).toList();
  }

  @Override
  public Iterator<Row> call(Long key, Iterator<Row> rows) {
    List<Member> block = new ArrayList<>();
    rows.forEachRemaining(row -> block.add(new Member(row)));
    return new PairsOfBlock(key, block.toArray(new Member[0]), judge);
  }

  /** A record of a block. */
  private static final class Member {
    private final long node;
    private final boolean isFresh;
    private final long[] keys;
    private final String[] values;
    private final double[] rarities; // as they are asked for

    Member(Row row) {
      node = row.getLong(1);
      isFresh = row.getBoolean(2);
      keys = row.<Long>getList(3).stream().mapToLong(Long::longValue).toArray();
      values = new String[row.size() - FIRST_VALUE];
      rarities = new double[values.length];
      Arrays.fill(rarities, Double.NaN);
      for (int place = 0; place < values.length; place++) {
        values[place] = row.getString(FIRST_VALUE + place);
      }
    }

    /** Returns in how many blocks both are; 0 where {@code key} is not the least of those. */
    int blocksWith(Member other, long key) {
      int blocks = 0;
      int i = 0;
      int j = 0;
      while (i < keys.length && j < other.keys.length) {
        if (keys[i] == other.keys[j]) {
          if (blocks == 0 && keys[i] != key) {
            return 0;
          }
          blocks++;
          i++;
          j++;
        } else if (keys[i] < other.keys[j]) {
          i++;
        } else {
          j++;
        }
      }
      return blocks;
    }
  }

  /** The pairs of a block, one after the other: all at once they may be millions. */
  private static final class PairsOfBlock implements Iterator<Row> {
    private final long key;
    private final Member[] block;
    private final Judge judge;
    private int one;
    private int other;
    private Row next;

    PairsOfBlock(long key, Member[] block, Judge judge) {
      this.key = key;
      this.block = block;
      this.judge = judge;
      advance();
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public Row next() {
      if (next == null) {
        throw new NoSuchElementException();
      }
      Row row = next;
      advance();
      return row;
    }

    private void advance() {
      next = null;
      while (next == null && one < block.length) {
        other++;
        if (other >= block.length) {
          one++;
          other = one;
        } else if (block[one].isFresh || block[other].isFresh) {
          next = judged(block[one], block[other]);
        }
      }
    }

    private Row judged(Member first, Member second) {
      int blocks = first.blocksWith(second, key);
      if (blocks == 0) {
        return null;
      }
      return first.node < second.node
          ? judge.judge(key, first, second, blocks)
          : judge.judge(key, second, first, blocks);
    }
  }
}
