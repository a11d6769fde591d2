package io.persegment.features;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.date_sub;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.to_date;
import static org.apache.spark.sql.functions.unix_micros;

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
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;

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
   * Returns one row for each of {@link Cuts#keys} with the columns of all features of {@code
   * origin}.
   *
   * @param events as {@link Events} returns them for the cuts
   */
  Dataset<Row> aggregated(Origin origin, Dataset<Row> events, Cuts cuts) {
    var aggregates = new ArrayList<Column>();
    of(origin)
        .forEach(
            feature ->
                feature.aggregates().forEach((name, value) -> aggregates.add(value.as(name))));
    Dataset<Row> dated =
        events.withColumn(
            Feature.AGO, unix_micros(col(Feature.CUT)).minus(unix_micros(col(Feature.TIME))));
    Column[] keys = cuts.keys().stream().map(functions::col).toArray(Column[]::new);
    return withLast(origin, dated, keys)
        .groupBy(keys)
        .agg(aggregates.get(0), aggregates.subList(1, aggregates.size()).toArray(new Column[0]));
  }

  /** Adds {@link Feature#lastOfValue} of each feature that counts different values. */
  private Dataset<Row> withLast(Origin origin, Dataset<Row> events, Column[] keys) {
    List<Feature> counting =
        of(origin).filter(feature -> feature.differentValues().isPresent()).toList();
    if (counting.isEmpty()) {
      return events;
    }
    Dataset<Row> together = events.repartition(keys); // once, for all of them and the sums
    for (Feature feature : counting) {
      Column value = feature.differentValues().orElseThrow();
      Column nth =
          row_number().over(Window.partitionBy(with(keys, value)).orderBy(col(Feature.AGO)));
      together = together.withColumn(feature.lastOfValue(), value.isNotNull().and(nth.equalTo(1)));
    }
    return together;
  }

  private static Column[] with(Column[] columns, Column more) {
    return Stream.concat(Stream.of(columns), Stream.of(more)).toArray(Column[]::new);
  }

  /**
   * Returns rows of {@code customer_features}.
   *
   * @param customers rows of {@code customers}, each with {@link Feature#CUT}, {@link
   *     Imputation#MAY_PROFILE} and {@link Imputation#IS_SEEN}
   * @param aggregated as {@link #aggregated}, of every origin
   */
  Dataset<Row> of(
      Dataset<Row> customers, List<Dataset<Row>> aggregated, Cuts cuts, Imputation imputation) {
    String[] keys = cuts.keys().toArray(new String[0]);
    Column asOf = date_sub(to_date(col(Feature.CUT)), 1);
    Dataset<Row> rows = customers.withColumn(CustomerFeatures.AS_OF.name(), asOf);
    for (Dataset<Row> each : aggregated) {
      rows = rows.join(each, keys, "left");
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
