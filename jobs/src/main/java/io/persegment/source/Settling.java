package io.persegment.source;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_append;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.hex;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map_entries;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.persegment.conformed.Common;
import io.persegment.conformed.ConformedTable;
import io.persegment.conformed.OrderLines;
import io.persegment.table.Field;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MapType;

/**
 * Decides what becomes of each evaluated row: which of several with one key counts, which of them
 * contradict each other, and what the table already has. The decision depends on the rows' own
 * version and file name alone, so that any order of arrival ends in the same table.
 */
final class Settling {
  /** What becomes of a row: one of the constants below. */
  static final Field VERDICT = Field.required("_verdict", DataTypes.StringType, "Verdict");

  static final String LEFT_OUT = "left_out";
  static final String QUARANTINED = "quarantined";

  /** New to the table. */
  static final String INSERTED = "inserted";

  /** Takes the place of an older version in the table. */
  static final String UPDATED = "updated";

  /** Says again what the table says, from a later file, and takes its place. */
  static final String CONFIRMED = "confirmed";

  /** Says again what another row or the table says. */
  static final String REPEATED = "repeated";

  /** An older version of what another row or the table says. */
  static final String REPLACED = "replaced";

  /** Differs between rows that say different things. */
  static final Field HASH = Field.required("_hash", DataTypes.LongType, "Content hash");

  private static final Column EARLIEST = lit(Timestamp.from(Instant.parse("0001-01-01T00:00:00Z")));

  private final ConformedTable into;

  Settling(ConformedTable into) {
    this.into = into;
  }

  /**
   * Gives rows whose source has no key for them one that is made from their content. Lines are
   * numbered within their order and file in the order of their content: two equal lines are two.
   * Rows of one key (lines of one order) end in one partition, so that all that follows needs no
   * shuffle of its own.
   */
  Dataset<Row> withKeys(Dataset<Row> evaluated) {
    List<Field> own = into.ownKey();
    Dataset<Row> rows = evaluated.withColumn(HASH.name(), contentHash());
    if (own.size() == 1) {
      return withMadeKey(rows, own.get(0), hex(xxhash64(lit("key"), HASH.col())))
          .repartition(own.get(0).col());
    }
    rows = rows.repartition(own.get(0).col());
    for (Field key : own) {
      rows = withMadeKey(rows, key, row_number().over(withinParent()));
    }
    return rows;
  }

  private static Dataset<Row> withMadeKey(Dataset<Row> rows, Field key, Column made) {
    return TargetSettings.MADE_WHERE_MISSING.contains(key)
        ? rows.withColumn(key.name(), coalesce(key.col(), made.cast("string")))
        : rows;
  }

  /**
   * Adds a reason to each row of which the same file holds another one with the same key and
   * version, but other content: nobody can tell which of them is right.
   */
  Dataset<Row> withContradictions(Dataset<Row> rows) {
    List<Column> same = new ArrayList<>(keys());
    same.add(Common.VERSION.col());
    same.add(Common.SOURCE_FILE.col());
    same.add(good());
    WindowSpec group = Window.partitionBy(same.toArray(new Column[0]));
    Column contradicted =
        good().and(min(HASH.col()).over(group).notEqual(max(HASH.col()).over(group)));
    String reason =
        "%s stands for different rows in one file"
            .formatted(String.join(" and ", into.ownKey().stream().map(Field::name).toList()));
    return withReason(rows, contradicted, reason);
  }

  /** Adds a reason to each row whose order stands in quarantine. */
  Dataset<Row> withHeldParents(Dataset<Row> rows, Dataset<Row> heldParents) {
    Dataset<Row> held = heldParents.toDF("_held").distinct();
    Dataset<Row> joined = rows.join(held, OrderLines.ORDER_ID.col().equalTo(col("_held")), "left");
    return withReason(joined, col("_held").isNotNull(), "its order is in quarantine").drop("_held");
  }

  /**
   * Adds {@link #VERDICT}.
   *
   * @param existing the table's rows of this system
   */
  Dataset<Row> withVerdicts(Dataset<Row> rows, Dataset<Row> existing) {
    List<Column> partition = new ArrayList<>(keys());
    partition.add(good());
    WindowSpec newest =
        Window.partitionBy(partition.toArray(new Column[0]))
            .orderBy(
                Common.VERSION.col().desc_nulls_last(),
                Common.SOURCE_FILE.col().desc(),
                HASH.col().desc());
    Dataset<Row> ranked =
        rows.withColumn("_rank", row_number().over(newest))
            .withColumn("_newest", first(HASH.col()).over(newest))
            .as("n");
    Dataset<Row> there =
        existing
            .withColumn(HASH.name(), contentHash())
            .select(
                struct(Common.VERSION.col(), Common.SOURCE_FILE.col(), HASH.col()).as("_there"),
                struct(keys().toArray(new Column[0])).as("_there_key"))
            .as("t");
    Column sameKey =
        into.ownKey().stream()
            .map(key -> key.of("n").equalTo(col("t._there_key." + key.name())))
            .reduce(Column::and)
            .orElseThrow();
    return ranked
        .join(there, sameKey.and(col("n._rank").equalTo(1)).and(good()), "left_outer")
        .withColumn(VERDICT.name(), verdict())
        .drop("_rank", "_newest", "_there", "_there_key");
  }

  /**
   * Gives refused rows the source's text, of which equal rows have one each.
   *
   * @param goodRows rows as evaluated, with their text
   */
  Dataset<Row> withRows(Dataset<Row> refused, Dataset<Row> goodRows) {
    List<Field> same = List.of(Common.SOURCE_FILE, Common.VERSION, HASH);
    Dataset<Row> texts =
        goodRows
            .withColumn(HASH.name(), contentHash())
            .select(
                struct(same.stream().map(Field::col).toArray(Column[]::new)), Evaluation.ROW.col())
            .toDF("_same", "_text");
    Column sameRow =
        same.stream()
            .map(field -> field.col().eqNullSafe(col("_same." + field.name())))
            .reduce(Column::and)
            .orElseThrow();
    return refused
        .dropDuplicates(same.stream().map(Field::name).toArray(String[]::new))
        .join(texts, sameRow, "left")
        // A file that was changed between the passes has the row no more; what was read of it is
        // kept.
        .withColumn(Evaluation.ROW.name(), coalesce(col("_text"), to_json(struct(ownColumns()))))
        .drop("_same", "_text");
  }

  /** Returns the key's parts as one text, such as {@code 1001|2}. */
  Column keyText() {
    return concat_ws("|", keys().toArray(new Column[0]));
  }

  private Column verdict() {
    Column sameAsThere = HASH.col().equalTo(col("_there." + HASH.name()));
    Column order = order(Common.VERSION.col(), Common.SOURCE_FILE.col());
    Column thereOrder =
        order(col("_there." + Common.VERSION.name()), col("_there." + Common.SOURCE_FILE.name()));
    return when(Evaluation.LEFT_OUT.col(), LEFT_OUT)
        .when(size(Evaluation.REASONS.col()).gt(0), QUARANTINED)
        .when(
            col("_rank").gt(1),
            when(HASH.col().equalTo(col("_newest")), REPEATED).otherwise(REPLACED))
        .when(col("_there").isNull(), INSERTED)
        .when(order.gt(thereOrder), when(sameAsThere, CONFIRMED).otherwise(UPDATED))
        .when(sameAsThere, REPEATED)
        .when(order.equalTo(thereOrder), UPDATED) // the file came again with another content
        .otherwise(REPLACED);
  }

  private static Column order(Column version, Column file) {
    return struct(coalesce(version, EARLIEST), file);
  }

  private WindowSpec withinParent() {
    return Window.partitionBy(into.ownKey().get(0).col(), Common.SOURCE_FILE.col(), good())
        .orderBy(HASH.col());
  }

  private static Dataset<Row> withReason(Dataset<Row> rows, Column applies, String reason) {
    Column reasons = Evaluation.REASONS.col();
    Column more = array_append(reasons, lit(reason));
    return rows.withColumn(
        Evaluation.REASONS.name(),
        when(applies.and(not(Evaluation.LEFT_OUT.col())), more).otherwise(reasons));
  }

  private static Column good() {
    return size(Evaluation.REASONS.col()).equalTo(0).and(not(Evaluation.LEFT_OUT.col()));
  }

  private Column[] ownColumns() {
    return into.ownColumns().stream().map(Field::col).toArray(Column[]::new);
  }

  private List<Column> keys() {
    return into.ownKey().stream().map(Field::col).toList();
  }

  /** A hash of all that a row says; not of when and whence it came. */
  private Column contentHash() {
    List<Column> content = new ArrayList<>();
    for (Field field : into.ownColumns()) {
      boolean made = TargetSettings.MADE_WHERE_MISSING.contains(field);
      if (!made) {
        content.add(field.type() instanceof MapType ? entries(field) : field.col());
      }
    }
    content.add(entries(Common.ATTRIBUTES));
    return xxhash64(content.toArray(new Column[0]));
  }

  private static Column entries(Field map) {
    return coalesce(map_entries(map.col()), array());
  }
}
