package io.persegment.experiments;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.percentile_approx;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.persegment.experiments.Metric.Happened;
import io.persegment.experiments.Metric.Ratio;
import io.persegment.features.Outcome;
import io.persegment.features.Outcome.Event;
import io.persegment.identity.Owners;
import io.persegment.table.Lake;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What came of one experiment up to a day.
 *
 * @param taken one row a customer who takes part: customer_id, arm, segment, and the covariate and
 *     values that metrics ask for, as {@link #column} names them
 */
record Measurement(Experiment experiment, LocalDate asOf, Dataset<Row> taken) {
  static final String COVARIATE = "_covariate";

  /** Of the place at which values are cut off: a part of so many. */
  private static final int ACCURACY = 10_000;

  /** A group of customers: an arm, in a segment; the segment is empty where it is all of them. */
  record Group(String arm, Optional<String> segment) {}

  /** Returns the name of the column that has a metric of a customer. */
  static String column(Metric metric) {
    return "_metric_" + metric.name();
  }

  /**
   * Returns the sums of each metric by group, and how many customers each arm has. Actions: one for
   * all sums, and one for where values are cut off, if they are.
   */
  Reading read(Lake lake, Owners owners) {
    List<Metric> parts = experiment.metrics().stream().flatMap(Metric::parts).distinct().toList();
    Dataset<Row> rows = withOutcomes(lake, owners, parts).persist();
    try {
      return summed(winsorised(rows, parts));
    } finally {
      rows.unpersist();
    }
  }

  private Dataset<Row> withOutcomes(Lake lake, Owners owners, List<Metric> parts) {
    LocalDate last = asOf.isBefore(experiment.end()) ? asOf : experiment.end();
    int days = (int) ChronoUnit.DAYS.between(experiment.start(), last) + 1;
    LocalDate cut = experiment.start().minusDays(1);
    List<Happened> happened =
        parts.stream().filter(Happened.class::isInstance).map(Happened.class::cast).toList();
    Dataset<Row> rows = taken;
    // How often something happens tells whether it does: one scan for both.
    for (Optional<Event> event : happened.stream().map(Happened::event).distinct().toList()) {
      List<Happened> own = happened.stream().filter(each -> each.event().equals(event)).toList();
      Dataset<Row> outcomes =
          own.get(0)
              .outcome(days)
              .after(lake, owners, List.of(cut), 0)
              .select(ExperimentAssignments.CUSTOMER_ID.col(), Outcome.VALUE.col());
      Column value = coalesce(Outcome.VALUE.col(), lit(0.0));
      var columns = new LinkedHashMap<String, Column>();
      for (Happened each : own) {
        columns.put(column(each), each.once() ? when(value.gt(0), 1.0).otherwise(0.0) : value);
      }
      rows =
          rows.join(outcomes, new String[] {ExperimentAssignments.CUSTOMER_ID.name()}, "left")
              .withColumns(columns)
              .drop(Outcome.VALUE.name());
    }
    return rows;
  }

  private Dataset<Row> winsorised(Dataset<Row> rows, List<Metric> parts) {
    if (experiment.winsorise() >= 1) {
      return rows;
    }
    // Of what happens once or not nothing is large; of the rest most have none, who say nothing.
    List<Metric> amounts =
        parts.stream().filter(part -> !(part instanceof Happened once && once.once())).toList();
    Column[] limits =
        amounts.stream()
            .map(part -> col(column(part)))
            .map(
                value ->
                    percentile_approx(
                        when(value.gt(0), value), lit(experiment.winsorise()), lit(ACCURACY)))
            .toArray(Column[]::new);
    Row limit = rows.agg(lit(0), limits).head();
    var cut = new LinkedHashMap<String, Column>();
    for (int i = 0; i < amounts.size(); i++) {
      if (!limit.isNullAt(i + 1)) {
        String name = column(amounts.get(i));
        cut.put(name, least(col(name), lit(limit.getDouble(i + 1))));
      }
    }
    return rows.withColumns(cut);
  }

  private Reading summed(Dataset<Row> rows) {
    var sums = new ArrayList<Column>();
    sums.add(count(lit(1)));
    for (Metric metric : experiment.metrics()) {
      boolean isRatio = metric instanceof Ratio;
      Column y = col(column(isRatio ? ((Ratio) metric).of() : metric));
      Column d = isRatio ? col(column(((Ratio) metric).per())) : lit(1.0);
      Column x = isRatio ? lit(0.0) : col(COVARIATE); // of a ratio the covariate tells nothing
      Column known = y.isNotNull().and(d.isNotNull());
      sums.add(count(when(known, 1)));
      for (Column each :
          List.of(
              y, y.multiply(y), d, d.multiply(d), y.multiply(d), x, x.multiply(x), x.multiply(y))) {
        sums.add(coalesce(sum(when(known, each)), lit(0.0)));
      }
    }
    var customers = new LinkedHashMap<String, Long>();
    var all = new LinkedHashMap<String, Map<Group, Sums>>();
    experiment.metrics().forEach(metric -> all.put(metric.name(), new LinkedHashMap<>()));
    for (Row row : // a row an arm and segment
        rows.groupBy(ExperimentAssignments.ARM.col(), ExperimentAssignments.SEGMENT.col())
            .agg(sums.get(0), sums.subList(1, sums.size()).toArray(Column[]::new))
            .orderBy(ExperimentAssignments.ARM.col(), ExperimentAssignments.SEGMENT.col())
            .collectAsList()) {
      String arm = row.getString(0);
      Optional<String> segment = Optional.ofNullable(row.getString(1));
      customers.merge(arm, row.getLong(2), Long::sum);
      int at = 3;
      for (Map<Group, Sums> ofMetric : all.values()) {
        Sums group = read(row, at);
        at += 9;
        ofMetric.merge(new Group(arm, Optional.empty()), group, Sums::plus);
        if (segment.isPresent()) {
          ofMetric.put(new Group(arm, segment), group);
        }
      }
    }
    return new Reading(experiment, customers, all);
  }

  private static Sums read(Row row, int at) {
    return new Sums(
        row.getLong(at),
        row.getDouble(at + 1),
        row.getDouble(at + 2),
        row.getDouble(at + 3),
        row.getDouble(at + 4),
        row.getDouble(at + 5),
        row.getDouble(at + 6),
        row.getDouble(at + 7),
        row.getDouble(at + 8));
  }
}
