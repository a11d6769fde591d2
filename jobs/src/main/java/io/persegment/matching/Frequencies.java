package io.persegment.matching;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.posexplode;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;

import io.persegment.table.Field;
import io.persegment.table.Lake;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * How often values occur, from a sample of the records.
 *
 * @param known for each comparison, of how many records of the sample the value is known
 * @param agreeing for each comparison, the share of pairs of those that have the same value
 * @param shares of comparisons with term frequency: the share of each value that is not rare
 */
public record Frequencies(List<Long> known, List<Double> agreeing, List<Share> shares) {
  /**
   * The share of one value among the known ones of its comparison.
   *
   * @param value its hash, so that no name is kept in clear
   */
  public record Share(int place, long value, double share) {}

  /** Of so many records the frequencies are nearly those of all. */
  private static final long SAMPLE = 200_000;

  /** Of each comparison so many values at most; others count as seen once in the sample. */
  private static final int MOST_VALUES = 20_000;

  private static final Field PLACE =
      Field.required("place", IntegerType, "Place of the comparison");
  private static final Field VALUE = Field.required("value", LongType, "Hash of the value");
  private static final Field RECORDS =
      Field.required("records", LongType, "Records that have the value");
  private static final Field PAIRS =
      Field.required("pairs", LongType, "Pairs of records that have the same value");
  private static final Field RANK = Field.required("rank", IntegerType, "1 for the most frequent");

  /** Counts values. An action. */
  static Frequencies of(
      Lake lake, Dataset<Row> comparables, long records, MatchingSettings settings) {
    Column bucket =
        pmod(xxhash64(Comparables.NODE.col(), lit(settings.seed())), lit(buckets(records)));
    Dataset<Row> counts =
        lake.scratch(
            "matching/frequencies",
            comparables
                .where(bucket.equalTo(0))
                .select(posexplode(array(hashes(settings))))
                .toDF(PLACE.name(), VALUE.name())
                .where(VALUE.col().isNotNull())
                .groupBy(PLACE.col(), VALUE.col())
                .agg(count(lit(1)).as(RECORDS.name())));
    int places = settings.comparisons().size();
    long[] known = new long[places];
    double[] agreeing = new double[places];
    Column pairs = RECORDS.col().multiply(RECORDS.col().minus(1)).divide(2).cast(LongType);
    for (Row row :
        counts
            .groupBy(PLACE.col())
            .agg(sum(RECORDS.col()).as(RECORDS.name()), sum(pairs).as(PAIRS.name()))
            .collectAsList()) { // a row a comparison
      int place = row.getInt(0);
      known[place] = row.getLong(1);
      agreeing[place] = (row.getLong(2) + 0.5) / (known[place] * (known[place] - 1.0) / 2 + 1);
    }
    return new Frequencies(
        Arrays.stream(known).boxed().toList(),
        Arrays.stream(agreeing).boxed().toList(),
        shares(counts, known, settings));
  }

  private static List<Share> shares(Dataset<Row> counts, long[] known, MatchingSettings settings) {
    Object[] places =
        settings.comparisons().stream()
            .filter(Comparison::termFrequency)
            .map(comparison -> settings.place(comparison.name()))
            .toArray();
    var frequentFirst = Window.partitionBy(PLACE.col()).orderBy(RECORDS.col().desc(), VALUE.col());
    List<Share> shares = new ArrayList<>();
    counts
        .where(PLACE.col().isin(places).and(RECORDS.col().gt(1)))
        .withColumn(RANK.name(), row_number().over(frequentFirst))
        .where(RANK.col().leq(MOST_VALUES))
        .collectAsList() // bounded by MOST_VALUES a comparison
        .forEach(
            row ->
                shares.add(
                    new Share(
                        row.getInt(0),
                        row.getLong(1),
                        row.getLong(2) / (double) known[row.getInt(0)])));
    return List.copyOf(shares);
  }

  private static Column[] hashes(MatchingSettings settings) {
    Column[] hashes = new Column[settings.comparisons().size()];
    for (int place = 0; place < hashes.length; place++) {
      Column value = Comparables.value(place);
      hashes[place] = when(value.isNotNull(), xxhash64(value));
    }
    return hashes;
  }

  private static long buckets(long records) {
    return Math.max(1, records / SAMPLE);
  }
}
