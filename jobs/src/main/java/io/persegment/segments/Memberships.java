package io.persegment.segments;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.posexplode;
import static org.apache.spark.sql.types.DataTypes.IntegerType;

import io.persegment.table.Field;
import io.persegment.table.Table;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Which customer is in which segment, and since when. */
final class Memberships {
  private static final Field PLACE =
      Field.required("place", IntegerType, "Place of the segmentation, from 0");
  private static final String MEMBERSHIP = "_membership";

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
   * Returns rows of {@link SegmentMembership}. Drops nobody who was assigned.
   *
   * @param assigned customers with what {@link Division#assign} adds
   * @param assignments columns that it added, in order of the segmentations
   * @param labels rows of {@link #LABELS}
   * @param last rows of {@link SegmentMembership} of the last date before
   */
  static Dataset<Row> rows(
      Dataset<Row> assigned,
      List<String> assignments,
      Dataset<Row> labels,
      Dataset<Row> last,
      Column asOf) {
    Column[] each = assignments.stream().map(name -> col(name)).toArray(Column[]::new);
    Column entry = posexplode(array(each)).as(new String[] {PLACE.name(), MEMBERSHIP});
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
        .select(SegmentMembership.CUSTOMER_ID.col(), entry)
        .where(col(MEMBERSHIP).isNotNull())
        .select(SegmentMembership.CUSTOMER_ID.col(), PLACE.col(), col(MEMBERSHIP + ".*"))
        .join(broadcast(labels), new String[] {PLACE.name(), Division.INDEX.name()})
        .join(before, same, "left")
        .withColumn(SegmentMembership.AS_OF.name(), asOf)
        .withColumn(SegmentMembership.SINCE.name(), coalesce(SegmentMembership.SINCE.col(), asOf))
        .select(SegmentMembership.TABLE.columns());
  }
}
