package io.persegment.source;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_append;
import static org.apache.spark.sql.functions.bool_or;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
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
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.persegment.conformed.Common;
import io.persegment.table.Field;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
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
 *
 * <p>Most rows have a key that nothing else has. They are told apart by hashes alone, and what must
 * be decided is decided on {@link #marks}, which are a few narrow columns: the rows themselves are
 * never sorted nor sent about.
 */
final class Settling {
  /** What becomes of a row: one of the constants below. */
  static final Field VERDICT = Field.required("_verdict", DataTypes.StringType, "Verdict");

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

  /** Says that a record of the table is there no more. */
  static final String REMOVED = "removed";

  /** Says that a record is there no more which the table has not got. */
  static final String BURIED = "buried";

  /** Differs between rows that say different things. */
  static final Field HASH = Common.CONTENT_HASH;

  /** The row's key without its system, part by part. */
  static final Field KEY =
      Field.required("_key", DataTypes.createArrayType(DataTypes.StringType), "Key");

  /** Differs between keys, but for chance. */
  static final Field KEY_HASH = Field.required("_key_hash", DataTypes.LongType, "Key's hash");

  private static final Column EARLIEST = lit(Timestamp.from(Instant.parse("0001-01-01T00:00:00Z")));

  private final TargetSettings target;
  private final boolean wholeTruth;

  /**
   * @param wholeTruth whether what the source's files say now counts more than what the table says,
   *     however old it calls itself
   */
  Settling(TargetSettings target, boolean wholeTruth) {
    this.target = target;
    this.wholeTruth = wholeTruth;
  }

  /**
   * Adds {@link #HASH}, and gives rows whose source has no key for them one that is made from their
   * content. Lines are numbered within their order and file in the order of their content: two
   * equal lines are two. Needs a shuffle for these only.
   */
  Dataset<Row> withKeys(Dataset<Row> evaluated) {
    Dataset<Row> rows = evaluated.withColumn(HASH.name(), contentHash());
    for (Field key : ownKey()) {
      if (target.makes(key)) {
        Column made =
            ownKey().size() == 1
                ? hex(xxhash64(lit("key"), HASH.col()))
                : row_number().over(withinParent());
        rows = rows.withColumn(key.name(), made.cast("string"));
      }
    }
    return rows;
  }

  /** Adds {@link #KEY} and {@link #KEY_HASH} to rows that have their keys. */
  Dataset<Row> withWholeKey(Dataset<Row> rows) {
    return rows.withColumn(KEY.name(), key()).withColumn(KEY_HASH.name(), xxhash64(key()));
  }

  /** Returns what of the good rows is needed to decide on them. */
  static Dataset<Row> marks(Dataset<Row> rows) {
    return rows.where(good())
        .select(
            KEY.col(),
            KEY_HASH.col(),
            Common.VERSION.col(),
            Common.SOURCE_FILE.col(),
            HASH.col(),
            Evaluation.DELETED.col(),
            Evaluation.STANDS_FOR.col());
  }

  /** Returns the same of rows that are in the table. */
  Dataset<Row> marksOfTable(Dataset<Row> existing) {
    return existing.select(
        key().as(KEY.name()),
        xxhash64(key()).as(KEY_HASH.name()),
        Common.VERSION.col(),
        Common.SOURCE_FILE.col(),
        HASH.col(),
        lit(false).as(Evaluation.DELETED.name()));
  }

  /**
   * Returns a time that two rows of one key have in common, where there is one: with a key made of
   * all that a row says, what the table has of other times need not be looked at.
   */
  Optional<Field> commonTime() {
    return ownKey().size() == 1 && target.makes(ownKey().get(0))
        ? target.into().ownColumns().stream()
            .filter(field -> field.type().equals(DataTypes.TimestampType) && !field.nullable())
            .findFirst()
        : Optional.empty();
  }

  /**
   * Returns the {@link #KEY_HASH} of every row on which there is something to decide, and of a few
   * others by chance; all others are new to the table.
   *
   * @param there marks of what the table has, and of records deleted before
   * @param heldParents keys of orders that stand in quarantine
   */
  Dataset<Row> contested(Dataset<Row> marks, Dataset<Row> there, Dataset<Row> heldParents) {
    Dataset<Row> twice =
        marks
            .groupBy(KEY_HASH.col())
            .agg(count(lit(1)).as("n"))
            .where(col("n").gt(1))
            .select(KEY_HASH.col());
    Dataset<Row> contested =
        twice.union(marks.where(Evaluation.DELETED.col()).select(KEY_HASH.col()));
    if (!there.isEmpty()) {
      // The few new ones go to the many old ones, where they are few enough.
      Dataset<Row> arriving = marks.select(KEY_HASH.col());
      contested =
          contested.union(
              there
                  .select(KEY_HASH.col())
                  .join(arriving, new String[] {KEY_HASH.name()}, "left_semi"));
    }
    if (!heldParents.isEmpty()) {
      Dataset<Row> held = heldParents.toDF("_held");
      contested =
          contested.union(
              marks
                  .join(held, KEY.col().getItem(0).equalTo(col("_held")), "left_semi")
                  .select(KEY_HASH.col()));
    }
    return contested.distinct();
  }

  /**
   * Returns the contested marks with {@link #VERDICT} and reasons to refuse them.
   *
   * @param contested as {@link #contested} returned it
   */
  Dataset<Row> decided(
      Dataset<Row> marks, Dataset<Row> contested, Dataset<Row> there, Dataset<Row> heldParents) {
    Dataset<Row> rows = among(marks, contested);
    rows = rows.withColumn(Evaluation.REASONS.name(), array().cast("array<string>"));
    rows = withContradictions(rows);
    if (!heldParents.isEmpty()) {
      rows = withHeldParents(rows, heldParents);
    }
    return withVerdicts(rows, among(there, contested));
  }

  /**
   * Returns the rows that the table is to have, with all that they were staged with.
   *
   * @param rows all rows, evaluated
   * @param decided as {@link #decided} returned it
   */
  static Dataset<Row> toWrite(Dataset<Row> rows, Dataset<Row> contested, Dataset<Row> decided) {
    Dataset<Row> good = rows.where(good());
    Dataset<Row> winners = decided.where(VERDICT.col().isin(INSERTED, UPDATED, CONFIRMED));
    return good.join(contested, new String[] {KEY_HASH.name()}, "left_anti")
        .unionByName(
            good.as("r")
                .join(winners.as("w"), sameRow("r", "w"), "left_semi")
                .dropDuplicates(KEY.name())); // of rows that say the same
  }

  /** Returns the rows that were refused by themselves, with the reasons that others give them. */
  static Dataset<Row> refused(Dataset<Row> rows, Dataset<Row> heldParents) {
    Dataset<Row> refused = rows.where(size(Evaluation.REASONS.col()).gt(0));
    return heldParents.isEmpty() ? refused : withHeldParents(refused, heldParents);
  }

  /** Returns the good rows that were refused when they were compared, each with its reasons. */
  static Dataset<Row> comparedAndRefused(Dataset<Row> rows, Dataset<Row> decided) {
    Dataset<Row> compared =
        decided
            .where(VERDICT.col().equalTo(QUARANTINED))
            .select(
                KEY.col(),
                Common.VERSION.col(),
                Common.SOURCE_FILE.col(),
                HASH.col(),
                Evaluation.REASONS.col().as("_compared"))
            .distinct();
    return rows.where(good())
        .as("r")
        .join(compared.as("w"), sameRow("r", "w"), "inner")
        .select(col("r.*"), col("_compared"))
        .withColumn(Evaluation.REASONS.name(), col("_compared"))
        .drop("_compared");
  }

  /** Returns the key's parts as one text, such as {@code 1001|2}; empty where there is none. */
  static Column keyText() {
    return concat_ws("|", KEY.col());
  }

  /** Whether a row is neither left out nor refused. */
  static Column good() {
    return size(Evaluation.REASONS.col()).equalTo(0).and(not(Evaluation.LEFT_OUT.col()));
  }

  /**
   * Adds a reason to each row of which the same file holds another one with the same key and
   * version, but other content: nobody can tell which of them is right.
   */
  private Dataset<Row> withContradictions(Dataset<Row> marks) {
    WindowSpec group =
        Window.partitionBy(KEY.col(), Common.VERSION.col(), Common.SOURCE_FILE.col());
    Column contradicted = min(HASH.col()).over(group).notEqual(max(HASH.col()).over(group));
    String reason =
        "%s stands for different rows in one file"
            .formatted(String.join(" and ", ownKey().stream().map(Field::name).toList()));
    return withReason(marks, contradicted, reason);
  }

  /** Adds a reason to each row whose order stands in quarantine. */
  private static Dataset<Row> withHeldParents(Dataset<Row> marks, Dataset<Row> heldParents) {
    Dataset<Row> held = heldParents.toDF("_held").distinct();
    Dataset<Row> joined = marks.join(held, KEY.col().getItem(0).equalTo(col("_held")), "left");
    return withReason(joined, col("_held").isNotNull(), "its order is in quarantine").drop("_held");
  }

  private Dataset<Row> withVerdicts(Dataset<Row> marks, Dataset<Row> there) {
    WindowSpec newest =
        Window.partitionBy(KEY.col(), size(Evaluation.REASONS.col()).gt(0))
            .orderBy(
                Common.VERSION.col().desc_nulls_last(),
                Common.SOURCE_FILE.col().desc(),
                HASH.col().desc());
    Dataset<Row> ranked =
        marks
            .withColumn("_rank", row_number().over(newest))
            .withColumn("_newest", first(HASH.col()).over(newest))
            .as("n");
    Dataset<Row> known =
        there
            .groupBy(KEY.col().as("_there_key"))
            .agg(
                max(struct(order().as("order"), HASH.col().as("hash"))).as("_there"),
                bool_or(not(Evaluation.DELETED.col())).as("_alive"))
            .as("t");
    return ranked
        .join(known, KEY.col().equalTo(col("_there_key")).and(col("_rank").equalTo(1)), "left")
        .withColumn(VERDICT.name(), verdict())
        .drop("_rank", "_newest", "_there", "_there_key", "_alive");
  }

  private Column verdict() {
    Column alive = coalesce(col("_alive"), lit(false));
    Column sameAsThere = coalesce(HASH.col().equalTo(col("_there.hash")), lit(false));
    Column thereOrder = col("_there.order");
    Column older = lit(!wholeTruth).and(coalesce(order().lt(thereOrder), lit(false)));
    return when(size(Evaluation.REASONS.col()).gt(0), QUARANTINED)
        .when(
            col("_rank").gt(1),
            when(HASH.col().equalTo(col("_newest")), REPEATED).otherwise(REPLACED))
        .when(older, when(sameAsThere, REPEATED).otherwise(REPLACED))
        .when(Evaluation.DELETED.col(), when(alive, REMOVED).otherwise(BURIED))
        .when(not(alive), INSERTED)
        .when(sameAsThere, when(order().equalTo(thereOrder), REPEATED).otherwise(CONFIRMED))
        .otherwise(UPDATED); // newer, or the file came again with another content
  }

  /** What a row's age is told by: its version by the source's word, then its file's name. */
  private static Column order() {
    return struct(coalesce(Common.VERSION.col(), EARLIEST), Common.SOURCE_FILE.col());
  }

  private static Dataset<Row> among(Dataset<Row> marks, Dataset<Row> contested) {
    return marks.join(contested, new String[] {KEY_HASH.name()}, "left_semi");
  }

  private static Column sameRow(String one, String other) {
    return Stream.of(KEY, Common.VERSION, Common.SOURCE_FILE, HASH)
        .map(field -> field.of(one).eqNullSafe(field.of(other)))
        .reduce(Column::and)
        .orElseThrow();
  }

  private WindowSpec withinParent() {
    return Window.partitionBy(ownKey().get(0).col(), Common.SOURCE_FILE.col(), good())
        .orderBy(HASH.col());
  }

  private static Dataset<Row> withReason(Dataset<Row> rows, Column applies, String reason) {
    Column reasons = Evaluation.REASONS.col();
    return rows.withColumn(
        Evaluation.REASONS.name(),
        when(applies, array_append(reasons, lit(reason))).otherwise(reasons));
  }

  private List<Field> ownKey() {
    return target.into().ownKey();
  }

  private Column key() {
    return array(ownKey().stream().map(field -> field.col().cast("string")).toArray(Column[]::new));
  }

  /** A hash of all that a row says; not of when and whence it came. */
  private Column contentHash() {
    List<Column> content = new ArrayList<>();
    for (Field field : target.into().ownColumns()) {
      boolean made = TargetSettings.MADE_WHERE_MISSING.contains(field);
      if (!made) {
        content.add(field.type() instanceof MapType ? entries(field) : field.col());
      }
    }
    content.add(entries(Common.ATTRIBUTES));
    content.add(when(Evaluation.DELETED.col(), lit(true)));
    return xxhash64(content.toArray(new Column[0]));
  }

  private static Column entries(Field map) {
    return coalesce(map_entries(map.col()), array());
  }
}
