package io.persegment.publish;

import static org.apache.spark.sql.functions.array_distinct;
import static org.apache.spark.sql.functions.array_join;
import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.from_json;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log10;
import static org.apache.spark.sql.functions.map_from_entries;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.pow;
import static org.apache.spark.sql.functions.round;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.BooleanType;

import io.persegment.scores.CustomerScores;
import io.persegment.segments.SegmentMembership;
import io.persegment.segments.Segments;
import io.persegment.table.Field;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.MapType;

/** What the audience says of everybody who may be written to. */
final class AudienceRows {
  private static final Field PROFILING =
      Field.required("profiling", BooleanType, "Whether clusters or scores make the segmentation");
  private static final Field UNPROFILED =
      Field.optional("unprofiled", Field.TEXT_MAP, "Segments without those made by profiling");

  /** Stands between the segments of one segmentation, where a customer is in many. */
  static final String AND = "; ";

  private AudienceRows() {}

  /**
   * Returns the rows of {@link Audience} without the columns of the release. Drops who has a {@link
   * Verdicts#REASON}.
   *
   * @param verdicts rows of {@link Verdicts}
   * @param segments rows of {@link #segments}
   * @param scores rows of {@link #scores}
   */
  static Dataset<Row> of(Dataset<Row> verdicts, Dataset<Row> segments, Dataset<Row> scores) {
    String[] customer = {Audience.CUSTOMER_ID.name()};
    Column profiled = Verdicts.PROFILED.col();
    Dataset<Row> rows =
        verdicts
            .filter(Verdicts.REASON.col().isNull())
            .join(segments, customer, "left")
            .join(scores, customer, "left")
            .withColumns(
                Map.of(
                    Audience.SEGMENTS.name(),
                    orEmpty(
                        when(profiled, Audience.SEGMENTS.col()).otherwise(UNPROFILED.col()),
                        Audience.SEGMENTS),
                    Audience.SCORES.name(),
                    orEmpty(when(profiled, Audience.SCORES.col()), Audience.SCORES),
                    Audience.DECILES.name(),
                    orEmpty(when(profiled, Audience.DECILES.col()), Audience.DECILES)));
    return rows.withColumn(Audience.ROW_HASH.name(), hash());
  }

  /** Returns the hash of a row's mapped columns, the same on every machine and night. */
  static Column hash() {
    Column[] mapped = Audience.MAPPED.stream().map(Field::col).toArray(Column[]::new);
    return sha2(to_json(struct(mapped)), 256);
  }

  /**
   * Adds the columns of the release, and so completes the rows of {@link Audience}: what is as it
   * was before keeps the release that last changed it. Keeps every row.
   */
  static Dataset<Row> withRelease(
      Dataset<Row> rows, Dataset<Row> before, String releaseId, Column publishedAt) {
    Dataset<Row> known =
        before.select(
            Audience.CUSTOMER_ID.col(),
            Audience.ROW_HASH.col(),
            Audience.RELEASE_ID.col(),
            Audience.PUBLISHED_AT.col());
    String[] same = {Audience.CUSTOMER_ID.name(), Audience.ROW_HASH.name()};
    return rows.join(known, same, "left")
        .withColumn(Audience.RELEASE_ID.name(), coalesce(Audience.RELEASE_ID.col(), lit(releaseId)))
        .withColumn(
            Audience.PUBLISHED_AT.name(), coalesce(Audience.PUBLISHED_AT.col(), publishedAt))
        .select(Audience.TABLE.columns());
  }

  /**
   * Returns one row a customer with their segments by segmentation; where those are many, joined by
   * {@link #AND}.
   *
   * @param membership rows of one as-of date
   * @param segments rows of that date
   */
  static Dataset<Row> segments(Dataset<Row> membership, Dataset<Row> segments) {
    Column ofModel = Segments.MODEL_VERSION.col().isNotNull(); // before it was written down
    Dataset<Row> segmentations =
        segments
            .groupBy(Segments.SEGMENTATION.col())
            .agg(max(coalesce(Segments.IS_PROFILING.col(), ofModel)).as(PROFILING.name()));
    Column entry = struct(SegmentMembership.SEGMENTATION.col(), SegmentMembership.SEGMENT.col());
    Column plain = not(coalesce(PROFILING.col(), lit(true)));
    return membership
        .join(broadcast(segmentations), new String[] {Segments.SEGMENTATION.name()}, "left")
        .groupBy(SegmentMembership.CUSTOMER_ID.col())
        .agg(
            joined(entry).as(Audience.SEGMENTS.name()),
            joined(when(plain, entry)).as(UNPROFILED.name()));
  }

  /**
   * Returns one row a customer with their scores and deciles by target.
   *
   * @param scores rows of {@link CustomerScores} of one as-of date
   */
  static Dataset<Row> scores(Dataset<Row> scores, int digits) {
    Column target = CustomerScores.TARGET.col();
    return scores
        .groupBy(CustomerScores.CUSTOMER_ID.col())
        .agg(
            map(struct(target, rounded(CustomerScores.SCORE.col(), digits)))
                .as(Audience.SCORES.name()),
            map(struct(target, CustomerScores.DECILE.col())).as(Audience.DECILES.name()));
  }

  /**
   * Rounds a probability to so many digits after the point, and of what is larger than 1 leaves as
   * many that are not 0: an amount changes every night by a little that nobody would act on.
   */
  private static Column rounded(Column score, int digits) {
    Column unit = pow(lit(10.0), floor(log10(score)).minus(Math.max(digits, 1) - 1));
    return when(score.gt(1), round(round(score.divide(unit)).multiply(unit), digits))
        .otherwise(round(score, digits));
  }

  /** Returns {@link #map} of entries of which several can have one key: their texts are joined. */
  private static Column joined(Column entry) {
    Column all = array_sort(collect_list(entry));
    Column keys =
        array_distinct(transform(all, each -> each.getField(Segments.SEGMENTATION.name())));
    return map_from_entries(
        transform(
            keys,
            key ->
                struct(
                    key,
                    array_join(
                        transform(
                            filter(
                                all,
                                each -> each.getField(Segments.SEGMENTATION.name()).equalTo(key)),
                            each -> each.getField(SegmentMembership.SEGMENT.name())),
                        AND))));
  }

  /**
   * Returns the entries of a group as a map in order of its keys; entries that are null fall out.
   */
  private static Column map(Column entry) {
    return map_from_entries(array_sort(collect_list(entry)));
  }

  private static Column orEmpty(Column map, Field field) {
    return coalesce(map, from_json(lit("{}"), (MapType) field.type()));
  }
}
