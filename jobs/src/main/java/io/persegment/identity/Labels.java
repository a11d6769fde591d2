package io.persegment.identity;

import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;

import io.persegment.table.Field;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What a truth says of the pairs of records that it labels, held beside the customers. */
interface Labels {
  Field TRUE = Field.required("true_pairs", DoubleType, "Pairs of one person");
  Field FOUND = Field.required("found_pairs", DoubleType, "Pairs of one customer");
  Field RIGHT = Field.required("right_pairs", DoubleType, "Pairs of one person and one customer");
  Field SAME_CUSTOMER =
      Field.required("same_customer", BooleanType, "Whether both records are one customer");

  /**
   * Returns {@link #TRUE}, {@link #FOUND} and {@link #RIGHT} of each unit that can be taken for
   * independent of the others. Their sums are those of all labelled pairs.
   */
  Dataset<Row> units();

  /**
   * Returns the labelled pairs that {@code links} join, once for each link: {@link TruthFile#LEFT},
   * {@link TruthFile#RIGHT}, {@link TruthFile#SAME_PERSON}, {@link #SAME_CUSTOMER}, and rule,
   * probability, whether it was kept. Links between two records come whether or not they were kept,
   * those by an identifier only where both ends were.
   *
   * @param links as {@link IdentityLinks}
   */
  Dataset<Row> linked(Dataset<Row> links);

  /** Returns the pairs of one person that are two customers: left and right. */
  Dataset<Row> missed();

  /** Returns some of the pairs of two persons that are one customer: left and right. */
  Dataset<Row> someWrong();
}
