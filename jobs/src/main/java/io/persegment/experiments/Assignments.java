package io.persegment.experiments;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_compact;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.inline;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map_from_entries;
import static org.apache.spark.sql.functions.min_by;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.persegment.identity.IdentityChanges;
import io.persegment.sql.SqlExpression.Call;
import io.persegment.table.Field;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Puts customers into arms by a hash, the same on every machine and night; who is in one stays
 * there, also where customers turn out to be one.
 */
public final class Assignments {
  /** The arm, and the experiment, of who is kept out of all of them. */
  public static final String HOLDOUT = "holdout";

  /** Experiments that run, to the customer's arm. */
  public static final Field ARMS =
      Field.optional(
          "experiments", Field.TEXT_MAP, "Experiment that runs to the customer's arm in it");

  /** Assignments that are made now. */
  public static final Field MADE =
      Field.optional(
          "_assignments_made",
          DataTypes.createArrayType(
              new StructType(
                  new StructField[] {
                    field(ExperimentAssignments.EXPERIMENT),
                    field(ExperimentAssignments.ARM),
                    field(ExperimentAssignments.SEGMENT)
                  })),
          "Assignments that are made now");

  private static final String BEFORE = "_assigned_before";
  private static final int PARTS = 1_000_000;

  private static final String HOPS = "_hops";
  private static final String ORIGIN = "_origin";
  private static final String FIRST = "_first";

  /** Merges of merges that are followed: each release writes what was carried. */
  private static final int MOST_MERGES = 3;

  private final List<Experiment> running;
  private final double holdout;
  private final String seed;
  private final Function<Call, Column> call;

  /**
   * @param holdout part of the customers, 0 to 1, who are kept out of everything
   * @param seed differs where other hashes are wanted
   * @param call what a call of a function of ours means of a row
   */
  public Assignments(
      List<Experiment> experiments,
      double holdout,
      String seed,
      LocalDate asOf,
      Function<Call, Column> call) {
    this.running =
        experiments.stream().filter(each -> each.given().isEmpty() && each.runsOn(asOf)).toList();
    this.holdout = holdout;
    this.seed = seed;
    this.call = call;
  }

  /**
   * Adds {@link #ARMS}, under the name {@code arms}, and {@link #MADE}. Keeps every row.
   *
   * @param customers with all that populations look at
   * @param before rows of {@link ExperimentAssignments}
   * @param changes rows of {@link IdentityChanges}
   * @param segments map of segmentation to the name of the customer's segment
   */
  public Dataset<Row> assign(
      Dataset<Row> customers,
      Dataset<Row> before,
      Dataset<Row> changes,
      Column segments,
      String arms) {
    Dataset<Row> rows =
        running.isEmpty()
            ? customers.withColumn(BEFORE, lit(null).cast(Field.TEXT_MAP))
            : customers.join(
                ofCustomers(before, changes),
                new String[] {ExperimentAssignments.CUSTOMER_ID.name()},
                "left");
    Column isHeldOut = isHeldOut();
    var entries = new ArrayList<Column>();
    var made = new ArrayList<Column>();
    entries.add(when(isHeldOut, entry(lit(HOLDOUT), lit(HOLDOUT))));
    for (Experiment each : running) {
      Column had = had(each);
      Column now =
          when(
              had.isNull()
                  .and(not(isHeldOut))
                  .and(mayTake(each))
                  .and(each.population().holds(call)),
              arm(each));
      entries.add(
          when(coalesce(had, now).isNotNull(), entry(lit(each.name()), coalesce(had, now))));
      Column segment = each.by().map(segments::getItem).orElse(lit(null).cast("string"));
      made.add(
          when(
              now.isNotNull(),
              struct(
                  lit(each.name()).as(ExperimentAssignments.EXPERIMENT.name()),
                  now.as(ExperimentAssignments.ARM.name()),
                  segment.as(ExperimentAssignments.SEGMENT.name()))));
    }
    return rows.withColumn(arms, map_from_entries(array_compact(array(columns(entries)))))
        .withColumn(
            MADE.name(),
            made.isEmpty()
                ? lit(null).cast(MADE.type())
                : array_compact(array(columns(made))).cast(MADE.type()))
        .drop(BEFORE);
  }

  /** Returns rows of {@link ExperimentAssignments}: {@link #MADE} of all. */
  public static Dataset<Row> made(Dataset<Row> assigned, Column asOf) {
    return assigned
        .select(ExperimentAssignments.CUSTOMER_ID.col(), inline(MADE.col()))
        .withColumn(ExperimentAssignments.ASSIGNED_AT.name(), asOf)
        .select(ExperimentAssignments.TABLE.columns());
  }

  /** Returns whether a customer is kept out of everything. */
  private Column isHeldOut() {
    return share(HOLDOUT).lt(holdout);
  }

  private Column had(Experiment experiment) {
    return col(BEFORE).getItem(experiment.name());
  }

  /** Returns the arm into whose share the hash of the customer falls. */
  private Column arm(Experiment experiment) {
    Column share = share(experiment.name());
    List<Map.Entry<String, Double>> arms = List.copyOf(experiment.arms().entrySet());
    Column arm = lit(arms.get(arms.size() - 1).getKey());
    double until = 1;
    for (int i = arms.size() - 2; i >= 0; i--) {
      until -= arms.get(i + 1).getValue();
      arm = when(share.lt(until), lit(arms.get(i).getKey())).otherwise(arm);
    }
    return arm;
  }

  /**
   * Returns whether a customer is in none of the others of its group, and the hash gives them to
   * this one.
   */
  private Column mayTake(Experiment experiment) {
    if (experiment.group().isEmpty()) {
      return lit(true);
    }
    List<Experiment> group =
        running.stream().filter(each -> each.group().equals(experiment.group())).toList();
    Column turn =
        pmod(hash(key("group/" + experiment.group().get())), lit(group.size()))
            .equalTo(group.indexOf(experiment));
    return group.stream()
        .filter(each -> !each.equals(experiment))
        .map(each -> had(each).isNull())
        .reduce(turn, Column::and);
  }

  private Column share(String what) {
    return share(key(what));
  }

  /** Returns a number from 0 to 1 by which customers are told apart, for each key another. */
  static Column share(Column key) {
    return pmod(hash(key), lit(PARTS)).divide(PARTS);
  }

  private Column key(String what) {
    return lit(seed + "/" + what);
  }

  private static Column hash(Column key) {
    return xxhash64(key, ExperimentAssignments.CUSTOMER_ID.col());
  }

  /**
   * Returns one row a customer of today, with a map of experiment to the arm they came to first.
   */
  private Dataset<Row> ofCustomers(Dataset<Row> before, Dataset<Row> changes) {
    Dataset<Row> first = carried(before, changes);
    return first
        .groupBy(ExperimentAssignments.CUSTOMER_ID.col())
        .agg(
            map_from_entries(
                    collect_list(
                        entry(
                            ExperimentAssignments.EXPERIMENT.col(),
                            ExperimentAssignments.ARM.col())))
                .as(BEFORE));
  }

  /**
   * Returns assignments with those of customers who were taken into others: the earliest of each
   * customer and experiment.
   */
  static Dataset<Row> carried(Dataset<Row> before, Dataset<Row> changes) {
    Dataset<Row> moved =
        changes
            .where(IdentityChanges.CHANGE.col().isin("merged", "absorbed"))
            .where(IdentityChanges.FROM_CUSTOMER_ID.col().isNotNull())
            .select(
                IdentityChanges.FROM_CUSTOMER_ID.col().as(ExperimentAssignments.CUSTOMER_ID.name()),
                IdentityChanges.TO_CUSTOMER_ID.col())
            .distinct();
    Dataset<Row> step =
        before
            .withColumn(HOPS, lit(0))
            .withColumn(ORIGIN, xxhash64(ExperimentAssignments.CUSTOMER_ID.col()));
    Dataset<Row> all = step;
    for (int i = 1; i <= MOST_MERGES; i++) {
      step =
          step.join(moved, ExperimentAssignments.CUSTOMER_ID.name())
              .withColumn(
                  ExperimentAssignments.CUSTOMER_ID.name(), IdentityChanges.TO_CUSTOMER_ID.col())
              .withColumn(HOPS, lit(i))
              .select(all.columns()[0], Arrays.copyOfRange(all.columns(), 1, all.columns().length));
      all = all.union(step);
    }
    Column row = struct(ExperimentAssignments.TABLE.columns());
    // Of two of one day neither arm is favoured: their own stays, or a hash decides.
    Column order = struct(ExperimentAssignments.ASSIGNED_AT.col(), col(HOPS), col(ORIGIN));
    return all.groupBy(
            ExperimentAssignments.EXPERIMENT.col(), ExperimentAssignments.CUSTOMER_ID.col())
        .agg(min_by(row, order).as(FIRST))
        .select(col(FIRST + ".*"));
  }

  /** Returns what {@link #carried} adds: assignments of customers who had none under their id. */
  public static Dataset<Row> moved(Dataset<Row> before, Dataset<Row> changes) {
    String[] key = {
      ExperimentAssignments.EXPERIMENT.name(), ExperimentAssignments.CUSTOMER_ID.name()
    };
    return carried(before, changes)
        .join(before, key, "left_anti")
        .select(ExperimentAssignments.TABLE.columns());
  }

  private static Column entry(Column key, Column value) {
    return struct(key.cast("string").as("key"), value.cast("string").as("value"));
  }

  private static Column[] columns(List<Column> columns) {
    return columns.toArray(Column[]::new);
  }

  private static StructField field(Field field) {
    return new StructField(field.name(), field.type(), true, Metadata.empty());
  }
}
