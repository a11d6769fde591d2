package io.persegment.scores;

import static org.apache.spark.sql.functions.lit;

import io.persegment.features.FeatureSettings;
import io.persegment.table.Lake;
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
      TargetSettings target,
      Models.Kept kept,
      FeatureSettings features) {
    PipelineModel model = kept.used(customers.sparkSession());
    Dataset<Row> known =
        Propensity.withContributions(Propensity.withScore(customers, model), model);
    Dataset<Row> scored =
        Reasons.with(known, Propensity.logit(model, known), features)
            .select(
                CustomerScores.AS_OF.col(),
                CustomerScores.CUSTOMER_ID.col(),
                lit(target.name()).as(CustomerScores.TARGET.name()),
                CustomerScores.SCORE.col(),
                CustomerScores.REASONS.col(),
                lit(kept.version()).as(CustomerScores.MODEL_VERSION.name()),
                CustomerScores.CONTRIBUTIONS.col());
    // Ranking reads them twice, and models are dear.
    Dataset<Row> written = lake.scratch("scores/" + target.name(), scored);
    return (target.isAmount() ? Ranking.ofAmounts(written) : Ranking.withDeciles(written))
        .select(CustomerScores.TABLE.columns());
  }
}
