package io.persegment.scores;

import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;

import io.persegment.table.Field;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * Sums over all rows with a higher score, exactly, and without bringing all rows to one place: they
 * are added up within narrow buckets of the score, and a bucket is told what lies above it.
 */
final class Ranking {
  private static final int BUCKETS = 10_000;
  private static final Field BUCKET =
      Field.required("_bucket", LongType, "Place, cut down to a ten-thousandth");
  private static final Field ONE = Field.required("_one", LongType, "1");

  private Ranking() {}

  /**
   * Adds, for each of {@code counts}, {@link #running}, its sum over this row and all before it,
   * and {@link #total}, its sum over all rows. Keeps every row.
   *
   * @param rows with {@link CustomerScores#SCORE}, a probability; the highest comes first
   * @param ties what orders rows of one score; together with it no two rows may be equal
   */
  static Dataset<Row> withSums(Dataset<Row> rows, List<Field> counts, Column... ties) {
    return withSums(rows, CustomerScores.SCORE.col(), counts, ties);
  }

  private static Dataset<Row> withSums(
      Dataset<Row> rows, Column place, List<Field> counts, Column... ties) {
    Dataset<Row> bucketed = rows.withColumn(BUCKET.name(), floor(place.multiply(BUCKETS)));
    var order = new ArrayList<Column>();
    order.add(CustomerScores.SCORE.col().desc());
    order.addAll(List.of(ties));
    WindowSpec within =
        upToHere(Window.partitionBy(BUCKET.col()).orderBy(order.toArray(new Column[0])));
    Dataset<Row> sums = bucketed.join(broadcast(buckets(bucketed, counts)), BUCKET.name());
    for (Field count : counts) {
      sums =
          sums.withColumn(
              running(count).name(), sum(count.col()).over(within).plus(above(count).col()));
    }
    String[] scaffold = counts.stream().map(count -> above(count).name()).toArray(String[]::new);
    return sums.drop(scaffold).drop(BUCKET.name());
  }

  /**
   * Adds {@link CustomerScores#DECILE} to probabilities: tenths of equal size, ties in order of
   * customer id.
   */
  static Dataset<Row> withDeciles(Dataset<Row> scores) {
    return withDeciles(scores, CustomerScores.SCORE.col());
  }

  /** Adds {@link CustomerScores#DECILE} to amounts likewise. An action: asks for their mean. */
  static Dataset<Row> ofAmounts(Dataset<Row> scores) {
    Row mean = scores.agg(avg(CustomerScores.SCORE.col())).head();
    double typical = mean.isNullAt(0) ? 1 : Math.max(mean.getDouble(0), Double.MIN_NORMAL);
    Column score = CustomerScores.SCORE.col();
    return withDeciles(scores, score.divide(score.plus(typical)));
  }

  /**
   * @param place rises with the score, from 0 to 1; spread well, it keeps buckets small
   */
  private static Dataset<Row> withDeciles(Dataset<Row> scores, Column place) {
    Column before = running(ONE).col().minus(1);
    return withSums(
            scores.withColumn(ONE.name(), lit(1L)),
            place,
            List.of(ONE),
            CustomerScores.CUSTOMER_ID.col())
        .withColumn(
            CustomerScores.DECILE.name(),
            floor(before.multiply(10).divide(total(ONE).col())).plus(1).cast(IntegerType))
        .drop(ONE.name(), running(ONE).name(), total(ONE).name());
  }

  static Field running(Field count) {
    return Field.required(count.name() + "_running", LongType, "Sum up to this row");
  }

  static Field total(Field count) {
    return Field.required(count.name() + "_total", LongType, "Sum over all rows");
  }

  /** Returns one row a bucket; so few that one place can hold them all. */
  private static Dataset<Row> buckets(Dataset<Row> bucketed, List<Field> counts) {
    Column[] sums =
        counts.stream().map(count -> sum(count.col()).as(count.name())).toArray(Column[]::new);
    WindowSpec higher =
        Window.orderBy(BUCKET.col().desc()).rowsBetween(Window.unboundedPreceding(), -1);
    WindowSpec all =
        Window.orderBy(BUCKET.col().desc())
            .rowsBetween(Window.unboundedPreceding(), Window.unboundedFollowing());
    var columns = new ArrayList<Column>();
    columns.add(BUCKET.col());
    for (Field count : counts) {
      columns.add(coalesce(sum(count.col()).over(higher), lit(0L)).as(above(count).name()));
      columns.add(sum(count.col()).over(all).as(total(count).name()));
    }
    return bucketed
        .groupBy(BUCKET.col())
        .agg(sums[0], java.util.Arrays.copyOfRange(sums, 1, sums.length))
        .select(columns.toArray(new Column[0]));
  }

  private static Field above(Field count) {
    return Field.required(count.name() + "_above", LongType, "Sum over all higher buckets");
  }

  private static WindowSpec upToHere(WindowSpec window) {
    return window.rowsBetween(Window.unboundedPreceding(), Window.currentRow());
  }
}
