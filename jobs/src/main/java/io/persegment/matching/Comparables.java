package io.persegment.matching;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.date_format;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map_entries;
import static org.apache.spark.sql.functions.nullif;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.createArrayType;

import io.persegment.conformed.Common;
import io.persegment.conformed.Contacts;
import io.persegment.sql.SqlExpression;
import io.persegment.table.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** Records reduced to what is compared of them: one row a record. */
final class Comparables {
  static final Field NODE = Field.required("node", LongType, "Number of the record");
  static final Field KEYS =
      Field.required(
          "block_keys",
          createArrayType(LongType),
          "Hash of what the record has for each blocking rule; null where it lacks something");
  static final Field HASH =
      Field.required("hash", LongType, "Hash of all that is compared of the record");

  private static final List<Field> WORDS =
      List.of(
          Contacts.FIRST_NAME,
          Contacts.LAST_NAME,
          Contacts.GENDER,
          Contacts.STREET,
          Contacts.CITY,
          Contacts.POSTCODE,
          Contacts.REGION,
          Contacts.COUNTRY);
  private static final List<Field> AS_THEY_ARE =
      List.of(
          Contacts.SOURCE,
          Contacts.RECORD_ID,
          Contacts.EMAIL,
          Contacts.PHONE,
          Contacts.LANGUAGE,
          Contacts.LOYALTY_ID,
          Contacts.EXTERNAL_IDS,
          Common.ATTRIBUTES);

  private static final List<String> MAPS =
      List.of(Contacts.EXTERNAL_IDS.name(), Common.ATTRIBUTES.name());

  /** What an expression may read, as {@link #tidy} makes it. */
  static final StructType SCHEMA = schema();

  /** The names of that. */
  static final List<String> COLUMNS = Stream.of(SCHEMA.fieldNames()).sorted().toList();

  private Comparables() {}

  /** Returns all that is read of a contact, each as something that can be hashed. */
  static List<Column> read(MatchingSettings settings) {
    List<Column> read = new ArrayList<>();
    for (List<String> path : settings.paths()) {
      Column column = col(path.get(0));
      boolean isMap = MAPS.contains(path.get(0));
      Column whole = isMap ? array_sort(map_entries(column)) : column;
      read.add(isMap && path.size() > 1 ? column.getItem(path.get(1)) : whole);
      if (path.get(0).equals(Contacts.BIRTH_DATE.name())) {
        read.add(writtenBirthDate());
      }
    }
    return read;
  }

  /** Returns the value of the comparison in {@code place}. */
  static Column value(int place) {
    return col(valueName(place));
  }

  static String valueName(int place) {
    return "value_" + place;
  }

  /**
   * Returns {@link #NODE}, the value of each comparison as text, {@link #KEYS} and {@link #HASH}.
   *
   * @param contacts rows of {@link Contacts} with {@link #NODE}
   */
  static Dataset<Row> of(Dataset<Row> contacts, MatchingSettings settings) {
    Dataset<Row> tidy = contacts.select(tidy());
    List<Column> columns = new ArrayList<>();
    columns.add(NODE.col());
    for (int place = 0; place < settings.comparisons().size(); place++) {
      Column value = settings.comparisons().get(place).value().column();
      columns.add(nullif(trim(value.cast(StringType)), lit("")).as(valueName(place)));
    }
    columns.add(keys(settings).as(KEYS.name()));
    Dataset<Row> rows = tidy.select(columns.toArray(new Column[0]));
    Column[] compared =
        Arrays.stream(rows.columns()).skip(1).map(functions::col).toArray(Column[]::new);
    return rows.withColumn(HASH.name(), xxhash64(compared));
  }

  private static Column keys(MatchingSettings settings) {
    List<Column> keys = new ArrayList<>();
    for (int rule = 0; rule < settings.blocking().size(); rule++) {
      Column complete = lit(true);
      List<Column> parts = new ArrayList<>(List.of(lit(rule)));
      for (SqlExpression expression : settings.blocking().get(rule)) {
        Column part = expression.column().cast(StringType);
        parts.add(part);
        complete = complete.and(length(part).gt(0));
      }
      keys.add(when(complete, xxhash64(parts.toArray(new Column[0]))));
    }
    return keys.isEmpty() ? array().cast(KEYS.type()) : array(keys.toArray(new Column[0]));
  }

  /**
   * Names and addresses without case, accents and punctuation; a birth date as its eight digits,
   * and the text of one that is no date.
   */
  private static Column[] tidy() {
    List<Column> columns = new ArrayList<>(List.of(NODE.col()));
    AS_THEY_ARE.forEach(field -> columns.add(field.col()));
    for (Field field : WORDS) {
      columns.add(PlainText.of(field.col()).as(field.name()));
    }
    Column digits = regexp_replace(writtenBirthDate(), "[^0-9]", "");
    columns.add(
        coalesce(date_format(Contacts.BIRTH_DATE.col(), "yyyyMMdd"), nullif(digits, lit("")))
            .as(Contacts.BIRTH_DATE.name()));
    return columns.toArray(new Column[0]);
  }

  private static Column writtenBirthDate() {
    return Common.ATTRIBUTES.col().getItem(Contacts.BIRTH_DATE.name());
  }

  private static StructType schema() {
    var schema = new StructType();
    for (Field field : AS_THEY_ARE) {
      schema = schema.add(field.name(), field.type());
    }
    for (Field field : WORDS) {
      schema = schema.add(field.name(), StringType);
    }
    return schema.add(Contacts.BIRTH_DATE.name(), StringType);
  }
}
