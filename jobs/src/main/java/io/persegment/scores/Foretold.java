package io.persegment.scores;

import static org.apache.spark.sql.functions.max;

import io.persegment.customer.ConsentSettings;
import io.persegment.customer.Customers;
import io.persegment.table.Lake;
import java.sql.Date;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What is foretold of one customer, and why.
 *
 * @param decile 1 is the best tenth
 * @param isAmount whether the score is an amount or a count, and no probability
 * @param contributions what each of {@code reasons}, all other features and the average customer
 *     add to the logit of the score, or to the logarithm of an amount; empty of lifetime value
 */
public record Foretold(
    String target,
    LocalDate asOf,
    double score,
    int decile,
    int version,
    boolean isAmount,
    List<String> reasons,
    List<Double> contributions) {
  public Foretold {
    reasons = List.copyOf(reasons);
    contributions = List.copyOf(contributions);
  }

  /**
   * Returns it for each declared target on the last date with any scores, in order of their names;
   * none where the customer has none, or may not be profiled now. An action.
   */
  public static List<Foretold> of(
      Lake lake,
      List<TargetSettings> targets,
      List<LifetimeSettings> lifetimes,
      ConsentSettings consent,
      String customer) {
    Map<String, Double> most = new HashMap<>();
    targets.forEach(target -> most.put(target.name(), target.most()));
    lifetimes.forEach(target -> most.put(target.name(), target.of().most()));
    Dataset<Row> scores = lake.readOrEmpty(CustomerScores.TABLE);
    Date last = scores.agg(max(CustomerScores.AS_OF.col())).head().getDate(0);
    if (last == null) {
      return List.of();
    }
    Dataset<Row> profiled =
        lake.read(Customers.TABLE).where(consent.mayProfile()).select(Customers.CUSTOMER_ID.col());
    return scores
        .where(CustomerScores.AS_OF.col().equalTo(last))
        .where(CustomerScores.CUSTOMER_ID.col().equalTo(customer))
        .where(CustomerScores.TARGET.col().isin(most.keySet().toArray()))
        .join(profiled, CustomerScores.CUSTOMER_ID.name(), "left_semi")
        .orderBy(CustomerScores.TARGET.col())
        .collectAsList() // of one customer
        .stream()
        .map(
            row ->
                new Foretold(
                    row.getAs(CustomerScores.TARGET.name()),
                    last.toLocalDate(),
                    row.getAs(CustomerScores.SCORE.name()),
                    row.getAs(CustomerScores.DECILE.name()),
                    row.getAs(CustomerScores.MODEL_VERSION.name()),
                    most.get(row.<String>getAs(CustomerScores.TARGET.name())) > 1,
                    row.getList(row.fieldIndex(CustomerScores.REASONS.name())),
                    contributions(row)))
        .toList();
  }

  private static List<Double> contributions(Row row) {
    int place = row.fieldIndex(CustomerScores.CONTRIBUTIONS.name());
    return row.isNullAt(place) ? List.of() : row.getList(place);
  }
}
