package io.persegment.segments;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_compact;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.flatten;
import static org.apache.spark.sql.functions.inline;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.types.DataTypes.IntegerType;

import io.persegment.table.Field;
import io.persegment.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Which customer is in which segment, and since when. */
final class Memberships {
  private static final Field PLACE =
      Field.required("place", IntegerType, "Place of the segmentation, from 0");

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
          SegmentMembership.SEGMENT);

  private Memberships() {}

  /** Returns the rows of {@link #LABELS}. */
  static List<Row> labels(List<Division> divisions) {
    var labels = new ArrayList<Row>();
    for (int place = 0; place < divisions.size(); place++) {
      Division division = divisions.get(place);
      for (int index = 0; index < division.segments().size(); index++) {
        Segment segment = division.segments().get(index);
        labels.add(
            RowFactory.create(place, index, division.segmentation(), segment.id(), segment.name()));
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
    String[] same = {
      SegmentMembership.CUSTOMER_ID.name(),
      SegmentMembership.SEGMENTATION.name(),
      SegmentMembership.SEGMENT_ID.name()
    };
    Dataset<Row> before =
        last.select(
            SegmentMembership.CUSTOMER_ID.col(),
            SegmentMembership.SEGMENTATION.col(),
            SegmentMembership.SEGMENT_ID.col(),
            SegmentMembership.SINCE.col());
    return assigned
        .customers()
        .select(SegmentMembership.CUSTOMER_ID.col(), inline(flatten(array_compact(array(each)))))
        .join(broadcast(labels), new String[] {PLACE.name(), Division.INDEX.name()})
        .join(before, same, "left")
        .withColumn(SegmentMembership.AS_OF.name(), asOf)
        .withColumn(SegmentMembership.SINCE.name(), coalesce(SegmentMembership.SINCE.col(), asOf))
        .select(SegmentMembership.TABLE.columns());
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
