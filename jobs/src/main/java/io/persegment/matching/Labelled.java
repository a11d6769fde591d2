package io.persegment.matching;

import static org.apache.spark.sql.types.DataTypes.BooleanType;

import io.persegment.table.Field;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What is known of records, because somebody labelled them. */
public interface Labelled {
  Field SAME = Field.required("same_person", BooleanType, "Whether both records are one person");

  /**
   * Returns records that are one person: {@link Matching#KEY} of a group of them and {@link
   * Matching#NODE}; a record may be in several.
   */
  Dataset<Row> groups();

  /**
   * Returns of pairs, {@link Matching#LEFT} and {@link Matching#RIGHT} with whatever else, those
   * that are labelled, with {@link #SAME}.
   */
  Dataset<Row> told(Dataset<Row> pairs);

  /** Says what of the labels is of no use, in sentences. An action. */
  List<String> warnings();

  /** Returns a number that other labels would hardly have. */
  double fingerprint();
}
