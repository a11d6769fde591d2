package io.persegment.segments;

import io.persegment.sql.SqlExpression;
import io.persegment.sql.SqlExpression.Call;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.DataType;

/**
 * A value of one customer: SQL such as that of a {@link Condition}, with {@code
 * segment('segmentation')} as well, the name of the customer's segment in it.
 */
public record CustomerValue(SqlExpression sql, DataType type) {

  /** Returns the value, where each call of a function of ours is {@code value}. */
  public Column column(Function<Call, Column> value) {
    return sql.with(value).column();
  }

  @Override
  public String toString() {
    return sql.text();
  }
}
