package io.persegment.segments;

import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.pow;
import static org.apache.spark.sql.functions.sum;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.persegment.segments.ClusterSettings.Fit;
import io.persegment.segments.ClusterSettings.Method;
import io.persegment.segments.ClusterSettings.Scale;
import io.persegment.segments.ClusterSettings.Transform;
import io.persegment.testing.LocalSpark;
import io.persegment.testing.SharedData;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clusters of real customers, beside the best of ten starts that scikit-learn finds. */
@ExtendWith(LocalSpark.class)
class OnlineRetailClustersTest {

  @Test
  void costsNoMoreThanTheBestOfTenStartsElsewhere(LocalSpark.Handle spark) throws Refused {
    String files = SharedData.folder("online_retail").resolve("by-day").toString();
    Dataset<Row> customers = customers(spark, files).persist();
    try {
      assertThat(customers.count()).isEqualTo(3_317);

      assertThat(cost(customers, 3, 20_000)).isCloseTo(3_743.92, within(3.7));
      assertThat(cost(customers, 4, 20_000)).isCloseTo(3_002.61, within(3.0));
      assertThat(cost(customers, 5, 20_000)).isCloseTo(2_596.18, within(2.6));
      // Chosen on a part of them, fitted on all: within half a per cent.
      assertThat(cost(customers, 5, 1_000)).isCloseTo(2_596.18, within(13.0));
    } finally {
      customers.unpersist();
    }
  }

  private static Dataset<Row> customers(LocalSpark.Handle spark, String files) {
    return spark
        .session()
        .read()
        .option("header", true)
        .csv(files)
        .where("CustomerID is not null and not startswith(InvoiceNo, 'C')")
        .groupBy("CustomerID")
        .agg(
            expr(
                "log1p(floor((unix_timestamp(timestamp'2011-09-01')"
                    + " - unix_timestamp(max(to_timestamp(InvoiceDate)))) / 86400)) as recency"),
            expr("ln(count(distinct InvoiceNo)) as invoices"),
            expr(
                "log1p(cast(sum(Quantity * cast(UnitPrice as decimal(12, 4))) as double)) as money"))
        .withColumnRenamed("CustomerID", "customer_id");
  }

  private static double cost(Dataset<Row> customers, int k, int sample) throws Refused {
    var fit =
        new Fit(
            Method.K_MEANS,
            0,
            0,
            0,
            List.of("recency", "invoices", "money"),
            Condition.parse("true"),
            0,
            Transform.NONE,
            Scale.STANDARD,
            0,
            k,
            k,
            5,
            sample,
            0,
            0,
            0,
            1);
    var model = new ClusterModel(ClusterTraining.train(customers, fit).pipeline());
    return model.score(customers).agg(sum(pow(ClusterModel.distance(), 2))).head().getDouble(0);
  }
}
