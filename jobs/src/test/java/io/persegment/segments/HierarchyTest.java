package io.persegment.segments;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.persegment.segments.ClusterSettings.Fit;
import io.persegment.segments.ClusterSettings.Method;
import io.persegment.segments.ClusterSettings.Scale;
import io.persegment.segments.ClusterSettings.Transform;
import io.persegment.segments.ClusterTraining.Trained;
import io.persegment.testing.LocalSpark;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Customers in three groups, of which two are nearer to each other. */
@ExtendWith(LocalSpark.class)
class HierarchyTest {
  @ParameterizedTest
  @CsvSource({"HIERARCHICAL, 20, 500", "HIERARCHICAL, 20, 299", "BISECTING, 0, 0"})
  void groupsAreFoundAndSavedAsTheyAre(
      Method method, int small, int exact, LocalSpark.Handle spark, @TempDir Path folder)
      throws Exception {
    Dataset<Row> customers = customers(spark);

    Trained trained = ClusterTraining.train(customers, fit(method, small, exact, 0));

    assertThat(trained.chosen().k()).isEqualTo(3);
    assertThat(trained.stability()).hasSize(3).allMatch(each -> each > 0.95);
    trained.pipeline().write().save(folder.resolve("model").toString());
    var model = new ClusterModel(PipelineModel.load(folder.resolve("model").toString()));
    Dataset<Row> scored =
        model
            .score(customers)
            .select(
                col("g"), col(ClusterModel.CLUSTER).as("c"), ClusterModel.confidence().as("sure"));
    assertThat(scored.groupBy("g", "c").count().collectAsList()).hasSize(3);
    assertThat(scored.where("sure < 0.5 or sure > 1").count()).isZero();
  }

  @Test
  void aHierarchyIsCutAtAHeightAndKept(LocalSpark.Handle spark) throws Refused {
    Trained trained = ClusterTraining.train(customers(spark), fit(Method.HIERARCHICAL, 20, 0, 100));

    assertThat(trained.chosen().k()).isEqualTo(2);
    assertThat(trained.joins()).hasSize(19);
    assertThat(trained.joins().get(18).weight()).isCloseTo(300, within(1e-6));
  }

  @Test
  void ofFewCustomersEachIsJoined(LocalSpark.Handle spark) throws Refused {
    Trained trained = ClusterTraining.train(customers(spark), fit(Method.HIERARCHICAL, 20, 300, 0));

    assertThat(trained.joins()).hasSize(299);
  }

  private static Dataset<Row> customers(LocalSpark.Handle spark) {
    return spark
        .session()
        .sql(
            "select concat('c', id) as customer_id, id % 3 as g,"
                + " array(0, 8, 30)[id % 3] + (hash(id) % 100) / 100 as x,"
                + " (hash(id, 1) % 100) / 100 as y from range(300)");
  }

  private static Fit fit(Method method, int small, int exact, double height) {
    return new Fit(
        method,
        small,
        exact,
        height,
        List.of("x", "y"),
        Condition.parse("true"),
        0,
        Transform.NONE,
        Scale.NONE,
        0,
        2,
        6,
        3,
        1_000,
        0.02,
        0.02,
        0.6,
        1);
  }
}
