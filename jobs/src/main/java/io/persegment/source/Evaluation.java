package io.persegment.source;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_except;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.least;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.map;
import static org.apache.spark.sql.functions.map_concat;
import static org.apache.spark.sql.functions.map_filter;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.octet_length;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import io.persegment.cleaning.Countries;
import io.persegment.cleaning.Names;
import io.persegment.cleaning.Nothing;
import io.persegment.cleaning.Numbers;
import io.persegment.cleaning.Phones;
import io.persegment.cleaning.Postcodes;
import io.persegment.cleaning.Times;
import io.persegment.conformed.Common;
import io.persegment.conformed.Consents;
import io.persegment.conformed.Contacts;
import io.persegment.quality.Expectation;
import io.persegment.sql.SqlExpression;
import io.persegment.table.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Cast;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;

/**
 * Turns a source's rows into rows of one conformed table, each with the reasons for which it must
 * be refused, if any. Keeps every row, also those left out; a group of rows becomes one.
 */
final class Evaluation {
  /** Reasons to refuse the row; empty for a good one. */
  static final Field REASONS =
      Field.required("_reasons", DataTypes.createArrayType(DataTypes.StringType), "Reasons");

  /** The row as the source sent it; null where it was not asked for. */
  static final Field ROW = Field.optional("_row", DataTypes.StringType, "Source row as JSON");

  /** True for a row that the settings' {@code where} leaves out. */
  static final Field LEFT_OUT = Field.required("_left_out", DataTypes.BooleanType, "Left out");

  /** True for a row that says that its record is there no more. */
  static final Field DELETED = Field.required("_deleted", DataTypes.BooleanType, "Deleted");

  /** How many of the source's rows this one stands for. */
  static final Field STANDS_FOR = Field.required("_stands_for", DataTypes.LongType, "Rows");

  private static final String VALUE = "_value_";
  private static final String FAILED = "_failed_";

  /** What the source wrote as date of birth, before it was read. */
  private static final String BORN = "_text_birth_date";

  /** What Java reads where bytes are no character of the encoding. */
  private static final String NOT_A_CHARACTER = "\uFFFD";

  private static final String MISREAD =
      " has a character that could not be read; is the file's encoding right?";

  private final SourceSettings source;
  private final TargetSettings target;

  Evaluation(SourceSettings source, TargetSettings target) {
    this.source = source;
    this.target = target;
  }

  /**
   * Returns the table's own columns, then attributes, version, source_file, and the five columns
   * above.
   *
   * @param batch rows with their lookups joined
   */
  Dataset<Row> evaluate(Batch batch) {
    Batch rows = target.rowsOf(batch);
    Dataset<Row> raw =
        target.groupBy().isPresent() ? grouped(rows) : single(rows, lit(null).cast("string"));
    return raw.select(typed(raw.schema())).select(judged(raw.schema(), ROW.col()));
  }

  /**
   * Each row by itself: raw values, whether reading them failed, and the bookkeeping.
   *
   * @param row what goes along as {@link #ROW}; all of a row, which is dear, is copied many times
   */
  private Dataset<Row> single(Batch batch, Column row) {
    List<Column> columns = new ArrayList<>();
    target
        .columns()
        .forEach(
            (field, placed) -> {
              columns.add(placed.sql().column().as(VALUE + field.name()));
              columns.add(failed(placed.sql()).as(FAILED + field.name()));
            });
    columns.add(attributes(batch).as(Common.ATTRIBUTES.name()));
    columns.add(born(batch).as(BORN));
    columns.add(version(batch).as(Common.VERSION.name()));
    columns.add(versionFailed(batch).as(FAILED + Common.VERSION.name()));
    columns.add(col(Batch.FILE).as(Common.SOURCE_FILE.name()));
    columns.add(col(Batch.CORRUPT).as(Batch.CORRUPT));
    columns.add(row.as(ROW.name()));
    columns.add(leftOut().as(LEFT_OUT.name()));
    columns.add(deleted().as(DELETED.name()));
    columns.add(lit(1L).as(STANDS_FOR.name()));
    return batch.rows().select(columns.toArray(new Column[0]));
  }

  /**
   * Rows of one file that share the key, as one. What is left out or corrupt is not grouped, but
   * kept beside, so that it is counted.
   */
  private Dataset<Row> grouped(Batch batch) {
    SqlExpression key = target.groupBy().orElseThrow();
    Column aside = col(Batch.CORRUPT).isNotNull().or(leftOut());
    List<Column> columns = new ArrayList<>();
    target
        .columns()
        .forEach(
            (field, placed) -> {
              boolean isKey = placed.sql().equals(key);
              Column value = isKey ? col("_key") : placed.sql().column();
              columns.add((isKey ? max(value) : value).as(VALUE + field.name()));
              columns.add(max(failed(placed.sql())).as(FAILED + field.name()));
            });
    columns.add(lit(null).cast(Field.TEXT_MAP).as(Common.ATTRIBUTES.name()));
    columns.add(max(born(batch)).as(BORN));
    columns.add(max(version(batch)).as(Common.VERSION.name()));
    columns.add(max(versionFailed(batch)).as(FAILED + Common.VERSION.name()));
    columns.add(max(col(Batch.FILE)).as(Common.SOURCE_FILE.name()));
    columns.add(max(col(Batch.CORRUPT)).as(Batch.CORRUPT));
    columns.add(max(when(col("_aside").isNotNull(), row(batch))).as(ROW.name()));
    columns.add(max(leftOut()).as(LEFT_OUT.name()));
    columns.add(min(deleted()).as(DELETED.name())); // a group is deleted when all of its rows are
    columns.add(count(lit(1)).as(STANDS_FOR.name()));
    return batch
        .rows()
        .withColumn("_key", key.column().cast("string"))
        .withColumn("_aside", when(aside, row(batch)))
        .groupBy(col(Batch.FILE).as("_group_file"), col("_key").as("_group"), col("_aside"))
        .agg(columns.get(0), columns.subList(1, columns.size()).toArray(new Column[0]))
        .drop("_group_file", "_group", "_aside");
  }

  /** Every value in its column's type and comparable form, beside what it was. */
  private Column[] typed(StructType raw) {
    List<Column> columns = new ArrayList<>();
    for (Field field : target.into().ownColumns()) {
      columns.add(typed(field, raw).as(field.name()));
    }
    for (Field field : target.columns().keySet()) {
      if (isJudgedByItsValue(field, raw)) { // others would be copied in vain
        columns.add(col(VALUE + field.name()));
        columns.add(col(FAILED + field.name()));
      }
    }
    for (Field field : List.of(Common.ATTRIBUTES, Common.VERSION, Common.SOURCE_FILE)) {
      columns.add(field.col());
    }
    columns.add(col(BORN));
    columns.add(col(FAILED + Common.VERSION.name()));
    columns.add(col(Batch.CORRUPT));
    columns.add(ROW.col());
    columns.add(coalesce(LEFT_OUT.col(), lit(false)).as(LEFT_OUT.name()));
    columns.add(coalesce(DELETED.col(), lit(false)).as(DELETED.name()));
    columns.add(STANDS_FOR.col());
    return columns.toArray(new Column[0]);
  }

  /**
   * Evaluates the rows of a target without groups, each with {@link #ROW}: a second pass, for the
   * sake of those that were refused.
   */
  Dataset<Row> withText(Batch batch) {
    Batch rows = target.rowsOf(batch);
    Dataset<Row> raw = single(rows, struct(quoted(rows)));
    return raw.select(typed(raw.schema()))
        .select(judged(raw.schema(), text(ROW.col(), col(Batch.CORRUPT))));
  }

  /** Returns the rows of which {@link #grouped} makes groups: file, key, and the row as JSON. */
  Dataset<Row> members(Batch batch) {
    Batch rows = target.rowsOf(batch);
    return rows.rows()
        .where(col(Batch.CORRUPT).isNull().and(not(leftOut())))
        .select(
            col(Batch.FILE).as("_member_file"),
            target.groupBy().orElseThrow().column().cast("string").as("_member_key"),
            row(rows).as("_member_row"));
  }

  /** Gives each refused group the rows it was made of, one row each; keeps what was no group. */
  Dataset<Row> withMembers(Dataset<Row> refused, Dataset<Row> members) {
    Column key = target.into().ownKey().get(0).col();
    Column sameGroup =
        ROW.col()
            .isNull()
            .and(Common.SOURCE_FILE.col().equalTo(col("_member_file")))
            .and(key.eqNullSafe(col("_member_key")));
    return refused
        .join(members, sameGroup, "left")
        .withColumn(ROW.name(), coalesce(ROW.col(), col("_member_row")));
  }

  private Column[] judged(StructType raw, Column row) {
    List<Column> reasons = reasons(raw);
    Column any = reasons.stream().map(Column::isNotNull).reduce(Column::or).orElseThrow();
    Column refused = any.and(not(LEFT_OUT.col())); // none for one that is left out anyway
    List<Column> columns = new ArrayList<>();
    target.into().ownColumns().forEach(field -> columns.add(believed(field).as(field.name())));
    columns.add(attributesWithBorn().as(Common.ATTRIBUTES.name()));
    columns.add(Common.VERSION.col());
    columns.add(Common.SOURCE_FILE.col());
    // As array_compact, which is a lambda, and Spark compiles no step that has one.
    Column all =
        array_except(array(reasons.toArray(new Column[0])), array(lit(null).cast("string")));
    columns.add(when(refused, all).otherwise(array().cast("array<string>")).as(REASONS.name()));
    columns.add(row.as(ROW.name()));
    columns.add(LEFT_OUT.col());
    columns.add(DELETED.col());
    columns.add(STANDS_FOR.col());
    return columns.toArray(new Column[0]);
  }

  /**
   * A value in its column's type and comparable form; null where there is none or it is unusable.
   */
  private Column typed(Field field, StructType raw) {
    if (!target.columns().containsKey(field)) {
      return lit(null).cast(field.type());
    }
    Column value = col(VALUE + field.name());
    Column text = value.cast("string");
    return switch (field.name()) {
      case "email" -> source.cleaning().emails().normalised(text);
      case "phone" -> Phones.normalised(value, country(), source.country());
      case "country" -> Countries.normalised(text);
      case "postcode" -> Postcodes.normalised(text, country(), source.country());
      case "first_name" -> Names.first(text);
      case "last_name" -> Names.last(text);
      case "email_status" -> lower(Nothing.orText(text));
      default -> typed(value, field, raw.apply(VALUE + field.name()).dataType());
    };
  }

  private Column typed(Column value, Field field, DataType given) {
    DataType type = field.type();
    boolean isText = given instanceof StringType;
    Column text = value.cast("string");
    if (type instanceof MapType) {
      return value.cast(type);
    } else if (type instanceof StringType) {
      return Nothing.orText(text);
    } else if (type instanceof TimestampType) {
      return Times.plausible(isText ? time(text, type) : cast(value, given, type));
    } else if (!isText) {
      return coalesce(cast(value, given, type), trim(text).cast(type));
    } else if (type instanceof DateType) {
      return time(text, type);
    } else if (type instanceof BooleanType) {
      return Numbers.yesOrNo(text, type);
    }
    return Numbers.parsed(text, type, source.cleaning().decimalComma());
  }

  /** Null where Spark has no such cast, as of bytes to a time: a file's own types are anything. */
  private static Column cast(Column value, DataType given, DataType type) {
    return Cast.canCast(given, type) ? value.cast(type) : lit(null).cast(type);
  }

  private Column time(Column text, DataType type) {
    return Times.parsed(text, type, source.cleaning().dates());
  }

  /** What is kept of a value that could be read. None of this is a reason to refuse the row. */
  private Column believed(Field field) {
    if (field.equals(Contacts.EMAIL_STATUS) && target.columns().containsKey(Contacts.EMAIL)) {
      Column raw = col(VALUE + Contacts.EMAIL.name()).cast("string");
      return source.cleaning().emails().status(raw, Contacts.EMAIL.col(), field.col());
    }
    return field.equals(Contacts.BIRTH_DATE) ? Times.plausibleBirth(field.col()) : field.col();
  }

  /**
   * What was written as date of birth and is none is kept as text: it may still tell people apart.
   */
  private Column attributesWithBorn() {
    if (!target.columns().containsKey(Contacts.BIRTH_DATE)) {
      return Common.ATTRIBUTES.col();
    }
    Column none = map().cast(Field.TEXT_MAP);
    Column born = map(lit(Contacts.BIRTH_DATE.name()), col(BORN));
    return when(
            believed(Contacts.BIRTH_DATE).isNull().and(Nothing.isGiven(col(BORN))),
            map_concat(coalesce(Common.ATTRIBUTES.col(), none), born))
        .otherwise(Common.ATTRIBUTES.col());
  }

  /** Returns whether a good row's date of birth was none, and is kept as text. */
  static Column bornAsText() {
    Column text = Common.ATTRIBUTES.col().getItem(Contacts.BIRTH_DATE.name());
    return Contacts.BIRTH_DATE.col().isNull().and(text.isNotNull()).and(Settling.good());
  }

  private static boolean isText(Field field, StructType raw) {
    return raw.apply(VALUE + field.name()).dataType() instanceof StringType;
  }

  private Column country() {
    return target.columns().keySet().stream()
        .filter(field -> field.name().equals("country"))
        .findFirst()
        .map(field -> Countries.normalised(col(VALUE + field.name()).cast("string")))
        .orElse(lit(null).cast("string"));
  }

  /**
   * Every reason to refuse the row, each null where it does not apply. Of a deleted record nothing
   * but its key and version must be right.
   */
  private List<Column> reasons(StructType raw) {
    List<Column> reasons = new ArrayList<>();
    Column readable = col(Batch.CORRUPT).isNull();
    Column alive = not(DELETED.col());
    Column swallowed = col(Batch.CORRUPT).startsWith(Batch.OPEN_QUOTE);
    reasons.add(
        when(
            not(readable),
            when(
                    swallowed,
                    "a quote is opened and not closed in its row: it swallows those after it")
                .otherwise("the row does not have the columns of its file's header")));
    for (Field field : target.into().ownColumns()) {
      boolean isKey = target.into().ownKey().contains(field);
      Column matters = isKey ? readable : readable.and(alive);
      Column unreadable = unreadable(field, raw);
      reasons.add(
          when(matters.and(unreadable), "%s is no %s".formatted(field.name(), kind(field))));
      if (mustBeGiven(field)) {
        Column missing = field.col().isNull().and(not(unreadable));
        reasons.add(when(matters.and(missing), field.name() + " is missing"));
      }
    }
    reasons.add(when(readable, misread(raw)));
    Column versionFailed = col(FAILED + Common.VERSION.name());
    reasons.add(when(readable.and(versionFailed), "version is no time"));
    for (Expectation expectation : target.into().contract()) {
      Column broken = not(coalesce(expectation.holds(), lit(true))); // a null has its own reason
      reasons.add(when(readable.and(alive).and(broken), expectation.name()));
    }
    return reasons;
  }

  private boolean mustBeGiven(Field field) {
    return !field.nullable() && !target.makes(field);
  }

  /** Whether there was something to read and it could not be read. Text can always be read. */
  private Column unreadable(Field field, StructType raw) {
    boolean text = field.type() instanceof StringType || field.type() instanceof MapType;
    boolean keptAsText = field.equals(Contacts.BIRTH_DATE);
    if (text || keptAsText || !target.columns().containsKey(field)) {
      return lit(false);
    }
    Column value = col(VALUE + field.name());
    Column given = isText(field, raw) ? Nothing.isGiven(value) : value.isNotNull();
    Column failed = col(FAILED + field.name());
    boolean foldsMany = target.groupBy().isPresent(); // a sum hides the one value it could not read
    return foldsMany
        ? failed.or(field.col().isNull().and(given))
        : field.col().isNull().and(failed.or(given));
  }

  /**
   * What the source has as date of birth; where its expression could not read it, what it was given
   * to read. Null where an attribute of that name says something else.
   */
  private Column born(Batch batch) {
    TargetSettings.PlacedSql placed = target.columns().get(Contacts.BIRTH_DATE);
    boolean taken =
        attributeNames(batch).stream().anyMatch(Contacts.BIRTH_DATE.name()::equalsIgnoreCase);
    if (placed == null || taken) {
      return lit(null).cast("string");
    }
    Column text = placed.sql().column().cast("string");
    for (SqlExpression.Parser parser : placed.sql().parsers()) {
      Column input = parser.input().cast("string");
      text = coalesce(text, when(parser.failed().and(Nothing.isGiven(input)), input));
    }
    return text;
  }

  /** Whether what a column's value was before it was typed tells of a reason, or of its status. */
  private boolean isJudgedByItsValue(Field field, StructType raw) {
    boolean text = field.type() instanceof StringType || field.type() instanceof MapType;
    boolean refuses = !text && !field.equals(Contacts.BIRTH_DATE);
    return refuses || field.equals(Contacts.EMAIL) || mayBeMisread(field, raw);
  }

  /** The first text that the file's encoding has spoilt; one reason, as all rows pay for each. */
  private Column misread(StructType raw) {
    Column reason = lit(null).cast("string");
    for (Field field : target.into().ownColumns()) {
      if (mayBeMisread(field, raw)) {
        Column misread = col(VALUE + field.name()).contains(NOT_A_CHARACTER);
        reason = coalesce(reason, when(misread, field.name() + MISREAD));
      }
    }
    return reason;
  }

  /** Whether the file's encoding can have spoilt the value. */
  private boolean mayBeMisread(Field field, StructType raw) {
    return source.read().format() == ReadSettings.Format.CSV
        && field.type() instanceof StringType
        && target.columns().containsKey(field)
        && isText(field, raw);
  }

  private static Column failed(SqlExpression sql) {
    return sql.parsers().stream()
        .map(
            parser ->
                coalesce(
                    parser.failed().and(Nothing.isGiven(parser.input().cast("string"))),
                    lit(false)))
        .reduce(Column::or)
        .orElse(lit(false));
  }

  private Column version(Batch batch) {
    return source
        .version()
        .map(sql -> Times.plausible(version(sql, batch)))
        .orElse(lit(null).cast("timestamp"));
  }

  private Column version(SqlExpression sql, Batch batch) {
    DataType type = batch.rows().select(sql.column()).schema().apply(0).dataType();
    return type instanceof StringType
        ? time(sql.column(), DataTypes.TimestampType)
        : cast(sql.column(), type, DataTypes.TimestampType);
  }

  /** A version that cannot be read would let an older row win. */
  private Column versionFailed(Batch batch) {
    if (source.version().isEmpty()) {
      return lit(false);
    }
    SqlExpression sql = source.version().get();
    Column given = Nothing.isGiven(sql.column().cast("string"));
    return version(batch).isNull().and(failed(sql).or(given));
  }

  /**
   * Whether the settings say that the row is none of our business, or it has no element to explode.
   * Never so for a corrupt one.
   */
  private Column leftOut() {
    Column kept =
        source
            .where()
            .map(SqlExpression::column)
            .orElse(lit(true))
            .and(target.where().map(SqlExpression::column).orElse(lit(true)))
            .and(target.explode().map(each -> quoted(each.name()).isNotNull()).orElse(lit(true)));
    return col(Batch.CORRUPT).isNull().and(not(coalesce(kept, lit(false))));
  }

  /** What somebody said about being written to stays said when their record goes. */
  private Column deleted() {
    if (target.into().table().equals(Consents.TABLE)) {
      return lit(false);
    }
    return source
        .deleted()
        .map(sql -> coalesce(sql.column().cast("boolean"), lit(false)))
        .orElse(lit(false));
  }

  private static Column row(Batch batch) {
    return text(struct(quoted(batch)), col(Batch.CORRUPT));
  }

  private static Column text(Column row, Column corrupt) {
    return when(corrupt.isNull(), to_json(row)).otherwise(to_json(struct(corrupt.as("corrupt"))));
  }

  /** The columns that no expression of the source reads, by name; none where one reads them all. */
  private Column attributes(Batch batch) {
    List<Column> pairs = new ArrayList<>();
    List<Column> texts = new ArrayList<>();
    for (String name : attributeNames(batch)) {
      pairs.add(lit(name));
      pairs.add(batch.text(name));
      texts.add(batch.text(name));
    }
    if (pairs.isEmpty()) {
      return lit(null).cast(Field.TEXT_MAP);
    }
    Column all = map(pairs.toArray(new Column[0]));
    // Of all at once: a condition a column, each in the next, is too deep for Spark where they are
    // many.
    Column[] lengths =
        Stream.concat(texts.stream(), Stream.of(texts.get(0)))
            .map(text -> coalesce(octet_length(text), lit(0)))
            .toArray(Column[]::new);
    Column each = least(lengths).gt(0);
    Column any = greatest(lengths).gt(0);
    // The filter is a lambda, which Spark interprets: where there is something to filter only.
    return when(each, all).when(any, map_filter(all, (key, value) -> length(value).gt(0)));
  }

  private List<String> attributeNames(Batch batch) {
    Set<String> used = source.references();
    return batch.columns().stream()
        .filter(name -> !used.contains(name) && !used.contains(Batch.ALL))
        .toList();
  }

  private static Column[] quoted(Batch batch) {
    return batch.columns().stream().map(Evaluation::quoted).toArray(Column[]::new);
  }

  private static Column quoted(String name) {
    return col(Batch.quoted(name));
  }

  private static String kind(Field field) {
    return switch (field.type().typeName()) {
      case "timestamp" -> "time";
      case "date" -> "date";
      case "boolean" -> "yes or no";
      default -> "number";
    };
  }
}
