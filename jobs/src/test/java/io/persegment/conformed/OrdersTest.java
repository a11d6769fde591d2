package io.persegment.conformed;

import static org.assertj.core.api.Assertions.assertThat;

import io.persegment.testing.LocalSpark;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LocalSpark.class)
class OrdersTest {
  @Test
  void anOrderThatSeveralSystemsTellCountsOnce(LocalSpark.Handle spark) {
    Dataset<Row> orders =
        spark
            .session()
            .sql(
                """
                select * from values
                  ('shop', '1', null), ('stripe', 'ch_1', '1'), ('crm', 'c1', '1'),
                  ('stripe', 'ch_2', '2'), ('crm', 'c2', '2'),
                  ('stripe', 'ch_3', '3'), ('stripe', 'ch_4', '3'),
                  ('market', '1', null), ('stripe', 'ch_5', null)
                  as t(source, order_id, same_as)
                """);

    assertThat(
            Orders.counted(orders).collectAsList().stream()
                .map(row -> row.getString(0) + " " + row.getString(1)))
        .as("two shops may both have an order 1, and a payment in two parts counts by both")
        .containsExactlyInAnyOrder(
            "shop 1", "market 1", "crm c2", "stripe ch_3", "stripe ch_4", "stripe ch_5");
  }
}
