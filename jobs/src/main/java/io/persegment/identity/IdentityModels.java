package io.persegment.identity;

import static org.apache.spark.sql.types.DataTypes.DateType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;
import static org.apache.spark.sql.types.DataTypes.createMapType;

import io.persegment.matching.Frequencies;
import io.persegment.matching.LearntModel;
import io.persegment.matching.MatchingSettings;
import io.persegment.table.Field;
import io.persegment.table.Lake;
import io.persegment.table.Table;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;

/** Table {@code identity_models}: what was learnt of how records of one person agree. */
public final class IdentityModels {
  public static final Field VERSION =
      Field.required("version", IntegerType, "1 for the first; the newest stands");
  public static final Field TRAINED_AS_OF =
      Field.required("trained_as_of", DateType, "As-of date of the run that learnt it");
  public static final Field PARAMETERS =
      Field.required(
          "parameters",
          LearntModel.PARAMETERS,
          "What is compared, and of each kind of pairs its share among all pairs and the chance of each outcome of each comparison");
  public static final Field TERM_FREQUENCIES =
      Field.required(
          "term_frequencies",
          createArrayType(
              new StructType()
                  .add("comparison", IntegerType)
                  .add("value", LongType)
                  .add("share", DoubleType)),
          "Place of the comparison from 0, hash of a value (xxhash64), and its share among the known ones");
  public static final Field THRESHOLD =
      Field.required(
          "threshold", DoubleType, "From which probability on records were linked when it was new");
  public static final Field METRICS =
      Field.required(
          "metrics",
          createMapType(StringType, DoubleType),
          "How learning went: pairs_learnt_from, patterns, rounds, converged, log_likelihood, share.KIND; of labels, where there were some, labels.fingerprint, labels.pairs_of_one_person, labels.threshold and labels.declared_threshold, that of the settings");
  public static final Table TABLE =
      Table.keyed(
          1,
          "identity_models",
          "One model of how records of one person agree",
          VERSION,
          TRAINED_AS_OF,
          PARAMETERS,
          TERM_FREQUENCIES,
          THRESHOLD,
          METRICS);

  /**
   * A model in use.
   *
   * @param version 1 for the first
   */
  record Standing(int version, LearntModel model) {}

  private IdentityModels() {}

  /** Returns the newest model. An action. */
  static Optional<Standing> newest(Lake lake) {
    return lake.readOrEmpty(TABLE).orderBy(VERSION.col().desc()).limit(1).collectAsList().stream()
        .map(row -> new Standing(row.getAs(VERSION.name()), model(row)))
        .findFirst();
  }

  /** Returns the threshold that holds: what labels asked for, else that of the settings. */
  static double threshold(Lake lake, MatchingSettings settings) {
    return newest(lake).flatMap(each -> each.model().threshold()).orElse(settings.threshold());
  }

  /** Returns the row of a model. */
  static Dataset<Row> row(
      Lake lake, int version, LocalDate asOf, LearntModel model, double threshold) {
    List<Row> values =
        model.frequencies().shares().stream()
            .map(each -> RowFactory.create(each.place(), each.value(), each.share()))
            .toList();
    Row row =
        RowFactory.create(
            version,
            java.sql.Date.valueOf(asOf),
            model.parameters(),
            values,
            threshold,
            model.metrics());
    return lake.spark().createDataFrame(List.of(row), TABLE.schema());
  }

  private static LearntModel model(Row row) {
    List<Frequencies.Share> values =
        row.<Row>getList(row.fieldIndex(TERM_FREQUENCIES.name())).stream()
            .map(each -> new Frequencies.Share(each.getInt(0), each.getLong(1), each.getDouble(2)))
            .sorted(
                Comparator.comparingInt(Frequencies.Share::place)
                    .thenComparingLong(Frequencies.Share::value))
            .toList();
    Map<String, Double> metrics = row.getJavaMap(row.fieldIndex(METRICS.name()));
    return LearntModel.of(row.getStruct(row.fieldIndex(PARAMETERS.name())), values, metrics);
  }
}
