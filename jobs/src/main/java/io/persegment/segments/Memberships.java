package io.persegment.segments;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_compact;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.flatten;
import static org.apache.spark.sql.functions.inline;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.min_by;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.persegment.table.Field;
import io.persegment.table.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Which customer is in which segment, and since when. */
final class Memberships {
  private static final Field PLACE =
      Field.required("place", IntegerType, "Place of the segmentation, from 0");

  private static final Field IS_EXCLUSIVE =
      Field.required("is_exclusive", BooleanType, "Whether a customer is in one segment at most");

  /** What a customer is in once: a segmentation, or of one with many segments each. */
  private static final Field SLOT =
      Field.required("slot", StringType, "Empty, or of many segments the id");

  private static final Field BEFORE =
      Field.optional("before", SegmentMembership.SEGMENT_ID.type(), "Segment on the date before");

  /** What segments are called, by their places. */
  static final Table LABELS =
      Table.keyed(
          2,
          "labels",
          "One segment",
          PLACE,
          Division.INDEX,
          SegmentMembership.SEGMENTATION,
          SegmentMembership.SEGMENT_ID,
          SegmentMembership.SEGMENT,
          IS_EXCLUSIVE);

  private Memberships() {}

  /**
   * Returns the rows of {@link #LABELS}.
   *
   * @param exclusive names of the segmentations in which a customer is in one segment at most
   */
  static List<Row> labels(List<Division> divisions, Set<String> exclusive) {
    var labels = new ArrayList<Row>();
    for (int place = 0; place < divisions.size(); place++) {
      Division division = divisions.get(place);
      for (int index = 0; index < division.segments().size(); index++) {
        Segment segment = division.segments().get(index);
        labels.add(
            RowFactory.create(
                place,
                index,
                division.segmentation(),
                segment.id(),
                segment.name(),
                exclusive.contains(division.segmentation())));
      }
    }
    return labels;
  }

  /**
   * Returns rows of {@link SegmentMembership}. Drops nobody who is in a segment.
   *
   * @param labels rows of {@link #LABELS}
   * @param last rows of {@link SegmentMembership} of the last date before
   */
  static Dataset<Row> rows(Assigned assigned, Dataset<Row> labels, Dataset<Row> last, Column asOf) {
    List<String> columns = assigned.columns();
    Column[] each =
        IntStream.range(0, columns.size())
            .mapToObj(place -> transform(col(columns.get(place)), one -> placed(place, one)))
            .toArray(Column[]::new);
    Column slot =
        when(IS_EXCLUSIVE.col(), "").otherwise(SegmentMembership.SEGMENT_ID.col()).as(SLOT.name());
    Dataset<Row> isExclusive =
        labels.select(SegmentMembership.SEGMENTATION.col(), IS_EXCLUSIVE.col()).distinct();
    String[] same = {
      SegmentMembership.CUSTOMER_ID.name(), SegmentMembership.SEGMENTATION.name(), SLOT.name()
    };
    Dataset<Row> before =
        last.join(broadcast(isExclusive), SegmentMembership.SEGMENTATION.name())
            .withColumn(SLOT.name(), slot)
            .groupBy(
                SegmentMembership.CUSTOMER_ID.col(),
                SegmentMembership.SEGMENTATION.col(),
                SLOT.col())
            // One, but where the segmentation had many the date before.
            .agg(
                min_by(
                        SegmentMembership.SEGMENT_ID.col(),
                        struct(SegmentMembership.SINCE.col(), SegmentMembership.SEGMENT_ID.col()))
                    .as(BEFORE.name()),
                min(SegmentMembership.SINCE.col()).as(SegmentMembership.SINCE.name()));
    Column stayed = BEFORE.col().equalTo(SegmentMembership.SEGMENT_ID.col());
    return assigned
        .customers()
        .select(SegmentMembership.CUSTOMER_ID.col(), inline(flatten(array_compact(array(each)))))
        .join(broadcast(labels), new String[] {PLACE.name(), Division.INDEX.name()})
        .withColumn(SLOT.name(), slot)
        .join(before, same, "left")
        .withColumn(SegmentMembership.AS_OF.name(), asOf)
        .withColumn(
            SegmentMembership.SINCE.name(),
            when(stayed, SegmentMembership.SINCE.col()).otherwise(asOf))
        .withColumn(SegmentMembership.PREVIOUS.name(), when(IS_EXCLUSIVE.col(), BEFORE.col()))
        .select(SegmentMembership.TABLE.columns());
  }

  /**
   * Returns entries of {@link Segments#CAME_FROM}, by segmentation and segment id. An action: a row
   * a pair of segments.
   *
   * @param memberships rows of {@link SegmentMembership} of one date
   */
  static Map<List<String>, List<Row>> cameFrom(Dataset<Row> memberships) {
    Column previous = SegmentMembership.PREVIOUS.col();
    var cameFrom = new HashMap<List<String>, List<Row>>();
    memberships
        .groupBy(SegmentMembership.SEGMENTATION.col(), SegmentMembership.SEGMENT_ID.col(), previous)
        .agg(count(lit(1)).as("customers"))
        .orderBy(col("customers").desc(), previous)
        .collectAsList()
        .forEach(
            row ->
                cameFrom
                    .computeIfAbsent(
                        List.of(row.getString(0), row.getString(1)), key -> new ArrayList<>())
                    .add(RowFactory.create(row.getString(2), row.getLong(3))));
    // Where nobody was anywhere there is nothing to tell.
    Set<String> told =
        cameFrom.entrySet().stream()
            .filter(each -> each.getValue().stream().anyMatch(row -> !row.isNullAt(0)))
            .map(each -> each.getKey().get(0))
            .collect(Collectors.toSet());
    cameFrom.keySet().removeIf(key -> !told.contains(key.get(0)));
    return cameFrom;
  }

  private static Column placed(int place, Column membership) {
    return struct(
        lit(place).as(PLACE.name()),
        membership.getField(Division.INDEX.name()).as(Division.INDEX.name()),
        membership
            .getField(SegmentMembership.CONFIDENCE.name())
            .as(SegmentMembership.CONFIDENCE.name()));
  }
}
