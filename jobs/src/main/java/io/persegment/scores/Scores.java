package io.persegment.scores;

import static org.apache.spark.sql.functions.lit;

import io.persegment.features.FeatureSettings;
import io.persegment.table.Lake;
import java.util.Map;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What a model says of customers. */
final class Scores {
  private Scores() {}

  /**
   * Returns rows of {@link CustomerScores}, one for each of {@code customers}. An action.
   *
   * @param customers rows of customer_features of one as-of date
   */
  static Dataset<Row> of(
      Lake lake,
      Dataset<Row> customers,
      String target,
      Models.Kept kept,
      FeatureSettings features) {
    PipelineModel model = kept.used(customers.sparkSession());
    Dataset<Row> scored =
        Propensity.withScore(customers, model)
            .withColumns(
                Map.of(
                    CustomerScores.TARGET.name(),
                    lit(target),
                    CustomerScores.MODEL_VERSION.name(),
                    lit(kept.version()),
                    CustomerScores.REASONS.name(),
                    Reasons.of(Propensity.contributions(model), features)))
            .select(
                CustomerScores.AS_OF.col(),
                CustomerScores.CUSTOMER_ID.col(),
                CustomerScores.TARGET.col(),
                CustomerScores.SCORE.col(),
                CustomerScores.REASONS.col(),
                CustomerScores.MODEL_VERSION.col());
    // Ranking reads them twice, and models are dear.
    return Ranking.withDeciles(lake.scratch("scores/" + target, scored))
        .select(CustomerScores.TABLE.columns());
  }
}
