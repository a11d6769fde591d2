package io.persegment.table;

import static java.util.Objects.requireNonNull;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;

/**
 * One column of a {@link Table}: its name, type and meaning, written down once.
 *
 * @param meaning what a value says, with its unit and what null means; becomes the column's comment
 */
public record Field(String name, DataType type, boolean nullable, String meaning) {
  /** Amounts in the shop's currency; four digits, as unit prices may have fractions of a cent. */
  public static final DecimalType MONEY = DataTypes.createDecimalType(18, 4);

  /** Names to values, both text. */
  public static final MapType TEXT_MAP =
      DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType, true);

  public Field {
    requireNonNull(name, "name");
    requireNonNull(type, "type");
    requireNonNull(meaning, "meaning");
  }

  /** A column that is never null. */
  public static Field required(String name, DataType type, String meaning) {
    return new Field(name, type, false, meaning);
  }

  /** A column that may be null; its meaning says when. */
  public static Field optional(String name, DataType type, String meaning) {
    return new Field(name, type, true, meaning);
  }

  /** Returns this column for use in an expression. */
  public Column col() {
    return functions.col(name);
  }

  /** Returns this column of the rows that were given the alias {@code alias}. */
  public Column of(String alias) {
    return functions.col(alias + "." + name);
  }

  StructField toStructField() {
    return new StructField(name, type, nullable, Metadata.empty()).withComment(meaning);
  }
}
