package io.persegment.identity;

import static org.apache.spark.sql.functions.bool_or;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.count_if;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.nullif;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;
import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.DoubleType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;

import io.persegment.sql.SqlExpression;
import io.persegment.table.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The labels of a {@link Truth}, read and checked, and the customers that their records have. */
final class TruthFile {
  static final Field KEY = Records.KEY;
  static final Field CLUSTER = Field.required("cluster", StringType, "Person, by the truth");
  static final Field CUSTOMER =
      Field.optional("customer", StringType, "Customer; null where the map has no such record");
  static final Field LEFT = Field.required("left", StringType, "Record of the lesser key");
  static final Field RIGHT = Field.required("right", StringType, "Record of the greater key");
  static final Field SAME_PERSON =
      Field.required("same_person", BooleanType, "Whether both are one person, by the truth");
  static final Field LEFT_CUSTOMER = Field.optional("left_customer", StringType, "As customer");
  static final Field RIGHT_CUSTOMER = Field.optional("right_customer", StringType, "As customer");

  private static final Field TIMES =
      Field.required("times", LongType, "How often something is labelled, each time otherwise");
  private static final Field IS_KNOWN =
      Field.required("is_known", BooleanType, "Whether the map has its records");
  private static final Field IS_UNCLEAR =
      Field.required("is_unclear", BooleanType, "Whether its match cannot be read");
  private static final Field IS_ITSELF =
      Field.required("is_itself", BooleanType, "Whether it is a pair of a record with itself");

  /**
   * How many labels there are.
   *
   * @param known of records that the map has
   */
  record Counts(long all, long known) {}

  /** A score of this or more says that two records are one person. */
  private static final double MATCHES = 0.5;

  private final Truth truth;
  private final Dataset<Row> map;
  private final Dataset<Row> rows;

  private TruthFile(Truth truth, Dataset<Row> map, Dataset<Row> rows) {
    this.truth = truth;
    this.map = map;
    this.rows = rows;
  }

  /**
   * Opens the file.
   *
   * @param map records and their customers, as {@link IdentityMap}
   */
  static TruthFile open(SparkSession spark, Truth truth, Dataset<Row> map) {
    Dataset<Row> rows =
        Spreadsheet.open(spark, truth.file(), cause -> EvaluationErrors.noFile(truth, cause));
    return new TruthFile(truth, map, rows);
  }

  /**
   * Returns the labels. Of grain cluster one row for each labelled record: {@link #KEY}, {@link
   * #CLUSTER}, {@link #CUSTOMER}; a row without a cluster is no label. Of grain pair one for each
   * labelled pair: {@link #LEFT}, {@link #RIGHT}, {@link #SAME_PERSON}, {@link #LEFT_CUSTOMER},
   * {@link #RIGHT_CUSTOMER}; a row without a match is no label. An action.
   */
  Dataset<Row> labels() {
    return isOfClusters() ? clusters() : pairs();
  }

  /** Returns whether the map has the records of a label. */
  Column isKnown() {
    return isOfClusters()
        ? CUSTOMER.col().isNotNull()
        : LEFT_CUSTOMER.col().isNotNull().and(RIGHT_CUSTOMER.col().isNotNull());
  }

  /**
   * Makes sure that labels can be used: whoever labels a record twice must have meant the same. An
   * action: one pass.
   *
   * @param labels as {@link #labels}
   * @throws io.persegment.error.PersegmentException where they cannot
   */
  Counts check(Dataset<Row> labels) {
    Column labelled = isOfClusters() ? KEY.col() : concat(LEFT.col(), lit(" and "), RIGHT.col());
    Column itself = isOfClusters() ? lit(false) : LEFT.col().equalTo(RIGHT.col());
    Column twice = TIMES.col().gt(1);
    Row counts =
        labels
            .groupBy(labelled.as(KEY.name()))
            .agg(
                count(lit(1)).as(TIMES.name()),
                bool_or(isKnown()).as(IS_KNOWN.name()),
                bool_or(itself).as(IS_ITSELF.name()))
            .agg(
                count(lit(1)),
                count_if(IS_KNOWN.col()),
                count_if(twice),
                min(when(twice, KEY.col())),
                count_if(IS_ITSELF.col()),
                min(when(IS_ITSELF.col(), KEY.col())))
            .head();
    if (counts.getLong(0) == 0) {
      throw EvaluationErrors.noLabels(truth);
    }
    if (counts.getLong(2) > 0) {
      throw EvaluationErrors.labelledTwice(truth.file(), counts.getLong(2), counts.getString(3));
    }
    if (counts.getLong(4) > 0) {
      throw EvaluationErrors.withItself(truth.file(), counts.getLong(4), counts.getString(5));
    }
    if (counts.getLong(1) == 0) {
      throw EvaluationErrors.noneKnown(truth, counts.getLong(0));
    }
    return new Counts(counts.getLong(0), counts.getLong(1));
  }

  /**
   * Makes sure that the columns are there that labels are read from.
   *
   * @throws io.persegment.error.PersegmentException where one is not
   */
  void checkColumns() {
    truth.grain().parts().stream()
        .filter(part -> truth.says().containsKey(part) || !Truth.NEED_NOT_BE_SAID.contains(part))
        .forEach(this::text);
  }

  /**
   * Returns a number that other labels, or the same told otherwise, would hardly have. An action.
   */
  double fingerprint() {
    List<Column> said = new ArrayList<>(List.of(lit(truth.grain().toString())));
    for (String part : truth.grain().parts()) {
      boolean isSaid = truth.says().containsKey(part) || has(Truth.column(part));
      said.add(isSaid ? text(part) : lit(null));
    }
    // Of each hash a part, so that the sum of all is exact.
    Column part = xxhash64(said.toArray(new Column[0])).bitwiseAND(lit(0xFFFF_FFFFL));
    return selected(coalesce(sum(part), lit(0L)).as(KEY.name())).head().getLong(0);
  }

  private boolean isOfClusters() {
    return truth.grain() == Truth.Grain.CLUSTER;
  }

  private Dataset<Row> clusters() {
    Dataset<Row> labels =
        selected(
                key(Truth.SOURCE, Truth.RECORD_ID).as(KEY.name()),
                text(Truth.CLUSTER).as(CLUSTER.name()))
            .where(CLUSTER.col().isNotNull())
            .distinct();
    return labels.join(customers(KEY, CUSTOMER), Members.names(KEY), "left");
  }

  private Dataset<Row> pairs() {
    Column one = key(Truth.LEFT_SOURCE, Truth.LEFT_RECORD_ID);
    Column other = key(Truth.RIGHT_SOURCE, Truth.RIGHT_RECORD_ID);
    Column match = text(Truth.MATCH);
    Column score = match.cast(DoubleType);
    Column says =
        when(score.isNull(), match.cast(BooleanType))
            .when(score.between(0, 1), score.geq(MATCHES)); // NaN is above all numbers
    Column isUnclear = IS_UNCLEAR.col();
    Row unclear =
        selected(match.isNotNull().and(says.isNull()).as(IS_UNCLEAR.name()), Spreadsheet.place())
            .agg(count_if(isUnclear), min(when(isUnclear, Spreadsheet.PLACE.col())))
            .head();
    if (unclear.getLong(0) > 0) {
      throw EvaluationErrors.unclearMatch(truth, unclear.getLong(0), unclear.getLong(1));
    }
    return selected(
            least(one, other).as(LEFT.name()),
            greatest(one, other).as(RIGHT.name()),
            says.as(SAME_PERSON.name()))
        .where(SAME_PERSON.col().isNotNull())
        .distinct()
        .join(customers(LEFT, LEFT_CUSTOMER), Members.names(LEFT), "left")
        .join(customers(RIGHT, RIGHT_CUSTOMER), Members.names(RIGHT), "left");
  }

  private Dataset<Row> customers(Field key, Field customer) {
    return map.select(
        Records.shownKey().as(key.name()), IdentityMap.CUSTOMER_ID.col().as(customer.name()));
  }

  /** Returns the key that {@link Records#shownKey} gives the record. */
  private Column key(String source, String recordId) {
    Column type = truth.says().containsKey(Truth.RECORD_TYPE) ? text(Truth.RECORD_TYPE) : contact();
    Column id = coalesce(text(recordId), lit(""));
    Column shown = when(type.equalTo(IdentityMap.ADDRESS), sha2(id, 256)).otherwise(id);
    return concat_ws("/", source(source), type, shown);
  }

  private static Column contact() {
    return lit(IdentityMap.CONTACT);
  }

  /** Where nothing says the source, and there is one only, it is that. */
  private Column source(String part) {
    if (truth.says().containsKey(part) || has(Truth.column(part))) {
      return coalesce(text(part), lit(""));
    }
    List<Row> sources =
        map.where(IdentityMap.RECORD_TYPE.col().equalTo(contact()))
            .select(IdentityMap.SOURCE.col())
            .distinct()
            .takeAsList(2);
    if (sources.size() != 1) {
      throw EvaluationErrors.whichSource(truth, part, sources.size());
    }
    return lit(sources.get(0).getString(0));
  }

  /** Returns what the part says as text; null where it says nothing. */
  private Column text(String part) {
    SqlExpression sql = truth.says().get(part);
    List<String> columns = Arrays.asList(rows.columns());
    if (sql == null) {
      if (!has(Truth.column(part))) {
        throw EvaluationErrors.noColumn(truth, part, Truth.column(part), columns);
      }
      return said(Field.optional(Truth.column(part), StringType, part).col());
    }
    for (String column : sql.references()) {
      if (!has(column)) {
        throw EvaluationErrors.noColumn(truth, part, column, columns);
      }
    }
    return said(sql.column());
  }

  private static Column said(Column value) {
    Column text = trim(value.cast(StringType));
    return nullif(text, lit(""));
  }

  private boolean has(String column) {
    return Arrays.stream(rows.columns()).anyMatch(column::equalsIgnoreCase);
  }

  private Dataset<Row> selected(Column... columns) {
    try {
      return rows.select(columns);
    } catch (Exception e) { // Scala's AnalysisException, which Java takes for one not thrown
      if (e instanceof AnalysisException) {
        throw EvaluationErrors.notUsable(truth, e);
      }
      throw e;
    }
  }
}
