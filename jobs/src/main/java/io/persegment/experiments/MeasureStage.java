package io.persegment.experiments;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;

import io.persegment.customer.Customers;
import io.persegment.experiments.Metric.Known;
import io.persegment.features.CustomerFeatures;
import io.persegment.features.FeatureSettings;
import io.persegment.identity.IdentityChanges;
import io.persegment.identity.Owners;
import io.persegment.run.Stage;
import io.persegment.run.StageContext;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Measures experiments that have begun: each arm beside the control, for every metric. */
public final class MeasureStage implements Stage {
  private final List<Experiment> experiments;
  private final FeatureSettings features;

  public MeasureStage(List<Experiment> experiments, FeatureSettings features) {
    this.experiments = List.copyOf(experiments);
    this.features = features;
  }

  @Override
  public String name() {
    return "measure";
  }

  @Override
  public String summary() {
    return "Measures experiments: each arm beside the control, with intervals, by metric and segment";
  }

  @Override
  public List<Table> reads() {
    return List.of(ExperimentAssignments.TABLE, Customers.TABLE, CustomerFeatures.table(features));
  }

  @Override
  public List<Table> writes() {
    return List.of(ExperimentResults.TABLE);
  }

  @Override
  public void run(StageContext context) {
    var rows = new ArrayList<Row>();
    Owners owners = Owners.in(context.lake());
    for (Experiment experiment : experiments) {
      if (!experiment.start().isAfter(context.asOf())) {
        rows.addAll(measured(context, owners, experiment));
      }
    }
    Lake lake = context.lake();
    lake.replaceWhere(
        ExperimentResults.TABLE,
        "as_of = DATE'%s'".formatted(context.asOf()),
        lake.spark().createDataFrame(rows, ExperimentResults.TABLE.schema()));
    context.report().rows("results", rows.size());
  }

  private List<Row> measured(StageContext context, Owners owners, Experiment experiment) {
    Dataset<Row> taken = taken(context, experiment);
    Reading reading =
        new Measurement(experiment, context.asOf(), taken).read(context.lake(), owners);
    if (!reading.isReadable()) {
      context
          .report()
          .warn(
              "%s: arms have other sizes than their shares make (p below %s): nothing of it may be read. Look for what loses or adds customers of one arm."
                  .formatted(experiment.name(), Lift.RATIO_ALPHA));
    }
    context.report().metric(experiment.name() + ".sample_ratio_p", reading.sampleRatio());
    reading.results().stream()
        .filter(each -> each.segment().equals(Reading.ALL) && each.lift().isPresent())
        .forEach(each -> context.report().note(experiment.name() + ", " + each.sentence()));
    return reading.results().stream().map(each -> row(context, experiment, each)).toList();
  }

  /**
   * Returns who takes part, with what metrics ask for; in no arm is who is in none that there is.
   */
  private Dataset<Row> taken(StageContext context, Experiment experiment) {
    Lake lake = context.lake();
    Dataset<Row> known = known(lake, context.asOf());
    Dataset<Row> assigned;
    if (experiment.given().isPresent()) {
      assigned =
          known
              .where(experiment.population().holds(call -> lit(null)))
              .withColumn(
                  ExperimentAssignments.ARM.name(),
                  experiment.given().get().column(call -> lit(null)).cast("string"))
              .withColumn(ExperimentAssignments.SEGMENT.name(), lit(null).cast("string"));
    } else {
      Dataset<Row> own =
          Assignments.carried(
                  lake.readOrEmpty(ExperimentAssignments.TABLE),
                  lake.readOrEmpty(IdentityChanges.TABLE))
              .where(ExperimentAssignments.EXPERIMENT.col().equalTo(experiment.name()))
              .select(
                  ExperimentAssignments.CUSTOMER_ID.col(),
                  ExperimentAssignments.ARM.col(),
                  ExperimentAssignments.SEGMENT.col());
      assigned = own.join(known, ExperimentAssignments.CUSTOMER_ID.name());
    }
    var columns = new ArrayList<Column>();
    columns.add(ExperimentAssignments.CUSTOMER_ID.col());
    columns.add(ExperimentAssignments.ARM.col());
    columns.add(ExperimentAssignments.SEGMENT.col());
    columns.add(coalesce(col(Measurement.COVARIATE), lit(0.0)).as(Measurement.COVARIATE));
    experiment.metrics().stream()
        .flatMap(Metric::parts)
        .distinct()
        .filter(Known.class::isInstance)
        .map(Known.class::cast)
        .forEach(
            each ->
                columns.add(
                    each.value()
                        .column(call -> lit(null))
                        .cast("double")
                        .as(Measurement.column(each))));
    return assigned
        .where(ExperimentAssignments.ARM.col().isin(experiment.arms().keySet().toArray()))
        .join(covariates(lake, experiment), new String[] {Customers.CUSTOMER_ID.name()}, "left")
        .select(columns.toArray(Column[]::new));
  }

  /** Returns what was known of customers before the experiment began, as far as it was. */
  private Dataset<Row> covariates(Lake lake, Experiment experiment) {
    Column value =
        experiment.covariate().map(each -> each.column(call -> lit(null))).orElse(lit(0.0));
    return known(lake, experiment.start().minusDays(1))
        .select(Customers.CUSTOMER_ID.col(), value.cast("double").as(Measurement.COVARIATE));
  }

  /** Returns customers with their features of the last date up to a day. */
  private Dataset<Row> known(Lake lake, LocalDate day) {
    Optional<Date> last =
        Optional.ofNullable(
            lake.readOrEmpty(CustomerFeatures.TABLE)
                .where(CustomerFeatures.AS_OF.col().leq(lit(Date.valueOf(day))))
                .agg(max(CustomerFeatures.AS_OF.col()))
                .head()
                .getDate(0));
    Dataset<Row> ofDate =
        lake.readOrEmpty(CustomerFeatures.table(features))
            .where(CustomerFeatures.AS_OF.col().equalTo(lit(last.orElse(null))))
            .drop(CustomerFeatures.AS_OF.name(), CustomerFeatures.DEFINITION.name());
    String customer = Customers.CUSTOMER_ID.name();
    String[] same =
        Arrays.stream(ofDate.columns())
            .filter(name -> !name.equals(customer))
            .toArray(String[]::new);
    return lake.read(Customers.TABLE).drop(same).join(ofDate, new String[] {customer}, "left");
  }

  private static Row row(StageContext context, Experiment experiment, Reading.Result result) {
    Lift lift = result.lift().orElse(null);
    Double none = null;
    double half = lift == null ? 0 : lift.halfWidth();
    double always = lift == null ? 0 : lift.alwaysHalfWidth(experiment.expected());
    return RowFactory.create(
        Date.valueOf(context.asOf()),
        experiment.name(),
        result.segment(),
        result.metric(),
        result.arm(),
        result.sums().n(),
        result.sums().n() == 0 ? none : (Double) result.sums().mean(),
        lift == null ? none : (Double) lift.lift(),
        lift == null ? none : (Double) (lift.lift() - half),
        lift == null ? none : (Double) (lift.lift() + half),
        lift == null ? none : (Double) lift.p(),
        result.adjusted().orElse(null),
        finite(lift == null ? none : (Double) lift.relative()),
        finite(lift == null ? none : (Double) (lift.relative() - lift.relativeHalfWidth())),
        finite(lift == null ? none : (Double) (lift.relative() + lift.relativeHalfWidth())),
        lift == null ? none : (Double) (lift.lift() - always),
        lift == null ? none : (Double) (lift.lift() + always),
        result.explained().orElse(null),
        result.sentence());
  }

  /** Of a control that has none of it no part can be told. */
  private static Double finite(Double value) {
    return value == null || !Double.isFinite(value) ? null : value;
  }
}
