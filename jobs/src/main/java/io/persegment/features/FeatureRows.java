package io.persegment.features;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.date_sub;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.to_date;

import io.persegment.identity.Owners;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Makes the declared features of events: all windows of all features of an origin in one pass. */
final class FeatureRows {
  private final FeatureSettings settings;

  FeatureRows(FeatureSettings settings) {
    this.settings = settings;
  }

  /** Returns the origins that any feature is made of, and the columns that it names of each. */
  Map<Origin, Set<String>> origins() {
    var origins = new LinkedHashMap<Origin, Set<String>>();
    for (Feature feature : settings.features()) {
      if (feature.from().isEvents()) {
        Set<String> names = origins.computeIfAbsent(feature.from(), from -> new LinkedHashSet<>());
        names.addAll(feature.sql().references());
        feature.by().ifPresent(sql -> names.addAll(sql.references()));
        feature.where().ifPresent(sql -> names.addAll(sql.references()));
      }
    }
    return origins;
  }

  /**
   * Returns one row a customer and cut with the columns of all features of {@code origin}.
   *
   * @param events as {@link Events} returns them
   */
  Dataset<Row> aggregated(Origin origin, Dataset<Row> events) {
    var aggregates = new ArrayList<Column>();
    of(origin)
        .forEach(
            feature ->
                feature.aggregates().forEach((name, value) -> aggregates.add(value.as(name))));
    return events
        .groupBy(Owners.CUSTOMER_ID.col(), col(Feature.CUT))
        .agg(aggregates.get(0), aggregates.subList(1, aggregates.size()).toArray(new Column[0]));
  }

  /**
   * Returns rows of {@code customer_features}.
   *
   * @param customers rows of {@code customers}, each with {@link Feature#CUT}, {@link
   *     Imputation#MAY_PROFILE} and {@link Imputation#IS_SEEN}
   * @param aggregated as {@link #aggregated}, of every origin
   */
  Dataset<Row> of(Dataset<Row> customers, List<Dataset<Row>> aggregated, Imputation imputation) {
    Column asOf = date_sub(to_date(col(Feature.CUT)), 1);
    Dataset<Row> rows = customers.withColumn(CustomerFeatures.AS_OF.name(), asOf);
    for (Dataset<Row> each : aggregated) {
      rows = rows.join(each, new String[] {Owners.CUSTOMER_ID.name(), Feature.CUT}, "left");
    }
    Map<Boolean, List<Feature>> derived =
        settings.features().stream()
            .collect(Collectors.partitioningBy(each -> each.from() == Origin.FEATURES));
    Dataset<Row> known = imputation.filled("known", rows.select(known()), derived.get(false));
    var values = new ArrayList<Column>(List.of(col("*")));
    derived.get(true).forEach(each -> values.add(each.value().as(each.name())));
    return imputation
        .filled("derived", known.select(values.toArray(new Column[0])), derived.get(true))
        .select(CustomerFeatures.table(settings).columns());
  }

  /** The table's own columns, and all values that are not made of other features. */
  private Column[] known() {
    var columns = new ArrayList<Column>();
    columns.add(CustomerFeatures.AS_OF.col());
    columns.add(CustomerFeatures.CUSTOMER_ID.col());
    columns.add(Imputation.MAY_PROFILE.col());
    columns.add(Imputation.IS_SEEN.col());
    columns.add(lit(settings.definition()).as(CustomerFeatures.DEFINITION.name()));
    for (Feature feature : settings.features()) {
      if (feature.from().isEvents()) {
        for (String column : feature.measured()) {
          columns.add(feature.known(col(column)).as(column));
        }
      } else if (feature.from() == Origin.CUSTOMERS) {
        columns.add(feature.value().as(feature.name()));
      }
    }
    return columns.toArray(new Column[0]);
  }

  private Stream<Feature> of(Origin origin) {
    return settings.features().stream().filter(feature -> feature.from() == origin);
  }
}
