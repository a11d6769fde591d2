package io.persegment.publish;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_distinct;
import static org.apache.spark.sql.functions.array_join;
import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.filter;
import static org.apache.spark.sql.functions.flatten;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.from_json;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.log10;
import static org.apache.spark.sql.functions.map_from_entries;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.pow;
import static org.apache.spark.sql.functions.round;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.BooleanType;

import io.persegment.content.Decisions;
import io.persegment.experiments.Assignments;
import io.persegment.scores.CustomerScores;
import io.persegment.segments.SegmentMembership;
import io.persegment.segments.Segments;
import io.persegment.segments.Vocabulary;
import io.persegment.table.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.MapType;

/** What the audience says of everybody who may be written to. */
final class AudienceRows {
  private static final Field PROFILING =
      Field.required("_profiling", BooleanType, "Whether clusters or scores make the segment");
  private static final Field UNPROFILED =
      Field.optional("_unprofiled", Field.TEXT_MAP, "Segments without those made by profiling");
  private static final Field UNPROFILED_PLACES =
      Field.optional("_unprofiled_places", Known.PLACES.type(), "Places of these");
  private static final Field BOTH_PLACES =
      Field.optional("_both_places", Known.PLACES.type(), "A segment by its id and by its name");

  private static final List<Field> OF_CUSTOMERS =
      List.of(
          Audience.EMAIL,
          Audience.FIRST_NAME,
          Audience.LAST_NAME,
          Audience.COUNTRY,
          Audience.LANGUAGE);

  /** The customer's own columns in the audience, where features may have other such names. */
  private static final String OWN = "_own";

  /** Stands between the segments of one segmentation, where a customer is in many. */
  static final String AND = "; ";

  private AudienceRows() {}

  /**
   * Returns one row for everybody who may be written to, with all that settings may look at: {@code
   * verdicts} without a {@link Verdicts#REASON}.
   *
   * @param verdicts rows of {@link Verdicts}
   * @param segments rows of {@link #segments}
   * @param scores rows of {@link #scores}
   * @param features rows of customer_features of one as-of date
   */
  static Dataset<Row> known(
      Dataset<Row> verdicts, Dataset<Row> segments, Dataset<Row> scores, Dataset<Row> features) {
    String customer = Audience.CUSTOMER_ID.name();
    // A feature may be called as a column of customers is: in settings it is the feature.
    String[] same =
        Arrays.stream(features.columns())
            .filter(name -> !name.equals(customer))
            .toArray(String[]::new);
    return verdicts
        .filter(Verdicts.REASON.col().isNull())
        .withColumn(OWN, struct(ofCustomers()))
        .drop(same)
        .join(features, new String[] {customer}, "left")
        .join(segments, new String[] {customer}, "left")
        .join(scores, new String[] {customer}, "left")
        .withColumns(
            Map.of(
                Known.column(Audience.SEGMENTS),
                orEmpty(
                    when(profiled(), Known.col(Audience.SEGMENTS)).otherwise(UNPROFILED.col()),
                    Audience.SEGMENTS),
                Known.PLACES.name(),
                when(profiled(), Known.PLACES.col()).otherwise(UNPROFILED_PLACES.col()),
                Known.EXACT_SCORES.name(),
                when(profiled(), Known.EXACT_SCORES.col()),
                Known.column(Audience.SCORES),
                orEmpty(when(profiled(), Known.col(Audience.SCORES)), Audience.SCORES),
                Known.column(Audience.DECILES),
                orEmpty(when(profiled(), Known.col(Audience.DECILES)), Audience.DECILES)));
  }

  /** Returns whether clusters and scores may be used, of rows of {@link #known}. */
  static Column profiled() {
    return Verdicts.PROFILED.of(OWN);
  }

  /** Returns whether offers may be made, of rows of {@link #known}. */
  static Column offered() {
    return Verdicts.OFFERED.of(OWN);
  }

  private static Column[] ofCustomers() {
    return Stream.concat(OF_CUSTOMERS.stream(), Stream.of(Verdicts.PROFILED, Verdicts.OFFERED))
        .map(Field::col)
        .toArray(Column[]::new);
  }

  /**
   * Returns the mapped columns of the audience, {@link Audience#ROW_HASH}, {@link
   * Decisions#GIVEN_NOW} and {@link Assignments#MADE}. Keeps every row.
   *
   * @param decided rows of {@link #known} with what is decided for each
   */
  static Dataset<Row> mapped(Dataset<Row> decided, List<AudienceColumn> declared) {
    List<Field> fields = declared.stream().map(AudienceColumn::field).toList();
    var columns = new ArrayList<Column>();
    columns.add(Audience.CUSTOMER_ID.col());
    for (Field field : Audience.mapped(List.of())) {
      columns.add(OF_CUSTOMERS.contains(field) ? field.of(OWN) : Known.col(field).as(field.name()));
    }
    declared.forEach(
        each -> columns.add(each.value().column(Known::value).as(each.field().name())));
    columns.add(Decisions.GIVEN_NOW.col());
    columns.add(Assignments.MADE.col());
    return decided
        .select(columns.toArray(Column[]::new))
        .withColumn(Audience.ROW_HASH.name(), hash(Audience.mapped(fields)));
  }

  /** Returns the hash of a row's {@code mapped} columns, the same on every machine and night. */
  static Column hash(List<Field> mapped) {
    return sha2(to_json(struct(mapped.stream().map(Field::col).toArray(Column[]::new))), 256);
  }

  /**
   * Adds the columns of the release: what is as it was before keeps the release that last changed
   * it. Keeps every row.
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
            Audience.PUBLISHED_AT.name(), coalesce(Audience.PUBLISHED_AT.col(), publishedAt));
  }

  /**
   * Returns one row a customer with their segments by segmentation, joined by {@link #AND} where
   * those are many, and with {@link Known#PLACES}.
   *
   * @param membership rows of one as-of date
   * @param segments rows of that date
   */
  static Dataset<Row> segments(Dataset<Row> membership, Dataset<Row> segments) {
    Column ofModel = Segments.MODEL_VERSION.col().isNotNull(); // before it was written down
    Column segmentation = Segments.SEGMENTATION.col();
    Dataset<Row> profiling =
        segments.select(
            segmentation,
            Segments.SEGMENT_ID.col(),
            coalesce(Segments.IS_PROFILING.col(), ofModel).as(PROFILING.name()),
            array(
                    Known.place(segmentation, Segments.SEGMENT_ID.col()),
                    Known.place(segmentation, Vocabulary.id(Segments.NAME.col())))
                .as(BOTH_PLACES.name()));
    String[] segment = {Segments.SEGMENTATION.name(), Segments.SEGMENT_ID.name()};
    Column entry = struct(SegmentMembership.SEGMENTATION.col(), SegmentMembership.SEGMENT.col());
    Column plain = not(coalesce(PROFILING.col(), lit(true)));
    return membership
        .join(broadcast(profiling), segment, "left")
        .groupBy(SegmentMembership.CUSTOMER_ID.col())
        .agg(
            joined(entry).as(Known.column(Audience.SEGMENTS)),
            joined(when(plain, entry)).as(UNPROFILED.name()),
            flatten(collect_list(BOTH_PLACES.col())).as(Known.PLACES.name()),
            flatten(collect_list(when(plain, BOTH_PLACES.col()))).as(UNPROFILED_PLACES.name()));
  }

  /**
   * Returns one row a customer with their scores, rounded and exact, and deciles by target.
   *
   * @param scores rows of {@link CustomerScores} of one as-of date
   */
  static Dataset<Row> scores(Dataset<Row> scores, int digits) {
    Column target = CustomerScores.TARGET.col();
    return scores
        .groupBy(CustomerScores.CUSTOMER_ID.col())
        .agg(
            map(struct(target, rounded(CustomerScores.SCORE.col(), digits)))
                .as(Known.column(Audience.SCORES)),
            map(struct(target, CustomerScores.SCORE.col())).as(Known.EXACT_SCORES.name()),
            map(struct(target, CustomerScores.DECILE.col())).as(Known.column(Audience.DECILES)));
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
