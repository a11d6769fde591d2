package io.persegment.segments;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.types.DataTypes.BooleanType;

import io.persegment.customer.ConsentSettings;
import io.persegment.customer.Customers;
import io.persegment.features.CustomerFeatures;
import io.persegment.run.StageReport;
import io.persegment.scores.CustomerScores;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Customers on one as-of date, with what segmentations look at. */
final class Candidates {
  static final Field MAY_PROFILE =
      Field.required("_may_profile", BooleanType, "Whether the customer may be clustered");

  private static final String SCORE = "_score_";

  private Candidates() {}

  /**
   * Returns one row a customer: id, {@link #MAY_PROFILE} and {@code columns}. Keeps every row of
   * the features; who is no customer any more may not be profiled.
   *
   * @param features rows of customer_features of one as-of date
   * @param customers rows of {@link Customers}
   * @param columns of the features
   * @param scores rows of {@link CustomerScores} of the same date
   * @param targets of which conditions name the score
   */
  static Dataset<Row> of(
      Dataset<Row> features,
      Dataset<Row> customers,
      ConsentSettings consent,
      List<String> columns,
      Dataset<Row> scores,
      List<String> targets) {
    Dataset<Row> allowed =
        customers.select(Customers.CUSTOMER_ID.col(), consent.mayProfile().as(MAY_PROFILE.name()));
    var selected = new ArrayList<Column>();
    selected.add(CustomerFeatures.CUSTOMER_ID.col());
    selected.add(coalesce(MAY_PROFILE.col(), lit(false)).as(MAY_PROFILE.name()));
    columns.forEach(column -> selected.add(Division.named(column)));
    String[] customer = {CustomerFeatures.CUSTOMER_ID.name()};
    Dataset<Row> candidates =
        features.join(allowed, customer, "left").select(selected.toArray(new Column[0]));
    return targets.isEmpty()
        ? candidates
        : candidates.join(pivoted(scores, targets), customer, "left");
  }

  /**
   * Warns of targets that conditions name and of which nobody was given a score on a date. An
   * action, where any is named.
   */
  static void warnOfMissingScores(
      Lake lake, List<String> targets, List<LocalDate> dates, StageReport report) {
    if (targets.isEmpty()) {
      return;
    }
    List<Row> scored =
        lake.readOrEmpty(CustomerScores.TABLE)
            .where(CustomerScores.AS_OF.col().isin(dates.stream().map(Date::valueOf).toArray()))
            .select(CustomerScores.AS_OF.col(), CustomerScores.TARGET.col())
            .distinct()
            .collectAsList(); // one row a date and target
    for (LocalDate date : dates) {
      List<String> missing =
          targets.stream()
              .filter(target -> !scored.contains(RowFactory.create(Date.valueOf(date), target)))
              .toList();
      if (!missing.isEmpty()) {
        report.warn(
            "Nobody was given a score for %s on %s: what asks for one holds for nobody."
                .formatted(String.join(" or ", missing), date));
      }
    }
  }

  /** Returns the column of the score for a target; null where there is none. */
  static String score(String target) {
    return SCORE + target;
  }

  /** Returns the target of which a column is the score; empty of other columns. */
  static Optional<String> scored(String column) {
    return column.startsWith(SCORE)
        ? Optional.of(column.substring(SCORE.length()))
        : Optional.empty();
  }

  /** Returns the column of the decile of the score for a target; null where there is none. */
  static String decile(String target) {
    return "_decile_" + target;
  }

  /** Returns one row a customer. */
  private static Dataset<Row> pivoted(Dataset<Row> scores, List<String> targets) {
    var each = new ArrayList<Column>();
    for (String target : targets) {
      Column same = CustomerScores.TARGET.col().equalTo(target);
      each.add(max(when(same, CustomerScores.SCORE.col())).as(score(target)));
      each.add(max(when(same, CustomerScores.DECILE.col())).as(decile(target)));
    }
    return scores
        .where(CustomerScores.TARGET.col().isin(targets.toArray()))
        .groupBy(CustomerScores.CUSTOMER_ID.col())
        .agg(each.get(0), each.subList(1, each.size()).toArray(new Column[0]));
  }
}
