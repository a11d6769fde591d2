package io.persegment.segments;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.struct;

import io.persegment.table.Field;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/** A segmentation on one as-of date: its segments, and how to tell which a customer is in. */
sealed interface Division permits DeclaredDivision, ClusterDivision {
  /** Place of the segment in {@link #segments}. */
  Field INDEX = Field.required("index", DataTypes.IntegerType, "Place of the segment, from 0");

  /** Name of the segmentation. */
  String segmentation();

  List<Segment> segments();

  /** Returns the numeric features that its segments are told apart by. */
  List<String> features();

  /**
   * Returns whether it is about everybody, also who is in none of its segments, as where a customer
   * may be in many: then shares and means are of all customers.
   */
  default boolean isOfEverybody() {
    return false;
  }

  /** Returns the version of the model behind it; empty where there is none. */
  Optional<Integer> modelVersion();

  /**
   * Returns whether the segment {@code index} is made by clusters or scores. Then it is of those
   * alone who may be profiled.
   */
  boolean isProfiling(int index);

  /**
   * Adds {@code column}, an array of what {@link #membership} makes: null or empty for a customer
   * who is in no segment. Keeps every row.
   *
   * @param customers rows of {@link Candidates}
   */
  Dataset<Row> assign(Dataset<Row> customers, String column);

  /** Returns that a customer is in the segment {@code index}. */
  static Column membership(Column index, Column confidence) {
    return struct(
        index.cast(INDEX.type()).as(INDEX.name()),
        confidence.as(SegmentMembership.CONFIDENCE.name()));
  }

  /** Returns a column of that name, also where it holds what SQL would read as something else. */
  static Column named(String column) {
    return col("`" + column.replace("`", "``") + "`");
  }
}
