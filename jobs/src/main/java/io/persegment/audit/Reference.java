package io.persegment.audit;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.persegment.conformed.OrderLines;
import io.persegment.conformed.Orders;
import io.persegment.conformed.Products;
import io.persegment.conformed.WebEvents;
import io.persegment.customer.Customers;
import io.persegment.features.CustomerFeatures;
import io.persegment.identity.IdentityMap;
import io.persegment.scores.CustomerScores;
import io.persegment.segments.SegmentMembership;
import io.persegment.table.Field;
import io.persegment.table.Table;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Something that the rows of one table must find in another.
 *
 * @param columns columns of {@code table}; rows where one of them is null refer to nothing
 * @param otherColumns the columns of {@code other} that hold the same
 * @param limit part of the rows, 0 to 1, that may find nothing; none where the check only informs
 */
record Reference(
    String check,
    Table table,
    List<Field> columns,
    Table other,
    List<Field> otherColumns,
    Severity severity,
    OptionalDouble limit) {
  private static final Field CHECK = Field.required("check", StringType, "Check");
  private static final Field TABLE = Field.required("table", StringType, "Table");
  private static final Field REFERRING = Field.required("referring", LongType, "Rows that refer");
  private static final Field LOST = Field.required("lost", LongType, "Of them, to nothing");
  private static final Field FOUND = Field.optional("found", BooleanType, "True, or null");

  /** Returns all of them. */
  static List<Reference> all(AuditSettings settings) {
    List<Field> order = List.of(Orders.SOURCE, Orders.ORDER_ID);
    List<Field> orderOfLine = List.of(OrderLines.SOURCE, OrderLines.ORDER_ID);
    return List.of(
        new Reference(
            "orders_without_lines",
            Orders.TABLE,
            order,
            OrderLines.TABLE,
            orderOfLine,
            Severity.WARN,
            OptionalDouble.of(settings.ordersWithoutLines())),
        new Reference(
            "lines_without_order",
            OrderLines.TABLE,
            orderOfLine,
            Orders.TABLE,
            order,
            Severity.WARN,
            OptionalDouble.of(settings.linesWithoutOrder())),
        unknownProducts(OrderLines.TABLE, OrderLines.PRODUCT_ID),
        unknownProducts(WebEvents.TABLE, WebEvents.PRODUCT_ID),
        new Reference(
            "customers_without_record",
            Customers.TABLE,
            List.of(Customers.CUSTOMER_ID),
            IdentityMap.TABLE,
            List.of(IdentityMap.CUSTOMER_ID),
            Severity.HOLD,
            OptionalDouble.of(0)),
        unknownCustomers(IdentityMap.TABLE, IdentityMap.CUSTOMER_ID),
        unknownCustomers(CustomerFeatures.TABLE, CustomerFeatures.CUSTOMER_ID),
        unknownCustomers(SegmentMembership.TABLE, SegmentMembership.CUSTOMER_ID),
        unknownCustomers(CustomerScores.TABLE, CustomerScores.CUSTOMER_ID));
  }

  private static Reference unknownProducts(Table table, Field product) {
    return new Reference(
        "unknown_products",
        table,
        List.of(product),
        Products.TABLE,
        List.of(Products.PRODUCT_ID),
        Severity.INFO,
        OptionalDouble.empty());
  }

  private static Reference unknownCustomers(Table table, Field customer) {
    return new Reference(
        "unknown_customers",
        table,
        List.of(customer),
        Customers.TABLE,
        List.of(Customers.CUSTOMER_ID),
        Severity.HOLD,
        OptionalDouble.of(0));
  }

  /** Describes one row: how many of {@code rows} refer to {@code others}, and to nothing. */
  Dataset<Row> follow(Dataset<Row> rows, Dataset<Row> others) {
    Column[] keys = columns.stream().map(Field::col).toArray(Column[]::new);
    String[] names = columns.stream().map(Field::name).toArray(String[]::new);
    Column complete =
        columns.stream().map(field -> field.col().isNotNull()).reduce(Column::and).orElseThrow();
    Dataset<Row> known = others.select(renamed()).distinct().withColumn(FOUND.name(), lit(true));
    // What tells an order again, as a payment does, need not tell its lines.
    Column own = table.equals(Orders.TABLE) ? Orders.SAME_AS.col().isNull() : lit(true);
    return rows.filter(complete.and(own))
        .groupBy(keys)
        .agg(count(lit(1)).as(REFERRING.name()))
        .join(known, names, "left")
        .agg(
            coalesce(sum(REFERRING.col()), lit(0L)).as(REFERRING.name()),
            coalesce(sum(when(FOUND.col().isNull(), REFERRING.col())), lit(0L)).as(LOST.name()))
        .select(
            lit(check).as(CHECK.name()),
            lit(table.name()).as(TABLE.name()),
            REFERRING.col(),
            LOST.col());
  }

  private Column[] renamed() {
    Column[] renamed = new Column[columns.size()];
    for (int i = 0; i < renamed.length; i++) {
      renamed[i] = otherColumns.get(i).col().as(columns.get(i).name());
    }
    return renamed;
  }

  boolean isFollowedIn(Row row) {
    return row.getString(0).equals(check) && row.getString(1).equals(table.name());
  }

  /** Reads a row of {@link #follow}: the part that refers to nothing. */
  Finding finding(Row row) {
    long referring = row.getLong(2);
    double share = referring == 0 ? 0 : (double) row.getLong(3) / referring;
    return limit.isPresent()
        ? Finding.atMost(check, table.name(), share, limit.getAsDouble(), severity)
        : Finding.info(check, table.name(), share);
  }
}
