package io.persegment.segments;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.types.DataTypes.BooleanType;

import io.persegment.customer.ConsentSettings;
import io.persegment.customer.Customers;
import io.persegment.features.CustomerFeatures;
import io.persegment.table.Field;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Customers on one as-of date, with what segmentations look at. */
final class Candidates {
  static final Field MAY_PROFILE =
      Field.required("_may_profile", BooleanType, "Whether the customer may be clustered");

  private Candidates() {}

  /**
   * Returns one row a customer: id, {@link #MAY_PROFILE} and {@code columns}. Keeps every row of
   * the features; who is no customer any more may not be profiled.
   *
   * @param features rows of customer_features of one as-of date
   * @param customers rows of {@link Customers}
   */
  static Dataset<Row> of(
      Dataset<Row> features,
      Dataset<Row> customers,
      ConsentSettings consent,
      List<String> columns) {
    Dataset<Row> allowed =
        customers.select(Customers.CUSTOMER_ID.col(), consent.mayProfile().as(MAY_PROFILE.name()));
    var selected = new ArrayList<Column>();
    selected.add(CustomerFeatures.CUSTOMER_ID.col());
    selected.add(coalesce(MAY_PROFILE.col(), lit(false)).as(MAY_PROFILE.name()));
    columns.forEach(column -> selected.add(Division.named(column)));
    return features
        .join(allowed, new String[] {CustomerFeatures.CUSTOMER_ID.name()}, "left")
        .select(selected.toArray(new Column[0]));
  }
}
